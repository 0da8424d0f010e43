"""Reading files: YAML and reports become nodes, with everything that is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gongkai.model.nodes import Mapping, Node, Scalar, Sequence, Source
from gongkai.model.problems import UNREADABLE, Position, Problem
from gongkai.reading.encoding import Fault, decode, read_bytes
from gongkai.reading.front_matter import split
from gongkai.reading.yaml.compose import DEEPEST, straight
from gongkai.reading.yaml.events import events, unfolded
from gongkai.reading.yaml.faults import MOST, corrected, faults_of, suspect, unknown
from gongkai.reading.yaml.recovery import scan

_SCALAR, _END = yaml.ScalarEvent, yaml.MappingEndEvent
_new: Any = tuple.__new__
"""A named tuple as its class makes it, in half the time; most of a file is made this way."""
_TOO_DEEP = f"嵌套超过 {DEEPEST} 层；请检查缩进和括号，减少层次"
_EMPTY = "文件是空的（或只有注释），没有可读的内容；请按表式填写“键: 值”"


def read_source(path: Path, file: str) -> Source:
    """The YAML file at the path."""
    data = read_bytes(path)
    return parse_source(data, file) if isinstance(data, bytes) else _failed(file, data)


def read_report(path: Path, file: str) -> Source:
    """The Markdown file at the path, which opens with front matter."""
    data = read_bytes(path)
    return parse_report(data, file) if isinstance(data, bytes) else _failed(file, data)


def parse_source(data: bytes, file: str) -> Source:
    """What a YAML file says."""
    decoded = decode(data)
    root, faults = _parsed(decoded.clean, file)
    return Source(file, decoded.text, root, _problems(file, [*decoded.faults, *faults]))


def parse_report(data: bytes, file: str) -> Source:
    """What a report says: its front matter as a node, and the Markdown below."""
    decoded = decode(data)
    front = split(decoded.clean)
    root, faults = None, [Fault(1, 1, front.message)]
    if front.head is not None:
        root, faults = _parsed(front.head, file)
    problems = _problems(file, [*decoded.faults, *faults])
    return Source(file, decoded.text, root, problems, front.body, front.body_line)


def _failed(file: str, fault: Fault) -> Source:
    return Source(file, "", None, _problems(file, [fault]))


def _problems(file: str, faults: list[Fault]) -> tuple[Problem, ...]:
    return tuple(
        Problem(UNREADABLE, each.level, Position(file, each.line, each.column), each.message)
        for each in sorted(faults)[:MOST]
    )


def _parsed(text: str, file: str) -> tuple[Node | None, list[Fault]]:
    """What a text says, and what is wrong with it; a faulty one is put right in a copy."""
    root = straight(text, file)
    if root is not None:
        return root, []
    first = _composed(text, file)
    if first.hopeless or not (first.stopped or first.odd or suspect(text)):
        return first.root, first.faults
    state = scan(text)
    findings = [each for each in state.findings if first.stopped or each.kind.silent]
    if not findings and not first.stopped:
        return first.root, first.faults
    healed = corrected(text, findings, state.edits)
    again = _composed(healed.replace("\t", " "), file)  # PyYAML's own parser stops at any tab.
    faults = faults_of(text, findings) + ([] if again.hopeless else again.faults)
    if not faults and again.stopped:
        faults = [unknown(text, again.line)]
    lost = again.hopeless or any(each.kind.lost for each in findings)
    return None if lost else again.root, faults


@dataclass(slots=True)
class _Composer:
    """Nodes from the parser's events."""

    text: str
    file: str
    next_event: Callable[[], Any]
    root: Node | None = None
    faults: list[Fault] = field(default_factory=list)
    odd: bool = False
    """Whether something was read that its author may not have meant."""
    stopped: bool = False
    """Whether the parser gave up."""
    hopeless: bool = False
    """Whether a closer look is useless."""
    line: int = 0
    """Where the parser gave up, counted from 0."""

    def place(self, event: Any) -> Position:  # noqa: ANN401 - events have no common type
        mark = event.start_mark
        return Position(self.file, mark.line + 1, mark.column + 1)

    def after(self, key: Any) -> Position:  # noqa: ANN401
        """Where a blank value would stand; the two parsers put it in different places."""
        mark = key.end_mark
        return Position(self.file, mark.line + 1, mark.column + 2)

    def node(self, event: Any, depth: int) -> Node:  # noqa: ANN401
        kind = type(event)
        if kind is _SCALAR:
            start, style = event.start_mark, event.style
            if style == "|" or start.line != event.end_mark.line:
                return self.long_scalar(event)
            place = _new(Position, (self.file, start.line + 1, start.column + 1))
            read: Scalar = _new(Scalar, (event.value, place, not style))
            return read
        if depth > DEEPEST:
            raise _TooDeepError(self.place(event))
        if kind is yaml.MappingStartEvent:
            return self.mapping(event, depth)
        if kind is yaml.SequenceStartEvent:
            return self.sequence(event, depth)
        self.odd = True
        return Scalar(f"*{event.anchor}", self.place(event))

    def long_scalar(self, event: Any) -> Scalar:  # noqa: ANN401
        """A scalar of several lines."""
        start, end, style, value = event.start_mark, event.end_mark, event.style, event.value
        if style != "|":
            value = unfolded(self.text[start.index : end.index], value)
            self.odd = self.odd or style != ">" or not value
        elif not value:
            self.odd = True
        return Scalar(value, self.place(event), not style)

    def sequence(self, event: Any, depth: int) -> Sequence:  # noqa: ANN401
        items, next_event = [], self.next_event
        while type(item := next_event()) is not yaml.SequenceEndEvent:
            items.append(self.node(item, depth + 1))
        return Sequence(tuple(items), self.place(event), event.flow_style)

    def mapping(self, event: Any, depth: int) -> Mapping:  # noqa: ANN401
        values: dict[str, Node] = {}
        marks: list[Any] = []
        next_event, node, flow, below = self.next_event, self.node, event.flow_style, depth + 1
        while type(key_event := next_event()) is not _END:
            key = node(key_event, below)
            value = node(value_event := next_event(), below)
            if flow:
                start = value_event.start_mark.index
                if start == value_event.end_mark.index:
                    value = Scalar("", self.after(key_event))
                odd = start == key_event.end_mark.index
            else:
                odd = type(value) is Scalar and value.plain and value[1][1] != key[1][1]
            if type(key) is not Scalar:
                self.odd = True
                continue
            text = key.text
            if text in values:
                self.faults.append(_twice(marks[list(values).index(text)].line + 1, key))
                continue
            values[text] = value
            marks.append(key_event.start_mark)
            if odd or not text:
                self.odd = True
        return Mapping(values, self.place(event), flow, tuple(marks))


