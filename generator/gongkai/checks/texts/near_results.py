"""Figures in texts that are nearly the result of an indicator that their sentence is about (GJ-13)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from gongkai.checks.base import Finding
from gongkai.checks.sentences.clauses import Sentence, split_sentences
from gongkai.checks.sentences.closeness import Closeness, closeness_of, share_of_pairs
from gongkai.checks.sentences.indicator_names import NO_NAME, core_of, core_of_name
from gongkai.checks.sentences.quantities import Quantity, base_unit_of
from gongkai.checks.texts.passages import (
    LAST_YEAR_WORDS,
    Passage,
    find_passages,
    names_other_year,
    sentence_around,
)
from gongkai.model.dates import FiledDate, parse_date
from gongkai.model.documents import Record, cache_on_record
from gongkai.model.outcomes import indicator_outcomes
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind
from gongkai.model.values import round_half_up

_OTHER = re.compile(
    r"计划(?!生育)|目标|要求|预期|预计|应当|同比|同期|原[有定]|将|拟|力争|下年|下一年|明年|下一步|距|规划|十[三四五]五|"
    r"季度|上半年|下半年|\d月|其中|分别|[一二三四五六七八九十]期|[一二三四五六七八九十]标段|现有|历年|以来|增加|减少|增长|下降了|提高了|多(?!彩|功能|媒体)|少(?!年|儿|数民族|先队)|差"
)
"""Words before a figure that make it another one than the year's result."""
_PERHAPS_OTHER = re.compile(
    r"累计|平均|每|人均|提高到|提升到|各|另|低于|高于|不足|不到|超过|又|还|再"
)
"""The same, unless the figure is surely a slip of the result."""
_OF_CHANGE = re.compile("(?:下降|减少|降低|压减|增长|提高|增加|上升)(?:率|幅度?|比例)$")
"""An indicator that is itself a change from the year before: 农药使用量下降率."""
_RATE_NAME = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,8}率)(?:为|是|达到?了?|在)?\s*$")
_AFTER = re.compile(r"[^，,。；;：:、（(）)0-9]{0,8}")
_LARGE, _SMALL = Decimal("0.8"), Decimal("0.55")
"""Least share of a name's pairs of characters in its sentence: for a figure that is near the result, and for
one with the same digits in another order or with another number of zeros."""
_SHORTEST = 3
_OF_TIME = re.compile(
    "(?:的)?(?:最后|最终)?(?:完成|完工|结束|竣工|交付|投入使用)?(?:时间|日期|时限|时点|期限)$"
)
_DATE = re.compile(
    r"(?<!\d)(?:(?P<year>20\d\d)年)?(?P<month>1[0-2]|[1-9])月(?P<day>[12]\d|3[01]|[1-9])日(?!前|以前|之前|起|至|—|-)"
)
_COMPLETED = re.compile("完成|完工|结束|竣工|验收|交付|投入使用|到位|发放|印发|上线|建成|结业")
_HAS_DIGIT = re.compile("[0-9０-９]").search
_SAME_EVENT = Decimal("0.6")
_MOST_MONTHS = 3


class _Known(NamedTuple):
    """The result of an indicator."""

    name: str
    core: str
    unit: str
    number: Decimal
    """In the unit without 万 and 亿."""
    shown: str
    owner: str


class _Table(NamedTuple):
    """The results of a table by unit, and all figures of its indicators."""

    results: dict[str, list[_Known]]
    names: dict[tuple[str, Decimal], set[str]]
    """The cores of the names of the indicators that have a figure, with its unit, as target or result."""


def find_near_results(disclosure: Disclosure) -> Iterator[Finding]:
    """Find figures in texts that are nearly, and not quite, the result of the indicator in question.

    The words need not be the indicator's name: most of its characters are in the sentence, the unit is
    the same, and the figure has the same digits in another order, is ten or more times as large, or is
    less than a quarter away. Nothing is found where the sentence has the result, too, or parts of it.
    """
    overall = [
        record
        for kind in (DocumentKind.OVERALL, DocumentKind.RUBRIC)
        if (record := disclosure.record(kind))
    ]
    tables: list[Record] = []
    for project in disclosure.projects:
        table = project.record(DocumentKind.PROJECT)
        if table:
            tables.append(table)
            yield from _compare(project.records, [table], disclosure.year)
    yield from _compare(disclosure.records, [*overall, *tables], disclosure.year)


def _compare(documents: Iterable[Record], tables: Sequence[Record], year: int) -> Iterator[Finding]:
    passages = [
        passage
        for document in documents
        for passage in find_passages(document)
        if passage.states_results and _HAS_DIGIT(passage.text)
    ]
    if not passages:
        return
    known = [_figures_of(table) for table in tables]
    dates = [known_date for table in tables for known_date in _dates_of(table)]
    for passage in passages:
        if any(table.results for table in known):
            yield from _compare_passage(passage, known, year)
        if dates and "月" in passage.text:
            yield from _compare_dates(passage, dates, year)


