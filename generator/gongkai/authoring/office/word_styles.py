"""Styles and automatic numbers of a Word file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from gongkai.authoring.office.source_parts import Aside

WORD_NS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""Namespace prefix of WordprocessingML element names."""
_CHINESE_DIGITS = "零一二三四五六七八九十"
_CHINESE_FORMATS = frozenset({
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand",
})  # fmt: skip
_FIRST_SIGNS = {
    "decimalEnclosedCircle": 0x2460,
    "decimalEnclosedCircleChinese": 0x2460,
    "decimalEnclosedParen": 0x2474,
    "decimalEnclosedFullstop": 0x2488,
}
"""Code points of ①, ⑴ and ⒈."""
_SIGNS = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "chineseLegalSimplified": "壹贰叁肆伍陆柒捌玖拾",
    "ideographLegalTraditional": "壹貳參肆伍陸柒捌玖拾",
}
_DIGITS = {
    "decimalFullWidth": str.maketrans("0123456789", "０１２３４５６７８９"),
    "decimalFullWidth2": str.maketrans("0123456789", "０１２３４５６７８９"),
    "ideographDigital": str.maketrans("0123456789", "〇一二三四五六七八九"),
    "japaneseDigitalTenThousand": str.maketrans("0123456789", "〇一二三四五六七八九"),
    "taiwaneseDigital": str.maketrans("0123456789", "〇一二三四五六七八九"),
}
UNNUMBERED_FORMATS = frozenset({"bullet", "none", ""})
"""Formats of lists without numbers."""
_ROMAN = (
    (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"),
    (1, "i"),
)  # fmt: skip


def chinese_numeral(number: int) -> str:
    """Return a number from 1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _CHINESE_DIGITS[ones]
    return (
        ("" if tens == 1 else _CHINESE_DIGITS[tens])
        + "十"
        + (_CHINESE_DIGITS[ones] if ones else "")
    )


def _latin_number(style: str, count: int) -> str:
    """Return a number in Latin letters, in Roman or in Arabic numerals."""
    if style in {"lowerLetter", "upperLetter"} and count > 0:
        text = chr(ord("a") + (count - 1) % 26) * ((count + 25) // 26)
    elif style in {"lowerRoman", "upperRoman"} and 0 < count < 400:  # noqa: PLR2004 - as far as _ROMAN
        text, rest = "", count
        for value, letters in _ROMAN:
            text += letters * (rest // value)
            rest %= value
    elif style == "ordinal":
        ending = {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
        return f"{count}{'th' if count % 100 in {11, 12, 13} else ending}"
    else:
        return f"{count:02}" if style == "decimalZero" else f"{count}"
    return text.upper() if style.startswith("upper") else text


@dataclass(slots=True)
class WordStyles:
    """What the styles of a Word file say of their paragraphs and runs, with what they are based on."""

    levels: dict[str, int] = field(default_factory=dict)
    """Heading level by style id."""
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)
    """numId and level of numbered styles."""
    looks: dict[str, Aside] = field(default_factory=dict)
    """Whether a style strikes or hides its text."""
    whites: dict[str, bool] = field(default_factory=dict)
    """Whether a style makes its text white, or of another colour."""

    @classmethod
    def from_xml(cls, root: Element | None) -> "WordStyles":
        """Load the styles of word/styles.xml."""
        result = cls()
        elements = {
            style.get(f"{WORD_NS}styleId", ""): style
            for style in (() if root is None else root.iter(f"{WORD_NS}style"))
        }
        for style_id in elements:
            for style in reversed(list(_base_styles(elements, style_id))):
                result._add(style_id, style)
        return result

    def _add(self, style_id: str, style: Element) -> None:
        """Add what a style says to a style that is based on it."""
        num_properties = style.find(f"{WORD_NS}pPr/{WORD_NS}numPr")
        if num_properties is not None:
            base_id, base_level = self.numbers.get(style_id, ("", ""))
            self.numbers[style_id] = (
                _value(num_properties, "numId") or base_id,
                _value(num_properties, "ilvl") or base_level,
            )
        look = run_look(style.find(f"{WORD_NS}rPr"))
        if look is not None:
            self.looks[style_id] = look
        white = is_white(style.find(f"{WORD_NS}rPr"))
        if white is not None:
            self.whites[style_id] = white
        level = _heading_level(style)
        if level:
            self.levels[style_id] = level


def _base_styles(elements: Mapping[str, Element], style_id: str) -> Iterator[Element]:
    """Yield a style and those that it is based on."""
    seen: set[str] = set()
    while style_id in elements and style_id not in seen:
        seen.add(style_id)
        yield elements[style_id]
        style_id = _value(elements[style_id], "basedOn")


def _heading_level(style: Element) -> int:
    """Return the heading level of a style; 0 if it is none."""
    name = _value(style, "name").lower()
    outline = style.find(f"{WORD_NS}pPr/{WORD_NS}outlineLvl")
    level = _integer(outline.get(f"{WORD_NS}val")) + 1 if outline is not None else 0
    for prefix in ("heading ", "标题 "):
        if name.startswith(prefix) and name.removeprefix(prefix).isdigit():
            level = int(name.removeprefix(prefix))
    return level if level <= 6 else 0  # noqa: PLR2004 - Markdown has six levels


def run_look(properties: Element | None) -> Aside | None:
    """Return whether run properties strike or hide a text; None if they say neither."""
    look: Aside | None = None
    for name, aside in (
        ("strike", Aside.STRUCK),
        ("dstrike", Aside.STRUCK),
        ("vanish", Aside.HIDDEN),
    ):
        switch = properties.find(f"{WORD_NS}{name}") if properties is not None else None
        if switch is not None:
            is_on = switch.get(f"{WORD_NS}val", "1") not in {"0", "false", "off"}
            look = aside if is_on else look or Aside.NONE
    return look


def is_white(properties: Element | None) -> bool | None:
    """Return whether run properties make a text white without a background; None if they say nothing."""
    color = _value(properties, "color").upper() if properties is not None else ""
    if properties is None or not color:
        return None
    highlight = _value(properties, "highlight")
    return color == "FFFFFF" and not is_shaded(properties) and highlight in {"", "none", "white"}


def is_shaded(properties: Element | None) -> bool:
    """Return whether the properties of a run, paragraph or cell have a background other than white."""
    shade = properties.find(f"{WORD_NS}shd") if properties is not None else None
    return shade is not None and shade.get(f"{WORD_NS}fill", "auto").upper() not in _NO_FILL


def shaded_table_styles(styles: bytes) -> frozenset[str]:
    """Return the ids of the table styles with a background, from the XML of the styles."""
    return frozenset(
        match[1].decode() for match in _TABLE_STYLE.finditer(styles) if b"<w:shd " in match[0]
    )


_NO_FILL = frozenset({"AUTO", "FFFFFF", ""})
_TABLE_STYLE = re.compile(
    rb'<w:style (?=[^>]*w:type="table")[^>]*w:styleId="([^"]*)".*?</w:style>', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class _Level:
    """The number format of one list level."""

    style: str
    text: str
    """The lvlText template; %1, %2 … stand for the numbers of the levels."""
    start: int
    starts_again: bool = True
    """Whether it starts anew below the next number of a higher level."""
    is_legal: bool = False
    """Whether the numbers of all levels are Arabic in it (w:isLgl)."""

    def number(self, count: int) -> str:
        """Format a count in the level's number format."""
        if self.style in _CHINESE_FORMATS and 0 < count < 100:  # noqa: PLR2004 - the range of chinese_numeral()
            return chinese_numeral(count)
        if self.style in _FIRST_SIGNS and 0 < count <= 20:  # noqa: PLR2004 - Unicode has ① to ⑳
            return chr(_FIRST_SIGNS[self.style] + count - 1)
        signs = _SIGNS.get(self.style, "")
        if 0 < count <= len(signs):
            return signs[count - 1]
        digits = _DIGITS.get(self.style)
        return f"{count}".translate(digits) if digits else _latin_number(self.style, count)


@dataclass(slots=True)
class Numbering:
    """The automatic numbering of a Word file, with the current counts."""

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    """Number formats by (numId, level)."""
    style_levels: dict[tuple[str, str], int] = field(default_factory=dict)
    """Levels by (numId, id of the paragraph style that has this level)."""
    definitions: dict[str, str] = field(default_factory=dict)
    """abstractNumId by numId; lists of one definition count on from one another."""
    restarts: set[tuple[str, int]] = field(default_factory=set)
    """(numId, level) of the lists that are still to start anew (w:startOverride)."""
    counts: dict[tuple[str, int], int] = field(default_factory=dict)
    """Current numbers by (abstractNumId, level)."""

    @classmethod
    def from_xml(cls, root: Element | None) -> "Numbering":
        """Load the lists defined in word/numbering.xml."""
        numbering = cls()
        if root is None:
            return numbering
        definitions = {
            element.get(f"{WORD_NS}abstractNumId", ""): element
            for element in root.iter(f"{WORD_NS}abstractNum")
        }
        linked = {
            style: element
            for element in definitions.values()
            if (style := _value(element, "styleLink"))
        }
        for num in root.iter(f"{WORD_NS}num"):
            definition = definitions.get(_value(num, "abstractNumId"))
            if definition is not None:
                definition = linked.get(_value(definition, "numStyleLink"), definition)
                numbering._add_list(num, definition)
        return numbering

    def _add_list(self, num: Element, definition: Element) -> None:
        """Add a list: the levels of its definition, and its own changes to them."""
        num_id = num.get(f"{WORD_NS}numId", "")
        self.definitions[num_id] = definition.get(f"{WORD_NS}abstractNumId", "")
        for level in (*definition.iter(f"{WORD_NS}lvl"), *num.iter(f"{WORD_NS}lvl")):
            index = _integer(level.get(f"{WORD_NS}ilvl"))
            self.levels[num_id, index] = _Level(
                _value(level, "numFmt"),
                _value(level, "lvlText"),
                _integer(_value(level, "start"), 1),
                _value(level, "lvlRestart") != "0",
                level.find(f"{WORD_NS}isLgl") is not None,
            )
            if style := _value(level, "pStyle"):
                self.style_levels[num_id, style] = index
        for override in num.iter(f"{WORD_NS}lvlOverride"):
            place = (num_id, _integer(override.get(f"{WORD_NS}ilvl")))
            start = _value(override, "startOverride")
            if start and place in self.levels:
                self.levels[place] = replace(self.levels[place], start=_integer(start, 1))
                self.restarts.add(place)

    def list_of(self, paragraph: Element, style: str, styles: WordStyles) -> tuple[str, int]:
        """Return the list and level of a paragraph: its own, or else those of its style."""
        own = paragraph.find(f"{WORD_NS}pPr/{WORD_NS}numPr")
        own_id, own_level = ("", "") if own is None else (_value(own, "numId"), _value(own, "ilvl"))
        base_id, base_level = styles.numbers.get(style, ("", ""))
        num_id = own_id or base_id
        default = self.style_levels.get((num_id, style), _integer(base_level))
        return num_id, _integer(own_level, 0 if own_id else default)

    def next_number(self, num_id: str, level_index: int) -> str:
        """Return the number of a list's next paragraph; empty for bullets and unnumbered text."""
        level = self.levels.get((num_id, level_index))
        if level is None or level.style in UNNUMBERED_FORMATS:
            return ""
        definition = self.definitions[num_id]
        place = (definition, level_index)
        is_new = (num_id, level_index) in self.restarts or place not in self.counts
        self.restarts.discard((num_id, level_index))
        self.counts[place] = level.start if is_new else self.counts[place] + 1
        for number, index in list(self.counts):
            lower = self.levels.get((num_id, index))
            if number == definition and index > level_index and lower and lower.starts_again:
                del self.counts[number, index]
        return re.sub(
            r"%([1-9])", lambda match: self._number_at(num_id, level, int(match[1]) - 1), level.text
        )

    def _number_at(self, num_id: str, shown_in: _Level, level_index: int) -> str:
        """Return the current number of a list level, its first one if none was counted."""
        level = self.levels.get((num_id, level_index))
        if level is None:
            return ""
        count = self.counts.get((self.definitions[num_id], level_index), level.start)
        return f"{count}" if shown_in.is_legal else level.number(count)


def _value(element: Element, name: str) -> str:
    """Return the w:val of a child element; empty if there is none."""
    child = element.find(f"{WORD_NS}{name}")
    return child.get(f"{WORD_NS}val", "") if child is not None else ""


def _integer(text: str | None, default: int = 0) -> int:
    """Parse a non-negative integer."""
    return int(text) if text and text.isdigit() else default
