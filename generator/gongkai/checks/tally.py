"""Problem counts of a build: the blocking problems, a sample of the others, and their number."""

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.checks.registry import DATE_DEPENDENT
from gongkai.model.problems import Level, Problem, in_order

_SAMPLE_SIZE = 5
"""How many warnings a build lists; gongkai check lists them all."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Problems, counted."""

    blocking: tuple[Problem, ...] = ()
    """All problems that keep the site from being published."""
    some: tuple[Problem, ...] = ()
    """The first few warnings or, where there are none, hints."""
    others: int = 0
    """How many warnings and hints there are."""
    dated: bool = False
    """Whether any problem depends on today's date."""

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "Tally":
        """Count problems."""
        all_problems = list(problems)
        milder = [problem for problem in all_problems if problem.level is not Level.E]
        return cls(
            blocking=tuple(problem for problem in all_problems if problem.blocks),
            some=_sample(milder),
            others=len(milder),
            dated=any(problem.rule.id in DATE_DEPENDENT for problem in all_problems),
        )

    @classmethod
    def together(cls, parts: Iterable["Tally"]) -> "Tally":
        """Merge several counts."""
        all_parts = list(parts)
        return cls(
            blocking=tuple(in_order([problem for part in all_parts for problem in part.blocking])),
            some=_sample(problem for part in all_parts for problem in part.some),
            others=sum(part.others for part in all_parts),
            dated=any(part.dated for part in all_parts),
        )


def _sample(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the first few problems, warnings before hints."""
    ordered = in_order(list(problems))
    return tuple(sorted(ordered, key=lambda problem: problem.level is Level.I)[:_SAMPLE_SIZE])
