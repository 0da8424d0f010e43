"""Notes at figures: explained contradictions, corrections, warnings (核验说明)."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from gongkai.model.documents import Record
from gongkai.model.problems import Level, Problem
from gongkai.model.publication import Correction
from gongkai.pages.views.common import Note


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of one page, and where they stand."""

    notes: tuple[Note, ...]
    marks: Mapping[str, tuple[int, ...]]
    """The numbers of the notes at a cell, by its key path."""
    contradictions: Mapping[str, Problem]
    """Problems with a recomputed value, by the key path of their cell."""


def notes_on(
    records: Iterable[Record],
    problems: Iterable[Problem],
    corrections: Iterable[Correction],
    *,
    warnings: bool,
    files: Container[str] = (),
) -> Notes:
    """The notes on the cells of these records, numbered in reading order.

    What is said of a text or a document as a whole follows, if it stands in one of these files.
    """
    at: dict[str, list[Problem | Correction]] = defaultdict(list)
    shown = [
        problem
        for problem in problems
        if problem.explanation or (warnings and problem.level is Level.W)
    ]
    for problem in shown:
        at[problem.where].append(problem)
    for correction in corrections:
        at[correction.where].append(correction)
    told = [
        record for record in records if any(where.startswith(f"{record.name}/") for where in at)
    ]
    places = [cell.where for record in told for cell in record.cells() if cell.where in at]
    notes: list[Note] = []
    marks: dict[str, tuple[int, ...]] = {}
    for place in places:
        first = len(notes) + 1
        notes.extend(_note(number, each) for number, each in enumerate(at[place], first))
        marks[place] = tuple(range(first, len(notes) + 1))
    loose = [each for each in shown if each.where not in marks and each.position.file in files]
    notes.extend(
        _note(number, each, marked=False) for number, each in enumerate(loose, len(notes) + 1)
    )
    return Notes(tuple(notes), marks, _contradictions(at))


def _contradictions(at: Mapping[str, list[Problem | Correction]]) -> dict[str, Problem]:
    return {
        each.where: each
        for found in at.values()
        for each in found
        if isinstance(each, Problem) and each.computed
    }


def _note(number: int, what: Problem | Correction, *, marked: bool = True) -> Note:
    if isinstance(what, Problem):
        return _of_problem(number, what, marked=marked)
    return _of_correction(number, what)


def _of_problem(number: int, problem: Problem, *, marked: bool) -> Note:
    explanation = problem.explanation
    return Note(
        number=number,
        kind="差异说明" if explanation else "提醒",
        place=problem.where,
        text=f"{problem.rule.name}：{problem.message}",
        filed=problem.filed,
        computed=problem.computed,
        reason=explanation.reason if explanation else "",
        by=f"{explanation.author}，{explanation.date}" if explanation else "",
        marked=marked,
    )


def _of_correction(number: int, correction: Correction) -> Note:
    return Note(
        number=number,
        kind="勘误",
        place=correction.where,
        text=f"原填“{correction.old}”，更正为“{correction.new}”",
        filed=correction.old,
        computed=correction.new,
        reason=correction.reason,
        by=correction.date.isoformat(),
    )
