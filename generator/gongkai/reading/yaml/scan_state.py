"""State of the line-by-line YAML scanner: open block collections and findings."""

import re
from dataclasses import dataclass, field

from gongkai.reading.yaml.faults import (
    Edit,
    FaultKind,
    ScanFinding,
    build_finding,
    build_quoting_finding,
)

_INDENT = re.compile(r"[ \t\u3000\xa0]*")
COMMENT_MARK = re.compile(r"(?:(?<=\s)|^)#[^\n]*")
INNER_COLON = re.compile(r":(?=\s|$)")


@dataclass(frozen=True, slots=True)
class BlockLevel:
    """An open block mapping or block sequence and the column of its entries."""

    column: int
    dashed: bool
    """Whether it is a block sequence."""
    start: int = field(default=0, compare=False)
    """Index of its first entry."""


@dataclass(slots=True)
class ScanState:
    """The scanner's state: text, findings and the block collections open at the current line."""

    text: str
    findings: list[ScanFinding] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    """Corrections that an existing finding already reports."""
    levels: list[BlockLevel] = field(default_factory=list)
    """Open block collections, outermost first."""
    accepts_nested: bool = True
    """Whether the next line may be indented further: after a key or dash without a value."""
    in_plain_scalar: bool = False
    """Whether further indented lines continue a plain scalar."""
    text_indent: int = 0
    """Indent of a line that would continue the previous entry's text; 0 if that has none."""
    previous_entry: str = ""
    """The previous entry, which a further indented line would belong to."""
    last_shift: tuple[int, int] = (-1, -1)
    """The last wrong indent and the expected one, in columns."""

    def report(self, kind: FaultKind, index: int, *edits: Edit, **words: str) -> None:
        """Add a finding."""
        self.findings.append(build_finding(kind, index, *edits, **words))

    def report_unquoted(
        self, kind: FaultKind, index: int, start: int, end: int, **words: str
    ) -> None:
        """Add a finding that is corrected by quoting text[start:end]."""
        self.findings.append(build_quoting_finding(kind, index, self.text, start, end, **words))

    def line_start(self, at: int) -> int:
        """Return the index of the line's start."""
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """Return the index of the line's end."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def rest_of_line(self, at: int) -> str:
        """Return the rest of the line, stripped."""
        return self.text[at : self.line_end(at)].strip()

    def indent_end(self, start: int) -> int:
        """Return the index of the first visible character of the line that begins at `start`."""
        indent = _INDENT.match(self.text, start)
        return indent.end() if indent else start

    @property
    def column(self) -> int:
        """Column of the innermost block collection; -1 at the top."""
        return self.levels[-1].column if self.levels else -1
