"""YAML files and Markdown reports as nodes, with every problem in how they are written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode, Source
from gongkai.model.problems import UNREADABLE, Position, Problem, ScalarPosition
from gongkai.reading.conflicts import find_conflicts
from gongkai.reading.encoding import Fault, decode_text, read_bytes
from gongkai.reading.front_matter import split_report
from gongkai.reading.yaml.compose import MAX_DEPTH, compose_fast
from gongkai.reading.yaml.events import event_reader, unfold
from gongkai.reading.yaml.faults import (
    MAX_FAULTS,
    apply_corrections,
    format_findings,
    is_suspect,
    shorten,
    unknown_fault,
)
from gongkai.reading.yaml.recovery import scan_text

_SCALAR, _END = yaml.ScalarEvent, yaml.MappingEndEvent
_TOO_DEEP = f"嵌套超过 {MAX_DEPTH} 层；请检查缩进和括号，减少层次"
_EMPTY = "文件是空的（或只有注释），没有可读的内容；请按表式填写“键: 值”"


def read_source(path: Path, file: str) -> Source:
    """Read a YAML file; `file` is its name in messages."""
    data = read_bytes(path)
    return parse_source(data, file) if isinstance(data, bytes) else _unreadable_source(file, data)


def read_report(path: Path, file: str) -> Source:
    """Read a Markdown report with front matter; `file` is its name in messages."""
    data = read_bytes(path)
    return parse_report(data, file) if isinstance(data, bytes) else _unreadable_source(file, data)


def parse_source(data: bytes, file: str) -> Source:
    """Parse the bytes of a YAML file."""
    decoded = decode_text(data)
    if conflicts := find_conflicts(decoded.clean):
        return Source(file, decoded.text, None, _to_problems(file, conflicts))
    root, faults = _parse_text(decoded.clean, file)
    return Source(file, decoded.text, root, _to_problems(file, [*decoded.faults, *faults]))


def parse_report(data: bytes, file: str) -> Source:
    """Parse a report: its front matter becomes the root node, the Markdown below the body."""
    decoded = decode_text(data)
    if conflicts := find_conflicts(decoded.clean):
        return Source(file, decoded.text, None, _to_problems(file, conflicts))
    report = split_report(decoded.clean)
    root, faults = None, [Fault(1, 1, report.message)]
    if report.front_matter is not None:
        root, faults = _parse_text(report.front_matter, file)
    problems = _to_problems(file, [*decoded.faults, *faults])
    return Source(file, decoded.text, root, problems, report.body, report.body_line)


def _unreadable_source(file: str, fault: Fault) -> Source:
    return Source(file, "", None, _to_problems(file, [fault]))


def _to_problems(file: str, faults: list[Fault]) -> tuple[Problem, ...]:
    return tuple(
        Problem(UNREADABLE, fault.level, Position(file, fault.line, fault.column), fault.message)
        for fault in sorted(faults)[:MAX_FAULTS]
    )


def _parse_text(text: str, file: str) -> tuple[Node | None, list[Fault]]:
    """Return root node and faults of a text; parse a corrected copy if it is faulty."""
    root = compose_fast(text, file)
    if root is not None:
        return root, []
    first = _compose_events(text, file)
    if first.unusable or not (first.failed or first.ambiguous or is_suspect(text)):
        return first.root, first.faults
    state = scan_text(text)
    findings = [finding for finding in state.findings if first.failed or finding.kind.silent]
    if not findings and not first.failed:
        return first.root, first.faults
    copy = apply_corrections(text, findings, state.edits)
    second = _compose_events(copy.replace("\t", " "), file)  # PyYAML's own parser stops at any tab.
    faults = format_findings(text, findings) + ([] if second.unusable else second.faults)
    if not faults and second.failed:
        faults = [unknown_fault(text, second.line)]
    unusable = second.unusable or any(finding.kind.fatal for finding in findings)
    return None if unusable else second.root, faults


@dataclass(slots=True)
class _Composer:
    """Composes nodes from parser events."""

    text: str
    file: str
    next_event: Callable[[], Any]
    root: Node | None = None
    faults: list[Fault] = field(default_factory=list)
    ambiguous: bool = False
    """Whether the text contains something that its author may not have meant."""
    failed: bool = False
    """Whether the parser raised an error or the root is a lone scalar."""
    unusable: bool = False
    """Whether the text is empty or nested too deeply, so that a scan would not help."""
    line: int = 0
    """The 0-based line of the parser error."""

    def position(self, event: Any) -> Position:  # noqa: ANN401 - events have no common type
        mark = event.start_mark
        return Position(self.file, mark.line + 1, mark.column + 1)

    def blank_position(self, key: Any) -> Position:  # noqa: ANN401
        """Return the position of a blank value; the two parsers report different ones."""
        mark = key.end_mark
        return Position(self.file, mark.line + 1, mark.column + 2)

    def node(self, event: Any, depth: int) -> Node:  # noqa: ANN401
        kind = type(event)
        if kind is _SCALAR:
            start, style = event.start_mark, event.style
            if style or start.line != event.end_mark.line:
                return self.styled_scalar(event)
            return ScalarNode(event.value, self.position(event), not style)
        if depth > MAX_DEPTH:
            raise _TooDeepError(self.position(event))
        if kind is yaml.MappingStartEvent:
            return self.mapping(event, depth)
        if kind is yaml.SequenceStartEvent:
            return self.sequence(event, depth)
        self.ambiguous = True
        return ScalarNode(f"*{event.anchor}", self.position(event))

    def styled_scalar(self, event: Any) -> ScalarNode:  # noqa: ANN401
        """Compose a scalar that is quoted or has several lines."""
        start, end, style, value = event.start_mark, event.end_mark, event.style, event.value
        source = self.text[start.index : end.index]
        if style == "|":
            self.ambiguous = self.ambiguous or not value
        elif start.line != end.line:
            value = unfold(source, value)
            self.ambiguous = self.ambiguous or style != ">" or not value
        position = ScalarPosition.of_source(self.position(event), source)
        return ScalarNode(value, position, not style)

    def sequence(self, event: Any, depth: int) -> SequenceNode:  # noqa: ANN401
        items, next_event = [], self.next_event
        while type(child := next_event()) is not yaml.SequenceEndEvent:
            items.append(self.node(child, depth + 1))
        return SequenceNode(tuple(items), self.position(event), event.flow_style)

    def mapping(self, event: Any, depth: int) -> MappingNode:  # noqa: ANN401
        values: dict[str, Node] = {}
        marks: list[Any] = []
        keys: list[tuple[ScalarNode, Node]] = []
        next_event, node, flow, below = self.next_event, self.node, event.flow_style, depth + 1
        while type(key_event := next_event()) is not _END:
            key = node(key_event, below)
            value = node(value_event := next_event(), below)
            if flow:
                start = value_event.start_mark.index
                if start == value_event.end_mark.index:
                    value = ScalarNode("", self.blank_position(key_event))
                ambiguous = start == key_event.end_mark.index
            else:
                ambiguous = (
                    type(value) is ScalarNode
                    and value.is_plain
                    and value.position.line != key.position.line
                )
            if type(key) is not ScalarNode:
                self.ambiguous = True
                continue
            text = key.text
            keys.append((key, value))
            if text in values:
                continue
            values[text] = value
            marks.append(key_event.start_mark)
            if ambiguous or not text:
                self.ambiguous = True
        if len(keys) > len(values):
            self.faults += _duplicate_key_faults(keys)
        return MappingNode(values, self.position(event), flow, tuple(marks))


class _TooDeepError(Exception):
    """Raised where the nesting exceeds MAX_DEPTH."""


def _compose_events(text: str, file: str) -> _Composer:
    composer = _Composer(text, file, event_reader(text))
    try:
        _compose_root(composer)
    except yaml.MarkedYAMLError as error:
        composer.failed, composer.root = True, None
        composer.line = error.problem_mark.line if error.problem_mark else 0
    except _TooDeepError as error:
        position: Position = error.args[0]
        composer.unusable, composer.root = True, None
        composer.faults = [Fault(position.line, position.column, _TOO_DEEP)]
    return composer


def _compose_root(composer: _Composer) -> None:
    next_event = composer.next_event
    next_event()
    root = None
    if type(next_event()) is not yaml.StreamEndEvent:
        root = composer.node(next_event(), 0)
        next_event()
        composer.ambiguous = composer.ambiguous or type(next_event()) is not yaml.StreamEndEvent
    composer.root, composer.failed = root, isinstance(root, ScalarNode)
    if root is None or root == ScalarNode("", root.position):
        composer.root, composer.unusable = None, True
        composer.faults.append(Fault(1, 1, _EMPTY))


def _duplicate_key_faults(keys: list[tuple[ScalarNode, Node]]) -> Iterator[Fault]:
    """Yield a fault for every repeated key of a mapping, but one for several that repeat in a row.

    Those are the keys of two items of a list, of which the second lacks its dash.
    """
    first: dict[str, tuple[ScalarNode, Node]] = {}
    repeated: list[tuple[ScalarNode, Node]] = []
    for key, value in keys:
        if key.text not in first:
            first[key.text] = key, value
            continue
        if any(key.text == other.text for other, _ in repeated):
            yield from _repetition_faults(repeated, first)
            repeated = []
        repeated.append((key, value))
    yield from _repetition_faults(repeated, first)


def _repetition_faults(
    repeated: list[tuple[ScalarNode, Node]], first: dict[str, tuple[ScalarNode, Node]]
) -> Iterator[Fault]:
    if len(repeated) > 1:
        key = repeated[0][0]
        names = "".join(f"“{other.text}”" for other, _ in repeated[:3])
        names += f"等 {len(repeated)} 项" if len(repeated) > 3 else ""  # noqa: PLR2004
        line = first[key.text][0].position.line
        message = (
            f"从这里起，{names}又写了一遍，第一遍从第 {line} 行起；是列表的下一项，请在本行行首写“- ”，"
            "与其他各项的“- ”对齐，是重复的，请删去一遍"
        )
        yield Fault(key.position.line, key.position.column, message)
        return
    for key, value in repeated:
        first_key, first_value = first[key.text]
        message = (
            f"“{key.text}”在同一组里写了两次，第一次在第 {first_key.position.line} 行"
            f"{_quote_values(first_value, value)}；请删去其中一个，或改正键名"
        )
        yield Fault(key.position.line, key.position.column, message)


def _quote_values(first: Node, second: Node) -> str:
    """Return in Chinese what two values of the same key are; empty if they are not short texts."""
    if not (isinstance(first, ScalarNode) and isinstance(second, ScalarNode)):
        return ""
    if first.text == second.text or not (first.text and second.text):
        return ""
    return f"，写的是“{shorten(first.text)}”，这里是“{shorten(second.text)}”"
