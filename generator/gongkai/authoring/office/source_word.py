"""Texts of a Word part, in one pass over its XML, without the reader."""

import io
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import iterparse

from gongkai.authoring.office.source_parts import (
    Aside,
    SourceText,
    aside_place,
    attribute,
    local_name,
    parse_xml,
    related_parts,
)
from gongkai.authoring.office.symbols import symbol_text

_INVISIBLE = frozenset({"del", "moveFrom", "Fallback", "instrText", "delText", "glossaryDocument"})
"""Elements without anything that shows."""
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = frozenset({"0", "false", "off"})


@dataclass(slots=True)
class _Holder:
    """A paragraph, cell or text box whose texts are being collected."""

    place: str
    grid: tuple[int, int, int] = (0, 0, 0)
    texts: dict[Aside, list[str]] = field(default_factory=dict)
    is_merged: bool = False
    is_covered: bool = False
    is_numbered: bool = False
    has_equation: bool = False
    inner_boxes: list["_Holder"] = field(default_factory=list)
    """Text boxes in a cell, which come after the paragraph that they are in."""
    boxes: list[SourceText] = field(default_factory=list)
    """Texts of the text boxes in it, which come after its own."""

    def add(self, text: str, aside: Aside) -> None:
        """Add a text."""
        self.texts.setdefault(aside, []).append(text)

    def add_boxes(self) -> None:
        """Add the texts of the boxes in a cell."""
        for box in self.inner_boxes:
            for aside, texts in box.texts.items():
                before = [] if aside.is_object else ["\n"]
                self.texts.setdefault(aside, []).extend([*before, *texts])
        self.inner_boxes.clear()


@dataclass(slots=True)
class _Styles:
    """What the styles of a file do to texts."""

    asides: dict[str, Aside] = field(default_factory=dict)
    """Struck or hidden texts by style id."""
    numbered: AbstractSet[str] = frozenset()
    """Ids of the styles whose paragraphs have automatic numbers."""


def _styles(data: bytes) -> _Styles:
    """Load the styles that strike or hide texts, or number paragraphs."""
    root = parse_xml(data)
    own: dict[str, tuple[str, Aside | None, bool]] = {}
    for style in () if root is None else root:
        if local_name(style.tag) == "style" and attribute(style, "type") != "table":
            children = {local_name(child.tag): child for child in style}
            base = attribute(children["basedOn"], "val") if "basedOn" in children else ""
            paragraph = children.get("pPr")
            has_number = paragraph is not None and any(
                local_name(child.tag) == "numPr" for child in paragraph
            )
            run = children.get("rPr")
            aside = _run_aside(run) if run is not None else None
            own[attribute(style, "styleId")] = (base, aside, has_number)
    styles, numbered = _Styles(), set()
    for style_id in own:
        names: list[str] = []
        name = style_id
        while name in own and name not in names:
            names.append(name)
            name = own[name][0]
        asides = [aside for name in names if (aside := own[name][1]) is not None]
        styles.asides[style_id] = asides[0] if asides else Aside.NONE
        numbered |= {style_id} if any(own[name][2] for name in names) else set()
    styles.numbered = numbered
    return styles


def _run_aside(properties: Element) -> Aside | None:
    """Return what run properties say of the text; None if they say nothing."""
    states = {local_name(child.tag): attribute(child, "val") not in _OFF for child in properties}
    if states.get("vanish"):
        return Aside.HIDDEN
    if states.get("strike") or states.get("dstrike"):
        return Aside.STRUCK
    return Aside.NONE if {"vanish", "strike", "dstrike"} & states.keys() else None


