"""Patterns that forms supply (格式), matched in time that grows with the text only, never with its square.

Python's re tries one alternative after the other: `(.+)+x` takes 2^n steps. Here a pattern becomes an
automaton that follows all alternatives at once. It means the same as re.fullmatch, for Chinese too
(汉 is a word character, ３ is a digit); look-around and references to groups are refused.
"""

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

_PARSER: Any = import_module("re._parser")
_MAX_STEPS = 2_000
"""Largest size of a pattern with its repeats written out."""
_MAX_CACHED = 10_000
_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": str.isdecimal,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda character: character.isalnum() or character == "_",
}
_Test = Callable[[str], bool]


class PatternError(ValueError):
    """A pattern cannot be used; the Chinese message says why, and what to do."""


class LinearPattern:
    """A compiled pattern."""

    def __init__(self, pattern: str) -> None:
        """Compile a pattern; raise PatternError if it is invalid, too large or not regular."""
        self._tests: list[_Test | None] = [None]
        self._targets: list[list[int]] = [[]]  # Number 0 is the end.
        self._size = 0
        self._cache: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self._start = self._close([self._add_sequence(_without_ends(_parse(pattern)), 0)])

    def fullmatch(self, text: str) -> bool:
        """Tell whether the whole text has this pattern."""
        states = self._start
        for character in text:
            states = self._follow(states, character)
            if not states:
                return False
        return 0 in states

    def _follow(self, states: frozenset[int], character: str) -> frozenset[int]:
        """Return the states after a character."""
        key = states, character
        following = self._cache.get(key)
        if following is None:
            if len(self._cache) >= _MAX_CACHED:
                self._cache.clear()
            following = self._cache[key] = self._close(
                self._targets[state][0]
                for state in states
                if (test := self._tests[state]) and test(character)
            )
        return following

    def _close(self, states: Iterable[int]) -> frozenset[int]:
        """Return these states and all that they reach without a character."""
        pending, reached = list(states), set[int]()
        while pending:
            state = pending.pop()
            if state not in reached:
                reached.add(state)
                pending += () if self._tests[state] else self._targets[state]
        return frozenset(reached)

    def _add(self, test: _Test | None, targets: list[int]) -> int:
        self._tests.append(test)
        self._targets.append(targets)
        return len(self._tests) - 1

    def _add_sequence(self, nodes: Iterable[tuple[Any, Any]], after: int) -> int:
        """Add states for parsed nodes, last one first; return the state before them."""
        for operation, argument in reversed(list(nodes)):
            after = self._add_node(f"{operation}", argument, after)
        self._size += 1
        if self._size > _MAX_STEPS or len(self._tests) > _MAX_STEPS:
            raise PatternError("太长，或者重复的次数太多；请写得简单些")
        return after

    def _add_node(self, operation: str, argument: Any, after: int) -> int:  # noqa: ANN401 - as re parses it
        match operation:
            case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN":
                return self._add(_character_test(operation, argument), [after])
            case "BRANCH":
                return self._add(None, [self._add_sequence(nodes, after) for nodes in argument[1]])
            case "SUBPATTERN" if not argument[1] and not argument[2]:
                return self._add_sequence(argument[3], after)
            case "MAX_REPEAT" | "MIN_REPEAT":
                return self._add_repeat(argument, after)
        raise PatternError(
            "用了这里不支持的写法（前后查找、引用前面的组、(?i) 之类、中间的 ^ 与 $）；请改用普通的写法"
        )

    def _add_repeat(self, argument: Any, after: int) -> int:  # noqa: ANN401
        least, most, nodes = argument
        if most == _PARSER.MAXREPEAT:
            start = self._add(None, [])
            self._targets[start] += [self._add_sequence(nodes, start), after]
        else:
            start = after
            for _ in range(most - least):
                start = self._add(None, [self._add_sequence(nodes, start), after])
        for _ in range(least):
            start = self._add_sequence(nodes, start)
        return start


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> LinearPattern:
    """Return a compiled pattern; raise PatternError if it cannot be used."""
    return LinearPattern(pattern)


def require_usable(pattern: str) -> str:
    """Return a pattern; raise PatternError if it cannot be used."""
    compile_pattern(pattern)
    return pattern


def _parse(pattern: str) -> Sequence[tuple[Any, Any]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _PARSER.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        raise PatternError("不是合法的正则表达式；请核对括号与反斜杠") from None
    if parsed.state.flags & ~re.UNICODE:
        raise PatternError("开头不能写 (?i) 之类；请改用普通的写法")
    return list(parsed)


def _without_ends(nodes: Sequence[tuple[Any, Any]]) -> Sequence[tuple[Any, Any]]:
    """Return nodes without ^ at the beginning and $ at the end, which say nothing of a whole text."""
    is_start = bool(nodes) and f"{nodes[0][1]}" in {"AT_BEGINNING", "AT_BEGINNING_STRING"}
    nodes = nodes[1:] if is_start else nodes
    is_end = bool(nodes) and f"{nodes[-1][1]}" in {"AT_END", "AT_END_STRING"}
    return nodes[:-1] if is_end else nodes


def _character_test(operation: str, argument: Any) -> _Test:  # noqa: ANN401
    """Return the test of one character."""
    if operation == "ANY":
        return lambda character: character != "\n"
    if operation == "IN":
        tests = [
            _member_test(f"{name}", value) for name, value in argument if f"{name}" != "NEGATE"
        ]
        is_negated = len(tests) < len(argument)
        return lambda character: any(test(character) for test in tests) != is_negated
    literal, is_equal = chr(argument), operation == "LITERAL"
    return lambda character: (character == literal) == is_equal


def _member_test(name: str, value: Any) -> _Test:  # noqa: ANN401
    if name == "LITERAL":
        return chr(value).__eq__
    if name == "RANGE":
        first, last = map(chr, value)
        return lambda character: first <= character <= last
    category = _CATEGORIES[f"{value}".replace("_NOT_", "_")]
    is_negated = "_NOT_" in f"{value}"
    return lambda character: category(character) != is_negated
