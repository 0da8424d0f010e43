"""Checks across a unit's years (GJ-07, GJ-08): copied texts, lowered targets."""

from collections.abc import Iterator

from gongkai.checks.base import Finding, at, check
from gongkai.checks.uniqueness import long_texts
from gongkai.model.comparison import INVERSE, comparable
from gongkai.model.documents import Cell, Record
from gongkai.model.outcomes import Outcome, outcomes
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
    for before, now in _pairs(dataset):
        old = {(name, cell.spec.key, cell.filed): name for name, cell in _texts(before)}
        for name, cell in _texts(now):
            if (name, cell.spec.key, cell.filed) in old:
                message = f"“{cell.spec.key}”与 {before.year} 年度一字不差"
                yield at(cell, message, "请写这一年的实际情况", level=Level.W)


@check("GJ-08", "与上年目标", Level.W, of=Dataset)
def target_below_last_years(dataset: Dataset) -> Iterator[Finding]:
    """同一个指标的目标不应比上一年低；上一年没有做到的指标不应悄悄去掉。

    为什么：把目标定低、把没做到的指标去掉，完成得再好也没有意义。
    来源：财预〔2020〕10号；中发〔2018〕34号。
    怎么改：核对；有理由的在报告里写明。
    """
    for before, now in _pairs(dataset):
        for old, new in _same_documents(before, now):
            known = {row.node.name.filed: row for row in outcomes(old)}
            current = {row.node.name.filed: row for row in outcomes(new)}
            for name, row in current.items():
                if name in known and _lower(known[name], row) and row.target:
                    filed = known[name].target
                    word = "宽于" if row.wanted.comparison in INVERSE else "低于"
                    message = (
                        f"“{row.name}”的目标是“{row.target.filed}”，"
                        f"{word} {before.year} 年度的“{filed.filed if filed else ''}”"
                    )
                    yield at(row.target, message, "请核对，有理由的写明", level=Level.W)
            for name, row in known.items():
                if row.met is False and name not in current:
                    message = f"{before.year} 年度没有达到目标的“{row.name}”，这一年没有了"
                    advice = "请核对是否应当保留"
                    yield Finding(new.position, message, advice, new.name, level=Level.W)


def _lower(old: Outcome, new: Outcome) -> bool:
    pair = comparable(old.wanted, new.wanted)
    if pair is None or old.wanted.measure != new.wanted.measure:
        return False
    inverse = new.wanted.comparison in INVERSE
    return pair[1] > pair[0] if inverse else pair[1] < pair[0]


def _pairs(dataset: Dataset) -> Iterator[tuple[Disclosure, Disclosure]]:
    """Each disclosure with the same unit's of the year before."""
    by_year = {(each.unit.slug, each.year): each for each in dataset.disclosures}
    for now in dataset.disclosures:
        before = by_year.get((now.unit.slug, now.year - 1))
        if before:
            yield before, now


def _same_documents(before: Disclosure, now: Disclosure) -> Iterator[tuple[Record, Record]]:
    for kind in (DocumentKind.OVERALL, DocumentKind.RUBRIC):
        old, new = before.record(kind), now.record(kind)
        if old and new:
            yield old, new
    known = {project.name: project.record(DocumentKind.PROJECT) for project in before.projects}
    for project in now.projects:
        old, new = known.get(project.name), project.record(DocumentKind.PROJECT)
        if old and new:
            yield old, new


def _texts(disclosure: Disclosure) -> Iterator[tuple[str, Cell]]:
    """The long texts that a unit wrote itself, with the document that holds them."""
    for record in disclosure.all_records:
        yield from ((record.name, cell) for cell in long_texts(record))