@dataclass(slots=True)
class _Walk:
    """The state of one pass over a part."""

    styles: _Styles
    related: Mapping[str, tuple[str, str]]
    where: str = ""
    """Place of all texts (页眉); empty for the main part, which counts paragraphs and tables."""
    holders: list[_Holder] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    """Names of the open elements."""
    invisible: int = 0
    """Number of open elements that do not show."""
    choices: list[int] = field(default_factory=list)
    """Number of alternatives so far, by open AlternateContent."""
    runs: list[tuple[Aside | None, str]] = field(default_factory=list)
    """What the properties of every open run say, and its font."""
    paragraphs_aside: list[Aside] = field(default_factory=list)
    prompts: list[bool] = field(default_factory=list)
    """Whether an open content control shows its prompt."""
    readings: int = 0
    paragraphs: int = 0
    tables: int = 0
    row: int = 0
    column: int = 0
    span: int = 1
    drawing_name: str = ""
    """Description of the drawing that is open."""

    @property
    def aside(self) -> Aside:
        """What texts are here."""
        if any(self.prompts):
            return Aside.PROMPT
        run = self.runs[-1][0] if self.runs else None
        if run is None:
            run = self.paragraphs_aside[-1] if self.paragraphs_aside else Aside.NONE
        return run or (Aside.READING if self.readings else Aside.NONE)

    def add(self, text: str) -> None:
        """Add a text to the innermost paragraph, cell or text box."""
        if self.holders and text:
            self.holders[-1].add(text, self.aside)

    def start(self, element: Element, name: str) -> Iterator[SourceText]:
        """Enter an element."""
        self.path.append(name)
        if name == "AlternateContent":
            self.choices.append(0)
        is_later_choice = False
        if name in {"Choice", "Fallback"} and self.choices:
            is_later_choice = self.choices[-1] > 0
            self.choices[-1] += 1
        hides = name in _INVISIBLE - {"Fallback"} or is_later_choice
        if self.invisible or hides:
            self.invisible += 1
            return
        if name in {"p", "tbl", "tr", "tc", "txbxContent"}:
            self._start_block(name)
        elif name == "altChunk":
            target = self.related.get(attribute(element, "id"), ("", ""))[1]
            place = aside_place(f"第{self.paragraphs}段", Aside.INSERTED_FILE)
            yield SourceText(place, target, Aside.INSERTED_FILE)
        elif name in {"r", "sdt", "rt", "oMath"}:
            self._start_span(name)
        else:
            self._start_sign(element, name)

    def _start_block(self, name: str) -> None:
        """Enter a paragraph, text box, or part of a table."""
        if name == "p":
            self._start_paragraph()
        elif name == "txbxContent":
            self._start_text_box()
        elif not self.holders and name == "tbl":
            self.tables, self.row = self.tables + 1, 0
        elif not self.holders and name == "tr":
            self.row, self.column = self.row + 1, 0
        elif not self.holders and not self.where:
            self.span = 1
            grid = (self.tables, self.row, self.column + 1)
            place = f"第{grid[0]}个表第{grid[1]}行第{grid[2]}列"
            self.holders.append(_Holder(place, grid))

    def _start_span(self, name: str) -> None:
        """Enter a run, content control, reading or equation."""
        match name:
            case "r":
                self.runs.append((None, ""))
            case "sdt":
                self.prompts.append(False)
            case "rt":
                self.readings += 1
            case _ if self.holders:
                self.holders[-1].has_equation = True

    def _start_paragraph(self) -> None:
        self.paragraphs_aside.append(Aside.NONE)
        if self.holders:
            self.holders[-1].add("\n", Aside.NONE)
        else:
            self.paragraphs += 1
            self.holders.append(_Holder(self.where or f"第{self.paragraphs}段"))

    def _start_text_box(self) -> None:
        outer = self.holders[-1] if self.holders else _Holder(f"第{self.paragraphs}段")
        place = aside_place(outer.place, Aside.TEXT_BOX) if not outer.grid[0] else outer.place
        self.holders.append(_Holder(self.where or place, outer.grid))

    def _start_sign(self, element: Element, name: str) -> None:
        """Take what shows without being text: breaks, symbols, form fields, pictures."""
        holder = self.holders[-1] if self.holders else None
        if holder is None:
            return
        if name in _SIGNS and self.path[-2:-1] == ["r"]:
            is_page = attribute(element, "type") in {"page", "column"}
            self.add("" if is_page else _SIGNS[name])
        elif name == "sym":
            text = symbol_text(attribute(element, "font"), attribute(element, "char"))
            self.add(text)
        elif name == "docPr" and "drawing" in self.path:
            self.drawing_name = attribute(element, "descr") or attribute(element, "name")
        elif name == "pic":
            holder.add(self.drawing_name or "图片", Aside.PICTURE)
        elif name == "imagedata" and "object" not in self.path:
            holder.add(attribute(element, "title") or "图片", Aside.PICTURE)
        elif name == "OLEObject":
            holder.add(attribute(element, "ProgID") or "对象", Aside.OBJECT)
        elif name == "textpath":
            holder.add(attribute(element, "string"), Aside.WORD_ART)

    def end(self, element: Element, name: str) -> Iterator[SourceText]:
        """Leave an element, whose children are complete."""
        self.path.pop()
        if name == "AlternateContent":
            self.choices.pop()
        if self.invisible:
            self.invisible -= 1
            return
        match name:
            case "t":
                font = self.runs[-1][1] if self.runs else ""
                self.add(symbol_text(font, element.text or "", is_code=False))
            case "ffData":
                self.add(_form_field(element))
            case "sdt":
                self.prompts.pop()
            case "r":
                self.runs.pop()
            case "rt":
                self.readings -= 1
            case _:
                self._end_properties(element, name)
                yield from self._end_holder(name)

    def _end_properties(self, element: Element, name: str) -> None:
        """Read the properties of a run, paragraph, row, cell or content control."""
        match name:
            case "rPr" if self.path[-1:] == ["r"] and self.runs:
                self.runs[-1] = (self._aside_of(element), _font(element))
            case "pPr" if self.paragraphs_aside:
                self._end_paragraph_properties(element)
            case "trPr" if not self.holders:
                before = [child for child in element if local_name(child.tag) == "gridBefore"]
                self.column = min(_integer(attribute(before[0], "val")), 200) if before else 0
            case "tcPr" if len(self.holders) == 1:
                self._end_cell_properties(element)
            case "sdtPr" if self.prompts:
                self.prompts[-1] = any(
                    local_name(child.tag) == "showingPlcHdr" and attribute(child, "val") not in _OFF
                    for child in element
                )
            case _:
                pass

    def _end_holder(self, name: str) -> Iterator[SourceText]:
        """Yield the texts of a paragraph, cell or text box that is complete."""
        inner = self.holders[-1] if self.holders else None
        if name == "p":
            self.paragraphs_aside.pop()
            if inner is not None:
                inner.add_boxes()
        if inner is None or name not in {"p", "tc", "txbxContent"}:
            return
        if name == "txbxContent":
            self.holders.pop()
            outer = self.holders[-1] if self.holders else None
            if outer is not None and outer.grid[0]:
                outer.is_numbered |= inner.is_numbered
                outer.inner_boxes.append(inner)
            elif outer is not None:
                outer.boxes += self._texts(inner)
            else:
                yield from self._texts(inner)
        elif (name == "p" and len(self.holders) == 1 and not inner.grid[0]) or (
            name == "tc" and len(self.holders) == 1 and "tc" not in self.path
        ):
            self.holders.pop()
            self.column += self.span if name == "tc" else 0
            yield from self._texts(inner)

    def _texts(self, holder: _Holder) -> Iterator[SourceText]:
        """Yield the texts of a holder."""
        pieces = [
            (aside, text)
            for aside, texts in holder.texts.items()
            for text in (texts if aside.is_object else ["".join(texts)])
            if text.strip()
        ]
        for aside, text in pieces:
            shown_aside = aside or (Aside.COVERED if holder.is_covered else Aside.NONE)
            yield SourceText(
                aside_place(holder.place, shown_aside),
                text,
                shown_aside,
                grid=holder.grid,
                is_in_body=not self.where,
                is_merged=holder.is_merged,
                is_numbered=holder.is_numbered,
                has_equation=holder.has_equation,
            )
        yield from holder.boxes

    def _aside_of(self, properties: Element) -> Aside | None:
        """Return what run properties and their style say."""
        direct = _run_aside(properties)
        names = [
            attribute(child, "val") for child in properties if local_name(child.tag) == "rStyle"
        ]
        style = self.styles.asides.get(names[0]) if names else None
        return direct if direct is not None else style or None

    def _end_paragraph_properties(self, properties: Element) -> None:
        """Read a paragraph's style and its automatic number."""
        names = {local_name(child.tag): attribute(child, "val") for child in properties}
        style = names.get("pStyle", "")
        self.paragraphs_aside[-1] = self.styles.asides.get(style, Aside.NONE)
        if self.holders:
            self.holders[-1].is_numbered |= "numPr" in names or style in self.styles.numbered

    def _end_cell_properties(self, properties: Element) -> None:
        """Read how many columns a cell covers, and whether the one above covers it."""
        values = {local_name(child.tag): attribute(child, "val") for child in properties}
        self.span = max(1, _integer(values.get("gridSpan", "")))
        holder = self.holders[-1]
        holder.is_merged = self.span > 1 or "vMerge" in values
        holder.is_covered = "vMerge" in values and values["vMerge"] != "restart" and self.row > 1


