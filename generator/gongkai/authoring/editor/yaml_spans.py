"""Where the values of a YAML text begin and end, to the character."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from gongkai.authoring.editor.value_trees import EditError, Place, show_place
from gongkai.reading.yaml.events import event_reader, unfold

_COLON = re.compile(r"[ \t]*(?:\n[ \t]*)?:")


@dataclass(frozen=True, slots=True)
class ScalarSpan:
    """A scalar; a blank one begins and ends behind its key's colon or its dash."""

    start: int
    end: int
    """Behind its last character; of block scalars (| and >) without the line break."""
    text: str = ""
    style: str = ""
    """The quotation mark or block indicator; empty for a plain scalar."""

    @property
    def is_blank(self) -> bool:
        """Whether there is not even a pair of quotation marks."""
        return self.start == self.end

    @property
    def is_block(self) -> bool:
        """Whether it is a block scalar."""
        return self.style in {"|", ">"}


@dataclass(frozen=True, slots=True)
class MappingSpan:
    """A mapping."""

    start: int
    end: int
    is_flow: bool
    keys: tuple[ScalarSpan, ...]
    heads: tuple[int, ...]
    """Where the keys' colons end."""
    values: tuple["Span", ...]


@dataclass(frozen=True, slots=True)
class SequenceSpan:
    """A list."""

    start: int
    end: int
    is_flow: bool
    heads: tuple[int, ...]
    """Where the entries' dashes end; in flow style where the entries begin."""
    values: tuple["Span", ...]


Span = ScalarSpan | MappingSpan | SequenceSpan


def find_spans(text: str) -> Span:
    """Return the spans of a YAML text. Raise EditError if it cannot be parsed."""
    try:
        finder = _SpanFinder(text, event_reader(text))
        for _ in range(2):
            finder.next_event()
        return finder.span(finder.next_event(), 0)
    except yaml.MarkedYAMLError as error:
        raise EditError("文件的写法有误，不能在表里改；请先照提示改正") from error


def find_span(root: Span, place: Place) -> Span | None:
    """Return the span at a place; None if there is none."""
    span = root
    for part in place:
        if isinstance(span, MappingSpan) and isinstance(part, str):
            index = key_index(span, part)
            if index is None:
                return None
            span = span.values[index]
        elif isinstance(span, SequenceSpan) and isinstance(part, int):
            if not 0 <= part < len(span.values):
                return None
            span = span.values[part]
        else:
            return None
    return span


def find_head(root: Span, place: Place) -> int:
    """Return where the colon or dash before the value at a place ends."""
    parent, part = find_span(root, place[:-1]), place[-1]
    if isinstance(parent, MappingSpan) and isinstance(part, str):
        index = key_index(parent, part)
    elif isinstance(parent, SequenceSpan) and isinstance(part, int):
        index = part if part < len(parent.heads) else None
    else:
        index = None
    if index is None or isinstance(parent, ScalarSpan) or parent is None:
        raise EditError(f"文件里没有“{show_place(place)}”；请重新打开这个文件")
    return parent.heads[index]


def key_index(mapping: MappingSpan, key: str) -> int | None:
    """Return the position of a key in its mapping; None if it has no such key."""
    return next((index for index, span in enumerate(mapping.keys) if span.text == key), None)


def iter_spans(root: Span) -> Iterator[Span]:
    """Yield a span and all those in it."""
    yield root
    if not isinstance(root, ScalarSpan):
        for value in root.values:
            yield from iter_spans(value)


@dataclass(frozen=True, slots=True)
class _SpanFinder:
    text: str
    next_event: Callable[[], Any]

    def span(self, event: Any, head: int) -> Span:  # noqa: ANN401 - events have no common type
        """Return the span that an event begins; `head` is where its key's colon or dash ends."""
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(event)
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            return ScalarSpan(start, end, f"*{event.anchor}")
        source = self.text[start:end]
        if not source.strip():
            return ScalarSpan(head, head)
        if event.style in {"|", ">"} and "+" in source.split("\n", 1)[0]:
            return ScalarSpan(start, end - source.endswith("\n"), event.value, event.style)
        text = event.value
        if event.style != "|" and "\n" in source:
            text = unfold(source, text)
        return ScalarSpan(start, start + len(source.rstrip()), text, event.style or "")

    def mapping(self, event: Any) -> MappingSpan:  # noqa: ANN401
        keys: list[ScalarSpan] = []
        heads: list[int] = []
        values: list[Span] = []
        key_event = self.next_event()
        while type(key_event) is not yaml.MappingEndEvent:
            key = self.span(key_event, key_event.start_mark.index)
            if not isinstance(key, ScalarSpan):
                raise EditError(f"第 {key_event.start_mark.line + 1} 行的键不是文字；请先改正")
            colon = _COLON.match(self.text, key.end)
            head = colon.end() if colon else key.end
            value = self.span(self.next_event(), head)
            if key.text not in {known.text for known in keys}:  # The reader takes the first.
                keys.append(key)
                heads.append(head)
                values.append(value)
            key_event = self.next_event()
        end_mark: Any = key_event.end_mark
        end = end_mark.index if event.flow_style else values[-1].end
        start = event.start_mark.index
        return MappingSpan(start, end, event.flow_style, tuple(keys), tuple(heads), tuple(values))

    def sequence(self, event: Any) -> SequenceSpan:  # noqa: ANN401
        start, is_flow = event.start_mark.index, event.flow_style
        column = start - self.text.rfind("\n", 0, start) - 1
        dash = re.compile(rf"(?m)^ {{{column}}}-(?=[ \n]|\Z)")
        heads: list[int] = []
        values: list[Span] = []
        behind = start
        entry_event = self.next_event()
        while type(entry_event) is not yaml.SequenceEndEvent:
            head = entry_event.start_mark.index
            if not is_flow:
                match = dash.search(self.text, behind) if heads else None
                head = match.end() if match else start + 1
            values.append(self.span(entry_event, head))
            heads.append(head)
            behind = max(values[-1].end, head)
            entry_event = self.next_event()
        end_mark: Any = entry_event.end_mark
        end = end_mark.index if is_flow else values[-1].end
        return SequenceSpan(start, end, is_flow, tuple(heads), tuple(values))
