"""Fast path: nodes of an unambiguous YAML file, converted from PyYAML's own node graph."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode
from gongkai.model.problems import Position, ScalarPosition
from gongkai.reading.yaml.events import compose_graph, unfold
from gongkai.reading.yaml.faults import is_suspect
from gongkai.runtime.fast_tuples import build_tuple

MAX_DEPTH = 30
"""Deepest nesting of mappings and sequences."""
_WITH_SOURCE = frozenset("|'\"")
"""Styles of scalars whose text is not what the file has."""
_MAX_BRACKETS, _DEEP_INDENT = 100, re.compile(r"\n[ \t:?-]{60}")
"""Limits on brackets and indentation: libyaml has no nesting limit and would exhaust the stack."""


class _AmbiguousError(Exception):
    """Raised where the text may not mean what its author intended."""


def compose_fast(text: str, file: str) -> Node | None:
    """Return the root of a YAML text; None if it is empty, faulty or ambiguous."""
    if "*" in text and "&" in text:  # Possibly an alias.
        return None
    if (
        text.count("[") + text.count("{") > _MAX_BRACKETS
        or _DEEP_INDENT.search(f"\n{text}")
        or is_suspect(text)
    ):
        return None
    try:
        root = compose_graph(text)
        return (
            _NodeConverter(text, file).convert(root, 0) if type(root) is yaml.MappingNode else None
        )
    except (yaml.MarkedYAMLError, _AmbiguousError):
        return None


@dataclass(frozen=True, slots=True)
class _NodeConverter:
    """Converts PyYAML's nodes to ours."""

    text: str
    file: str

    def convert(self, node: Any, depth: int) -> Node:  # noqa: ANN401 - PyYAML has no types
        if type(node) is yaml.ScalarNode:
            return self.convert_scalar(node)
        if depth > MAX_DEPTH:
            raise _AmbiguousError
        if type(node) is yaml.MappingNode:
            return self.convert_mapping(node, depth)
        items = [self.convert(child, depth + 1) for child in node.value]
        return SequenceNode(tuple(items), self.position(node.start_mark), node.flow_style)

    def convert_scalar(self, node: Any) -> ScalarNode:  # noqa: ANN401
        start, style, value = node.start_mark, node.style, node.value
        if style == "|" or start.line != node.end_mark.line:
            if not value or style not in {"|", ">"}:
                raise _AmbiguousError
            if style == ">":
                value = unfold(self.text[start.index : node.end_mark.index], value)
        source = self.text[start.index : node.end_mark.index]
        position = ScalarPosition.of_source(self.position(start), source)
        return ScalarNode(value, position, not style)

    def position(self, mark: Any) -> Position:  # noqa: ANN401
        return Position(self.file, mark.line + 1, mark.column + 1)

    def convert_mapping(self, node: Any, depth: int) -> MappingNode:  # noqa: ANN401
        values: dict[str, Node] = {}
        file, flow, scalar = self.file, node.flow_style, yaml.ScalarNode
        for key, value in node.value:
            if type(key) is not scalar:
                raise _AmbiguousError
            if type(value) is scalar:
                mark, style, line = value.start_mark, value.style, value.start_mark.line
                if flow and mark.index == value.end_mark.index:
                    values[key.value] = self.blank_value(key, mark)
                    continue
                if not style and line != key.start_mark.line:
                    raise _AmbiguousError
                if style in _WITH_SOURCE or line != value.end_mark.line:
                    values[key.value] = self.convert_scalar(value)
                    continue
                position = build_tuple(Position, (file, line + 1, mark.column + 1))
                values[key.value] = build_tuple(ScalarNode, (value.value, position, not style))
            else:
                values[key.value] = self.convert(value, depth + 1)
        if len(values) < len(node.value) or "" in values:
            raise _AmbiguousError
        key_marks = tuple([key.start_mark for key, _ in node.value])
        return MappingNode(values, self.position(node.start_mark), flow, key_marks)

    def blank_value(self, key: Any, mark: Any) -> ScalarNode:  # noqa: ANN401
        """Return a blank value of a flow mapping, placed after its key's colon.

        The two parsers report different positions for it.
        """
        end = key.end_mark
        if mark.index == end.index:
            raise _AmbiguousError
        return ScalarNode("", Position(self.file, end.line + 1, end.column + 2))
