"""What a build tells of problems: those that block, a few others, how many there are."""

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.checks.registry import DATED
from gongkai.model.problems import Level, Problem, in_order

_SHOWN = 5
"""How many warnings a build lists; gongkai check lists them all."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Problems, counted."""

    blocking: tuple[Problem, ...] = ()
    """All that keep the site from being published."""
    some: tuple[Problem, ...] = ()
    """A few of the warnings, or, where there are none, of the hints."""
    others: int = 0
    """How many warnings and hints there are."""
    dated: bool = False
    """Whether any may be otherwise tomorrow."""

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "Tally":
        """The problems, counted."""
        every = list(problems)
        milder = [each for each in every if each.level is not Level.E]
        return cls(
            blocking=tuple(each for each in every if each.blocks),
            some=_first(milder),
            others=len(milder),
            dated=any(each.rule.id in DATED for each in every),
        )

    @classmethod
    def together(cls, parts: Iterable["Tally"]) -> "Tally":
        """Several tallies as one."""
        every = list(parts)
        return cls(
            blocking=tuple(in_order([each for part in every for each in part.blocking])),
            some=_first(each for part in every for each in part.some),
            others=sum(part.others for part in every),
            dated=any(part.dated for part in every),
        )


def _first(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    ordered = in_order(list(problems))
    return tuple(sorted(ordered, key=lambda each: each.level is Level.I)[:_SHOWN])
