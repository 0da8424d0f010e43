"""Texts of an Excel file from the raw XML of its sheets, comments and drawings, without the reader."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple
from xml.etree.ElementTree import Element

from gongkai.authoring.office.source_parts import (
    Aside,
    SourceText,
    aside_place,
    attribute,
    local_name,
    parse_xml,
    related_parts,
)
from gongkai.authoring.office.symbols import raised_text, symbol_text
from gongkai.exports.office.data_sheets import is_data_title

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LAST_COLUMN = 16_384
_REFERENCE = re.compile(r"([A-Z]+)([0-9]+)")
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f+-]{6}|\d+|[A-Za-z])')
_OFF = frozenset({"", "0", "false"})


class _Look(NamedTuple):
    """The look of a font, or of a cell with the font."""

    is_struck: bool = False
    is_white: bool = False
    """Whether the text is white, and in a cell the background too."""
    font: str = ""
    position: str = ""


Piece = tuple[_Look | Aside | None, str]
"""A piece of a text and its look; None if the cell decides."""


@dataclass(slots=True)
class _Strings:
    """What cells refer to."""

    shared: list[list[Piece]] = field(default_factory=list)
    """The pieces of every shared text."""
    styles: list[tuple[_Look, bool]] = field(default_factory=list)
    """The look of every cell style, and whether it has a background."""


def excel_texts(parts: Mapping[str, bytes], part: str, book: Element) -> Iterator[SourceText]:
    """Yield the texts of all sheets, without the sheets of exported data."""
    related = related_parts(parts, part)
    paths = dict(related.values())
    strings = _Strings()
    shared = parse_xml(parts.get(paths.get("sharedStrings", ""), b""))
    if shared is not None:
        entries = (entry for entry in shared.iter() if local_name(entry.tag) == "si")
        strings.shared = [list(_pieces(entry)) for entry in entries]
    styles = parse_xml(parts.get(paths.get("styles", ""), b""))
    if styles is not None:
        strings.styles = list(_cell_styles(styles))
    for sheet in book.iter():
        path = related.get(attribute(sheet, "id"), ("", ""))[1]
        if local_name(sheet.tag) == "sheet" and path in parts:
            yield from _sheet_texts(parts, path, attribute(sheet, "name"), strings)


def _pieces(entry: Element) -> Iterator[Piece]:
    """Yield the pieces of a text with their looks, and the readings of characters."""
    for child in entry:
        match local_name(child.tag):
            case "t":
                yield None, _decode(child.text or "")
            case "r":
                properties = [part for part in child if local_name(part.tag) == "rPr"]
                look = _look(properties[0]) if properties else None
                yield from (
                    (look, _decode(part.text or ""))
                    for part in child
                    if local_name(part.tag) == "t"
                )
            case "rPh":
                text = "".join(part.text or "" for part in child if local_name(part.tag) == "t")
                yield Aside.READING, _decode(text)
            case _:
                pass


def _decode(text: str) -> str:
    """Decode the escapes of characters that XML cannot hold: _x000D_."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _look(properties: Element) -> _Look:
    """Return the look of a font."""
    values = {local_name(child.tag): child for child in properties}
    names = [attribute(values[name], "val") for name in ("name", "rFont") if name in values]
    return _Look(
        "strike" in values and (attribute(values["strike"], "val") or "1") not in _OFF,
        "color" in values and _is_white(values["color"]),
        "".join(names[:1]),
        attribute(values["vertAlign"], "val") if "vertAlign" in values else "",
    )


def _is_white(color: Element) -> bool:
    """Return whether a colour is white."""
    if attribute(color, "theme") == "0":
        return float(attribute(color, "tint") or 0) == 0
    is_indexed = attribute(color, "indexed") in {"1", "9"}
    return is_indexed or attribute(color, "rgb").upper().endswith("FFFFFF")


def _cell_styles(styles: Element) -> Iterator[tuple[_Look, bool]]:
    """Yield the looks of the cell styles, and whether they have a background."""
    sections = {local_name(section.tag): section for section in styles}
    fonts = [_look(font) for font in sections.get("fonts", ())]
    fills = [any(map(_is_filled, fill)) for fill in sections.get("fills", ())]
    for style in sections.get("cellXfs", ()):
        font, fill = (int(attribute(style, name) or 0) for name in ("fontId", "fillId"))
        look = fonts[font] if font < len(fonts) else _Look()
        yield look, fill < len(fills) and fills[fill]


def _is_filled(fill: Element) -> bool:
    """Return whether a fill is another background than white."""
    kind = attribute(fill, "patternType") or "none"
    colors = [child for child in fill if local_name(child.tag) == "fgColor"]
    if local_name(fill.tag) == "patternFill" and kind == "solid" and colors:
        return not _is_white(colors[0])
    return local_name(fill.tag) == "gradientFill" or kind != "none"