class _KnownDate(NamedTuple):
    """The day on which an indicator says that something was completed."""

    name: str
    core: str
    date: FiledDate
    shown: str
    owner: str


@cache_on_record
def _dates_of(record: Record) -> tuple[_KnownDate, ...]:
    found: list[_KnownDate] = []
    for outcome in indicator_outcomes(record):
        cell = outcome.actual
        date = parse_date(cell.filed) if cell and "月" in cell.filed else None
        name = outcome.indicator.name.filed
        core = _OF_TIME.sub("", name)
        if cell and date and date.month and date.day and len(core) >= _SHORTEST:
            found.append(_KnownDate(name, core, date, cell.filed, record.name))
    return tuple(found)


def _compare_dates(passage: Passage, known: Sequence[_KnownDate], year: int) -> Iterator[Finding]:
    """Compare the days of texts with those of the indicators that their clause is about."""
    for match in _DATE.finditer(passage.text):
        start, sentence = sentence_around(passage.text, match.start())
        before = re.split(r"[，,；;：:]", sentence[: match.start() - start])[-1]
        after = re.split(r"[，,；;：:0-9]", sentence[match.end() - start :][:14])[0]
        context = f"{before}{after}"
        if (match["year"] and int(match["year"]) != year) or _OTHER.search(before):
            continue
        if not _COMPLETED.search(context):
            continue
        day = int(match["month"]), int(match["day"])
        same = [date for date in known if share_of_pairs(date.core, context) >= _SAME_EVENT]
        if len(same) != 1 or day == (same[0].date.month, same[0].date.day):
            continue
        if abs(day[0] - (same[0].date.month or 0)) > _MOST_MONTHS:
            continue
        words = context.replace(after, "") + match[0] + after
        yield Finding(
            passage.position_at(match.start()),
            f"“{words.strip()}”，{same[0].owner}的指标“{same[0].name}”完成值是“{same[0].shown}”",
            "请核对日期",
            passage.where_at(match[0]),
            match[0],
            same[0].shown,
            Level.W,
        )


@cache_on_record
def _figures_of(record: Record) -> _Table:
    results: dict[str, list[_Known]] = {}
    names: dict[tuple[str, Decimal], set[str]] = {}
    for outcome in indicator_outcomes(record):
        for cell, value in (
            (outcome.target, outcome.target_value),
            (outcome.actual, outcome.actual_value),
        ):
            measure = value.measure or outcome.target_value.measure
            if cell is None or value.number is None or not measure:
                continue
            unit, exponent = base_unit_of(measure)
            number = value.number.scaleb(exponent)
            name = outcome.indicator.name.filed
            core = core_of_name(name)
            names.setdefault((unit, number), set()).add(core)
            if cell is outcome.actual and number and len(core) >= _SHORTEST:
                shown = cell.filed if measure in cell.filed else f"{cell.filed}{measure}"
                known = _Known(name, core, unit, number, shown, record.name)
                results.setdefault(unit, []).append(known)
    return _Table(results, names)


def _compare_passage(passage: Passage, tables: Sequence[_Table], year: int) -> Iterator[Finding]:
    sentences = split_sentences(passage.text)
    if not _may_differ(sentences, tables):
        return
    for sentence in sentences:
        for quantity in sentence.quantities:
            if not quantity.is_rough:
                yield from _judge(passage, sentence, quantity, tables, year)


def _may_differ(sentences: Sequence[Sentence], tables: Sequence[_Table]) -> bool:
    """Tell whether a figure of a text is near a result."""
    return any(
        closeness_of(quantity, known.number)
        for sentence in sentences
        for quantity in sentence.quantities
        for table in tables
        for known in table.results.get(quantity.base_unit, ())
    )


def _judge(
    passage: Passage,
    sentence: Sentence,
    quantity: Quantity,
    tables: Sequence[_Table],
    year: int,
) -> Iterator[Finding]:
    column = quantity.column - sentence.start
    before = sentence.text[max(column - _WINDOW, 0) : column]
    clause = re.split(r"[，,；;：:]", before)[-1]
    after = _AFTER.match(sentence.text, quantity.end - sentence.start)
    context = f"{_near(before)}{quantity.base_unit}{after[0] if after else ''}"
    thing = core_of(NO_NAME.sub("", clause))
    result = _find_result(quantity, context, thing, tables)
    if not result:
        return
    known, closeness = result
    own = known.name
    if _names_other_rate(clause, known):
        return
    if (match := _OTHER.search(clause)) and match[0] not in own:
        return
    if (
        closeness is Closeness.NEAR
        and (match := _PERHAPS_OTHER.search(clause))
        and match[0] not in own
    ):
        return
    first = max(sentence.start, quantity.column - _WINDOW)
    last = min(quantity.column + _WINDOW, sentence.start + len(sentence.text))
    written = passage.text[first:last]
    is_change = bool(_OF_CHANGE.search(own))
    if names_other_year(written, year) or (
        not is_change and any(word in before for word in LAST_YEAR_WORDS)
    ):
        return
    if _states(sentence, quantity, known):
        return
    words = f"{clause.strip()}{quantity.text}{after[0] if after else ''}".strip()
    yield Finding(
        passage.position_at(quantity.column),
        f"“{words}”，{known.owner}的指标“{known.name}”完成值是“{known.shown}”",
        "请核对后统一，不是一件事的请写明",
        passage.where_at(words),
        quantity.text,
        known.shown,
        Level.W,
    )


