"""差异说明 and 勘误 of problems: all that the program knows, the reasons left to the unit."""

from collections.abc import Iterable

from gongkai.checks.unannounced import WRITE_CORRECTION, change_unannounced
from gongkai.model.problems import Problem

Entry = dict[str, str | None]
"""An entry of disclosure.yml; None for what the unit has to state."""


def draft_corrections(problems: Iterable[Problem]) -> list[Entry]:
    """Return the 勘误 of changes to published values, without reason and date."""
    return [
        {
            "位置": problem.where,
            "原值": problem.filed,
            "新值": problem.computed,
            "原因": None,
            "日期": None,
        }
        for problem in problems
        if needs_correction(problem)
    ]


def draft_explanations(problems: Iterable[Problem]) -> list[Entry]:
    """Return the 差异说明 of the explainable problems, without reason, author and date."""
    return [
        {
            "规则": problem.rule.id,
            "位置": problem.where,
            "申报值": problem.filed,
            "复算值": problem.computed,
            "说明": None,
            "说明人": None,
            "日期": None,
        }
        for problem in problems
        if is_explainable(problem)
    ]


def needs_correction(problem: Problem) -> bool:
    """Return whether a published value was changed without a 勘误."""
    return problem.rule is change_unannounced.rule and problem.advice == WRITE_CORRECTION


def is_explainable(problem: Problem) -> bool:
    """Return whether a 差异说明 can lift the block of a problem."""
    return problem.is_blocking and problem.rule.is_explainable and bool(problem.where)
