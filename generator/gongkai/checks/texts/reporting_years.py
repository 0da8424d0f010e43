"""Check of the years in texts that state what the reported year has brought (RQ-06)."""

import re
from collections.abc import Iterator

from gongkai.checks.base import Finding, check
from gongkai.checks.texts.labelled_amounts import AmountColumn, find_labelled_amounts
from gongkai.checks.texts.misdated_results import find_misdated_results
from gongkai.checks.texts.passages import LAST_YEAR_WORDS, Passage, find_passages, sentence_around
from gongkai.checks.texts.stated_amounts import (
    SAME_COLUMNS,
    collect_funds_facts,
    collect_unit_facts,
)
from gongkai.model.documents import Record
from gongkai.model.problems import Level, Position
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import parse_decimal

_YEAR = re.compile(
    r"(?<![\d〔\[（(第—–~-])(20\d\d)年(?!代|以来|起|至|—|–|-|底前|[^，。；]{0,12}(?:立项|批复|印发|发布|下达|开工|成立|设立|启动|建成|修订))"
)
_REPORTED = re.compile(
    r"(?:度|末|底|全年)?(?:部门|本?单位|[我本][局委站所馆院校会办]|全年|预算|决算|基本支出|项目支出|整体支出|绩效|自评|“?三公|末|度)"
)
"""What follows a year that is reported on."""
_WHOLE_YEAR = re.compile(r"度?[^，。；]{0,6}?全年")
_EVALUATED = re.compile(
    r"(?:现将|开展了?|组织了?|进行了?)[^，。；]{0,12}(20\d\d)年度?[^，。；]{0,12}绩效自评(?=[，。；]|工作|报告|情况|如下|$)"
)
_SCORE = re.compile(
    r"度?[^，。；]{0,12}?自评(?:得分|总分|分数?|结果)[^0-9，。；]{0,6}([0-9]+(?:\.[0-9]+)?)\s*分"
)
_THIS_YEAR = ("本年", "今年", "当年")
_COMPARED = re.compile(r"[比较]|同比|增长|下降|提高|上升|减少|增加|结转|滚存")
_UNDATED_MONTH = re.compile(r"(?<![\d年./-])(?<!年\s)\d{1,2}月")
_DATED_END = re.compile(
    r"(20\d\d)年\d{1,2}月[^，。；]{0,6}(?:完成|验收|竣工|结束|交付|投入使用|结项)"
)
_MONTH = re.compile(r"\s?\d{1,2}月")
_ANY_YEAR = re.compile(r"(?<![\d〔\[（(第—–~-])(20\d\d)年(?!代|以来|起|至|—|–|-)")
_OF_PLANS = re.compile(
    r"下一?步|下一?年|明年|次年|计划(?!生育)|(?<!已)将|拟|预计|建议|安排预算|预算安排|结转|[上下]半年|季度|截[至止]|目前|[比较]"
)
"""Words of sentences on a later year, which may well state its plans and its first months."""
_BUDGET_CHANGED = re.compile(
    r"20\d\d年\d{1,2}月(?:\d{1,2}日)?(?:(?:因|由于|根据|按照?|经|为)[^。；0-9]{0,20}?|[^，。；0-9]{0,16}?)(?:调[减增]|追[加减]|核[减增]|压减)了?(?:本?项目|年度|本年|部门)?(?:预算|资金|经费)"
)
_FEWEST = 3
"""Fewest sentences on another year that show that a whole report is one of that year."""
_STATES_RESULTS = frozenset({Role.OBJECTIVE, Role.ACHIEVEMENT, Role.PROGRESS})


@check("RQ-06", "正文年度", Level.W, of=Disclosure)
def text_is_of_another_year(disclosure: Disclosure) -> Iterator[Finding]:
    """报告和表里的文字，说本年情况的，年份须是这份公开件的年度。

    提出的有：整篇报告写的都是另一年；目标、完成情况写“某年全年”而不是本年；写某年的预算数、支出数、自评得分，却与本年的相同（以后年度的只看支出数和得分）；以后年度的月份调整了预算；同一句里先写本年的几月、后写以前年度的完成时间。分句以别的年份开头，写的却是本年指标的完成值、目标值，或本年资金表的数的。与上年比较的、历年的、计划的，不提。

    为什么：去年的文字改改再报，常常忘了改年份。
    怎么改：核对年份，确为以前年度的事，在文字里写明。
    """
    found: set[Position] = set()
    for finding in _find_other_years(disclosure):
        found.add(finding.position)
        yield finding
    for finding in find_misdated_results(disclosure):
        if finding.position not in found:
            yield finding


def _find_other_years(disclosure: Disclosure) -> Iterator[Finding]:
    report = disclosure.record(DocumentKind.REPORT)
    if report:
        yield from _check_whole_report(report, disclosure.year)
    for record in disclosure.all_records:
        for passage in find_passages(record):
            if "20" in passage.text and "年" in passage.text:
                yield from _check_passage(passage, disclosure)


def _check_whole_report(report: Record, year: int) -> Iterator[Finding]:
    if any(words in report.body for words in (f"{year}年", *_THIS_YEAR)):
        return
    places: dict[int, list[tuple[Passage, re.Match[str]]]] = {}
    for passage in find_passages(report):
        for match in _YEAR.finditer(passage.text):
            if _REPORTED.match(passage.text, match.end()) and not _is_compared(passage, match):
                places.setdefault(int(match[1]), []).append((passage, match))
    for other, found in places.items():
        if other < year and len(found) >= _FEWEST:
            passage, match = found[0]
            message = f"报告里 {len(found)} 处写的是{other}年，没有一处写{year}年，这是 {year} 年度的公开件"
            yield _finding(passage, match, message, year)


