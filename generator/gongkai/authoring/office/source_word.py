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
from gongkai.authoring.office.symbols import raised_text, symbol_text

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
    numbers: int = 0
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
    whites: dict[str, bool] = field(default_factory=dict)
    """Whether texts are white, or of another colour, by style id."""
    lists: dict[str, tuple[str, str]] = field(default_factory=dict)
    """List and level of the paragraphs, by style id."""
    colored_tables: AbstractSet[str] = frozenset()
    """Ids of the table styles with a background."""


@dataclass(slots=True)
class _Paragraph:
    """An open paragraph."""

    aside: Aside = Aside.NONE
    is_white: bool = False
    awaits_number: bool = False
    """Whether it shows a number as soon as it has a text."""
    fields: list[bool] = field(default_factory=list)
    """Whether the instruction of a field is open, by open field."""


@dataclass(slots=True)
class _Run:
    """An open run."""

    aside: Aside | None = None
    """What its properties say of the text; None if they say nothing."""
    is_white: bool | None = None
    font: str = ""
    position: str = ""
    is_capital: bool = False


def _styles(data: bytes) -> _Styles:
    """Load the styles that strike, hide or whiten texts, number paragraphs, or colour tables."""
    root = parse_xml(data)
    own: dict[str, tuple[str, Aside | None, bool | None, tuple[str, str]]] = {}
    colored: set[str] = set()
    for style in () if root is None else root:
        style_id = attribute(style, "styleId")
        if local_name(style.tag) == "style" and attribute(style, "type") != "table":
            children = {local_name(child.tag): child for child in style}
            base = attribute(children["basedOn"], "val") if "basedOn" in children else ""
            run = children.get("rPr", ())
            own[style_id] = (base, _run_aside(run), _whiteness(run), _list(children.get("pPr", ())))
        elif any(local_name(part.tag) == "shd" for part in style.iter()):
            colored.add(style_id)
    styles = _Styles(colored_tables=colored)
    for style_id in own:
        names: list[str] = []
        name = style_id
        while name in own and name not in names:
            names.append(name)
            name = own[name][0]
        chain = [own[name] for name in names]
        styles.asides[style_id] = next(
            (aside for _, aside, _, _ in chain if aside is not None), Aside.NONE
        )
        whites = (white for _, _, white, _ in chain if white is not None)
        styles.whites[style_id] = next(whites, False)
        numbers = (number for _, _, _, (number, _) in chain if number)
        levels = (level for _, _, _, (_, level) in chain if level)
        styles.lists[style_id] = (next(numbers, ""), next(levels, ""))
    return styles


def _list(properties: Element | tuple[()]) -> tuple[str, str]:
    """Return the list and level that paragraph properties name; empty for what they do not name."""
    for child in properties:
        if local_name(child.tag) == "numPr":
            values = {local_name(part.tag): attribute(part, "val") for part in child}
            return values.get("numId", ""), values.get("ilvl", "")
    return "", ""


def _numbered_levels(data: bytes) -> dict[tuple[str, str], bool]:
    """Return by list and level whether the paragraphs show numbers; style ids are levels too."""
    root = parse_xml(data)
    definitions: dict[str, dict[str, bool]] = {}
    linked: dict[str, dict[str, bool]] = {}
    links: dict[str, str] = {}
    shown: dict[tuple[str, str], bool] = {}
    for element in () if root is None else root:
        children = {local_name(child.tag): attribute(child, "val") for child in element}
        levels = _levels(element)
        if local_name(element.tag) == "abstractNum":
            number = attribute(element, "abstractNumId")
            definitions[number] = levels
            links[number] = children.get("numStyleLink", "")
            linked |= {children["styleLink"]: levels} if "styleLink" in children else {}
        elif local_name(element.tag) == "num":
            number = children.get("abstractNumId", "")
            own = linked.get(links.get(number, ""), definitions.get(number, {})) | levels
            shown |= {(attribute(element, "numId"), level): state for level, state in own.items()}
    return shown


