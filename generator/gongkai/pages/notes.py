"""Notes on figures (核验说明): explained contradictions, corrections, warnings."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from gongkai.model.documents import Cell, Record
from gongkai.model.problems import Level, Problem
from gongkai.model.publication import Correction
from gongkai.model.values import MONEY_UNITS, Kind, Value, value_parser
from gongkai.pages.note_groups import NoteGroup, group_of_rule, plain_sentence
from gongkai.pages.views.common import Note, NoteSection

_GROUPS = list(NoteGroup)


@dataclass(frozen=True, slots=True)
class PageNotes:
    """The notes of one page, and the cells to which they refer."""

    sections: tuple[NoteSection, ...]
    """Notes by what they mean, the heaviest first."""
    note_refs: Mapping[str, tuple[int, ...]]
    """Numbers of the notes on a cell, by its key path."""


class _Source(NamedTuple):
    """What a note is about."""

    group: NoteGroup
    amount: Decimal
    """By how much two amounts differ, in 元; 0 if they are none."""
    content: Problem | Correction
    is_on_cell: bool

    @property
    def order(self) -> tuple[int, Decimal, str]:
        """Groups by their weight, amounts by their size, all others by rule."""
        rule = self.content.rule.id if isinstance(self.content, Problem) else ""
        return _GROUPS.index(self.group), -self.amount, rule


def collect_notes(
    records: Iterable[Record],
    problems: Iterable[Problem],
    corrections: Iterable[Correction],
    *,
    warnings: bool,
    files: Container[str] = (),
) -> PageNotes:
    """Return the notes on the cells of these records, by what they mean.

    Notes on a text or a whole document are among them, if it is in one of `files`.
    """
    shown = [
        problem
        for problem in problems
        if problem.explanation or (warnings and problem.level is Level.W)
    ]
    by_cell: dict[str, list[Problem | Correction]] = defaultdict(list)
    for problem in shown:
        by_cell[problem.where].append(problem)
    for correction in corrections:
        by_cell[correction.where].append(correction)
    noted = list(_iter_noted_cells(records, by_cell))
    sources = [_source(content, cell) for cell in noted for content in by_cell[cell.where]]
    places = {cell.where for cell in noted}
    sources += [
        _source(problem, None)
        for problem in shown
        if problem.where not in places and problem.position.file in files
    ]
    return _number_notes(sorted(sources, key=lambda source: source.order))


def _iter_noted_cells(
    records: Iterable[Record], by_cell: Mapping[str, Sequence[Problem | Correction]]
) -> Iterator[Cell]:
    for record in records:
        if any(where.startswith(f"{record.name}/") for where in by_cell):
            yield from (cell for cell in record.cells if cell.where in by_cell)


def _source(content: Problem | Correction, cell: Cell | None) -> _Source:
    if isinstance(content, Correction):
        return _Source(NoteGroup.CORRECTIONS, Decimal(0), content, cell is not None)
    difference = figure_difference(content, cell)
    return _Source(
        group_of_problem(content, cell),
        difference if difference and cell and cell.spec.kind is Kind.AMOUNT else Decimal(0),
        content,
        cell is not None,
    )


def group_of_problem(problem: Problem, cell: Cell | None) -> NoteGroup:
    """Return the group of a problem: that of its rule, unless its figures are more telling."""
    group = group_of_rule(problem.rule.id)
    if figure_difference(problem, cell) is None or cell is None:
        return group
    if cell.spec.kind is Kind.AMOUNT:
        return NoteGroup.MONEY
    return NoteGroup.FIGURES if group is NoteGroup.STATEMENTS else group


def figure_difference(problem: Problem, cell: Cell | None) -> Decimal | None:
    """Return by how much the filed and the recomputed figure differ, an amount in 元.

    None if one of them is no figure.
    """
    if not problem.computed or cell is None:
        return None
    computed = _parse(cell, problem.computed)
    filed = cell.value.or_zero if cell.is_blank else cell.value.number
    if computed is None or computed.number is None or filed is None:
        return None
    if cell.spec.kind is not Kind.AMOUNT:
        return abs(computed.number - filed)
    return abs(computed.number - filed * cell.value.scale) * MONEY_UNITS[_money(cell)]


def _parse(cell: Cell, text: str) -> Value | None:
    if cell.spec.kind in {Kind.TEXT, Kind.LONG_TEXT, Kind.DATE, Kind.CHOICE}:
        return None
    value = value_parser(cell.spec.kind, _money(cell))(text)
    return value if isinstance(value, Value) else None


def _money(cell: Cell) -> str:
    return cell.value.filed_money or cell.spec.money or "万元"


def _number_notes(sources: Sequence[_Source]) -> PageNotes:
    """Number the notes in their order, and note the numbers of every cell."""
    refs: dict[str, tuple[int, ...]] = defaultdict(tuple)
    sections: list[NoteSection] = []
    number = 0
    for group, group_sources in groupby(sources, key=lambda source: source.group):
        notes: list[Note] = []
        for source in group_sources:
            number += 1
            notes.append(_note(number, source))
            if source.is_on_cell:
                refs[source.content.where] += (number,)
        sections.append(NoteSection(group.value, tuple(notes)))
    return PageNotes(tuple(sections), dict(refs))


def _note(number: int, source: _Source) -> Note:
    if isinstance(source.content, Problem):
        return _problem_note(number, source.content, source)
    return _correction_note(number, source.content)


def _problem_note(number: int, problem: Problem, source: _Source) -> Note:
    explanation = problem.explanation
    is_figure = source.group in {NoteGroup.MONEY, NoteGroup.FIGURES}
    is_said = problem.filed in problem.message and problem.computed in problem.message
    shows_values = is_figure and problem.computed and not is_said
    return Note(
        number=number,
        kind="差异说明" if explanation else "提醒",
        place=problem.where,
        meaning=plain_sentence(problem.rule.id, problem.rule.name),
        text=problem.message,
        filed=problem.filed if shows_values else "",
        computed=problem.computed if shows_values else "",
        reason=explanation.reason if explanation else "",
        attribution=f"{explanation.author}，{explanation.date}" if explanation else "",
        has_ref=source.is_on_cell,
    )


def _correction_note(number: int, correction: Correction) -> Note:
    return Note(
        number=number,
        kind="勘误",
        place=correction.where,
        meaning="填报以后更正",
        text=f"原填“{correction.old}”，更正为“{correction.new}”",
        filed="",
        computed="",
        reason=correction.reason,
        attribution=correction.date.isoformat(),
    )
