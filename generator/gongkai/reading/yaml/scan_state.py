"""The state of reading YAML line by line: how far it is, and what it has found."""

import re
from dataclasses import dataclass, field

from gongkai.reading.yaml.faults import (
    Edit,
    Finding,
    Kind,
    finding,
    quoting,
)

_INDENTATION = re.compile(r"[ \t\u3000\xa0]*")
COMMENT_MARK = re.compile(r"(?:(?<=\s)|^)#[^\n]*")
INNER_COLON = re.compile(r":(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Level:
    """A column in which keys or list items stand."""

    column: int
    dashed: bool


@dataclass(slots=True)
class Scan:
    """How far the reading is, and what it has found."""

    text: str
    findings: list[Finding] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    """Corrections that need no message of their own."""
    levels: list[Level] = field(default_factory=list)
    open: bool = True
    """Whether the next line may be deeper: after a key or dash without a value."""
    plain: bool = False
    """Whether deeper lines go on with the text above."""
    above: str = ""
    """The line that a deeper one would belong to."""
    moved: tuple[int, int] = (-1, -1)
    """The last wrong indentation, and the one it should have been."""

    def note(self, kind: Kind, index: int, *edits: Edit, **words: str) -> None:
        """Remember a finding."""
        self.findings.append(finding(kind, index, *edits, **words))

    def quote(self, kind: Kind, index: int, start: int, end: int, **words: str) -> None:
        """Remember a finding that quotes around the text put right."""
        self.findings.append(quoting(kind, index, self.text, start, end, **words))

    def end(self, at: int) -> int:
        """Where the line ends."""
        stop = self.text.find("\n", at)
        return len(self.text) if stop < 0 else stop

    def rest(self, at: int) -> str:
        """What is left of the line."""
        return self.text[at : self.end(at)].strip()

    def beyond_indent(self, start: int) -> int:
        """Where the line that starts here has its first visible character."""
        indentation = _INDENTATION.match(self.text, start)
        return indentation.end() if indentation else start

    @property
    def column(self) -> int:
        """The column of the innermost keys or items; -1 outside of all."""
        return self.levels[-1].column if self.levels else -1
