"""Check: a rule's id, name and levels, and a generator of findings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import getdoc
from typing import Generic, TypeVar

from gongkai.model.documents import Cell, Record
from gongkai.model.outcomes import IndicatorOutcome
from gongkai.model.problems import FindingKey, Level, Position, Problem, Rule

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Assessment:
    """A record with the outcomes of its indicators, computed once for all checks."""

    record: Record
    outcomes: tuple[IndicatorOutcome, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault that a check found; `Check.to_problem` adds the rule."""

    position: Position
    message: str
    """In Chinese: what was found, and what was expected."""
    advice: str
    """In Chinese: what to do."""
    where: str = ""
    """The key path in the form's words (位置)."""
    filed: str = ""
    """申报值, as printed."""
    computed: str = ""
    """复算值, as printed."""
    level: Level = Level.E
    also: FindingKey | None = None
    """The finding of another rule that this one includes."""


@dataclass(frozen=True, slots=True)
class Check(Generic[Subject]):
    """A rule and the generator that checks it."""

    rule: Rule
    subject: type[Subject]
    """What one call checks: a Record, its Assessment, a Disclosure, a Dataset (of one unit or of
    several), the KeyRegister of all units, a disclosure's ExplainedProblems or two Versions."""
    find: Callable[[Subject], Iterator[Finding]]
    needs_complete: bool = False
    """Whether the check runs only on a disclosure whose files could all be read."""

    def to_problem(self, finding: Finding) -> Problem:
        """Return the finding as a problem with this rule."""
        return Problem(
            self.rule,
            finding.level,
            finding.position,
            finding.message,
            finding.advice,
            finding.where,
            finding.filed,
            finding.computed,
            also=finding.also,
        )


def check(  # noqa: PLR0913 - what a rule is, by keyword
    rule_id: str,
    name: str,
    *levels: Level,
    of: type[Subject],
    explainable: bool = True,
    dated: bool = False,
    needs_complete: bool = False,
) -> Callable[[Callable[[Subject], Iterator[Finding]]], Check[Subject]]:
    """Make a check of a generator; its docstring is the rule's page in the handbook.

    `dated` says that its findings depend on today's date.
    """

    def decorate(find: Callable[[Subject], Iterator[Finding]]) -> Check[Subject]:
        rule = Rule(
            id=rule_id,
            name=name,
            levels=levels or (Level.E,),
            is_explainable=explainable,
            text=getdoc(find) or "",
            is_dated=dated,
        )
        return Check(rule, of, find, needs_complete)

    return decorate


def additional_check(
    rule: Rule, *, of: type[Subject], needs_complete: bool = False
) -> Callable[[Callable[[Subject], Iterator[Finding]]], Check[Subject]]:
    """Make a check of a rule that reading or another check reports too."""
    return lambda find: Check(rule, of, find, needs_complete)


def finding_at(
    cell: Cell, message: str, advice: str, *, computed: str = "", level: Level = Level.E
) -> Finding:
    """Return a finding about one cell."""
    return Finding(cell.position, message, advice, cell.where, cell.filed, computed, level)
