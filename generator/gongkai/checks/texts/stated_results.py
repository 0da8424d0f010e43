"""Check of the results and targets that texts state against the indicators of the same things (GJ-13)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from gongkai.checks.base import Finding, additional_check, check, finding_at
from gongkai.checks.sentences.indicator_names import NO_NAME, core_of, core_of_name
from gongkai.checks.texts.near_results import find_near_results
from gongkai.checks.texts.passages import (
    LAST_YEAR_WORDS,
    Passage,
    find_passages,
    names_other_year,
    sentence_around,
)
from gongkai.model.comparison import comparable_numbers
from gongkai.model.documents import Cell, Indicator, Record, cache_on_record
from gongkai.model.outcomes import IndicatorOutcome, indicator_outcomes
from gongkai.model.problems import Level, Position
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import parse_decimal, round_half_up

_SCALES = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_NUMBER = re.compile(
    r"(?<![0-9.,，A-Za-z~～—－\-至])([0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)\s*(?=[%％万亿\u4e00-\u9fff])"
)
_HAS_FIGURE = re.compile("[0-9]").search
_NOT_EXACT = re.compile(
    r"以[上下内外]|[多余]|左右|上下|之内|[/／每]|的?(?:年度|预期|全年)?(?:目标|要求|任务|标准)"
)
"""Words after a figure that make it a limit, an estimate or a target."""
_UNSURE = re.compile(
    r"计划(?!生育)|目标|要求|预期|预计|截[至止]|季度|上半年|下半年|\d月|同比|同期|原[有定]|应当?|将|拟|力争|"
    r"下年|下一年|明年|下一步|平均|每|人均|累计|以来|距|低于|高于|不足|不到|规划|十[三四五]五|提高到|提升到|有望|另|各|约$|近$|超$|超过$|逾$|不超过$"
)
"""Words before a figure in its sentence that make it another one than the year's result."""
_NOT_THE_TARGET = re.compile(
    r"截[至止]|季度|上半年|下半年|\d月|同比|同期|原[有定]|下年|下一年|明年|下一步|平均|每|人均|累计|以来|距|不足|不到|十[三四五]五|"
    r"提高到|提升到|有望|另|各|其中|约$|近$"
)
"""Words before a figure in its sentence that make it another one than the year's target."""
_ROUGH = re.compile(r"[多余]|左右|上下|[/／每]")
"""Words after a target that make it an estimate."""
_LIMIT = re.compile(
    r"(?:[≥≧≤≦>＞<＜=＝]|大于等于|小于等于|大于|小于|不低于|不少于|不小于|不超过|不高于|不多于|不大于|不突破|控制在|至少|以上)+$"
)
"""Signs and words between a name and its target."""
_PARTS = re.compile(r"其中|分别|包括|包含")
"""Words before a list of parts."""
_SHORTEST, _SHORTEST_ENDING, _SHORTEST_PERMUTATION = 2, 5, 4
"""Fewest characters of a name that is the same as a text's, that ends in a text's, that has the same
characters in another order."""


_SHORTEST_SPECIAL = 6
_EXACT_DIGITS = 3
_GENERAL = re.compile(
    r"^(?:[^，。]{0,4}(?:项目|任务|资金|工作|经费|采购|培训|验收|支付|预算)[^，。]{0,6})$"
)
"""Names of indicators that every project may have: 项目验收合格率, 资金支付及时率."""


class _Result(NamedTuple):
    """The result of one indicator, or its target."""

    name: str
    core: str
    number: Decimal
    """In the base measure."""
    measure: str
    """Without 万 and 亿."""
    shown: str
    place: Cell
    owner: str


@check("GJ-13", "文字与指标", Level.W, of=Disclosure, needs_complete=True)
def text_differs_from_indicator(disclosure: Disclosure) -> Iterator[Finding]:
    """完成情况、报告等文字里写的数，须与自评表里同一件事的指标的完成值相同；总体目标里写的数，须与指标的目标值相同。

    文字里数字前的词与指标名称相同（“全年”“完成”“人次”“面积”一类的词不计）、单位也相同的，才算同一件事；写的是目标、计划、其中数、某一时段、约数的，不作判断。

    词与名称不全相同，而名称的大部分字都在句子里的，数字颠倒、差几个零或相差不到四分之一的也提：“吸纳周边群众185人务工”对“带动群众务工人数158人”。

    为什么：文字写培训 320 人次，指标写 230 人次，读者不知道信哪一个。
    怎么改：核对后统一；说的不是一件事的，在文字里写明。
    """
    found: set[Position] = set()
    for finding in _find_differing(disclosure):
        found.add(finding.position)
        yield finding
    for finding in find_near_results(disclosure):
        if finding.position not in found:
            found.add(finding.position)
            yield finding


