"""Slips of official wording: a list that comes with the program, and the publisher's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from gongkai.model.schema import Strict, validated
from gongkai.reading.source import parse_source


class Slip(Strict):
    """One wrong word and the right one."""

    wrong: str = Field(alias="错", min_length=2)
    right: str = Field(alias="对")
    level: Literal["E", "W"] = Field("W", alias="级别")
    """E for grave political slips, which block publication."""


class Words(Strict):
    """words.yml: slips to look for, and words that are none though a slip stands in them."""

    slips: tuple[Slip, ...] = Field((), alias="错字")
    exceptions: tuple[str, ...] = Field((), alias="例外")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What to look for in texts."""

    slips: dict[str, Slip]
    pattern: re.Pattern[str]

    def found(self, text: str) -> Iterator[tuple[int, Slip]]:
        """The slips of a text with their columns, from 0; exceptions are skipped over."""
        for match in self.pattern.finditer(text):
            if match[0] in self.slips:
                yield match.start(), self.slips[match[0]]


def lexicon(own: Words | None) -> Lexicon:
    """The program's list with the publisher's additions."""
    every = [_shipped(), *([own] if own else [])]
    slips = {slip.wrong: slip for words in every for slip in words.slips}
    exceptions = {word for words in every for word in words.exceptions}
    known = sorted(exceptions | set(slips), key=len, reverse=True)
    slips = {wrong: slip for wrong, slip in slips.items() if wrong not in exceptions}
    return Lexicon(slips, re.compile("|".join(map(re.escape, known))))


@cache
def _shipped() -> Words:
    data = (files("gongkai.reading") / "words.yml").read_bytes()
    root = parse_source(data, "words.yml").root
    words, problems = validated(Words, root) if root else (None, [])
    if words is None or problems:
        raise ValueError(f"the list of slips is broken: {problems}")
    return words
