"""Sentences dated in another year whose figures are those of the reported year's tables (RQ-06)."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from gongkai.checks.base import Finding
from gongkai.checks.sentences.clauses import split_sentences
from gongkai.checks.sentences.closeness import share_of_pairs
from gongkai.checks.sentences.indicator_names import core_of_name
from gongkai.checks.sentences.quantities import Quantity, base_unit_of
from gongkai.checks.texts.labelled_amounts import AmountColumn
from gongkai.checks.texts.passages import LAST_YEAR_WORDS, Passage, find_passages, sentence_around
from gongkai.checks.texts.stated_amounts import collect_unit_facts
from gongkai.model.documents import Record, cache_on_record
from gongkai.model.figures import budget_cells
from gongkai.model.outcomes import indicator_outcomes
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.scores import rate_row
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import MONEY_UNITS

_DATED = re.compile(
    r"(?:^|(?<=[，,。；;：:\n]))(?P<lead>\s*(?:截至|截止|截止到|自|于|在|到)?)(?P<year>20\d\d)年"
    r"(?![—–~～至-]|以来|起|代|[^，。；]{0,8}?(?:立项|批复|印发|发布|开工|成立|设立|启动|建成|修订|签订|移交))"
)
"""A year that dates what follows it, at the beginning of a clause."""
_WHOLE = re.compile(r"度?\s*(?:[，,]|1\s*[月]?\s*(?:[-—–~～至]|——)\s*12月)")
"""What follows a year that dates a whole passage."""
_YEAR_END = re.compile(r"12月(?:31日)?(?:底|末)?|年?底|末")
_OTHER = re.compile(
    r"[比较]|同比|增长|下降|提高|上升|减少|结转|滚存|规划|十[三四五]五|历年|累计|以来|提前|下达|批复|签订|合同|中标|总投资|"
    r"下一?步|下一?年|明年|次年|计划(?!生育)|拟|预计|建议|[上下]半年|季度|目前|继续"
)
"""Words of sentences on more than one year, on what was begun earlier, or on plans."""
_THIS_YEAR = ("本年", "今年", "当年", *LAST_YEAR_WORDS)
_ENOUGH = Decimal("0.5")
_FEWEST_DIGITS, _PAIR, _AROUND = 3, 2, 20
_SURELY = 3
"""So many figures of one year are of no other, whatever else the sentence says."""


class _Known(NamedTuple):
    """A figure of the reported year's tables."""

    unit: str
    value: Decimal
    """In the base unit."""
    core: str
    """Of the indicator's name; empty for an amount of a funds table."""
    place: str
    of_target: bool = False


def find_misdated_results(disclosure: Disclosure) -> Iterator[Finding]:
    """Yield clauses that begin with another year and state this year's figures."""
    for record in disclosure.all_records:
        passages = [
            passage
            for passage in find_passages(record)
            if "20" in passage.text and _DATED.search(passage.text)
        ]
        known = _known_figures(disclosure, record) if passages else ()
        for passage in passages:
            yield from _check_passage(passage, known, disclosure.year)


def _check_passage(passage: Passage, known: Sequence[_Known], year: int) -> Iterator[Finding]:
    for match in _DATED.finditer(passage.text):
        other = int(match["year"])
        start, sentence = sentence_around(passage.text, match.start("year"))
        if other == year or f"{year}年" in sentence:
            continue
        own = sentence[match.end() - start :]
        places = list(_same_figures(passage, match, known, is_later=other > year))
        is_of_other = _OTHER.search(f"{sentence[: match.start('year') - start]}{own}")
        if len(places) < _SURELY and (is_of_other or _mentions(sentence, _THIS_YEAR)):
            continue
        is_whole = not passage.text[: match.start("year")].strip() and _WHOLE.match(own)
        if places:
            message = f"“{match['year']}年”后面写的“{places[0][0]}”，是 {year} 年度{places[0][1]}"
        elif is_whole and passage.is_cell and other < year and f"{year}年" not in passage.text:
            message = f"“{match['year']}年{is_whole[0]}”写的是{other}年，这是 {year} 年度的公开件"
        else:
            continue
        yield Finding(
            passage.position_at(match.start("year")),
            message,
            "请核对年份",
            passage.where_at(f"{other}年"),
            f"{other}年",
            f"{year}年",
            Level.W,
        )


def _mentions(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)


