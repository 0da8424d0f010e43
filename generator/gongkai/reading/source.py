"""YAML files and Markdown reports as nodes, with every problem in how they are written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode, Source
from gongkai.model.problems import UNREADABLE, Position, Problem, ScalarPosition
from gongkai.reading.conflicts import find_conflicts
from gongkai.reading.encoding import Fault, decode_text, foreign_fault, read_bytes
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


def read_text(path: Path) -> str:
    """Return the text of a data file as messages quote it; empty if it is unreadable."""
    data = read_bytes(path)
    return decode_text(data).text if isinstance(data, bytes) and not foreign_fault(data) else ""


def read_report(path: Path, file: str) -> Source:
    """Read a Markdown report with front matter; `file` is its name in messages."""
    data = read_bytes(path)
    return parse_report(data, file) if isinstance(data, bytes) else _unreadable_source(file, data)


def parse_source(data: bytes, file: str) -> Source:
    """Parse the bytes of a YAML file."""
    if foreign := foreign_fault(data):
        return _unreadable_source(file, foreign)
    decoded = decode_text(data)
    if conflicts := find_conflicts(decoded.clean):
        return Source(file, decoded.text, None, _to_problems(file, conflicts))
    root, faults = _parse_text(decoded.clean, file)
    return Source(file, decoded.text, root, _to_problems(file, [*decoded.faults, *faults]))


def parse_report(data: bytes, file: str) -> Source:
    """Parse a report: its front matter becomes the root node, the Markdown below the body."""
    if foreign := foreign_fault(data):
        return _unreadable_source(file, foreign)
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
        items: list[Node] = []
        next_event = self.next_event
        while type(child := next_event()) is not yaml.SequenceEndEvent:
            items.append(node := self.node(child, depth + 1))
            items += node.repeats if type(node) is MappingNode else ()
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
        repeats: tuple[MappingNode, ...] = ()
        if len(keys) > len(values):
            runs = _repeated_runs(keys)
            self.faults += _duplicate_key_faults(keys, runs)
            repeats = tuple(_mapping_of(run, flow=flow) for run in runs if len(run) > 1)
            for key, value in (pair for run in runs for pair in run):
                if values.get(key.text) is value:  # A key of a later item only.
                    del marks[list(values).index(key.text)], values[key.text]
        return MappingNode(values, self.position(event), flow, tuple(marks), repeats)


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


_Pair = tuple[ScalarNode, Node]


def _repeated_runs(keys: Sequence[_Pair]) -> list[list[_Pair]]:
    """Return the keys of a mapping that are there already, by the runs in which they repeat.

    A run of several is a further item of a list, whose dash is missing.
    """
    runs: list[list[_Pair]] = []
    seen: set[str] = set()
    in_run: set[str] = set()
    for key, value in keys:
        if key.text not in seen:
            if in_run and len(runs[-1]) > 1:
                runs[-1].append((key, value))
            seen.add(key.text)
            continue
        if not in_run or key.text in in_run:
            runs.append([])
            in_run = set()
        runs[-1].append((key, value))
        in_run.add(key.text)
    return runs


def _mapping_of(run: Sequence[_Pair], *, flow: bool) -> MappingNode:
    values, marks = {key.text: value for key, value in run}, [key.position for key, _ in run]
    return MappingNode(values, marks[0], flow, tuple(marks))


def _duplicate_key_faults(
    keys: Sequence[_Pair], runs: Sequence[Sequence[_Pair]]
) -> Iterator[Fault]:
    """Yield a fault for every key that repeats alone, and one for those that repeat together."""
    first = {key.text: (key, value) for key, value in reversed(keys)}
    items = [run for run in runs if len(run) > 1]
    for run in runs:
        for key, value in run if len(run) == 1 else ():
            first_key, first_value = first[key.text]
            message = (
                f"“{key.text}”在同一组里写了两次，第一次在第 {first_key.position.line} 行"
                f"{_quote_values(first_value, value)}；请删去其中一个，或改正键名"
            )
            yield Fault(key.position.line, key.position.column, message)
    if items:
        key = items[0][0][0]
        message = _repeated_items_message(items, first[key.text][0].position.line)
        yield Fault(key.position.line, key.position.column, message)


def _repeated_items_message(items: Sequence[Sequence[_Pair]], first_line: int) -> str:
    """Return the message for keys that repeat together: items of a list without their dashes."""
    names = "".join(f"“{key.text}”" for key, _ in items[0][:3])
    names += f"等 {len(items[0])} 项" if len(items[0]) > 3 else ""  # noqa: PLR2004
    lines = "、".join(f"{run[0][0].position.line}" for run in items)
    again, where = "又写了一遍", "本行"
    if len(items) > 1:
        again, where = f"又写了 {len(items)} 遍（第 {lines} 行）", "这几行"
    return (
        f"从这里起，{names}{again}，第一遍从第 {first_line} 行起；若是列表的下一项，请在{where}行首写“- ”，"
        "与其他各项的“- ”对齐，若是重复的，请删去"
    )


def _quote_values(first: Node, second: Node) -> str:
    """Return in Chinese what two values of the same key are; empty if they are not short texts."""
    if not (isinstance(first, ScalarNode) and isinstance(second, ScalarNode)):
        return ""
    if first.text == second.text or not (first.text and second.text):
        return ""
    return f"，写的是“{shorten(first.text)}”，这里是“{shorten(second.text)}”"