def _sheet_texts(
    parts: Mapping[str, bytes], path: str, title: str, strings: _Strings
) -> Iterator[SourceText]:
    """Yield the texts of a sheet's cells, then of its header, footer and comments."""
    root = parse_xml(parts[path])
    if root is None:
        return
    sections = {local_name(section.tag): section for section in root}
    filed = {attribute(cell, "r") for row in sections.get("sheetData", ()) for cell in row}
    merged, covered = _merged_cells(sections.get("mergeCells", ()), filed)
    hidden = _hidden_columns(sections.get("cols", ()))
    cells: list[SourceText] = []
    for row in sections.get("sheetData", ()):
        is_hidden_row = attribute(row, "hidden") not in _OFF
        number, column = int(attribute(row, "r") or 0), 0
        for cell in row:
            reference = attribute(cell, "r")
            match = _REFERENCE.fullmatch(reference)
            column = _column_number(match[1]) if match else column + 1
            reference = reference or f"{_column_letters(column)}{number}"
            aside = Aside.HIDDEN if is_hidden_row or column in hidden else Aside.NONE
            aside = Aside.COVERED if reference in covered else aside
            cells += _cell_texts(
                cell, f"工作表“{title}”{reference}", aside, strings, is_merged=reference in merged
            )
    if cells and is_data_title(title, cells[0].text):
        return
    yield from cells
    for section in sections.get("headerFooter", ()):
        kind = "页眉" if "Header" in local_name(section.tag) else "页脚"
        for piece in re.split("&[LCR]", _decode(section.text or "")):
            text = _HEADER_CODE.sub("", piece.replace("&&", "\0")).replace("\0", "&")
            if text.strip():
                yield SourceText(f"工作表“{title}”的{kind}", text, is_in_body=False)
    for kind, target in related_parts(parts, path).values():
        if kind in {"comments", "threadedComment"} and target in parts:
            yield from _comments(parts[target], title)


def _cell_texts(
    cell: Element, place: str, aside: Aside, strings: _Strings, *, is_merged: bool
) -> Iterator[SourceText]:
    """Yield the texts of a cell, plain ones and struck ones."""
    children = {local_name(child.tag): child for child in cell}
    kind = attribute(cell, "t") or "n"
    value = children["v"].text or "" if "v" in children else ""
    pieces: list[Piece]
    if kind == "s":
        number = int(value) if value.isdigit() else len(strings.shared)
        pieces = strings.shared[number] if number < len(strings.shared) else []
    elif kind == "inlineStr":
        pieces = list(_pieces(children["is"])) if "is" in children else []
    elif kind == "b":
        pieces = [(None, "TRUE" if value == "1" else "FALSE")]
    elif value.startswith("=DISPIMG("):
        pieces = [(Aside.PICTURE, value)]
    else:
        pieces = [(None, _decode(value) if kind == "str" else value)]
    if "f" in children and not value:
        formula = children["f"].text or ""
        yield SourceText(aside_place(place, Aside.FORMULA), f"={formula}", Aside.FORMULA)
    style = int(attribute(cell, "s") or 0)
    look, is_filled = strings.styles[style] if style < len(strings.styles) else (_Look(), False)
    texts: dict[Aside, str] = {}
    for own, text in pieces:
        reason = own if isinstance(own, Aside) else aside or _reason(own or look, is_filled)
        if isinstance(own, _Look | None) and kind not in {"n", "d"}:
            font = own or look
            text = raised_text(symbol_text(font.font, text, is_code=False), font.position)  # noqa: PLW2901
        texts[reason] = texts.get(reason, "") + text
    for reason, text in texts.items():
        if text.strip():
            yield SourceText(
                aside_place(place, reason),
                text,
                reason,
                is_number=kind in {"n", "d"},
                is_merged=is_merged,
            )


def _reason(look: _Look, is_filled: bool) -> Aside:  # noqa: FBT001 - of one cell
    """Return why a text with a look is not read."""
    if look.is_struck:
        return Aside.STRUCK
    return Aside.WHITE if look.is_white and not is_filled else Aside.NONE


def _merged_cells(areas: Element | tuple[()], filed: set[str]) -> tuple[set[str], set[str]]:
    """Return the first cells of merged areas, and which of the filed cells they cover.

    An area may be the whole sheet, so that the filed cells are looked at if they are fewer.
    """
    matches = ((_REFERENCE.fullmatch(reference), reference) for reference in filed)
    places = {
        (int(match[2]), _column_number(match[1])): reference
        for match, reference in matches
        if match
    }
    first_cells: set[str] = set()
    covered: set[str] = set()
    for area in areas:
        match = re.fullmatch(r"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)", attribute(area, "ref"))
        if not match:
            continue
        rows = range(int(match[2]), int(match[4]) + 1)
        columns = range(_column_number(match[1]), _column_number(match[3]) + 1)
        size = len(rows) * len(columns)
        inside = (
            (place for place in product(rows, columns) if place in places)
            if size <= len(places)
            else (place for place in places if place[0] in rows and place[1] in columns)
        )
        first_cells.add(f"{match[1]}{match[2]}")
        covered.update(places[place] for place in inside if place != (rows.start, columns.start))
    return first_cells, covered


def _hidden_columns(columns: Element | tuple[()]) -> set[int]:
    """Return the numbers of the hidden columns."""
    return {
        number
        for column in columns
        if attribute(column, "hidden") not in _OFF
        for number in range(
            int(attribute(column, "min")), min(int(attribute(column, "max")), _LAST_COLUMN) + 1
        )
    }


def _column_number(letters: str) -> int:
    """Return the number of a column from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _column_letters(number: int) -> str:
    """Return the letters of a column."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _comments(data: bytes, title: str) -> Iterator[SourceText]:
    """Yield the comments of a sheet, old ones and threaded ones."""
    root = parse_xml(data)
    for comment in () if root is None else root.iter():
        if local_name(comment.tag) in {"comment", "threadedComment"}:
            text = "".join(
                _decode(part.text or "")
                for part in comment.iter()
                if local_name(part.tag) in {"t", "text"}
            )
            if text.strip():
                place = f"工作表“{title}”{attribute(comment, 'ref')}的批注"
                yield SourceText(place, text, is_in_body=False)