def _is_compared(passage: Passage, match: re.Match[str]) -> bool:
    start, sentence = sentence_around(passage.text, match.start())
    before = sentence[: match.start() - start]
    return bool(re.search(r"[比较与同从由]\s*$", before))


def _check_passage(passage: Passage, disclosure: Disclosure) -> Iterator[Finding]:
    year, text = disclosure.year, passage.text
    yield from _check_month_order(passage, year)
    yield from _check_later_years(passage, disclosure)
    in_passage = any(map(text.__contains__, (f"{year}年", *_THIS_YEAR, *LAST_YEAR_WORDS)))
    for match in _YEAR.finditer(text):
        if int(match[1]) >= year:
            continue
        _, sentence = sentence_around(text, match.start())
        if _COMPARED.search(sentence):
            continue
        if in_passage:
            if not any(map(sentence.__contains__, (f"{year}年", *_THIS_YEAR, *LAST_YEAR_WORDS))):
                yield from _check_figures(passage, match, disclosure)
            continue
        is_result = passage.role in _STATES_RESULTS or "绩效目标完成情况" in passage.where
        if is_result and (follows := _WHOLE_YEAR.match(text, match.end())):
            message = f"“{match[0]}{follows[0]}”写的是{match[1]}年，这是 {year} 年度的公开件"
            yield _finding(passage, match, message, year)
        else:
            yield from _check_figures(passage, match, disclosure)
    for match in _EVALUATED.finditer(text) if not in_passage else ():
        if int(match[1]) < year:
            message = f"“{match[0]}”写的是{match[1]}年，这是 {year} 年度的公开件"
            yield _finding(passage, match, message, year)


def _check_figures(
    passage: Passage, match: re.Match[str], disclosure: Disclosure
) -> Iterator[Finding]:
    """Find amounts and scores of another year that are this year's."""
    slug = passage.project
    project = next((project for project in disclosure.projects if project.slug == slug), None)
    kind = DocumentKind.PROJECT if project else DocumentKind.OVERALL
    table = project.record(kind) if project else disclosure.record(kind)
    text, year = passage.text, disclosure.year
    score = _SCORE.match(text, match.end())
    total = table.overall_cell(Role.SCORE) if table and score else None
    if score and total and total.value.number == parse_decimal(score[1]):
        message = f"“{match[0]}{score[0]}”写的是{match[1]}年，这是 {year} 年度{kind}的总分"
        yield _finding(passage, match, message, year)
        return
    start, sentence = sentence_around(text, match.start())
    as_of_this_year = sentence.replace(match[0], f"{year}年")
    amounts = list(find_labelled_amounts(as_of_this_year, year))
    if not amounts or not table:
        return
    facts = collect_funds_facts(table) if project else collect_unit_facts(disclosure)
    later = int(match[1]) > year
    for stated in amounts:
        if stated.offset < match.start() - start or stated.column is AmountColumn.PRIOR:
            continue
        if later and stated.column is not AmountColumn.FINAL:
            continue  # The next year's budget may well be as much as this year's.
        last = facts.get((stated.subject, AmountColumn.PRIOR), ())
        same = [
            fact
            for column in SAME_COLUMNS[stated.column]
            for fact in facts.get((stated.subject, column), ())
            if stated.equals(fact.amount)
        ]
        if same and not any(stated.equals(fact.amount) for fact in last):
            message = (
                f"“{stated.text.replace(f'{year}年', match[0])}”写的是{match[1]}年，"
                f"这个数是 {year} 年度{same[0].place}"
            )
            yield _finding(passage, match, message, year)
            return


def _check_later_years(passage: Passage, disclosure: Disclosure) -> Iterator[Finding]:
    """Find this year's spending, scores and changes of its budget that are dated in a later year."""
    for match in _ANY_YEAR.finditer(passage.text):
        year = int(match[1])
        if year <= disclosure.year:
            continue
        start, sentence = sentence_around(passage.text, match.start())
        if _OF_PLANS.search(sentence) or not passage.states_results:
            continue
        changed = _BUDGET_CHANGED.match(passage.text, match.start())
        if changed and f"{year}年" not in sentence[match.end() - start :]:
            message = f"“{changed[0]}”写的是{year}年，{disclosure.year} 年度的预算在年度结束以后不能再调整"
            yield _finding(passage, match, message, disclosure.year)
        elif not _MONTH.match(passage.text, match.end()):
            yield from _check_figures(passage, match, disclosure)


def _check_month_order(passage: Passage, year: int) -> Iterator[Finding]:
    """Find an end in an earlier year after months of this year."""
    for match in _DATED_END.finditer(passage.text):
        start, sentence = sentence_around(passage.text, match.start())
        before = sentence[: match.start() - start]
        if int(match[1]) < year and _UNDATED_MONTH.search(before) and "20" not in before:
            message = (
                f"前面写的是本年的月份，“{match[0]}”却在{match[1]}年，这是 {year} 年度的公开件"
            )
            yield _finding(passage, match, message, year)


def _finding(passage: Passage, match: re.Match[str], message: str, year: int) -> Finding:
    place, where = passage.position_at(match.start()), passage.where_at(match[0])
    return Finding(place, message, "请核对年份", where, f"{match[1]}年", f"{year}年", Level.W)