def _same_figures(
    passage: Passage, match: re.Match[str], known: Sequence[_Known], *, is_later: bool
) -> Iterator[tuple[str, str]]:
    """Yield the figures after a year that this year's tables have, with their places.

    Amounts of money count if they have three digits, of a later year only if there are two of them:
    the next year's budget may well be as much.
    """
    amounts: list[tuple[str, str]] = []
    is_closing = bool(match["lead"].strip() and _YEAR_END.match(passage.text, match.end()))
    of_targets = passage.role in {Role.OBJECTIVE, Role.PURPOSE}
    for quantity, context in _figures_after(passage.text, match.end()):
        same = [
            figure
            for figure in known
            if (figure.unit, figure.value) == (quantity.base_unit, quantity.base_value)
        ]
        funds = next((figure for figure in same if not figure.core), None)
        if funds and not of_targets and _digits(quantity) >= _FEWEST_DIGITS:
            amounts.append((quantity.text, funds.place))
        for figure in same:
            is_result = figure.core and figure.of_target is of_targets
            if is_result and share_of_pairs(figure.core, context) >= _ENOUGH:
                yield quantity.text, figure.place
    if len(amounts) >= _PAIR or (amounts and (is_closing or not is_later)):
        yield from amounts


def _figures_after(text: str, column: int) -> Iterator[tuple[Quantity, str]]:
    """Yield the figures of a sentence after a column, with the words around them."""
    for sentence in split_sentences(text):
        end = sentence.start + len(sentence.text)
        if sentence.in_brackets or not sentence.start <= column <= end:
            continue
        for quantity in sentence.quantities:
            if quantity.column >= column and not (quantity.is_rough or quantity.is_rate):
                at = quantity.column - sentence.start
                yield (
                    quantity,
                    sentence.text[max(at - _AROUND, 0) : at + len(quantity.text) + _AROUND // 2],
                )


def _digits(quantity: Quantity) -> int:
    return len(quantity.number.normalize().as_tuple().digits)


def _known_figures(disclosure: Disclosure, record: Record) -> tuple[_Known, ...]:
    """Return the figures of the tables that a document of the disclosure is about."""
    if record.project:
        project = next(item for item in disclosure.projects if item.slug == record.project)
        table = project.record(DocumentKind.PROJECT)
        return (*_figures_of(table), *_funds_of(table)) if table else ()
    overall = disclosure.record(DocumentKind.OVERALL)
    tables = [overall, *(project.record(DocumentKind.PROJECT) for project in disclosure.projects)]
    figures = [figure for table in tables if table for figure in _figures_of(table)]
    facts = collect_unit_facts(disclosure)
    prior = {
        fact.amount
        for (_, column), found in facts.items()
        if column is AmountColumn.PRIOR
        for fact in found
    }
    amounts = [
        _Known("元", fact.amount, "", f"{fact.place}（{fact.shown}）")
        for (_, column), found in facts.items()
        if column is not AmountColumn.PRIOR
        for fact in found
        if fact.amount and fact.amount not in prior
    ]
    return (*figures, *amounts, *(_funds_of(overall) if overall else ()))


@cache_on_record
def _figures_of(record: Record) -> tuple[_Known, ...]:
    figures: list[_Known] = []
    for outcome in indicator_outcomes(record):
        core = core_of_name(outcome.indicator.name.filed)
        for cell, value in (
            (outcome.actual, outcome.actual_value),
            (outcome.target, outcome.target_value),
        ):
            measure = value.measure or outcome.target_value.measure
            if cell is None or not value.number or not measure or not core:
                continue
            unit, exponent = base_unit_of(measure)
            shown = cell.filed if measure in cell.filed else f"{cell.filed}{measure}"
            place = f"{record.name}的指标“{outcome.name}”的“{cell.spec.key}”（{shown}）"
            number = value.number.scaleb(exponent)
            figures.append(_Known(unit, number, core, place, cell is outcome.target))
    return tuple(figures)


@cache_on_record
def _funds_of(record: Record) -> tuple[_Known, ...]:
    """Return the amounts of a funds table's total, and by how much its budget was changed."""
    row, scale = rate_row(record), MONEY_UNITS[record.form.money]
    initial, spent = (row.with_role(role) if row else None for role in (Role.INITIAL, Role.SPENT))
    budget = next(iter(budget_cells(row)), None) if row else None
    figures = [
        _Known(
            "元", cell.value.number * scale, "", f"{record.name}的“{cell.spec.key}”（{cell.filed}）"
        )
        for cell in (initial, budget, spent)
        if cell and cell.value.number
    ]
    if initial and budget and initial.value.number and budget.value.number:
        moved = abs(budget.value.number - initial.value.number) * scale
        place = f"{record.name}“{initial.spec.key}”与“{budget.spec.key}”之差"
        figures += [_Known("元", moved, "", place)] if moved else []
    return tuple(figures)