def _levels(element: Element) -> dict[str, bool]:
    """Return by level, and by the style that has a level, whether it shows numbers."""
    levels: dict[str, bool] = {}
    for level in element.iter():
        if local_name(level.tag) == "lvl":
            values = {local_name(child.tag): attribute(child, "val") for child in level}
            is_shown = values.get("numFmt", "") not in {"bullet", "none", ""}
            is_shown = is_shown and "%" in values.get("lvlText", "")
            levels[attribute(level, "ilvl")] = is_shown
            levels |= {values["pStyle"]: is_shown} if "pStyle" in values else {}
    return levels


def _whiteness(properties: Element | tuple[()]) -> bool | None:
    """Return whether run properties make a text white on white; None if they name no colour."""
    values = {local_name(child.tag): child for child in properties}
    if "color" not in values:
        return None
    highlight = attribute(values["highlight"], "val") if "highlight" in values else "none"
    is_plain = highlight in {"none", "white"} and not _has_background(properties)
    return attribute(values["color"], "val").upper() == "FFFFFF" and is_plain


def _has_background(properties: Element | tuple[()]) -> bool:
    """Return whether properties name a background other than white."""
    return any(
        local_name(child.tag) == "shd"
        and attribute(child, "fill").upper() not in {"", "AUTO", "FFFFFF"}
        for child in properties
    )


