"""Checks across a unit's years (GJ-07, GJ-08): copied texts, lowered targets."""

from collections.abc import Iterator

from gongkai.checks.base import Finding, check, finding_at
from gongkai.checks.uniqueness import long_text_cells
from gongkai.model.comparison import comparable_numbers
from gongkai.model.direction import Direction
from gongkai.model.documents import Cell, Record
from gongkai.model.outcomes import IndicatorOutcome, indicator_outcomes
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind
from gongkai.reading.dataset import Dataset


@check("GJ-07", "照抄上年", Level.W, of=Dataset)
def copied_from_last_year(dataset: Dataset) -> Iterator[Finding]:
    """完成情况、问题、措施等文字，不应与上一年一字不差。

    为什么：照抄上年，说明没有真的自评。
    怎么改：写这一年的实际情况；确实相同的不必改。
    """
    for previous, current in _consecutive_years(dataset):
        previous_texts = {(name, cell.spec.key, cell.filed) for name, cell in _texts(previous)}
        for name, cell in _texts(current):
            if (name, cell.spec.key, cell.filed) in previous_texts:
                message = f"“{cell.spec.key}”与 {previous.year} 年度一字不差"
                yield finding_at(cell, message, "请写这一年的实际情况", level=Level.W)


@check("GJ-08", "与上年目标", Level.W, of=Dataset)
def target_below_last_years(dataset: Dataset) -> Iterator[Finding]:
    """同一个指标的目标不应比上一年低；上一年没有做到的指标不应悄悄去掉。

    为什么：把目标定低、把没做到的指标去掉，完成得再好也没有意义。
    来源：财预〔2020〕10号；中发〔2018〕34号。
    怎么改：核对；有理由的在报告里写明。
    """
    for previous, current in _consecutive_years(dataset):
        for old, new in _same_documents(previous, current):
            old_by_name = {
                outcome.indicator.name.filed: outcome for outcome in indicator_outcomes(old)
            }
            new_by_name = {
                outcome.indicator.name.filed: outcome for outcome in indicator_outcomes(new)
            }
            for name, outcome in new_by_name.items():
                if name in old_by_name and _is_lower(old_by_name[name], outcome) and outcome.target:
                    filed = old_by_name[name].target
                    word = "宽于" if outcome.direction is Direction.LOWER else "低于"
                    message = (
                        f"“{outcome.name}”的目标是“{outcome.target.filed}”，"
                        f"{word} {previous.year} 年度的“{filed.filed if filed else ''}”"
                    )
                    yield finding_at(outcome.target, message, "请核对，有理由的写明", level=Level.W)
            for name, outcome in old_by_name.items():
                if outcome.is_met is False and name not in new_by_name:
                    message = f"{previous.year} 年度没有达到目标的“{outcome.name}”，这一年没有了"
                    advice = "请核对是否应当保留"
                    yield Finding(new.position, message, advice, new.name, level=Level.W)


def _is_lower(old: IndicatorOutcome, new: IndicatorOutcome) -> bool:
    numbers = comparable_numbers(old.target_value, new.target_value)
    if numbers is None or old.target_value.measure != new.target_value.measure:
        return False
    is_inverse = new.direction is Direction.LOWER
    return numbers[1] > numbers[0] if is_inverse else numbers[1] < numbers[0]


def _consecutive_years(dataset: Dataset) -> Iterator[tuple[Disclosure, Disclosure]]:
    """Yield (previous, current) for every disclosure whose unit also filed the year before."""
    by_year = {
        (disclosure.unit.slug, disclosure.year): disclosure for disclosure in dataset.disclosures
    }
    for current in dataset.disclosures:
        previous = by_year.get((current.unit.slug, current.year - 1))
        if previous:
            yield previous, current


def _same_documents(previous: Disclosure, current: Disclosure) -> Iterator[tuple[Record, Record]]:
    for kind in (DocumentKind.OVERALL, DocumentKind.RUBRIC):
        old, new = previous.record(kind), current.record(kind)
        if old and new:
            yield old, new
    old_by_name = {
        project.name: project.record(DocumentKind.PROJECT) for project in previous.projects
    }
    for project in current.projects:
        old, new = old_by_name.get(project.name), project.record(DocumentKind.PROJECT)
        if old and new:
            yield old, new


def _texts(disclosure: Disclosure) -> Iterator[tuple[str, Cell]]:
    """Yield (document name, cell) for the long texts that the unit itself wrote."""
    for record in disclosure.all_records:
        yield from ((record.name, cell) for cell in long_text_cells(record))
