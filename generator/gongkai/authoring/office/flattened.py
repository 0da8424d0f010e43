"""Tables that a web page or PDF gives as running text, divided into cells again by a form's labels.

“项目名称 示例项目 主管部门 示例局”: a value is what stands between two labels. Where the number of
values is not that of the labels, a blank cell is lost; which one it was is not known, and such
texts stay whole, so that the import report names them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from gongkai.authoring.office.cells import Line, Slot, core_label, normalize_label
from gongkai.authoring.office.form_recognition import FormCandidates, best_form, score_forms
from gongkai.authoring.office.label_index import index_labels
from gongkai.authoring.office.label_patterns import label_pattern
from gongkai.authoring.office.texts import line_labels, printed_texts
from gongkai.model.forms import Form, fill_placeholders
from gongkai.model.specs import (
    PLACEHOLDER,
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    Layout,
    LevelSpec,
    RowSpec,
    SectionSpec,
    TableSpec,
    TotalSpec,
)
from gongkai.model.terms import DocumentKind
from gongkai.model.values import Kind

_MAX_TEXT = 50_000
"""Longest text that is divided, in characters."""
_BEFORE = r"(?<!\S)(?:[一二三四五六七八九十]{1,3}、|[0-9]{1,2}[.、])?(?:其中[:：])?"
_BEHIND = r"(?:\s*[（(][^（()）\s]{1,12}[）)])?(?:[:：]|(?!\S))"
"""What stands before and behind a label: nothing, or what provinces add to it."""
_FIGURE = re.compile(r"[-+＋－]?[\d,，]+(?:\.\d+)?\s*(?:%|％|分|元|万元|亿元)?|[—－\-/]+")
_FIGURES = frozenset({Kind.AMOUNT, Kind.NUMBER, Kind.POINTS, Kind.RATE})

_Spec = FieldSpec | LevelSpec | RowSpec | TotalSpec


class RestoredTable(NamedTuple):
    """The lines of an attachment whose tables were divided into cells, and its form."""

    lines: tuple[Line, ...]
    form: Form
    leftovers: tuple[Slot, ...]
    """Texts that cannot be placed."""


class _Piece(NamedTuple):
    """A label or another text of a paragraph."""

    text: str
    place: str
    label: str = ""
    """The label, normalized; empty for other texts."""


def restore_tables(lines: Sequence[Line], candidates: FormCandidates) -> RestoredTable | None:
    """Divide the paragraphs of an attachment by the labels of the form that has most of them.

    Return None if its form is recognized as it is, or no form has labels enough.
    """
    paragraphs = [line[0] for line in lines if len(line) == 1 and line[0]]
    text = "\n".join(slot.text for slot in paragraphs)
    form = best_form(lines, candidates)
    is_recognized = (form and form.kind is DocumentKind.REPORT) or best_form(
        [line for line in lines if len(line) > 1], candidates
    )
    if not paragraphs or len(text) > _MAX_TEXT or is_recognized:
        return None
    whole = normalize_label(text)
    best: tuple[float, str, _Divider] | None = None
    for form in candidates.forms:
        labels = candidates.labels[form.id].required
        found = sum(core_label(label) in whole for label in labels)
        if form.kind is DocumentKind.REPORT or found * 2 < len(labels):
            continue
        divider = _Divider(form, candidates.words)
        for _, score in score_forms(list(divider.label_lines(lines)), [form], candidates):
            if best is None or (score, form.id) > best[:2]:
                best = (score, form.id, divider)
    if best is None:
        return None
    divided = list(best[2].divided_lines(lines))
    return RestoredTable(
        tuple(line for line in divided if not isinstance(line, Slot)),
        best[2].form,
        tuple(slot for slot in divided if isinstance(slot, Slot)),
    )


class _Divider:
    """The labels of a form, and the division of texts by them."""

    def __init__(self, form: Form, words: Mapping[str, str]) -> None:
        self.form = form
        self._words = words
        self._heads = [
            (section, columns) for section in form.sections for columns in [_columns(section)]
        ]
        specs = [spec for section in form.sections for spec in _specs(section)]
        index = index_labels((), form, words)
        printed = printed_texts(form, index)
        templates = (*form.opening, *form.sign_off)
        signed = (label.label for label in line_labels(templates, index))
        self._signed = {core_label(label) for label in signed} - {""}
        texts = {name for spec in specs for name in self._names(spec)} | printed | self._signed
        whole_labels = {text for text in texts if text and not PLACEHOLDER.search(text)}
        cores = sorted({core_label(text) for text in whole_labels} - {""}, key=len, reverse=True)
        patterns = "|".join(label_pattern(core).pattern for core in cores if len(core) > 1)
        self._labels = re.compile(f"{_BEFORE}({patterns}){_BEHIND}")
        self._fields = {name for section in form.sections for name in self._field_names(section)}

    def _names(self, spec: _Spec) -> set[str]:
        """Return the core labels of a field, column, row or total."""
        texts = (spec.key, *spec.aliases, spec.label)
        filled = (fill_placeholders(text, self._words) for text in texts if text)
        return {core_label(text) for text in filled}

    def _field_names(self, section: SectionSpec) -> set[str]:
        """Return the labels of a section that have their values beside them."""
        if not isinstance(section, FieldsSpec) or section.layout is not Layout.ROWS:
            return set()
        return {name for spec in _specs(section) for name in self._names(spec)}

    def label_lines(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Yield the labels in the paragraphs one by one, and the other lines as they are."""
        for line in lines:
            slot = line[0] if len(line) == 1 else None
            yield line
            for piece in self._pieces(slot) if slot else ():
                if piece.label:
                    yield (Slot(piece.label, piece.place),)

    def divided_lines(self, lines: Iterable[Line]) -> Iterator[Line | Slot]:
        """Yield the lines, paragraphs with labels divided into cells, and texts without a place."""
        for is_text, block in groupby(lines, lambda line: len(line) == 1 and line[0] is not None):
            if not is_text:
                yield from block
                continue
            paragraphs = [slot for line in block for slot in line if slot]
            divided = [list(self._pieces(slot)) for slot in paragraphs]
            labelled = [
                number
                for number, pieces in enumerate(divided)
                if any(piece.label for piece in pieces)
            ]
            first, last = (labelled[0], labelled[-1]) if labelled else (len(paragraphs), -1)
            yield from ((slot,) for slot in paragraphs[:first])
            pieces = [piece for pieces in divided[first : last + 1] for piece in pieces]
            yield from self._rows(pieces)
            yield from ((slot,) for slot in paragraphs[max(first, last + 1) :])

    def _pieces(self, slot: Slot) -> Iterator[_Piece]:
        """Yield the labels of a paragraph and the texts between them; without labels, all of it."""
        matches = list(self._labels.finditer(slot.text))
        if not matches:
            yield _Piece(slot.text, slot.place)
        end = 0
        for match in matches:
            yield from (_Piece(text, slot.place) for text in slot.text[end : match.start()].split())
            yield _Piece(match[0].strip(), slot.place, core_label(match[1]))
            end = match.end()
        if matches:
            yield from (_Piece(text, slot.place) for text in slot.text[end:].split())

    def _rows(self, pieces: Sequence[_Piece]) -> Iterator[Line | Slot]:
        """Yield the rows of the tables, and the texts that belong to none."""
        position = 0
        section: SectionSpec | None = None
        while position < len(pieces):
            piece = pieces[position]
            head = self._head_at(pieces, position)
            if head is not None:
                section, columns = head
                position += len(columns)
                yield _row(pieces[position - len(columns) : position], before=_before(section))
                if not _has_rows(section):
                    values = _values(pieces, position)
                    yield from _values_below(columns, values, pieces[position - 1].place)
                    position += len(values)
                continue
            if not piece.label:
                values = _values(pieces, position)
                yield from self._loose_rows(section, values)
                position += len(values)
                continue
            values = _values(pieces, position + 1)
            yield from self._labelled(section, piece, values)
            position += 1 + len(values)

    def _head_at(
        self, pieces: Sequence[_Piece], position: int
    ) -> tuple[SectionSpec, Sequence[FieldSpec | LevelSpec]] | None:
        """Return the section whose columns begin here."""
        for section, columns in self._heads:
            row = pieces[position : position + len(columns)]
            if (
                columns
                and len(row) == len(columns)
                and all(
                    piece.label in self._names(column)
                    for piece, column in zip(row, columns, strict=True)
                )
            ):
                return section, columns
        return None

    def _labelled(
        self, section: SectionSpec | None, label: _Piece, values: Sequence[_Piece]
    ) -> Iterator[Line | Slot]:
        """Yield the row of a label with its values, or both as texts if they do not fit."""
        if label.label in self._signed:
            yield (Slot(" ".join(piece.text for piece in (label, *values)), label.place),)
            return
        if isinstance(section, TableSpec) and any(
            label.label in self._names(row) for row in section.rows if not row.is_open
        ):
            if _fit(section.printed_columns, values):
                yield _row([label, *values])
                return
        elif total := self._total(label):
            columns = next((heads for part, heads in self._heads if part is section), ())
            if isinstance(section, IndicatorsSpec) and _fit(total.columns, values):
                yield _total_row(label, total, columns, values)
                return
        elif label.label in self._fields and len(values) <= 1:
            value = values[0] if values else _Piece("", label.place)
            if not any(name in normalize_label(value.text) for name in self._fields):
                yield _row([label, value])
                return
        elif not values:
            yield (Slot(label.text, label.place),)
            return
        yield from _texts([label, *values])

    def _total(self, label: _Piece) -> TotalSpec | None:
        """Return the row of totals that has this label."""
        totals = (section for section in self.form.sections if isinstance(section, TotalSpec))
        return next((total for total in totals if label.label in self._names(total)), None)

    def _loose_rows(
        self, section: SectionSpec | None, values: Sequence[_Piece]
    ) -> Iterator[Line | Slot]:
        """Yield complete rows of indicators, a paragraph each; anything else as texts."""
        columns = next((heads for part, heads in self._heads if part is section), ())
        for _, paragraph in groupby(values, lambda piece: piece.place):
            pieces = [
                _Piece(text, piece.place) for piece in paragraph for text in piece.text.split()
            ]
            if isinstance(section, IndicatorsSpec) and _fit(columns, pieces):
                yield _row(pieces)
            else:
                yield from _texts(pieces)


