"""The text of Word paragraphs as it shows, and what stands aside: struck and hidden texts, pictures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from gongkai.authoring.office.cells import Slot
from gongkai.authoring.office.source_parts import Aside, aside_place
from gongkai.authoring.office.symbols import raised_text, symbol_text
from gongkai.authoring.office.word_styles import (
    WORD_NS,
    WordStyles,
    is_shaded,
    is_white,
    run_look,
)

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_NS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
SKIPPED_TAGS = frozenset(
    f"{WORD_NS}{name}"
    for name in ("del", "instrText", "delText", "pPr", "rPr", "moveFrom", "sdtPr", "sectPr", "tcPr")
)
"""Elements without text that shows."""
_BREAKS = {
    f"{WORD_NS}br": "\n",
    f"{WORD_NS}cr": "\n",
    f"{WORD_NS}tab": "\t",
    f"{WORD_NS}ptab": "\t",
    f"{WORD_NS}noBreakHyphen": "-",
}
_OFF = frozenset({"0", "false", "off"})


@dataclass(slots=True)
class WordText:
    """The text of a paragraph or cell."""

    parts: list[str] = field(default_factory=list)
    """Pieces of its own text."""
    boxes: list["WordText"] = field(default_factory=list)
    """Its text boxes."""
    asides: dict[Aside, list[str]] = field(default_factory=dict)
    """Texts that are not taken, and names of what is not text."""

    @property
    def text(self) -> str:
        """Its own text."""
        return "".join(self.parts)

    def add(self, text: str, aside: Aside) -> None:
        """Add a piece of text."""
        if aside:
            self.asides.setdefault(aside, []).append(text)
        else:
            self.parts.append(text)

    def add_text(self, other: "WordText") -> None:
        """Add a text with its text boxes as further lines."""
        self.parts += ["\n", *other.parts] if self.parts else other.parts
        for aside, texts in other.asides.items():
            self.asides.setdefault(aside, []).extend(texts)
        for box in other.boxes:
            self.add_text(box)

    def named_asides(self, place: str) -> Iterator[Slot]:
        """Yield what stands aside: struck texts in one, pictures and other objects one by one."""
        for aside, texts in self.asides.items():
            for text in texts if aside.is_object else ["".join(texts)]:
                if text.strip():
                    yield Slot(text.strip(), aside_place(place, aside))


def paragraph_text(
    paragraph: Element,
    styles: WordStyles,
    aside: Aside = Aside.NONE,
    *,
    has_background: bool = False,
) -> WordText:
    """Return the text of a paragraph; `aside` says that all of it stands aside.

    White text shows where the cell or text box `has_background`.
    """
    result = WordText()
    properties = paragraph.find(f"{WORD_NS}pPr")
    style = properties.find(f"{WORD_NS}pStyle") if properties is not None else None
    style_id = style.get(f"{WORD_NS}val", "") if style is not None else ""
    look = styles.looks.get(style_id, Aside.NONE)
    collector = _Collector(result, styles, look, is_white=styles.whites.get(style_id, False))
    collector.has_background = has_background or is_shaded(properties)
    collector.collect(paragraph, aside)
    return result


@dataclass(slots=True)
class _Collector:
    """The texts of one paragraph or text box being collected."""

    result: WordText
    styles: WordStyles
    paragraph_look: Aside
    is_white: bool = False
    """Whether the style of the paragraph is white."""
    has_background: bool = False
    font: str = ""
    """The font of the run."""
    position: str = ""
    """Whether the run is in superscript or subscript."""
    is_capital: bool = False
    """Whether the run shows small letters as capitals."""
    fields: list[bool] = field(default_factory=list)
    """Whether the instruction of a field is being read, and not its result, by open field."""
    drawing_name: str = ""
    """Description of the drawing."""

    def collect(self, parent: Iterable[Element], aside: Aside) -> None:
        """Add the texts below an element."""
        for child in parent:
            if child.tag not in SKIPPED_TAGS:
                self._add(child, aside)

    def _add(self, element: Element, aside: Aside) -> None:
        """Add the text of an element."""
        text = self._leaf_text(element)
        if text is not None:
            if not any(self.fields):
                self.result.add(text, aside)
            if element.tag == f"{WORD_NS}fldChar":
                self._follow_field(element)
            return
        match element.tag.removeprefix(WORD_NS):
            case "r":
                self._add_run(element, aside)
            case "sdt":
                self.collect(element, aside or prompt_aside(element))
            case "rt":
                self.collect(element, aside or Aside.READING)
            case "txbxContent":
                self.result.boxes.append(box_text(element, self.styles, aside))
            case "object":
                for part in element.iter():
                    self._name_embedded(part)
            case _:
                self._name_object(element)
                shown = list(element)[:1] if is_alternative(element) else element
                self.collect(shown, aside)

    def _leaf_text(self, element: Element) -> str | None:
        """Return the text of an element that shows a text; None for any other."""
        tag = element.tag
        if tag.startswith(_MATH_NS):
            return math_text(element)
        if tag in _BREAKS:
            is_page = element.get(f"{WORD_NS}type") in {"page", "column"}
            return "" if is_page else _BREAKS[tag]
        match tag.removeprefix(WORD_NS):
            case "t":
                text = symbol_text(self.font, element.text or "", is_code=False)
                text = raised_text(text, self.position)
                return text.upper() if self.is_capital else text
            case "sym":
                font, code = element.get(f"{WORD_NS}font", ""), element.get(f"{WORD_NS}char", "")
                return symbol_text(font, code)
            case "fldChar":
                return _form_field(element)
            case _:
                return None

    def _add_run(self, run: Element, aside: Aside) -> None:
        """Add the text of a run, aside if it is struck or hidden."""
        properties = run.find(f"{WORD_NS}rPr")
        look = run_look(properties)
        if look is None and properties is not None:
            style = properties.find(f"{WORD_NS}rStyle")
            look = (
                self.styles.looks.get(style.get(f"{WORD_NS}val", "")) if style is not None else None
            )
        look = self.paragraph_look if look is None else look
        if not look and self._is_white(properties):
            look = Aside.WHITE
        outer = (self.font, self.position, self.is_capital)
        self.font, self.position = _font(properties), _child_value(properties, "vertAlign")
        self.is_capital = _child_value(properties, "caps", "0") not in _OFF
        self.collect(run, aside if aside is Aside.PROMPT else look or aside)
        self.font, self.position, self.is_capital = outer

    def _is_white(self, properties: Element | None) -> bool:
        """Return whether a run is white on white."""
        white = is_white(properties)
        if white is None:
            white = self.styles.whites.get(_child_value(properties, "rStyle"), self.is_white)
        return white and not self.has_background

    def _follow_field(self, sign: Element) -> None:
        """Note where a field begins, where its result does, and where it ends."""
        kind = sign.get(f"{WORD_NS}fldCharType")
        if kind == "begin":
            self.fields.append(True)
        elif self.fields and kind == "separate":
            self.fields[-1] = False
        elif self.fields and kind == "end":
            self.fields.pop()

    def _name_embedded(self, element: Element) -> None:
        """Name an embedded file or a control."""
        if element.tag.endswith("}OLEObject"):
            self.result.add(element.get("ProgID") or "对象", Aside.OBJECT)
        elif element.tag == f"{WORD_NS}control":
            self.result.add(element.get(f"{WORD_NS}name") or "控件", Aside.OBJECT)

    def _name_object(self, element: Element) -> None:
        """Name a picture or a drawn text."""
        match element.tag.rpartition("}")[2]:
            case "docPr":
                self.drawing_name = element.get("descr") or element.get("name") or ""
            case "pic":
                self.result.add(self.drawing_name or "图片", Aside.PICTURE)
            case "imagedata":
                titles = (text for name, text in element.items() if name.endswith("title"))
                self.result.add(next(titles, "") or "图片", Aside.PICTURE)
            case "textpath":
                self.result.add(element.get("string", ""), Aside.WORD_ART)
            case _:
                self._name_embedded(element)


def box_text(box: Element, styles: WordStyles, aside: Aside = Aside.NONE) -> WordText:
    """Return the text of a text box: the lines of its paragraphs, also those in tables."""
    result = WordText()
    for paragraph, own_aside in iter_paragraphs(box, aside):
        result.add_text(paragraph_text(paragraph, styles, own_aside, has_background=True))
    return result


def iter_paragraphs(
    parent: Iterable[Element], aside: Aside = Aside.NONE
) -> Iterator[tuple[Element, Aside]]:
    """Yield the paragraphs of a cell or text box, also those of tables in it, with what they are."""
    for child in parent:
        if child.tag == f"{WORD_NS}p":
            yield child, aside
        elif child.tag == f"{WORD_NS}sdt":
            yield from iter_paragraphs(child, aside or prompt_aside(child))
        elif child.tag not in SKIPPED_TAGS:
            shown = list(child)[:1] if is_alternative(child) else child
            yield from iter_paragraphs(shown, aside)


def is_alternative(element: Element) -> bool:
    """Return whether an element holds alternatives, of which programs show the first that they can."""
    return element.tag == f"{_COMPATIBILITY}AlternateContent"


def prompt_aside(control: Element) -> Aside:
    """Return whether a content control shows nothing but its prompt."""
    prompt = control.find(f"{WORD_NS}sdtPr/{WORD_NS}showingPlcHdr")
    is_shown = prompt is not None and prompt.get(f"{WORD_NS}val", "1") not in _OFF
    return Aside.PROMPT if is_shown else Aside.NONE


def _font(properties: Element | None) -> str:
    """Return the font of a run; empty if its style decides."""
    fonts = properties.find(f"{WORD_NS}rFonts") if properties is not None else None
    if fonts is None:
        return ""
    return fonts.get(f"{WORD_NS}ascii") or fonts.get(f"{WORD_NS}hAnsi") or ""


def _child_value(properties: Element | None, name: str, default: str = "") -> str:
    """Return the w:val of a property; `default` if there is no such property."""
    child = properties.find(f"{WORD_NS}{name}") if properties is not None else None
    return default if child is None else child.get(f"{WORD_NS}val", "")


def _form_field(start: Element) -> str:
    """Return what an old form field shows: a box, or the chosen entry."""
    box = start.find(f"{WORD_NS}ffData/{WORD_NS}checkBox")
    choices = start.find(f"{WORD_NS}ffData/{WORD_NS}ddList")
    if box is not None:
        state = box.find(f"{WORD_NS}checked")
        state = box.find(f"{WORD_NS}default") if state is None else state
        is_ticked = state is not None and state.get(f"{WORD_NS}val", "1") not in _OFF
        return "☑" if is_ticked else "□"
    if choices is None:
        return ""
    entries = [entry.get(f"{WORD_NS}val", "") for entry in choices.iter(f"{WORD_NS}listEntry")]
    chosen = choices.find(f"{WORD_NS}result")
    chosen = choices.find(f"{WORD_NS}default") if chosen is None else chosen
    number = chosen.get(f"{WORD_NS}val", "") if chosen is not None else "0"
    return entries[int(number)] if number.isdigit() and int(number) < len(entries) else ""


def math_text(element: Element) -> str:
    """Return an equation in one line: a/b, a^2."""
    name = element.tag.rpartition("}")[2]
    if name == "t" or name.endswith("Pr"):
        return element.text or "" if name == "t" else ""
    parts = [(part.tag.rpartition("}")[2], math_text(part)) for part in element]
    text = "".join(part for _, part in parts)
    match name:
        case "f":
            return "/".join(_in_brackets(part) for kind, part in parts if kind in {"num", "den"})
        case "rad":
            return "√".join(
                _in_brackets(part) if kind == "e" else part
                for kind, part in parts
                if kind in {"deg", "e"}
            )
        case "d":
            return f"({','.join(part for kind, part in parts if kind == 'e')})"
        case "sup" | "sub" if text:
            return f"{'^' if name == 'sup' else '_'}{_in_brackets(text)}"
        case _:
            return text


def _in_brackets(text: str) -> str:
    """Put a text of several characters in brackets, unless it is a number."""
    return text if len(text) <= 1 or text.replace(".", "").isdigit() else f"({text})"
