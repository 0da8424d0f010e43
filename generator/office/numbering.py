"""Automatic numbers of Word paragraphs (一、 （二） 3.), which are nowhere written as text."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HAN = "零一二三四五六七八九十"
_CHINESE = frozenset({
    "chineseCounting", "chineseCountingThousand", "ideographTraditional", "japaneseCounting",
    "taiwaneseCounting", "taiwaneseCountingThousand",
})  # fmt: skip
_DECIMAL = frozenset({"decimal", "decimalZero", "decimalFullWidth", "decimalHalfWidth"})
_CIRCLED = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})


def han(number: int) -> str:
    """A number from 1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _HAN[ones]
    return ("" if tens == 1 else _HAN[tens]) + "十" + (_HAN[ones] if ones else "")


@dataclass(frozen=True, slots=True)
class _Level:
    style: str
    text: str
    """With %1, %2 … for the numbers of the levels."""
    start: int

    def number(self, count: int) -> str:
        if self.style in _CHINESE and 0 < count < 100:  # noqa: PLR2004 - what han() can say
            return han(count)
        if self.style in _CIRCLED and 0 < count <= 20:  # noqa: PLR2004 - as many as there are
            return chr(0x245F + count)
        return f"{count}"


@dataclass(slots=True)
class Numbering:
    """The lists of a Word file, and how far each has been counted."""

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    """By list and level."""
    counts: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, root: Element | None) -> "Numbering":
        """The lists that word/numbering.xml defines."""
        found = cls()
        if root is None:
            return found
        abstract = {
            each.get(f"{W}abstractNumId", ""): each for each in root.iter(f"{W}abstractNum")
        }
        for each in root.iter(f"{W}num"):
            told = each.find(f"{W}abstractNumId")
            definition = abstract.get(told.get(f"{W}val", "")) if told is not None else None
            for level in definition.iter(f"{W}lvl") if definition is not None else ():
                place = (each.get(f"{W}numId", ""), _integer(level.get(f"{W}ilvl")))
                found.levels[place] = _Level(
                    _value(level, "numFmt"),
                    _value(level, "lvlText"),
                    _integer(_value(level, "start"), 1),
                )
        return found

    def next(self, told: Element | None, *, counts: bool) -> str:
        """The number of the next paragraph of a list; empty where it has none, or is a bullet."""
        if told is None or not counts:
            return ""
        name, depth = _value(told, "numId"), _integer(_value(told, "ilvl"))
        level = self.levels.get((name, depth))
        if level is None or level.style not in _CHINESE | _DECIMAL | _CIRCLED:
            return ""
        self.counts[name, depth] += 1
        for place in list(self.counts):
            if place[0] == name and place[1] > depth:
                del self.counts[place]
        return re.sub(r"%([1-9])", lambda match: self._at(name, int(match[1]) - 1), level.text)

    def _at(self, name: str, depth: int) -> str:
        level = self.levels.get((name, depth))
        return level.number(self.counts[name, depth] + level.start - 1) if level else ""


def _value(element: Element, name: str) -> str:
    child = element.find(f"{W}{name}")
    return child.get(f"{W}val", "") if child is not None else ""


def _integer(told: str | None, otherwise: int = 0) -> int:
    return int(told) if told and told.isdigit() else otherwise