def _find_differing(disclosure: Disclosure) -> Iterator[Finding]:
    """Find figures of things whose name is an indicator's."""
    overall = [
        record
        for kind in (DocumentKind.OVERALL, DocumentKind.RUBRIC)
        if (record := disclosure.record(kind))
    ]
    tables = [
        table for project in disclosure.projects if (table := project.record(DocumentKind.PROJECT))
    ]
    if passages := _passages_with_results(disclosure.records):
        sources = _Sources(overall, tables)
        for passage in passages:
            yield from _compare_results(passage, sources, disclosure.year)
    for project in disclosure.projects:
        table = project.record(DocumentKind.PROJECT)
        passages = _passages_with_results(project.records) if table else []
        if table and passages:
            sources = _Sources([table], [])
            for passage in passages:
                yield from _compare_results(passage, sources, disclosure.year)
    for record in disclosure.all_records:
        objectives = [
            passage
            for passage in find_passages(record)
            if passage.role is Role.OBJECTIVE and _HAS_FIGURE(passage.text)
        ]
        sources = _Sources([record] if objectives else [], [], of_targets=True)
        for passage in objectives:
            yield from _compare_results(passage, sources, disclosure.year)


def _passages_with_results(records: Iterable[Record]) -> list[Passage]:
    """Return the passages that may state the result of an indicator."""
    return [
        passage
        for record in records
        for passage in find_passages(record)
        if passage.states_results and _HAS_FIGURE(passage.text)
    ]


@additional_check(text_differs_from_indicator.rule, of=Disclosure, needs_complete=True)
def same_indicator_differs(disclosure: Disclosure) -> Iterator[Finding]:
    """Find indicators of one project that the overall table has with the same target, not the result.

    Names that every table may have (满意度) are left out, and results that are not close: the project
    is then about a part of what the overall table is about.
    """
    overall = disclosure.record(DocumentKind.OVERALL)
    if overall is None:
        return
    in_overall = {
        (outcome.indicator.name.filed, outcome.target_value.text): outcome
        for outcome in indicator_outcomes(overall)
        if outcome.actual_value.number is not None and _is_special(outcome.indicator.name.filed)
    }
    tables = [project.record(DocumentKind.PROJECT) for project in disclosure.projects]
    found: dict[tuple[str, str], list[tuple[Record, IndicatorOutcome]]] = {}
    for table in filter(None, tables):
        for outcome in indicator_outcomes(table):
            key = outcome.indicator.name.filed, outcome.target_value.text
            if key in in_overall:
                found.setdefault(key, []).append((table, outcome))
    for key, outcomes in found.items():
        (table, outcome), same = outcomes[0], in_overall[key]
        numbers = comparable_numbers(same.actual_value, outcome.actual_value)
        if len(outcomes) > 1 or not outcome.actual or not numbers or not _is_slip(*numbers):
            continue
        shown = same.actual.filed if same.actual else ""
        message = (
            f"“{outcome.name}”在{table.name}里完成“{outcome.actual.filed}”，"
            f"{overall.name}里同名、同目标的指标完成“{shown}”"
        )
        advice = "请核对后统一，不是一件事的请写明"
        yield finding_at(outcome.actual, message, advice, computed=shown, level=Level.W)


def _is_slip(number: Decimal, other: Decimal) -> bool:
    """Tell whether two exact numbers are different, but close."""
    digits = min(
        len(number.normalize().as_tuple().digits), len(other.normalize().as_tuple().digits)
    )
    return number != other and digits >= _EXACT_DIGITS and abs(number - other) * 20 <= abs(other)


def _is_special(name: str) -> bool:
    """Tell whether a name says what it is about, so that two tables mean the same by it."""
    return len(name) >= _SHORTEST_SPECIAL and "满意" not in name and not _GENERAL.search(name)