def _names_other_rate(clause: str, known: _Known) -> bool:
    """Tell whether the words before a percentage name a rate that has nothing of an indicator's name."""
    match = _RATE_NAME.search(clause)
    return bool(match and known.unit == "%" and not share_of_pairs(match["name"], known.name))


def _find_result(
    quantity: Quantity, context: str, thing: str, tables: Sequence[_Table]
) -> tuple[_Known, Closeness] | None:
    """Return the result that a figure nearly is, by the words around it.

    None if there is no such result, if there are two, or if the words name another indicator, which
    has the figure.
    """
    figure = (quantity.base_unit, quantity.base_value)
    matches = sorted(
        (
            (_share_of_name(known, context, thing, closeness, quantity), known, closeness)
            for table in tables
            if figure not in table.names
            for known in table.results.get(quantity.base_unit, ())
            if (closeness := closeness_of(quantity, known.number))
        ),
        key=lambda match: -match[0],
    )
    if not matches:
        return None
    share, known, closeness = matches[0]
    others = (other for other_share, other, _ in matches[1:] if other_share == share)
    if (
        share < (_SMALL if closeness is Closeness.SLIP else _LARGE)
        or any(other.number != known.number for other in others)
        or any(
            share_of_pairs(name, context) >= share and not _is_same_thing(name, known.core)
            for table in tables
            for name in table.names.get(figure, ())
        )
    ):
        return None
    return known, closeness


def _is_same_thing(name: str, other: str) -> bool:
    """Tell whether two names have the same words, in any order, or one has more of them."""
    return set(name) <= set(other) or set(other) <= set(name)


_FARTHEST, _WINDOW, _TERMS = 40, 300, 20
"""Characters before a figure that name it, characters around it that are of the same year, figures of a sum."""
_OF_LETTERS = Decimal("0.7")
"""How much it counts that a text has all characters of a name, in any order."""
_FEWEST_LETTERS = 4
_GENERAL_WORDS = re.compile(
    "项目|年度|全年|完成|数量|人数|人次|面积|情况|工作|服务|示例|满意度|合格率"
)
"""Words of names that are no ground to take one thing for another."""


def _share_of_name(
    known: _Known, context: str, thing: str, closeness: Closeness, quantity: Quantity
) -> Decimal:
    core = known.core
    share = share_of_pairs(core, context)
    if len(thing) >= _FEWEST_LETTERS and _abbreviates(thing, core):
        share = max(share, _LARGE)
    letters = set(core)
    if closeness is not Closeness.SLIP:
        return share
    if len(letters) >= _FEWEST_LETTERS and letters <= set(context):
        return max(share, _OF_LETTERS)
    if _is_permutation(quantity, known) and share_of_pairs(_GENERAL_WORDS.sub("", core), context):
        return max(share, _SMALL)
    return share


def _abbreviates(thing: str, name: str) -> bool:
    """Tell whether words have only characters of a name, in its order, with its first and last."""
    rest = iter(name)
    return thing[0] == name[0] and thing[-1] == name[-1] and all(letter in rest for letter in thing)


def _is_permutation(quantity: Quantity, known: _Known) -> bool:
    """Tell whether a figure has the three or more different digits of a result in another order."""
    digits = set(known.number.normalize().as_tuple().digits)
    is_same_size = quantity.base_value.adjusted() == known.number.adjusted()
    return len(digits) >= _FEWEST_LETTERS - 1 and is_same_size


def _near(before: str) -> str:
    """Return the words before a figure, without those before a semicolon and far away."""
    return re.split(r"[；;]", before)[-1][-_FARTHEST:]


def _states(sentence: Sentence, quantity: Quantity, known: _Known) -> bool:
    """Tell whether figures near another one, or sums of such, come to a result."""
    at = sentence.quantities.index(quantity)
    values = [
        figure
        for figure in sentence.quantities[max(at - _TERMS, 0) : at + _TERMS]
        if figure.base_unit == known.unit
    ]
    for start, figure in enumerate(values):
        total = Decimal(0)
        for other in values[start : start + _TERMS]:
            total += other.base_value
            step = Decimal(1).scaleb(figure.last_place)
            if total == known.number or round_half_up(known.number / step, 0) * step == total:
                return True
    return False
