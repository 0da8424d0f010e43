"""Files as they were written: values that know their line and column."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from gongkai.model.problems import Position, Problem


class Scalar(NamedTuple):
    """A value as typed: always text; typing is the form's business."""

    text: str
    position: Position
    """Where it begins; for a blank value, where its key's colon ends."""
    plain: bool = True
    """False where it stood in quotes or in a block (| or >)."""


class Mapping(NamedTuple):
    """Keys with values, in the file's order, no key twice."""

    values: dict[str, "Node"]
    position: Position
    flow: bool = False
    """True where it was written in braces."""
    places: tuple[Any, ...] = ()
    """Where the keys begin, one by one: positions, or marks as the parser makes them."""

    def get(self, key: str) -> "Node | None":
        """The key's value; None where the key is absent."""
        return self.values.get(key)

    def place(self, key: str) -> Position:
        """Where a key begins; seldom asked, and so not worked out before."""
        place = self.places[list(self.values).index(key)]
        if isinstance(place, Position):
            return place
        return Position(self.position.file, place.line + 1, place.column + 1)


class Sequence(NamedTuple):
    """A list."""

    items: tuple["Node", ...]
    position: Position
    flow: bool = False
    """True where it was written in brackets."""


Node = Scalar | Mapping | Sequence


@dataclass(frozen=True)
class Source:
    """A file as read: its text, what it says, and why it could not all be read."""

    file: str
    """The path as shown to the user."""
    text: str
    """What stands in the file, with plain line ends."""
    root: Node | None
    """What it says; None where that cannot be told."""
    problems: tuple[Problem, ...] = ()
    body: str = ""
    """In a report: the Markdown below the front matter."""
    body_line: int = 0
    """The line where the body begins; 0 in a file without."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The text line by line."""
        return tuple(self.text.split("\n"))
