"""Checks across a unit's years (GJ-07, GJ-08, GJ-11): copied texts, lowered targets, last year's amounts."""

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Finding, check, finding_at
from gongkai.checks.texts.passages import find_passages
from gongkai.checks.texts.prior_results import compare_prior_results
from gongkai.checks.texts.stated_amounts import compare_prior_amounts_in_texts
from gongkai.checks.uniqueness import long_text_cells
from gongkai.model.comparison import comparable_numbers
from gongkai.model.direction import Direction
from gongkai.model.documents import Cell, Record, cell_with_role
from gongkai.model.outcomes import IndicatorOutcome, indicator_outcomes
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import MONEY_UNITS
from gongkai.reading.dataset import Dataset

_SMALLEST_LOOSENING = Decimal("0.05")
"""Smallest share by which a target is looser than last year's rather than about the same."""
_TARGET_CHANGE = re.compile(
    r"目标.{0,6}(?:调整|调[高低减增]|下调|上调|降低|放宽|修订)|(?:调整|调[高低减增]|下调|上调|降低|放宽|修订).{0,12}目标"
)
"""Words that explain changed targets."""


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

    名称相同、放宽 5% 以上、各附件没有一句说到目标调整的才提；同一类别里换了新指标的，不算去掉。

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
                    if _explains_targets(current, name):
                        continue
                    filed = old_by_name[name].target
                    word = "宽于" if outcome.direction is Direction.LOWER else "低于"
                    message = (
                        f"“{outcome.name}”的目标是“{outcome.target.filed}”，"
                        f"{word} {previous.year} 年度的“{filed.filed if filed else ''}”"
                    )
                    yield finding_at(outcome.target, message, "请核对，有理由的写明", level=Level.W)
            new_aspects = {
                outcome.path for name, outcome in new_by_name.items() if name not in old_by_name
            }
            for name, outcome in old_by_name.items():
                is_gone = name not in new_by_name and outcome.path not in new_aspects
                if outcome.is_met is False and is_gone:
                    message = f"{previous.year} 年度没有达到目标的“{outcome.name}”，这一年没有了"
                    advice = "请核对是否应当保留"
                    yield Finding(new.position, message, advice, new.name, level=Level.W)


def _is_lower(old: IndicatorOutcome, new: IndicatorOutcome) -> bool:
    numbers = comparable_numbers(old.target_value, new.target_value)
    if numbers is None or old.target_value.measure != new.target_value.measure:
        return False
    before, after = numbers
    is_inverse = new.direction is Direction.LOWER
    loosening = after - before if is_inverse else before - after
    return loosening > 0 and loosening >= abs(before) * _SMALLEST_LOOSENING


def _explains_targets(disclosure: Disclosure, name: str) -> bool:
    """Tell whether a text of the disclosure speaks of changed targets or of the indicator's."""
    texts = [passage.text for record in disclosure.all_records for passage in find_passages(record)]
    return any(_TARGET_CHANGE.search(text) or (name in text and "目标" in text) for text in texts)


@check("GJ-11", "与上年公开数", Level.W, of=Dataset)
def differs_from_last_years_disclosure(dataset: Dataset) -> Iterator[Finding]:
    """基础数据表的“上年决算数”、报告所引的上年数，须与上一年度公开件里的决算数相同；逐行、逐项目核对。文字里写的某项指标的上年数、比上年多多少，与两年的完成值核对。

    为什么：同一年的决算数公开了两次，两次不同，读者不知道信哪一次。
    怎么改：核对两年的表；上一年公开错了的，在上一年的 disclosure.yml 写“勘误”；口径变了的，在报告里写明。
    """
    for previous, current in _consecutive_years(dataset):
        old, new = previous.record(DocumentKind.BASELINE), current.record(DocumentKind.BASELINE)
        if old and new:
            yield from _compare_prior_amounts(old, new, previous.year)
        yield from compare_prior_amounts_in_texts(previous, current)
        yield from compare_prior_results(previous, current)


def _compare_prior_amounts(old: Record, new: Record, year: int) -> Iterator[Finding]:
    published = dict(_amounts_by_row(old, Role.FINAL))
    for row, cell in _amounts_by_row(new, Role.PRIOR_FINAL):
        last = published.get(row)
        if last is None or cell.value.number is None or last.value.number is None:
            continue
        amount = cell.value.number * MONEY_UNITS[new.form.money]
        if amount != last.value.number * MONEY_UNITS[old.form.money]:
            label = row[1] or row[0]
            message = (
                f"“{label}”的“{cell.spec.key}”填报 {cell.filed}，"
                f"{year} 年度公开的{old.form.kind}里“{last.spec.key}”是 {last.filed}"
            )
            advice = "请核对两年的数"
            yield finding_at(cell, message, advice, computed=last.filed, level=Level.W)


def _amounts_by_row(record: Record, role: Role) -> Iterator[tuple[tuple[str, str], Cell]]:
    """Yield ((row key, name of an open row), cell) for the cells of a column that hold a number."""
    for table in record.tables():
        for row in table.rows:
            cell = cell_with_role(row.cells, role)
            if cell and cell.value.number is not None:
                name = row.cells["名称"].filed if row.spec.is_open and "名称" in row.cells else ""
                yield (row.spec.key, name), cell


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
