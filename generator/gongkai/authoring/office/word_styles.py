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
    "chineseCounting", "chineseCountingThousand", "ideographTraditional", "japaneseCounting",
    "taiwaneseCounting", "taiwaneseCountingThousand",
})  # fmt: skip
_DECIMAL_FORMATS = frozenset({"decimal", "decimalZero", "decimalFullWidth", "decimalHalfWidth"})
_CIRCLED_FORMATS = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})


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


@dataclass(slots=True)
class WordStyles:
    """What the styles of a Word file say of their paragraphs and runs, with what they are based on."""

    levels: dict[str, int] = field(default_factory=dict)
    """Heading level by style id."""
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)
    """numId and level of numbered styles."""
    looks: dict[str, Aside] = field(default_factory=dict)
    """Whether a style strikes or hides its text."""

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


@dataclass(frozen=True, slots=True)
class _Level:
    """The number format of one list level."""

    style: str
    text: str
    """The lvlText template; %1, %2 … stand for the numbers of the levels."""
    start: int
    starts_again: bool = True
    """Whether it starts anew below the next number of a higher level."""

    def number(self, count: int) -> str:
        """Format a count in the level's number format."""
        if self.style in _CHINESE_FORMATS and 0 < count < 100:  # noqa: PLR2004 - the range of chinese_numeral()
            return chinese_numeral(count)
        if self.style in _CIRCLED_FORMATS and 0 < count <= 20:  # noqa: PLR2004 - Unicode has ① to ⑳
            return chr(0x245F + count)
        return f"{count}"


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
        if (
            level is None
            or level.style not in _CHINESE_FORMATS | _DECIMAL_FORMATS | _CIRCLED_FORMATS
        ):
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
            r"%([1-9])", lambda match: self._number_at(num_id, int(match[1]) - 1), level.text
        )

    def _number_at(self, num_id: str, level_index: int) -> str:
        """Return the current number of a list level, its first one if none was counted."""
        level = self.levels.get((num_id, level_index))
        place = (self.definitions[num_id], level_index)
        return level.number(self.counts.get(place, level.start)) if level else ""


def _value(element: Element, name: str) -> str:
    """Return the w:val of a child element; empty if there is none."""
    child = element.find(f"{WORD_NS}{name}")
    return child.get(f"{WORD_NS}val", "") if child is not None else ""


def _integer(text: str | None, default: int = 0) -> int:
    """Parse a non-negative integer."""
    return int(text) if text and text.isdigit() else default
