"""Notes on figures (核验说明): explained contradictions, corrections, warnings."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from gongkai.model.documents import Record
from gongkai.model.problems import Level, Problem
from gongkai.model.publication import Correction
from gongkai.pages.views.common import Note


@dataclass(frozen=True, slots=True)
class PageNotes:
    """The notes of one page, and the cells to which they refer."""

    notes: tuple[Note, ...]
    note_refs: Mapping[str, tuple[int, ...]]
    """Numbers of the notes on a cell, by its key path."""
    contradictions: Mapping[str, Problem]
    """Problems with a recomputed value, by the key path of their cell."""


def collect_notes(
    records: Iterable[Record],
    problems: Iterable[Problem],
    corrections: Iterable[Correction],
    *,
    warnings: bool,
    files: Container[str] = (),
) -> PageNotes:
    """Return the notes on the cells of these records, numbered in reading order.

    Notes on a text or a whole document follow, if it is in one of `files`.
    """
    by_cell: dict[str, list[Problem | Correction]] = defaultdict(list)
    shown = [
        problem
        for problem in problems
        if problem.explanation or (warnings and problem.level is Level.W)
    ]
    for problem in shown:
        by_cell[problem.where].append(problem)
    for correction in corrections:
        by_cell[correction.where].append(correction)
    noted_records = [
        record
        for record in records
        if any(where.startswith(f"{record.name}/") for where in by_cell)
    ]
    noted_cells = [
        cell.where for record in noted_records for cell in record.cells if cell.where in by_cell
    ]
    notes: list[Note] = []
    note_refs: dict[str, tuple[int, ...]] = {}
    for where in noted_cells:
        first = len(notes) + 1
        notes.extend(_note(number, source) for number, source in enumerate(by_cell[where], first))
        note_refs[where] = tuple(range(first, len(notes) + 1))
    general = [
        problem
        for problem in shown
        if problem.where not in note_refs and problem.position.file in files
    ]
    notes.extend(
        _note(number, problem, marked=False)
        for number, problem in enumerate(general, len(notes) + 1)
    )
    return PageNotes(tuple(notes), note_refs, _contradictions(by_cell))


def _contradictions(by_cell: Mapping[str, list[Problem | Correction]]) -> dict[str, Problem]:
    return {
        source.where: source
        for sources in by_cell.values()
        for source in sources
        if isinstance(source, Problem) and source.computed
    }


def _note(number: int, source: Problem | Correction, *, marked: bool = True) -> Note:
    if isinstance(source, Problem):
        return _problem_note(number, source, marked=marked)
    return _correction_note(number, source)


def _problem_note(number: int, problem: Problem, *, marked: bool) -> Note:
    explanation = problem.explanation
    return Note(
        number=number,
        kind="差异说明" if explanation else "提醒",
        place=problem.where,
        text=f"{problem.rule.name}：{problem.message}",
        filed=problem.filed,
        computed=problem.computed,
        reason=explanation.reason if explanation else "",
        attribution=f"{explanation.author}，{explanation.date}" if explanation else "",
        has_ref=marked,
    )


def _correction_note(number: int, correction: Correction) -> Note:
    return Note(
        number=number,
        kind="勘误",
        place=correction.where,
        text=f"原填“{correction.old}”，更正为“{correction.new}”",
        filed=correction.old,
        computed=correction.new,
        reason=correction.reason,
        attribution=correction.date.isoformat(),
    )