class _Results(NamedTuple):
    """The results of a document's indicators that are numbers with a measure."""

    every: tuple[_Result, ...]
    by_letters: Mapping[str, list[_Result]]
    """By the sorted characters of their cores."""

    def find(self, core: str) -> list[_Result]:
        """Return the results whose name surely has the core of a text's words."""
        if same := self.by_letters.get("".join(sorted(core))):
            is_long = len(core) >= _SHORTEST_PERMUTATION
            return [result for result in same if is_long or result.core == core]
        if len(core) < _SHORTEST_ENDING:
            return []
        ending = [result for result in self.every if result.core.endswith(core)]
        return ending if len(ending) == 1 else []


class _Sources:
    """The tables whose results a text may state."""

    def __init__(
        self, overall: list[Record], projects: list[Record], *, of_targets: bool = False
    ) -> None:
        self.overall, self.projects, self.of_targets = overall, projects, of_targets
        self.results_of = _targets if of_targets else _results
        results = [self.results_of(table) for table in (*overall, *projects)]
        self._letters = {letters for table in results for letters in table.by_letters}
        self._endings = "".join(f"{result.core}\n" for table in results for result in table.every)

    def may_have(self, core: str) -> bool:
        """Tell whether `find` of any table can have results: most words of a text have none."""
        return "".join(sorted(core)) in self._letters or (
            len(core) >= _SHORTEST_ENDING and f"{core}\n" in self._endings
        )


@cache_on_record
def _results(record: Record) -> _Results:
    results = [_result_of(outcome, record) for outcome in indicator_outcomes(record)]
    return _index_results(filter(None, results))


@cache_on_record
def _targets(record: Record) -> _Results:
    targets = [_target_of(outcome, record) for outcome in indicator_outcomes(record)]
    return _index_results(filter(None, targets))


def _index_results(results: Iterable[_Result]) -> _Results:
    every = tuple(results)
    by_letters: dict[str, list[_Result]] = {}
    for result in every:
        by_letters.setdefault("".join(sorted(result.core)), []).append(result)
    return _Results(every, by_letters)


def _result_of(outcome: IndicatorOutcome, record: Record) -> _Result | None:
    number, cell = outcome.actual_value.number, outcome.actual
    measure = outcome.actual_value.measure or outcome.target_value.measure
    shown = cell.filed if cell else ""
    if number is None:
        cell = _progress_cell(outcome.indicator)
        stated = (
            cell
            and measure
            and re.search(rf"([0-9]+(?:\.[0-9]+)?)\s*{re.escape(measure)}", cell.filed)
        )
        number, shown = (parse_decimal(stated[1]), stated[0]) if stated else (None, "")
    if number is None or cell is None or not measure:
        return None
    return _build_result(outcome, record, number, measure, cell, shown)


def _target_of(outcome: IndicatorOutcome, record: Record) -> _Result | None:
    target, cell = outcome.target_value, outcome.target
    if cell is None or target.number is None or not target.measure or target.is_approximate:
        return None
    return _build_result(outcome, record, target.number, target.measure, cell, cell.filed)


def _build_result(  # noqa: PLR0913, PLR0917 - an indicator, and the figure that it has
    outcome: IndicatorOutcome,
    record: Record,
    number: Decimal,
    measure: str,
    cell: Cell,
    shown: str,
) -> _Result:
    scale = measure[0] if measure[0] in _SCALES and len(measure) > 1 else ""
    shown = shown if measure in shown else f"{shown}{measure}"
    name = outcome.indicator.name.filed
    return _Result(
        name,
        core_of_name(name),
        number * _SCALES[scale] if scale else number,
        measure.removeprefix(scale),
        shown,
        cell,
        record.name,
    )


def _progress_cell(indicator: Indicator) -> Cell | None:
    return indicator.cells.with_role(Role.PROGRESS)


class _Statement(NamedTuple):
    """A figure that a text states of something of which a table has an indicator."""

    core: str
    """What it is about, without words for the year, for completing and for counting."""
    text: str
    """The words before the figure, and the figure."""
    figure: str
    offset: int
    number: Decimal
    step: Decimal
    """Value of its last decimal."""
    results: tuple[_Result, ...]

    @property
    def agrees(self) -> bool:
        """Whether it is the figure of one of the indicators, rounded or not."""
        return any(_rounds_to(result.number, self.number, self.step) for result in self.results)


