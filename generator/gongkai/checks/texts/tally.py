"""Problem counts of a build: the blocking problems, a sample of the others, and their number."""

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.model.problems import Level, Problem, sort_problems

_SAMPLE_SIZE = 5
"""How many warnings a build lists; gongkai check lists them all."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Problems, counted."""

    blocking: tuple[Problem, ...] = ()
    """All problems that keep the site from being published."""
    sample: tuple[Problem, ...] = ()
    """The first few warnings or, where there are none, hints."""
    milder_count: int = 0
    """How many warnings and hints there are."""
    date_dependent: bool = False
    """Whether any problem depends on today's date."""

    @classmethod
    def from_problems(cls, problems: Iterable[Problem]) -> "Tally":
        """Count problems."""
        all_problems = list(problems)
        milder = [problem for problem in all_problems if problem.level is not Level.E]
        return cls(
            blocking=tuple(problem for problem in all_problems if problem.is_blocking),
            sample=_sample(milder),
            milder_count=len(milder),
            date_dependent=any(problem.rule.is_dated for problem in all_problems),
        )

    @classmethod
    def merge(cls, parts: Iterable["Tally"]) -> "Tally":
        """Merge several counts."""
        all_parts = list(parts)
        return cls(
            blocking=tuple(
                sort_problems([problem for part in all_parts for problem in part.blocking])
            ),
            sample=_sample(problem for part in all_parts for problem in part.sample),
            milder_count=sum(part.milder_count for part in all_parts),
            date_dependent=any(part.date_dependent for part in all_parts),
        )


def _sample(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the first few problems, warnings before hints."""
    ordered = sort_problems(list(problems))
    return tuple(sorted(ordered, key=lambda problem: problem.level is Level.I)[:_SAMPLE_SIZE])
