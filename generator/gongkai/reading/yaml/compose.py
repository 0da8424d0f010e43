"""Files without surprises: what PyYAML makes of them becomes ours, quicker than event by event."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from gongkai.model.nodes import Mapping, Node, Scalar, Sequence
from gongkai.model.problems import Position
from gongkai.reading.yaml.events import composed, unfolded
from gongkai.reading.yaml.faults import suspect

DEEPEST = 30
"""How many mappings and lists may stand in one another."""
_MOST, _FAR_IN = 100, re.compile(r"\n[ \t:?-]{60}")
"""What keeps the nesting so low that libyaml, which knows no limit, does not exhaust the stack."""
_new: Any = tuple.__new__
"""A named tuple as its class makes it, in half the time; most of a file is made this way."""


class _SurprisingError(Exception):
    """Raised where a closer look is needed."""


def straight(text: str, file: str) -> Node | None:
    """What a text says; None where it is empty, faulty, or may not say what its author meant."""
    if "*" in text and "&" in text:  # A value that stands for another one.
        return None
    if text.count("[") + text.count("{") > _MOST or _FAR_IN.search(f"\n{text}") or suspect(text):
        return None
    try:
        root = composed(text)
        return _Walk(text, file).node(root, 0) if type(root) is yaml.MappingNode else None
    except (yaml.MarkedYAMLError, _SurprisingError):
        return None


@dataclass(frozen=True, slots=True)
class _Walk:
    """Our nodes from those of PyYAML."""

    text: str
    file: str

    def node(self, node: Any, depth: int) -> Node:  # noqa: ANN401 - PyYAML has no types
        if type(node) is yaml.ScalarNode:
            return self.scalar(node)
        if depth > DEEPEST:
            raise _SurprisingError
        if type(node) is yaml.MappingNode:
            return self.mapping(node, depth)
        items = [self.node(each, depth + 1) for each in node.value]
        return Sequence(tuple(items), self.place(node.start_mark), node.flow_style)

    def scalar(self, node: Any) -> Scalar:  # noqa: ANN401
        start, style, value = node.start_mark, node.style, node.value
        if style == "|" or start.line != node.end_mark.line:
            if not value or style not in {"|", ">"}:
                raise _SurprisingError
            if style == ">":
                value = unfolded(self.text[start.index : node.end_mark.index], value)
        return Scalar(value, self.place(start), not style)

    def place(self, mark: Any) -> Position:  # noqa: ANN401
        place: Position = _new(Position, (self.file, mark.line + 1, mark.column + 1))
        return place

    def mapping(self, node: Any, depth: int) -> Mapping:  # noqa: ANN401
        values: dict[str, Node] = {}
        file, flow, scalar = self.file, node.flow_style, yaml.ScalarNode
        for key, value in node.value:
            if type(key) is not scalar:
                raise _SurprisingError
            if type(value) is scalar:
                mark, style, line = value.start_mark, value.style, value.start_mark.line
                if flow and mark.index == value.end_mark.index:
                    values[key.value] = self.blank(key, mark)
                    continue
                if not style and line != key.start_mark.line:
                    raise _SurprisingError
                if style == "|" or line != value.end_mark.line:
                    values[key.value] = self.scalar(value)
                    continue
                place = _new(Position, (file, line + 1, mark.column + 1))
                values[key.value] = _new(Scalar, (value.value, place, not style))
            else:
                values[key.value] = self.node(value, depth + 1)
        if len(values) < len(node.value) or "" in values:
            raise _SurprisingError
        places = tuple([key.start_mark for key, _ in node.value])
        read: Mapping = _new(Mapping, (values, self.place(node.start_mark), flow, places))
        return read

    def blank(self, key: Any, mark: Any) -> Scalar:  # noqa: ANN401
        """A blank value in braces: the two parsers put it in different places."""
        end = key.end_mark
        if mark.index == end.index:
            raise _SurprisingError
        return Scalar("", Position(self.file, end.line + 1, end.column + 2))
