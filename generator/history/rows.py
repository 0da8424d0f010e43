"""The rows of a document, and which of them are the same in two versions of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.model import Cell, Record

Rows = Mapping[str, Mapping[str, Cell]]
"""By the row's path in its document, the cells by their keys; in the form's order."""
_AGAIN = re.compile(r"（第\d+项）$")
"""What follows a name that stands a second time."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A row before and now; empty where it is new or gone."""

    before: str | None
    now: str | None


def rows_of(record: Record) -> Rows:
    """All cells of a document by row; what stands outside tables is in rows of its own."""
    found: dict[str, dict[str, Cell]] = {}
    for cell in record.cells():
        row = cell.where[len(record.name) + 1 : -len(cell.spec.key) - 1]
        found.setdefault(row, {})[cell.spec.key] = cell
    return found


def named(row: str, cell: Cell) -> bool:
    """Whether a cell holds the row's own name, by which its path ends."""
    return bool(cell.filed) and _AGAIN.sub("", f"/{row}").endswith(f"/{cell.filed}")


def pairs(old: Rows, new: Rows) -> Iterator[Pair]:
    """Rows before and now, in the present order, those that are gone at last.

    A row that has another name now is told by what else it holds, and by where it stands.
    """
    renamed = _renamed(old, new)
    before = {now: past for past, now in renamed.items()}
    for row in new:
        yield Pair(row if row in old else before.get(row), row)
    for row in old:
        if row not in new and row not in renamed:
            yield Pair(row, None)


def _renamed(old: Rows, new: Rows) -> dict[str, str]:
    gone = [row for row in old if row not in new]
    come = [row for row in new if row not in old]
    found: dict[str, str] = {}
    for row in gone:
        parent, _, name = row.rpartition("/")
        above = found.get(parent, parent)
        beside = [each for each in come if each.rpartition("/")[0] == above]
        same = f"{above}/{name}"
        now = same if same in beside else _likest(row, old, new, beside)
        if now:
            found[row] = now
            come.remove(now)
    return found


def _likest(row: str, old: Rows, new: Rows, beside: Iterable[str]) -> str:
    """The row that holds most of what one held, if at least half of it; else empty."""
    held = _held(row, old[row])
    best, most = "", 0
    for each in beside:
        other = _held(each, new[each])
        same = len(held & other)
        if same > most and 2 * same >= max(len(held), len(other)):
            best, most = each, same
    return best


def _held(row: str, cells: Mapping[str, Cell]) -> set[tuple[str, str]]:
    """What is filed in a row besides its name."""
    return {(key, each.filed) for key, each in cells.items() if each.filed and not named(row, each)}