def _run_aside(properties: Element | tuple[()]) -> Aside | None:
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
    numbered: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    """Whether paragraphs show numbers, by list and level."""
    runs: list[_Run] = field(default_factory=list)
    open_paragraphs: list[_Paragraph] = field(default_factory=list)
    backgrounds: list[str] = field(default_factory=list)
    """The open elements that have a background: a text box, cell, paragraph or table."""
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
        paragraph = self.open_paragraphs[-1] if self.open_paragraphs else _Paragraph()
        run = self.runs[-1] if self.runs else _Run()
        aside = paragraph.aside if run.aside is None else run.aside
        is_white = paragraph.is_white if run.is_white is None else run.is_white
        if not aside and is_white and not self.backgrounds:
            aside = Aside.WHITE
        return aside or (Aside.READING if self.readings else Aside.NONE)

    def add(self, text: str) -> None:
        """Add a text to the innermost paragraph, cell or text box."""
        paragraph = self.open_paragraphs[-1] if self.open_paragraphs else _Paragraph()
        if not self.holders or not text or any(paragraph.fields):
            return
        aside = self.aside
        self.holders[-1].add(text, aside)
        if text.strip() and not aside:
            self.holders[-1].numbers += paragraph.awaits_number
            paragraph.awaits_number = False

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
            self.backgrounds += [name] if name == "txbxContent" else []
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
                self.runs.append(_Run())
            case "sdt":
                self.prompts.append(False)
            case "rt":
                self.readings += 1
            case _ if self.holders:
                self.holders[-1].has_equation = True

    def _start_paragraph(self) -> None:
        self.open_paragraphs.append(_Paragraph())
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
        elif name == "control":
            holder.add(attribute(element, "name") or "控件", Aside.OBJECT)
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
                run = self.runs[-1] if self.runs else _Run()
                text = symbol_text(run.font, element.text or "", is_code=False)
                text = raised_text(text, run.position)
                self.add(text.upper() if run.is_capital else text)
            case "fldChar":
                self._follow_field(element)
            case "sdt":
                self.prompts.pop()
            case "r":
                self.runs.pop()
            case "rt":
                self.readings -= 1
            case _:
                self._end_properties(element, name)
                yield from self._end_holder(name)

    def _follow_field(self, element: Element) -> None:
        """Take what a form field shows, and note where the result of a field begins and ends."""
        for data in element:
            if local_name(data.tag) == "ffData":
                self.add(_form_field(data))
        fields = self.open_paragraphs[-1].fields if self.open_paragraphs else []
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            fields.append(True)
        elif fields:
            fields.pop()
            fields += [False] if kind == "separate" else []

    def _end_properties(self, element: Element, name: str) -> None:
        """Read the properties of a run, paragraph, row, cell or content control."""
        match name:
            case "rPr" if self.path[-1:] == ["r"] and self.runs:
                self._end_run_properties(element)
            case "pPr" if self.open_paragraphs:
                self._end_paragraph_properties(element)
            case "trPr" if not self.holders:
                values = {local_name(child.tag): attribute(child, "val") for child in element}
                self.column = min(_integer(values.get("gridBefore", "")), 200)
                self.row -= "del" in values
            case "tblPr":
                style = [child for child in element if local_name(child.tag) == "tblStyle"]
                name_of_style = attribute(style[0], "val") if style else ""
                if _has_background(element) or name_of_style in self.styles.colored_tables:
                    self.backgrounds.append("tbl")
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
        if self.backgrounds[-1:] == [name]:
            self.backgrounds.pop()
        if name == "p":
            self.open_paragraphs.pop()
            if inner is not None:
                inner.add_boxes()
        if inner is None or name not in {"p", "tc", "txbxContent"}:
            return
        if name == "txbxContent":
            self.holders.pop()
            outer = self.holders[-1] if self.holders else None
            if outer is not None and outer.grid[0]:
                outer.is_numbered |= inner.is_numbered
                outer.numbers += inner.numbers
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
                numbers=0 if shown_aside else holder.numbers,
                has_equation=holder.has_equation,
            )
        yield from holder.boxes

    def _end_run_properties(self, properties: Element) -> None:
        """Read what run properties and their style say."""
        values = {local_name(child.tag): attribute(child, "val") for child in properties}
        aside, white = _run_aside(properties), _whiteness(properties)
        style = values.get("rStyle", "")
        if aside is None:
            aside = self.styles.asides.get(style) or None
        if white is None and style in self.styles.whites:
            white = self.styles.whites[style]
        self.runs[-1] = _Run(
            aside,
            white,
            _font(properties),
            values.get("vertAlign", ""),
            values.get("caps", "0") not in _OFF,
        )

    def _end_paragraph_properties(self, properties: Element) -> None:
        """Read a paragraph's style, background and automatic number."""
        names = {local_name(child.tag): attribute(child, "val") for child in properties}
        style = names.get("pStyle", "")
        paragraph = self.open_paragraphs[-1]
        paragraph.aside = self.styles.asides.get(style, Aside.NONE)
        paragraph.is_white = self.styles.whites.get(style, False)
        self.backgrounds += ["p"] if _has_background(properties) else []
        number, level = _list(properties)
        style_number, style_level = self.styles.lists.get(style, ("", ""))
        if self.holders and (number or style_number):
            self.holders[-1].is_numbered = True
            own_level = level or ("0" if number else "")
            levels = [own_level] if own_level else [style, style_level or "0"]
            places = [(number or style_number, name) for name in levels]
            paragraph.awaits_number = next(
                (self.numbered[place] for place in places if place in self.numbered), False
            )

    def _end_cell_properties(self, properties: Element) -> None:
        """Read how many columns a cell covers, and whether the one above covers it."""
        values = {local_name(child.tag): attribute(child, "val") for child in properties}
        self.span = max(1, _integer(values.get("gridSpan", ""))) if "cellDel" not in values else 0
        self.backgrounds += ["tc"] if _has_background(properties) else []
        holder = self.holders[-1]
        holder.is_merged = self.span > 1 or "vMerge" in values or "hMerge" in values
        is_below = "vMerge" in values and values["vMerge"] != "restart" and self.row > 1
        is_beside = "hMerge" in values and values["hMerge"] != "restart" and self.column > 0
        holder.is_covered = is_below or is_beside


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
    numbering = next((path for kind, path in related.values() if kind == "numbering"), "")
    walk = _Walk(_styles(parts.get(styles, b"")), related, where)
    walk.numbered = _numbered_levels(parts.get(numbering, b""))
    try:
        for event, element in iterparse(io.BytesIO(parts[part]), events=("start", "end")):
            name = local_name(element.tag)
            yield from walk.start(element, name) if event == "start" else walk.end(element, name)
    except (ParseError, LookupError, ValueError):
        return