class _TooDeepError(Exception):
    """Raised where the nesting passes the limit."""


def _composed(text: str, file: str) -> _Composer:
    composer = _Composer(text, file, events(text))
    try:
        _compose(composer)
    except yaml.MarkedYAMLError as error:
        composer.stopped, composer.root = True, None
        composer.line = error.problem_mark.line if error.problem_mark else 0
    except _TooDeepError as error:
        place: Position = error.args[0]
        composer.hopeless, composer.root = True, None
        composer.faults = [Fault(place.line, place.column, _TOO_DEEP)]
    return composer


def _compose(composer: _Composer) -> None:
    next_event = composer.next_event
    next_event()
    root = None
    if type(next_event()) is not yaml.StreamEndEvent:
        root = composer.node(next_event(), 0)
        next_event()
        composer.odd = composer.odd or type(next_event()) is not yaml.StreamEndEvent
    composer.root, composer.stopped = root, isinstance(root, Scalar)
    if root is None or root == Scalar("", root.position):
        composer.root, composer.hopeless = None, True
        composer.faults.append(Fault(1, 1, _EMPTY))


def _twice(first: int, again: Scalar) -> Fault:
    message = f"“{again.text}”在同一组里写了两次，第一次在第 {first} 行；请删去其中一个，或改正键名"
    return Fault(again.position.line, again.position.column, message)