def _specs(section: SectionSpec) -> Iterator[_Spec]:
    """Yield what a section prints labels for."""
    match section:
        case FieldsSpec():
            yield from (spec for spec in section.printed_fields if spec.shows_label)
        case TableSpec():
            yield from section.printed_columns
            yield from (row for row in section.rows if not row.is_open)
        case IndicatorsSpec():
            yield from _columns(section)
        case TotalSpec():
            yield section


def _columns(section: SectionSpec) -> Sequence[FieldSpec | LevelSpec]:
    """Return the columns of a section, from left to right; none if its labels are beside values."""
    match section:
        case FieldsSpec() if section.layout is Layout.COLUMNS:
            return section.printed_fields
        case TableSpec():
            return section.printed_columns
        case IndicatorsSpec():
            columns = section.printed_columns
            has_labels = all(
                not isinstance(column, LevelSpec) or column.shows_label for column in columns
            )
            return columns if has_labels else ()
        case _:
            return ()


def _has_rows(section: SectionSpec) -> bool:
    """Return whether rows of values follow the columns, not a single one."""
    return isinstance(section, IndicatorsSpec) or (
        isinstance(section, TableSpec) and bool(section.rows)
    )


def _before(section: SectionSpec) -> int:
    """Return the number of columns left of those with labels: that of the row labels."""
    return int(isinstance(section, TableSpec) and bool(section.rows))


