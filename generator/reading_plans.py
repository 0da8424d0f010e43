"""What the reading of documents has in common: the words of labels, how columns and keys are read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from generator.nodes import Node
from generator.problems import Position
from generator.specs import FieldSpec
from generator.terms import Role
from generator.values import Misread, Value

Plan = TypeVar("Plan")
_new: Any = tuple.__new__
"""See sources: there is a place for every value."""


class Place(NamedTuple):
    """Where something stands: in the document's own words, and in the file."""

    where: str
    position: Position

    def below(self, key: str, node: Node | None = None) -> "Place":
        """The place of a key; the file's place is the node's, where it is filed."""
        position = self.position if node is None else node.position
        place: Place = _new(Place, (f"{self.where}/{key}", position))
        return place


class Names(dict[str, str]):
    """Keys by what the data may call them."""

    __slots__ = ("own",)

    def __init__(self, names: Iterable[tuple[str, str]] | Mapping[str, str]) -> None:
        """`own` are the keys themselves: a mapping with no other names is as it should be."""
        super().__init__(names)
        self.own = frozenset(name for name, key in self.items() if name == key)


class Columns(NamedTuple):
    """What the fillings of the same columns have in common."""

    each: tuple[tuple[FieldSpec, str, str, Callable[[str], Value | Misread], bool], ...]
    """Spec, key, the end of its cells' key paths, what reads it, whether not every value will do."""
    roles: Mapping[Role, str]
    """The columns' keys by role; where several have one, the first."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What the forms' labels ask for in braces, and what was worked out with it.

    All documents of a unit and year share it. What is worked out is kept by the ids of specs, for
    the forms outlive the reading.
    """

    words: dict[str, str]
    """年度, 上年, 单位, 级别."""
    names: dict[tuple[int, ...], Names] = field(default_factory=dict)
    """What the data may call the specs."""
    columns: dict[tuple[int, ...], Columns] = field(default_factory=dict)
    """How columns are read."""
    plans: dict[int, Any] = field(default_factory=dict)
    """How documents, tables and trees are read."""

    def plan(self, spec: object, work_out: Callable[[], Plan]) -> Plan:
        """How what a spec describes is read; worked out once."""
        plan: Plan | None = self.plans.get(id(spec))
        if plan is None:
            plan = self.plans[id(spec)] = work_out()
        return plan