def _integer(text: str) -> int:
    """Parse a number; 0 if it is none."""
    return int(text) if text.isascii() and text.isdigit() else 0


def _font(properties: Element) -> str:
    """Return the font of a run; empty if it is the style's."""
    fonts = [child for child in properties if local_name(child.tag) == "rFonts"]
    return attribute(fonts[0], "ascii") or attribute(fonts[0], "hAnsi") if fonts else ""


def _form_field(data: Element) -> str:
    """Return what an old form field shows: a box, or the chosen entry."""
    for child in data:
        if local_name(child.tag) == "checkBox":
            states = {local_name(state.tag): attribute(state, "val") not in _OFF for state in child}
            return "☑" if states.get("checked", states.get("default", False)) else "□"
        if local_name(child.tag) == "ddList":
            entries = [
                attribute(entry, "val") for entry in child if local_name(entry.tag) == "listEntry"
            ]
            numbers = {
                local_name(entry.tag): attribute(entry, "val")
                for entry in child
                if local_name(entry.tag) in {"result", "default"}
            }
            number = _integer(numbers.get("result") or numbers.get("default") or "")
            return entries[number] if number < len(entries) else ""
    return ""


def word_texts(parts: Mapping[str, bytes], part: str, where: str = "") -> Iterator[SourceText]:
    """Yield the texts of a part; `where` is their place unless it is the main part."""
    related = related_parts(parts, part)
    styles = next((path for kind, path in related.values() if kind == "styles"), "")
    walk = _Walk(_styles(parts.get(styles, b"")), related, where)
    try:
        for event, element in iterparse(io.BytesIO(parts[part]), events=("start", "end")):
            name = local_name(element.tag)
            yield from walk.start(element, name) if event == "start" else walk.end(element, name)
    except (ParseError, LookupError, ValueError):
        return
