"""Problems and sums as the browser shows them: at their cells, and in a list that leads there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypedDict

from gongkai.authoring.editor.places import EditableRecord, Spot
from gongkai.authoring.editor.unit_years import UnitYear
from gongkai.authoring.explanation_drafts import is_explainable, needs_correction
from gongkai.model.documents import Cell, Cells, Record, Table
from gongkai.model.problems import Position, Problem
from gongkai.model.scores import sum_scores
from gongkai.model.terms import Role
from gongkai.model.values import Kind, format_decimal

_LEVELS = {"E": "错误", "W": "警告", "I": "提示"}


class ProblemNote(TypedDict):
    """A problem, for the browser."""

    level: str
    word: str
    """错误, 警告, 提示 or 已说明."""
    rule: str
    name: str
    text: str
    file: str
    """Path within the year's folder."""
    line: int
    column: int
    where: str
    """Key path in the form's words; empty if the problem has none."""
    place: str
    """Id of the cell's place, if it is in the document that is shown."""
    filed: str
    computed: str
    can_explain: bool
    """Whether a 差异说明 lifts the block."""
    can_correct: bool
    """Whether it asks for a 勘误."""
    old: str
    new: str
    """The automatic correction, if there is one."""


class SumNote(TypedDict):
    """The sum of what a cell adds up, for the browser."""

    place: str
    text: str
    value: str
    """What to fill in; empty unless the cell is blank."""


def problem_notes(
    filing: UnitYear, spots: Mapping[str, Spot], unannounced: Iterable[Problem] = ()
) -> list[ProblemNote]:
    """Return the problems of a year; those of the shown cells have their place.

    `unannounced` are changes of the unit's published values without a 勘误.
    """
    by_where = {spot.cell.where: place for place, spot in spots.items() if spot.cell.where}
    by_position = {
        spot.cell.position: place
        for place, spot in reversed(tuple(spots.items()))
        if spot.cell.position.file
    }
    announced = filing.disclosure.facts.corrections if filing.disclosure else ()
    places = {correction.where for correction in announced}
    own = [
        problem
        for problem in unannounced
        if problem.position.file.startswith(filing.shown_folder) and problem.where not in places
    ]
    return [_note(filing, problem, by_where, by_position) for problem in (*filing.problems, *own)]


def _note(
    filing: UnitYear,
    problem: Problem,
    by_where: Mapping[str, str],
    by_position: Mapping[Position, str],
) -> ProblemNote:
    is_explained = problem.explanation is not None
    return {
        "level": "X" if is_explained else problem.level.value,
        "word": "已说明" if is_explained else _LEVELS[problem.level],
        "rule": problem.rule.id,
        "name": problem.rule.name,
        "text": problem.sentence,
        "file": problem.position.file.removeprefix(filing.shown_folder),
        "line": problem.position.line,
        "column": problem.position.column,
        "where": problem.where,
        "place": by_where.get(problem.where) or by_position.get(Position(*problem.position), ""),
        "filed": problem.filed,
        "computed": problem.computed,
        "can_explain": is_explainable(problem),
        "can_correct": needs_correction(problem),
        "old": problem.fix.old if problem.fix else "",
        "new": problem.fix.new if problem.fix else "",
    }


def sum_notes(documents: Iterable[EditableRecord]) -> list[SumNote]:
    """Return the sums of a document that differ from what is filed, or stand beside a blank cell."""
    return [note for document in documents for note in _document_sums(document)]


def _document_sums(document: EditableRecord) -> Iterator[SumNote]:
    record = document.record
    total, score = record.overall_cell(Role.SCORE), _sum_of_scores(record)
    if total and score is not None:
        yield from _sum_note(total, score, "各项得分合计")
    for table in record.tables():
        yield from _table_sums(table)


def _sum_of_scores(record: Record) -> Decimal | None:
    return sum_scores(record) if record.indicator_tables else None


def _table_sums(table: Table) -> Iterator[SumNote]:
    groups: list[tuple[Cells, str, list[Cells]]] = []
    for row in table.rows:
        parts = [part.cells for part in table.rows if part.spec.key in row.spec.parts]
        if parts:
            groups.append((row.cells, "各行合计", parts))
    for cells, words, parts in groups:
        for key, cell in cells.items():
            if cell.spec.kind not in {Kind.AMOUNT, Kind.NUMBER, Kind.POINTS}:
                continue
            computed = _sum([part[key] for part in parts if key in part])
            if computed is not None:
                yield from _sum_note(cell, computed, words)


def _sum(cells: Sequence[Cell]) -> Decimal | None:
    """Return the sum in the form's unit; None if nothing is filed, or no number."""
    values = [cell.value for cell in cells if not cell.is_blank]
    if not values or any(value.is_unparsed for value in values):
        return None
    return sum((value.or_zero for value in values), Decimal(0))


def _sum_note(cell: Cell, computed: Decimal, words: str) -> Iterator[SumNote]:
    if cell.value.number == computed:
        return
    text = format_decimal(computed * cell.value.scale)
    yield {"place": cell.where, "text": f"{words} {text}", "value": text if cell.is_blank else ""}
