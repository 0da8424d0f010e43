"""Access to PyYAML: parser events one by one, node graphs, and folding of Chinese text."""

import operator
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import yaml

_WIDE = "\u2014\u2018\u2019\u201c\u201d\u2026\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff"
_CHINESE_BREAK = re.compile(rf"(?<=[{_WIDE}])(?=[ \t]*\n[ \t]*[{_WIDE}])")
"""Matches before a line break between two Chinese characters."""
_BREAK_MARK = "\U0010fffd"
"""Placeholder for such a break: the last private-use code point, which no file contains."""


def event_reader(text: str) -> Callable[[], Any]:
    """Return a function that returns the next parser event; uses libyaml where available."""
    parser = PARSER(text)
    next_event: Callable[[], Any] = parser.get_event
    return next_event


def compose_graph(text: str) -> Any:  # noqa: ANN401 - PyYAML has no types
    """Return the text as PyYAML's node graph without type tags; None if it is empty."""
    return _composer_class(PARSER)(text).get_single_node()


@cache
def _composer_class(parser: Any) -> Any:  # noqa: ANN401
    """Return the parser class with a composer that does not resolve tags.

    PyYAML calls the first two hooks for every node and ignores their result, so they are the
    cheapest callables available.
    """

    class Composer(parser):  # type: ignore[misc]
        descend_resolver = operator.is_
        ascend_resolver = bool

        def resolve(self, _kind: object, _value: str, _implicit: object) -> None:
            pass

    return Composer


def unfold(raw: str, value: str) -> str:
    """Return a multi-line scalar without the spaces that folding adds between Chinese characters."""
    marked = _CHINESE_BREAK.sub(_BREAK_MARK, raw)
    if marked == raw:
        return value
    if marked[0] not in "|>":
        marked = marked.replace("\n", "\n ")
    try:
        return _scalar_value(marked).replace(f"{_BREAK_MARK} ", "").replace(_BREAK_MARK, "")
    except yaml.YAMLError:
        return value


def _scalar_value(text: str) -> str:
    next_event = event_reader(text)
    while not isinstance(event := next_event(), yaml.ScalarEvent):
        pass
    return str(event.value)


def _parser_class() -> Any:  # noqa: ANN401 - either of two classes without a common base
    return yaml.CLoader if yaml.__with_libyaml__ else yaml.SafeLoader


PARSER: Any = _parser_class()
