"""What a check is: a rule's id, name and levels, and a generator of findings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import getdoc
from typing import Any, Generic, TypeVar

from gongkai.model.documents import Cell, Record
from gongkai.model.outcomes import Outcome
from gongkai.model.problems import Level, Position, Problem, Rule

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """A record with what its indicators come to, worked out once for all checks."""

    record: Record
    rows: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; the rule's id and name are added by whoever runs it."""

    position: Position
    message: str
    advice: str
    where: str = ""
    filed: str = ""
    computed: str = ""
    level: Level = Level.E


@dataclass(frozen=True, slots=True)
class Check(Generic[Subject]):
    """A rule and how it is judged."""

    rule: Rule
    subject: type[Subject]
    """What it judges at a time: a Record, its Outcomes, a Disclosure, a Dataset (of one unit or of
    several) or the Register of all units."""
    find: Callable[[Subject], Iterator[Finding]]
    whole: bool = False
    """Whether it can only be judged where all of a disclosure could be read."""

    def problem(self, found: Finding) -> Problem:
        """What it found, with the rule."""
        return Problem(
            self.rule,
            found.level,
            found.position,
            found.message,
            found.advice,
            found.where,
            found.filed,
            found.computed,
        )


def check(
    rule_id: str,
    name: str,
    *levels: Level,
    of: type[Subject],
    explainable: bool = True,
    whole: bool = False,
) -> Callable[[Callable[[Subject], Iterator[Finding]]], Check[Subject]]:
    """Make a check of a generator; its docstring is the rule's page in the handbook."""

    def make(find: Callable[[Subject], Iterator[Finding]]) -> Check[Subject]:
        rule = Rule(rule_id, name, levels or (Level.E,), explainable, getdoc(find) or "")
        return Check(rule, of, find, whole)

    return make


def also(
    other: Check[Any], *, of: type[Subject]
) -> Callable[[Callable[[Subject], Iterator[Finding]]], Check[Subject]]:
    """Make a second check of a rule, which judges something else."""
    return lambda find: Check(other.rule, of, find)


def at(
    cell: Cell, message: str, advice: str, *, computed: str = "", level: Level = Level.E
) -> Finding:
    """A finding about one cell."""
    return Finding(cell.position, message, advice, cell.where, cell.filed, computed, level)
