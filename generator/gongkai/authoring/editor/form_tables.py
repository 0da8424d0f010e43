"""The form as printed, with inputs in its cells: the tables of the page, made editable."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from gongkai.authoring.editor.places import EditableRecord, Line, Spot
from gongkai.authoring.hints import field_hint
from gongkai.model.documents import Cells, Fields, Indicator, Table
from gongkai.model.forms import fill_placeholders
from gongkai.model.specs import PLACEHOLDER, FieldSpec, IndicatorsSpec
from gongkai.model.terms import Role
from gongkai.model.values import Kind
from gongkai.pages.tables.grid import Grid, GridCell
from gongkai.pages.tables.sections import record_grids
from gongkai.reading.form_plan import OPEN_NAME

_NARROW = frozenset({Kind.AMOUNT, Kind.NUMBER, Kind.POINTS, Kind.RATE})
_COLUMNS = {Kind.LONG_TEXT: 40, Kind.TEXT: 16, Kind.MEASURED: 10, Kind.DATE: 12}
"""Width of an input in characters, by the kind of value; it takes the width of its cell."""
_NARROW_COLUMNS = 7
_REASON_COLUMNS = 18


@dataclass(frozen=True, slots=True)
class FormHtml:
    """A document as HTML: title, lines above and below, and tables."""

    title: str
    opening: tuple[Markup, ...]
    tables: tuple[Markup, ...]
    notes: tuple[str, ...]
    sign_off: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class _Composer:
    """Composes inputs for the cells of a document."""

    document: EditableRecord
    blanks: Mapping[str, tuple[FieldSpec, Cells]]
    """Cells with several blanks, by the id of the first."""
    names: Mapping[str, tuple[Indicator, IndicatorsSpec]]
    """Indicators by the id of their name, and the table that they are in."""

    def input(self, place: str, *, label: str = "") -> Markup:
        """Return the input of a cell."""
        spot, line = self.document.spots[place], self.document.lines.get(place)
        return cell_input(spot, self.document.record.form.money, label=label, line=line)

    def cell(self, cell: GridCell) -> Markup:
        """Return the content of a printed cell."""
        place = cell.anchor
        if not place:
            return _lines(cell.text)
        if group := self.blanks.get(place):
            return self.filled_blanks(*group)
        if indicator := self.names.get(place):
            return self.name(*indicator)
        filed = self.document.spots[place].cell
        is_labelled = not (filed.printed or filed.spec.choice_format)
        label = cell.text.removesuffix(filed.filed) if is_labelled else ""
        return _lines(label) + self.input(place)

    def name(self, indicator: Indicator, spec: IndicatorsSpec) -> Markup:
        """Return the name of an indicator, and what the form prints within it."""
        place = indicator.name.where
        line = self.document.lines[place]
        if line.is_printed:
            where = self.document.spots[place].cell.where
            attributes = {"class": "printed", "data-where": where, **_line_attributes(line)}
            name = _element("span", attributes, escape(indicator.name.filed))
        else:
            name = self.input(place)
        inline = [
            cell
            for cell in indicator.cells.values()
            if not cell.spec.has_own_column or spec.level_of(cell.spec) != indicator.level
        ]
        parts = [
            _element(
                "label",
                {"class": "inline"},
                Markup("{} {}").format(cell.spec.key, self.input(cell.where)),
            )
            for cell in inline
        ]
        return name + Markup("").join(parts)

    def filled_blanks(self, spec: FieldSpec, cells: Cells) -> Markup:
        """Return the text of a cell with inputs in its blanks."""
        parts = PLACEHOLDER.split(self.document.record.printed_label(spec.cell_format))
        html = _lines(parts[0])
        for key, following in zip(parts[1::2], parts[2::2], strict=True):
            html += self.input(cells[key].where) if key in cells else escape(f"{{{key}}}")
            html += _lines(following)
        return html

    def line(self, text: str) -> Markup:
        """Return a line above or below the tables, with inputs in its blanks."""
        record = self.document.record
        parts = PLACEHOLDER.split(text)
        html = escape(parts[0])
        for key, following in zip(parts[1::2], parts[2::2], strict=True):
            if key in record.sign_off:
                html += self.input(record.sign_off[key].where, label=key)
            else:
                html += escape(fill_placeholders(f"{{{key}}}", record.placeholders))
            html += escape(following)
        return html


def form_html(document: EditableRecord) -> FormHtml:
    """Return a document as the form prints it, with inputs in the cells that units fill in."""
    record = document.record
    composer = _Composer(document, _blanks(document), _names(document))
    places = {place: place for place, spot in document.spots.items() if is_fillable(spot)}
    grids = record_grids(record, {}, places)
    return FormHtml(
        title=record.title,
        opening=tuple(composer.line(line) for line in record.form.opening),
        tables=tuple(_table(grid, composer) for grid in grids),
        notes=record.form.notes,
        sign_off=tuple(composer.line(line) for line in record.form.sign_off),
    )


def cell_input(
    spot: Spot, money: str = "万元", *, label: str = "", line: Line | None = None
) -> Markup:
    """Return the input of a value; `money` is the form's 金额单位, `line` the row that it is in."""
    cell, spec = spot.cell, spot.cell.spec
    attributes = {
        "class": "cell",
        "data-place": spot.place.id,
        "data-where": cell.where,
        "data-kind": spec.kind.value,
        "data-hint": _hint(spot, money),
        "aria-label": label or _label(spot),
        **(_line_attributes(line, is_name=spec.key in {line.label, OPEN_NAME.key}) if line else {}),
    }
    if spec.choices and not spec.has_several:
        return _select(spec.choices, cell.filed, attributes)
    columns = _NARROW_COLUMNS if spec.kind in _NARROW else _COLUMNS.get(spec.kind, 12)
    columns = _REASON_COLUMNS if spec.role is Role.DEVIATION else columns
    size = {"rows": "1", "cols": f"{columns}"}
    return _element("textarea", attributes | size, Markup("\n{}").format(cell.filed))


