"""Check of the scores and grades that texts state against the tables (GJ-06)."""

import re
from collections.abc import Iterator

from gongkai.checks.base import Finding, check
from gongkai.checks.texts.passages import (
    LAST_YEAR_WORDS,
    Passage,
    find_passages,
    names_other_year,
    sentence_around,
)
from gongkai.model.documents import Record
from gongkai.model.figures import figures_of
from gongkai.model.publication import Disclosure
from gongkai.model.scores import total_points
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import parse_decimal

_SELF_SCORE = re.compile(
    r"(项目)?(?:支出)?(?:绩效)?自评(?:综合)?(得分|总分|分数?|结果)?[^0-9。；;]{0,6}?([0-9]+(?:\.[0-9]+)?)\s*分(?!值)"
)
_GRADE = re.compile(
    r"(?:等级|评价结果|自评结果|自评结论)(?:评定|评)?(?:为|是|：|:)?\s*[“\"]?(优秀|优|良好|良|中等|中|合格|较差|不合格|差)(?=[”\"，,。；;、）)\s]|$|等)"
)


@check("GJ-06", "报告与表的得分", of=Disclosure, needs_complete=True)
def score_differs(disclosure: Disclosure) -> Iterator[Finding]:
    """报告和表里的文字写的自评得分、等级，须与自评表的总分、等级相同；项目的文字与项目自评表比。

    为什么：一份自评只有一个得分。
    怎么改：核对后统一。
    """
    kinds = (DocumentKind.OVERALL, DocumentKind.RUBRIC)
    tables = [record for kind in kinds if (record := disclosure.record(kind))]
    for record in disclosure.records if tables else ():
        for passage in find_passages(record):
            yield from _compare(passage, tables[0], disclosure, is_about_unit=True)
    for project in disclosure.projects:
        table = project.record(DocumentKind.PROJECT)
        for record in project.records if table else ():
            for passage in find_passages(record):
                if table:
                    yield from _compare(passage, table, disclosure, is_about_unit=False)


def _compare(
    passage: Passage, table: Record, disclosure: Disclosure, *, is_about_unit: bool
) -> Iterator[Finding]:
    has_score, has_grade = "自评" in passage.text, "等级" in passage.text or "结" in passage.text
    for match in _SELF_SCORE.finditer(passage.text) if has_score else ():
        if not _is_elsewhere(passage, match, disclosure, is_about_unit=is_about_unit):
            yield from _compare_score(passage, match, table)
    for match in _GRADE.finditer(passage.text) if has_grade else ():
        if not _is_elsewhere(passage, match, disclosure, is_about_unit=is_about_unit):
            yield from _compare_grade(passage, match, table)


def _is_elsewhere(
    passage: Passage, match: re.Match[str], disclosure: Disclosure, *, is_about_unit: bool
) -> bool:
    """Tell whether a sentence is about another year or, in a unit's text, about a project."""
    start, sentence = sentence_around(passage.text, match.start())
    before = sentence[: match.start(match.lastindex or 0) - start]
    if names_other_year(before, disclosure.year) or any(map(before.__contains__, LAST_YEAR_WORDS)):
        return True
    return is_about_unit and (
        "项目" in re.split(r"[，,]", before)[-1]
        or any(project.name in before for project in disclosure.projects)
    )


def _compare_score(passage: Passage, match: re.Match[str], table: Record) -> Iterator[Finding]:
    total, stated = table.overall_cell(Role.SCORE), parse_decimal(match[3])
    if total is None or total.value.number is None:
        return
    is_points = match[2] != "得分" and stated == total_points(table)
    if stated != total.value.number and not is_points:
        message = f"“{match[0]}”，自评表的总分是 {total.filed}"
        place, where = passage.position_at(match.start(3)), passage.where_at(match[0])
        yield Finding(place, message, "请核对后统一", where, match[3], total.filed)


def _compare_grade(passage: Passage, match: re.Match[str], table: Record) -> Iterator[Finding]:
    figures = figures_of(table)
    stated, score = table.form.grade_from_word(match[1]), figures.score
    if stated and score and figures.grade and stated is not figures.grade:
        message = f"“{match[0]}”，自评表的总分是 {score.filed}，等级是“{figures.grade}”"
        place, where = passage.position_at(match.start(1)), passage.where_at(match[0])
        yield Finding(place, message, "请核对后统一", where, match[1], figures.grade)
