"""Location of a form's sections in a document, by their labels."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gongkai.authoring.office.label_index import Hit, LabelIndex
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


class SectionLocation(NamedTuple):
    """A section of the form and the lines it covers."""

    section: SectionSpec
    start: int
    end: int
    """The line after the last one; equal to `start` if the section was not found."""
    label_hits: dict[str, Hit]
    """The labels of the columns by key; the first label of a section without columns."""

    @property
    def is_missing(self) -> bool:
        """Whether the section was not found."""
        return self.end == self.start


def locate_sections(index: LabelIndex) -> list[SectionLocation]:
    """Locate the sections of the form, in its order."""
    starts = list(_section_starts(index))
    locations: list[SectionLocation] = []
    for position, (section, start, head) in enumerate(starts):
        later = (row for _, row, _ in starts[position + 1 :] if row is not None)
        end = next(later, len(index.lines))
        first = start if start is not None else 0
        locations.append(SectionLocation(section, first, end if start is not None else first, head))
    return locations


def _section_starts(index: LabelIndex) -> Iterator[tuple[SectionSpec, int | None, dict[str, Hit]]]:
    """Yield every section with its first line, if it was found, and its labels."""
    cursor = 0
    for section in index.form.sections:
        head = _section_labels(index, section, cursor)
        start = min((hit.row for hit in head.values()), default=None)
        if start is not None:
            last = max(hit.last_row for hit in head.values())
            cursor = (last if _stands_above(section) else start) + 1
        yield section, start, head


def _stands_above(section: SectionSpec) -> bool:
    """Return whether the labels of a section are above its values."""
    by_row = isinstance(section, FieldsSpec) and section.layout is Layout.ROWS
    return not (by_row or isinstance(section, TotalSpec))


def _section_labels(index: LabelIndex, section: SectionSpec, cursor: int) -> dict[str, Hit]:
    """Return the labels of a section below `cursor`, by key."""
    match section:
        case FieldsSpec() if section.layout is Layout.ROWS:
            return _first_field(index, section, cursor)
        case FieldsSpec():
            return _column_labels(index, section.printed_fields, cursor, has_tiers=False)
        case TableSpec():
            columns = section.printed_columns
            return _column_labels(index, columns, cursor, has_tiers=_has_tiers(columns))
        case IndicatorsSpec():
            has_tiers = bool(section.heading) or _has_tiers(section.columns)
            return _column_labels(index, section.printed_columns, cursor, has_tiers=has_tiers)
        case _:
            hits = index.find_hits(section, cursor, len(index.lines))
            return {section.key: hits[0]} if hits else {}


def _has_tiers(columns: Sequence[FieldSpec]) -> bool:
    """Return whether the columns have a heading above their labels."""
    return any(column.heading for column in columns)


def _first_field(index: LabelIndex, section: FieldsSpec, cursor: int) -> dict[str, Hit]:
    """Return the first label of the section that is found."""
    hits_by_key = {
        spec.key: hits[0]
        for spec in section.printed_fields
        if spec.shows_label and (hits := index.find_hits(spec, cursor, len(index.lines)))
    }
    return dict([min(hits_by_key.items(), key=lambda pair: pair[1])]) if hits_by_key else {}


def _column_labels(
    index: LabelIndex, columns: Sequence[Column], cursor: int, *, has_tiers: bool
) -> dict[str, Hit]:
    """Return the labels in the row that holds most of them, from left to right."""
    hits = {column.key: index.find_hits(column, cursor, len(index.lines)) for column in columns}
    counts: Counter[int] = Counter()
    for column_hits in hits.values():
        counts.update(
            {row for hit in column_hits for row in range(max(hit.row, cursor), hit.last_row + 1)}
        )
    best_row = max(counts, key=lambda row: (counts[row], -row), default=None)
    title_count = sum(not isinstance(column, LevelSpec) or column.shows_label for column in columns)
    if best_row is None or counts[best_row] * 2 < title_count:
        return {}
    rows = (best_row, best_row - 1, best_row + 1) if has_tiers else (best_row,)
    head: dict[str, Hit] = {}
    for row in rows:
        head |= _labels_in_row(hits, head, row)
    return head


def _labels_in_row(
    hits: dict[str, list[Hit]], known_labels: dict[str, Hit], row: int
) -> dict[str, Hit]:
    """Return the labels in one row; a cell serves as the label of one column only."""
    taken = {hit.slot for hit in known_labels.values()}
    labels: dict[str, Hit] = {}
    for key, column_hits in hits.items():
        candidates = [
            hit for hit in column_hits if hit.row <= row <= hit.last_row and hit.slot not in taken
        ]
        if candidates and key not in known_labels:
            labels[key] = candidates[0]
            taken.add(candidates[0].slot)
    return labels