def _values(pieces: Sequence[_Piece], start: int) -> Sequence[_Piece]:
    """Return the texts up to the next label."""
    ends = (number for number in range(start, len(pieces)) if pieces[number].label)
    return pieces[start : next(ends, len(pieces))]


def _fit(columns: Sequence[FieldSpec | LevelSpec], values: Sequence[_Piece]) -> bool:
    """Return whether there is a value for every column, with figures in those for figures."""
    return len(columns) == len(values) and all(
        isinstance(column, LevelSpec)
        or column.kind not in _FIGURES
        or _FIGURE.fullmatch(value.text) is not None
        for column, value in zip(columns, values, strict=True)
    )


def _row(pieces: Sequence[_Piece], *, before: int = 0) -> Line:
    """Return a row of cells, with empty ones before."""
    place = pieces[0].place
    empty = [Slot("", place) for _ in range(before)]
    return (*empty, *(Slot(piece.text, piece.place) for piece in pieces))


def _values_below(
    columns: Sequence[FieldSpec | LevelSpec], values: Sequence[_Piece], place: str
) -> Iterator[Line | Slot]:
    """Yield the values below a row of labels; texts that do not fit come after an empty row."""
    if _fit(columns, values):
        yield _row(values)
        return
    yield tuple(Slot("", place) for _ in columns)
    yield from _texts(values)


def _total_row(
    label: _Piece,
    total: TotalSpec,
    columns: Sequence[FieldSpec | LevelSpec],
    values: Sequence[_Piece],
) -> Line:
    """Return the row of totals, its values in the columns that they add up."""
    texts = {
        column.aligned_with or column.key: value.text
        for column, value in zip(total.columns, values, strict=True)
    }
    cells = [Slot(texts.get(column.key, ""), label.place) for column in columns]
    return (Slot(label.text, label.place), *cells[1:])


def _texts(pieces: Iterable[_Piece]) -> Iterator[Slot]:
    """Yield texts that stay together, one for every place."""
    for place, group in groupby(pieces, lambda piece: piece.place):
        yield Slot(" ".join(piece.text for piece in group), place)
