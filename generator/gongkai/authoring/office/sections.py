"""Where the parts of a form begin in a document, found by their labels."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gongkai.authoring.office.label_index import Hit, Walk
from gongkai.model.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    Layout,
    LevelSpec,
    SectionSpec,
    TableSpec,
    TotalSpec,
)

Column = FieldSpec | LevelSpec


class Found(NamedTuple):
    """A part of the form and the lines that it takes up."""

    section: SectionSpec
    start: int
    end: int
    """The line after its last; `start` where nothing of it was found."""
    head: dict[str, Hit]
    """The labels of its columns, by key."""

    @property
    def missing(self) -> bool:
        """Whether nothing of it was found."""
        return self.end == self.start


def sections(walk: Walk) -> list[Found]:
    """The parts of the form in its order, each with its lines."""
    begun = list(_begun(walk))
    found: list[Found] = []
    for number, (section, start, head) in enumerate(begun):
        later = (each for _, each, _ in begun[number + 1 :] if each is not None)
        end = next(later, len(walk.lines))
        first = start if start is not None else 0
        found.append(Found(section, first, end if start is not None else first, head))
    return found


def _begun(walk: Walk) -> Iterator[tuple[SectionSpec, int | None, dict[str, Hit]]]:
    cursor = 0
    for section in walk.form.sections:
        head = _head(walk, section, cursor)
        start = min((hit.row for hit in head.values()), default=None)
        if start is not None:
            last = max(hit.last_row for hit in head.values())
            cursor = (last if _stands_above(section) else start) + 1
        yield section, start, head


def _stands_above(section: SectionSpec) -> bool:
    """Whether its labels stand above what they are labels of."""
    by_row = isinstance(section, FieldsSpec) and section.layout is Layout.ROWS
    return not (by_row or isinstance(section, TotalSpec))


def _head(walk: Walk, section: SectionSpec, cursor: int) -> dict[str, Hit]:
    match section:
        case FieldsSpec() if section.layout is Layout.ROWS:
            return _first_fields(walk, section, cursor)
        case FieldsSpec():
            return _columns(walk, section.fields, cursor, tiers=False)
        case TableSpec():
            return _columns(walk, section.columns, cursor, tiers=_tiers(section.columns))
        case IndicatorsSpec():
            columns: list[Column] = [*section.levels]
            columns += [each for each in section.columns if each.own_column]
            tiers = bool(section.heading) or _tiers(section.columns)
            return _columns(walk, columns, cursor, tiers=tiers)
        case _:
            hits = walk.hits(section, cursor, len(walk.lines))
            return {section.key: hits[0]} if hits else {}


def _tiers(columns: Sequence[FieldSpec]) -> bool:
    return any(each.heading for each in columns)


def _first_fields(walk: Walk, section: FieldsSpec, cursor: int) -> dict[str, Hit]:
    """The first place where a label of the section stands."""
    found = {
        each.key: hits[0]
        for each in section.fields
        if each.titled and (hits := walk.hits(each, cursor, len(walk.lines)))
    }
    return dict([min(found.items(), key=lambda pair: pair[1])]) if found else {}


def _columns(walk: Walk, columns: Sequence[Column], cursor: int, *, tiers: bool) -> dict[str, Hit]:
    """The labels of columns in the row that holds most of them, from left to right."""
    hits = {each.key: walk.hits(each, cursor, len(walk.lines)) for each in columns}
    counts: Counter[int] = Counter()
    for found in hits.values():
        counts.update(
            {row for hit in found for row in range(max(hit.row, cursor), hit.last_row + 1)}
        )
    best = max(counts, key=lambda row: (counts[row], -row), default=None)
    titled = sum(not isinstance(each, LevelSpec) or each.titled for each in columns)
    if best is None or counts[best] * 2 < titled:
        return {}
    rows = (best, best - 1, best + 1) if tiers else (best,)
    head: dict[str, Hit] = {}
    for row in rows:
        head |= _in_row(hits, head, row)
    return head


def _in_row(hits: dict[str, list[Hit]], known: dict[str, Hit], row: int) -> dict[str, Hit]:
    """The labels of one row, none of them twice."""
    taken = {id(hit.slot) for hit in known.values()}
    found: dict[str, Hit] = {}
    for key, each in hits.items():
        here = [hit for hit in each if hit.row <= row <= hit.last_row and id(hit.slot) not in taken]
        if here and key not in known:
            found[key] = here[0]
            taken.add(id(here[0].slot))
    return found