def _compare_results(passage: Passage, sources: _Sources, year: int) -> Iterator[Finding]:
    """Compare the figures of a text with the indicators, unless the text has several for one."""
    statements = list(_find_statements(passage, sources, year))
    numbers: dict[str, set[Decimal]] = {}
    for statement in statements:
        numbers.setdefault(statement.core, set()).add(statement.number)
    value = "目标值" if sources.of_targets else "完成值"
    for statement in statements:
        if statement.agrees or len(numbers[statement.core]) > 1:
            continue
        first = statement.results[0]
        yield Finding(
            passage.position_at(statement.offset),
            f"“{statement.text}”，{first.owner}的指标“{first.name}”{value}是“{first.shown}”",
            "请核对后统一，不是一件事的请写明",
            passage.where_at(statement.text),
            statement.figure,
            first.shown,
            Level.W,
        )


def _find_statements(passage: Passage, sources: _Sources, year: int) -> Iterator[_Statement]:
    for match in _NUMBER.finditer(passage.text):
        start, sentence = sentence_around(passage.text, match.start())
        before = sentence[: match.start() - start]
        words = NO_NAME.sub("", re.split(r"[，,、；;：:（(）)0-9%％]", before)[-1])
        core = core_of(_LIMIT.sub("", words) if sources.of_targets else words)
        if len(core) < _SHORTEST or not sources.may_have(core):
            continue
        if _is_unsure(before, year, of_targets=sources.of_targets):
            continue
        same = list(_same_things(core, passage.text, match, sources)) or list(
            _same_in_projects(core, passage.text, match, sources)
        )
        if not same:
            continue
        number, step, figure = same[0][1]
        if not _is_part(before, figure.lstrip("0123456789.,")):
            results = tuple(result for result, _ in same)
            text = f"{words}{figure}"
            yield _Statement(core, text, figure, match.start(), number, step, results)


def _is_unsure(before: str, year: int, *, of_targets: bool) -> bool:
    return bool(
        (_NOT_THE_TARGET if of_targets else _UNSURE).search(before)
        or names_other_year(before, year)
        or any(word in before for word in LAST_YEAR_WORDS)
    )


def _is_part(before: str, unit: str) -> bool:
    """Tell whether a figure is in a list of parts, which goes on as long as the unit is the same."""
    parts = list(_PARTS.finditer(before))
    listed = before[parts[-1].end() :] if parts else ""
    units = re.findall(r"[0-9]\s*([^0-9，、；]+)", listed)
    return bool(parts) and (not units or any(other.startswith(unit) for other in units))


def _same_in_projects(
    core: str, text: str, match: re.Match[str], sources: _Sources
) -> Iterator[tuple[_Result, tuple[Decimal, Decimal, str]]]:
    """Yield the matching result if the projects have only one."""
    same = list(_same_things(core, text, match, sources, of_projects=True))
    if len({result.number for result, _ in same}) == 1:
        yield from same


def _same_things(
    core: str,
    text: str,
    match: re.Match[str],
    sources: _Sources,
    *,
    of_projects: bool = False,
) -> Iterator[tuple[_Result, tuple[Decimal, Decimal, str]]]:
    """Yield the results that are surely of the thing whose figure a text states, with the figure."""
    no_figure = _ROUGH if sources.of_targets else _NOT_EXACT
    for table in sources.projects if of_projects else sources.overall:
        for result in sources.results_of(table).find(core):
            figure = _figure_at(text, match, result.measure, no_figure)
            if figure:
                yield result, figure


def _figure_at(
    text: str, match: re.Match[str], measure: str, no_figure: re.Pattern[str]
) -> tuple[Decimal, Decimal, str] | None:
    """Return the number in the base measure, the value of its last decimal and the figure's text."""
    for word, scale in _SCALES.items():
        for unit in {measure, "％"} if measure == "%" else {measure}:
            end = match.end() + len(word) + len(unit)
            if text[match.end() : end] != f"{word}{unit}":
                continue
            rest = text[end : end + 8]
            if no_figure.match(rest) or (
                rest[:1] in {"次", "月", "点", "百"} and not unit.endswith("次")
            ):
                return None
            number = parse_decimal(match[1])
            exponent = number.as_tuple().exponent
            step = scale.scaleb(exponent if isinstance(exponent, int) else 0)
            return number * scale, step, f"{match[1]}{word}{unit}"
    return None


def _rounds_to(exact: Decimal, number: Decimal, step: Decimal) -> bool:
    return exact == number or round_half_up(exact / step, 0) * step == number
