"""The YAML parser: what it meets in a text, one event after another or all at once."""

import operator
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import yaml

_WIDE = "\u2014\u2018\u2019\u201c\u201d\u2026\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff"
_FOLD = re.compile(rf"(?<=[{_WIDE}])(?=[ \t]*\n[ \t]*[{_WIDE}])")
"""Before a line break between two Chinese characters."""
_MARK = "\U0010fffd"
"""Stands where such a break was; the last character there is, and nobody's."""


def events(text: str) -> Callable[[], Any]:
    """What gives one event of the text after another, from libyaml where there is one."""
    parser = PARSER(text)
    next_event: Callable[[], Any] = parser.get_event
    return next_event


def composed(text: str) -> Any:  # noqa: ANN401 - PyYAML has no types
    """The text as PyYAML's nodes, which say no more of types than the events do; None if empty."""
    return _composer(PARSER)(text).get_single_node()


@cache
def _composer(parser: Any) -> Any:  # noqa: ANN401
    """The parser, composing nodes without guessing at their types.

    PyYAML asks the first two of every node and ignores the answer: what costs least will do.
    """

    class Composer(parser):  # type: ignore[misc]
        descend_resolver = operator.is_
        ascend_resolver = bool

        def resolve(self, _kind: object, _value: str, _implicit: object) -> None:
            pass

    return Composer


def unfolded(raw: str, value: str) -> str:
    """A scalar of several lines, without the blanks that folding puts between Chinese characters."""
    marked = _FOLD.sub(_MARK, raw)
    if marked == raw:
        return value
    if marked[0] not in "|>":
        marked = marked.replace("\n", "\n ")
    try:
        return _scalar(marked).replace(f"{_MARK} ", "").replace(_MARK, "")
    except yaml.YAMLError:
        return value


def _scalar(text: str) -> str:
    next_event = events(text)
    while not isinstance(event := next_event(), yaml.ScalarEvent):
        pass
    return str(event.value)


def _parser() -> Any:  # noqa: ANN401 - either of two classes without a common base
    return yaml.CLoader if yaml.__with_libyaml__ else yaml.SafeLoader


PARSER: Any = _parser()
