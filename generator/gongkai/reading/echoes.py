"""Faults of values that only follow from a fault in how the value is written."""

from collections.abc import Iterable

from gongkai.model.problems import UNREADABLE, Level, Problem


def drop_echoes(problems: Iterable[Problem], written: Iterable[Problem]) -> list[Problem]:
    """Return the problems without those of values that could not be read as their author means.

    `written` are the problems in how the file is written. One of them within a value accounts for
    what is wrong with the value: the last problem that begins before it on the same line.
    """
    found = list(problems)
    echoes: set[int] = set()
    for fault in written:
        before = [
            number
            for number, problem in enumerate(found)
            if problem.rule is UNREADABLE
            and problem.position[:2] == fault.position[:2]
            and problem.position.column <= fault.position.column
        ]
        if before and fault.level is Level.E:
            echoes.add(max(before, key=lambda number: found[number].position.column))
    return [problem for number, problem in enumerate(found) if number not in echoes]
