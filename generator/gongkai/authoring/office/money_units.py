"""Units of money as a file states them: at labels, in captions and column heads, in “单位：元”."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from gongkai.authoring.office.cells import (
    Slot,
    core_label,
    distinct_cells,
    normalize_label,
    remove_whitespace,
)
from gongkai.authoring.office.label_index import LabelIndex, Leaf, Tree
from gongkai.authoring.office.sections import SectionLocation
from gongkai.model.forms import fill_placeholders
from gongkai.model.specs import FieldSpec, FieldsSpec, SectionSpec, TableSpec
from gongkai.model.values import MONEY_UNITS, Kind, format_decimal
from gongkai.runtime.errors import UnreadableFileError

_SIZES = MONEY_UNITS | {
    "百元": Decimal(100),
    "千元": Decimal(1_000),
    "十万元": Decimal(100_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
}
"""Value in 元 of the units that a file may state."""
_UNIT = r"(?:人民币)?((?:[百千]?万|[百千亿十]|十万|[美港欧日加澳英]|新台)?元)"
_IN_LINE = re.compile(rf"(?<![施报管任算量目])单位(?::|为|是)+{_UNIT}(?![\u4e00-\u9fff])")
_IN_BRACKETS = re.compile(rf"[(\[](?:[^()\[\]]*[,;、:])?(?:金额|单位)*{_UNIT}[)\]]")
_PAGE = re.compile("(?:页眉|页脚|图形|页眉页脚)$")
"""Places of texts that hold for a whole page or sheet."""
_SHEET = re.compile("工作表“[^”]*”")
_MAX_LABEL_LENGTH = 100
"""Longest text, in characters, in which a unit is looked for."""
_AMOUNT = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")


class _Statement(NamedTuple):
    """A unit that a document states."""

    row: int
    slot: Slot
    unit: str
    is_printed: bool
    """Whether the form itself prints the text."""


class ConvertedAmount(NamedTuple):
    """An amount that was converted to the unit of its form."""

    place: str
    filed: str
    unit: str
    """The unit that the file states."""
    written: str
    form_unit: str


@dataclass(slots=True)
class _Statements:
    """The units that a document states."""

    by_core: dict[str, list[_Statement]] = field(default_factory=dict)
    """Statements at labels, by the core of the label."""
    lines: list[_Statement] = field(default_factory=list)
    """“单位：元”, but for what the form prints itself."""


def stated_unit(text: str) -> str:
    """Return the unit of money that a label states; empty if it states none."""
    narrow = remove_whitespace(unicodedata.normalize("NFKC", text))
    if len(narrow) > _MAX_LABEL_LENGTH:
        return ""
    match = _IN_LINE.search(narrow) or _IN_BRACKETS.search(narrow)
    return match[1] if match else ""


def convert_amounts(
    index: LabelIndex,
    locations: Iterable[SectionLocation],
    tree: Tree,
    printed: frozenset[str],
    outside: Iterable[Slot] = (),
) -> list[ConvertedAmount]:
    """Convert the amounts of a document to the units of its form, and return what was converted.

    `printed` are the texts that the form prints, `outside` those outside the body. Raise
    UnreadableFileError for foreign money, or where page headers contradict one another.
    """
    statements = _find_statements(index, printed)
    statements.lines[:0] = _page_statements(index, outside)
    conversions: list[ConvertedAmount] = []
    if not statements.by_core and not statements.lines:
        return conversions
    for location in locations:
        converter = _Converter(index, location, statements, conversions)
        section = location.section
        if isinstance(section, FieldsSpec) and not section.key:
            converter.convert_tree(tree, {spec.key for spec in section.fields})
        elif isinstance(values := tree.get(section.key), dict | list):
            converter.convert(values)
    return conversions


def _find_statements(index: LabelIndex, printed: frozenset[str]) -> _Statements:
    """Find the units that a document states."""
    statements = _Statements()
    form = index.form
    own_lines = {stated_unit(text) for text in (*form.opening, *form.notes, *form.sign_off)}
    seen: set[Slot] = set()
    for row, line in enumerate(index.lines):
        for _, slot in distinct_cells(line):
            unit = "" if slot in seen else stated_unit(slot.text)
            seen.add(slot)
            if not unit:
                continue
            statement = _Statement(row, slot, unit, normalize_label(slot.text) in printed)
            narrow = remove_whitespace(unicodedata.normalize("NFKC", slot.text))
            if not _IN_LINE.search(narrow):
                statements.by_core.setdefault(core_label(slot.text), []).append(statement)
            elif unit not in own_lines and not statement.is_printed:
                statements.lines.append(statement)
    return statements


def _page_statements(index: LabelIndex, outside: Iterable[Slot]) -> list[_Statement]:
    """Return the units that page headers, footers and text boxes of a sheet state, in “单位：元”.

    Raise UnreadableFileError if they contradict one another.
    """
    places = (slot.place for line in index.lines for _, slot in distinct_cells(line))
    sheet = _SHEET.match(next(places, ""))
    units: dict[str, Slot] = {}
    for slot in outside:
        own_sheet = _SHEET.match(slot.place)
        is_here = own_sheet is None or sheet is None or own_sheet[0] == sheet[0]
        narrow = remove_whitespace(unicodedata.normalize("NFKC", slot.text))
        if _PAGE.search(slot.place) and is_here and _IN_LINE.search(narrow):
            units.setdefault(stated_unit(slot.text), slot)
    if len(units) > 1:
        stated = "，".join(f"{slot.place}写明“{unit}”" for unit, slot in units.items())
        raise UnreadableFileError(
            f"金额的单位前后不一：{stated}，没有读取；请改成一致，或者分成几个文件再导入"
        )
    return [_Statement(-1, slot, unit, is_printed=False) for unit, slot in units.items()]


@dataclass(frozen=True, slots=True)
class _Converter:
    """Converts the amounts of one section."""

    index: LabelIndex
    location: SectionLocation
    statements: _Statements
    conversions: list[ConvertedAmount]

    def convert(self, values: Tree | list[Tree], row: str = "") -> None:
        """Convert the amounts of a section, or of a part of it; `row` is the key of a table's row."""
        if isinstance(values, list):
            for entry in values:
                self.convert(entry)
        else:
            self.convert_tree(values, None, row)

    def convert_tree(self, tree: Tree, keys: set[str] | None, row: str = "") -> None:
        """Convert the amounts of a tree, at these keys or at all of them."""
        specs = {spec.key: spec for spec in _amount_specs(self.location.section)}
        for key, value in tree.items():
            if keys is not None and key not in keys:
                continue
            if not isinstance(value, Leaf):
                self.convert(value, key)
            elif key in specs:
                tree[key] = self._converted(specs[key], value, row)

    def _converted(self, spec: FieldSpec, leaf: Leaf, row: str) -> Leaf:
        """Return an amount in the unit of its field."""
        expected = spec.money or self.index.form.money
        if not _AMOUNT.fullmatch(leaf.text):
            return leaf
        statement = self._statement(spec, row)
        if statement is None or statement.unit == expected:
            return leaf
        slot, unit = statement.slot, statement.unit
        if unit not in _SIZES:
            raise UnreadableFileError(
                f"{slot.place}写明金额以“{unit}”为单位，不能换算成{expected}，没有读取；请换算后再导入"
            )
        self.index.mark_used(slot)
        amount = Decimal(leaf.text.replace(",", "")) * _SIZES[unit] / _SIZES[expected]
        written = format_decimal(amount)
        self.conversions.append(ConvertedAmount(leaf.place, leaf.text, unit, written, expected))
        return leaf._replace(text=written, source=leaf.text)

    def _statement(self, spec: FieldSpec, row: str) -> _Statement | None:
        """Return where the unit of an amount is stated: at its labels, else in a line above.

        Raise UnreadableFileError if a line contradicts a label that the form prints.
        """
        label = next(self._at_labels(spec, row), None)
        lines = self.statements.lines
        before = [line for line in lines if line.row <= self.location.start]
        line = next(iter([*before[-1:], *lines[:1]]), None)
        if label is None or line is None:
            return label or line
        is_other = line.unit not in {label.unit, self.index.form.money}
        if label.is_printed and is_other:
            raise UnreadableFileError(
                f"{line.slot.place}写明金额以“{line.unit}”为单位，{label.slot.place}却是"
                f"“{remove_whitespace(label.slot.text)}”，不知道以哪个为准，没有读取；请改成一致后再导入"
            )
        return label

    def _at_labels(self, spec: FieldSpec, row: str) -> Iterator[_Statement]:
        """Yield the statements at the labels of an amount: its own, its row's, the headings above."""
        section, (start, end) = self.location.section, (self.location.start, self.location.end)
        rows = [entry for entry in getattr(section, "rows", ()) if entry.key == row]
        own = (self.index.label_names([spec]), self.index.label_names(rows))
        for names in (*own, self._names(spec.heading)):
            for statement in self._with_cores(names):
                if start <= statement.row < end or not self.location.label_hits:
                    yield statement
        captions = (section.printed_label, section.key, getattr(section, "corner", ""))
        yield from self._with_cores(self._names(*captions, *_block_labels(section)))

    def _names(self, *texts: str) -> set[str]:
        """Return texts of the form as they are printed."""
        return {fill_placeholders(text, self.index.words) for text in texts if text}

    def _with_cores(self, names: Iterable[str]) -> Iterator[_Statement]:
        for core in {core_label(name) for name in names} - {""}:
            yield from self.statements.by_core.get(core, ())


def _amount_specs(section: SectionSpec) -> Iterator[FieldSpec]:
    """Yield the fields and columns of a section that hold amounts of money."""
    specs: Iterable[FieldSpec]
    if isinstance(section, FieldsSpec):
        specs = section.fields
    else:
        blocks = section.blocks if isinstance(section, TableSpec) else ()
        specs = (*section.columns, *(spec for block in blocks for spec in block.rows))
    return (spec for spec in specs if spec.kind is Kind.AMOUNT)


def _block_labels(section: SectionSpec) -> tuple[str, ...]:
    blocks = section.blocks if isinstance(section, TableSpec) else ()
    return tuple(text for block in blocks for text in (block.label, block.key))
