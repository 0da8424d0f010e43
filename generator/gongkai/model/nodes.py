"""YAML nodes: the values of a file with their line and column."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from gongkai.model.problems import Position, Problem


class ScalarNode(NamedTuple):
    """A scalar: always text, since the form decides the type."""

    text: str
    position: Position
    """Where it begins; for a blank value, where its key's colon ends."""
    is_plain: bool = True
    """False if it was quoted or a block scalar (| or >)."""


class MappingNode(NamedTuple):
    """A mapping with unique keys, in the file's order."""

    values: dict[str, "Node"]
    position: Position
    is_flow: bool = False
    """True for flow style (braces)."""
    key_marks: tuple[Any, ...] = ()
    """Where the keys begin, in order: positions, or the YAML parser's marks."""
    repeats: tuple["MappingNode", ...] = ()
    """The same keys once more and again: further items of a list, whose dashes are missing."""

    def get(self, key: str) -> "Node | None":
        """Return the key's value, or None if the key is absent."""
        return self.values.get(key)

    def key_position(self, key: str) -> Position:
        """Return where a key begins, computed on demand since only problems need it."""
        mark = self.key_marks[list(self.values).index(key)]
        if isinstance(mark, Position):
            return mark
        return Position(self.position.file, mark.line + 1, mark.column + 1)


class SequenceNode(NamedTuple):
    """A sequence (list)."""

    items: tuple["Node", ...]
    position: Position
    is_flow: bool = False
    """True for flow style (brackets)."""


Node = ScalarNode | MappingNode | SequenceNode


@dataclass(frozen=True)
class Source:
    """A file as read: its text, its YAML node tree, and the problems of parsing it."""

    file: str
    """The path as shown to the user."""
    text: str
    """The file's content with line ends normalised to LF."""
    root: Node | None
    """The root node; None if the file cannot be parsed."""
    problems: tuple[Problem, ...] = ()
    body: str = ""
    """In a report: the Markdown below the front matter."""
    body_line: int = 0
    """The line where the body begins; 0 in a file without one."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the text."""
        return tuple(self.text.split("\n"))