def is_fillable(spot: Spot) -> bool:
    """Return whether a unit may fill in a cell: it may not where the form prints its own words."""
    return spot.cell.filed not in {"", spot.cell.printed} or not spot.cell.printed


def _table(grid: Grid, composer: _Composer) -> Markup:
    """Return a table; the browser moves between its inputs by row and column."""
    classes = "form" + (" wide" if grid.is_wide else "")
    caption = _element(
        "caption", {"class": "" if grid.shows_caption else "untitled"}, escape(grid.caption)
    )
    parts = [caption]
    for tag, rows in (("thead", grid.head), ("tbody", grid.body), ("tfoot", grid.foot)):
        if rows:
            parts.append(_element(tag, {}, Markup("").join(_row(row, composer) for row in rows)))
    table = _element("table", {"class": classes}, Markup("").join(parts))
    return _element("div", {"class": "scroll"}, table)


def _row(row: Sequence[GridCell], composer: _Composer) -> Markup:
    cells = []
    for cell in row:
        attributes = {"class": " ".join(cell.classes)} if cell.classes else {}
        attributes |= {"rowspan": f"{cell.row_span}"} if cell.row_span > 1 else {}
        attributes |= {"colspan": f"{cell.column_span}"} if cell.column_span > 1 else {}
        attributes |= {"scope": cell.scope} if cell.scope else {}
        cells.append(_element("th" if cell.scope else "td", attributes, composer.cell(cell)))
    return _element("tr", {}, Markup("").join(cells))


def _element(tag: str, attributes: Mapping[str, str], content: Markup | str) -> Markup:
    """Return an element; attributes without a value are left out."""
    filled = "".join(
        Markup(' {}="{}"').format(key, value) for key, value in attributes.items() if value
    )
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(tag), Markup(filled), content)  # noqa: S704 - tag and attributes are escaped


def _select(choices: Sequence[str], filed: str, attributes: Mapping[str, str]) -> Markup:
    """Return a choice; a value that is none of the choices stays selectable."""
    options = ["", *choices, *([filed] if filed and filed not in choices else [])]
    html = Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(
            option, Markup(" selected") if option == filed else "", option or "（未选）"
        )
        for option in options
    )
    return _element("select", attributes, html)


def _lines(text: str) -> Markup:
    return Markup("<br>").join(text.splitlines()) if "\n" in text else escape(text)


def _line_attributes(line: Line, *, is_name: bool = False) -> dict[str, str]:
    return {
        "data-list": line.place.id,
        "data-index": f"{line.position}",
        "data-line": line.label,
        "data-below": line.below.id if line.below else "",
        "data-below-line": line.below_label,
        "data-name": "1" if is_name else "",
        "data-printed": "1" if line.is_printed else "",
    }


def _label(spot: Spot) -> str:
    """Return the name of a cell for screen readers and messages: its key path without the document."""
    return spot.cell.where.partition("/")[2] or f"{spot.cell.spec.key}（新的一行）"


def _hint(spot: Spot, money: str) -> str:
    shared = "；各附件共用，填一次就行" if spot.is_shared else ""
    return f"{field_hint(spot.cell.spec, money)}{shared}"


def _blanks(document: EditableRecord) -> dict[str, tuple[FieldSpec, Cells]]:
    groups: dict[str, tuple[FieldSpec, Cells]] = {}
    for section in document.record.sections:
        if isinstance(section, Fields):
            specs, rows = section.spec.printed_fields, [section.cells]
        elif isinstance(section, Table):
            specs, rows = section.spec.printed_columns, [row.cells for row in section.rows]
        else:
            continue
        for spec in specs:
            for cells in rows if spec.blanks else ():
                first = next(
                    (cells[blank.key] for blank in spec.blanks if blank.key in cells), None
                )
                if first:
                    groups[first.where] = (spec, cells)
    return groups


def _names(document: EditableRecord) -> dict[str, tuple[Indicator, IndicatorsSpec]]:
    def below(indicators: Sequence[Indicator]) -> Iterator[Indicator]:
        for indicator in indicators:
            yield indicator
            yield from below(indicator.children)

    return {
        indicator.name.where: (indicator, table.spec)
        for table in document.record.indicator_tables
        for indicator in below(table.roots)
    }
