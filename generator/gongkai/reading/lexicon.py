"""Wrong words in official texts: the list shipped with the program and the publisher's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from gongkai.model.schema import StrictModel, validate_node
from gongkai.reading.source import parse_source


class WrongWord(StrictModel):
    """A wrong word (错字) and its correction."""

    wrong: str = Field(alias="错", min_length=2)
    right: str = Field(alias="对")
    level: Literal["E", "W"] = Field("W", alias="级别")
    """E for grave political mistakes, which block publication."""


class WordList(StrictModel):
    """words.yml: wrong words, and correct words that contain a wrong one."""

    wrong_words: tuple[WrongWord, ...] = Field((), alias="错字")
    exceptions: tuple[str, ...] = Field((), alias="例外")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Wrong words and the pattern that finds them."""

    wrong_words: dict[str, WrongWord]
    """By the wrong spelling."""
    pattern: re.Pattern[str]

    def find_wrong_words(self, text: str) -> Iterator[tuple[int, WrongWord]]:
        """Yield the wrong words of a text with their 0-based columns; exceptions are skipped."""
        for match in self.pattern.finditer(text):
            if match[0] in self.wrong_words:
                yield match.start(), self.wrong_words[match[0]]


def build_lexicon(own: WordList | None) -> Lexicon:
    """Return the lexicon of the shipped list and the publisher's additions."""
    word_lists = [_shipped_words(), *([own] if own else [])]
    entries = {entry.wrong: entry for words in word_lists for entry in words.wrong_words}
    exceptions = {word for words in word_lists for word in words.exceptions}
    known = sorted(exceptions | set(entries), key=len, reverse=True)
    wrong_words = {wrong: entry for wrong, entry in entries.items() if wrong not in exceptions}
    return Lexicon(wrong_words, re.compile("|".join(map(re.escape, known))))


@cache
def _shipped_words() -> WordList:
    data = (files("gongkai.reading") / "words.yml").read_bytes()
    root = parse_source(data, "words.yml").root
    words, problems = validate_node(WordList, root) if root else (None, [])
    if words is None or problems:
        raise ValueError(f"the shipped word list is invalid: {problems}")
    return words
