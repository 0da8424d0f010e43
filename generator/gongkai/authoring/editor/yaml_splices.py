"""Changes of a YAML text that one edit calls for; every other character stays."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gongkai.authoring.editor.value_trees import (
    EditError,
    EditKind,
    KeyOrder,
    Place,
    Tree,
    ValueEdit,
    clean_text,
    clean_tree,
    has_place,
    is_blank,
    keep_line_ends,
    show_place,
    value_at,
)
from gongkai.authoring.editor.yaml_spans import (
    MappingSpan,
    ScalarSpan,
    SequenceSpan,
    Span,
    find_head,
    find_span,
    key_index,
)
from gongkai.authoring.editor.yaml_style import (
    FileStyle,
    block_header,
    column_of,
    is_flat,
    write_below,
    write_entry,
    write_flow,
    write_key,
    write_line,
    write_list,
    write_mapping,
)

_COMMENTS_ABOVE = re.compile(r"(?:^[ ]*#[^\n]*\n)+[ ]*\Z", re.MULTILINE)
_TIGHT_COMMENT = re.compile(r"[ \t]*#(?=[^ \n])")


class Splice(NamedTuple):
    """A replacement of text[start:end]."""

    start: int
    end: int
    new: str


def apply_splices(text: str, splices: Iterable[Splice]) -> str:
    """Return a text with replacements that do not overlap."""
    for splice in sorted(splices, reverse=True):
        text = text[: splice.start] + splice.new + text[splice.end :]
    return text


@dataclass(frozen=True, slots=True)
class Splicer:
    """Finds the changes of a text for edits of its values."""

    text: str
    root: Span
    style: FileStyle
    key_order: KeyOrder
    values: Tree = None
    """The values as the reader reads them, if the text has faults that it mends."""

    def splice(self, edit: ValueEdit) -> list[Splice]:
        """Return the changes that an edit calls for. Raise EditError if it does not fit."""
        place = edit.place
        if not place:
            raise EditError("没有写明改哪一处；请重新打开这个文件")
        match edit.kind:
            case EditKind.SET:
                return self.set_value(place, clean_tree(edit.value))
            case EditKind.REMOVE:
                return self.remove(place)
            case EditKind.INSERT:
                return self.insert(place, clean_tree(edit.value))
            case EditKind.MOVE:
                return self.move(place, edit.to)

    def set_value(self, place: Place, value: Tree) -> list[Splice]:
        """Return the changes that give a place, which may be missing, a value."""
        span, part = find_span(self.root, place), place[-1]
        if span is not None:
            return self.replace(place, span, value)
        parent = find_span(self.root, place[:-1])
        if isinstance(part, int):
            if isinstance(parent, SequenceSpan) and part == len(parent.values):
                return self.insert(place, value)
            if part == 0 and (parent is None or _is_empty(parent)):
                return self.set_value(place[:-1], [value])
            raise EditError(f"文件里没有“{show_place(place)}”；请重新打开这个文件")
        if isinstance(parent, MappingSpan) and parent.keys:
            return self.add_key(place, parent, value)
        if place[:-1] and (parent is None or _is_empty(parent)):
            return self.set_value(place[:-1], {part: value})
        raise EditError(f"“{show_place(place[:-1])}”里不能有下级；请核对")

    def in_flow(self, place: Place) -> bool:
        """Tell whether what is at a place stands in braces or brackets."""
        spans = (find_span(self.root, place[:depth]) for depth in range(len(place)))
        return any(isinstance(span, MappingSpan | SequenceSpan) and span.is_flow for span in spans)

    # Values in their places

    def replace(self, place: Place, span: Span, value: Tree) -> list[Splice]:
        """Return the changes that put a value where another one stands."""
        if not isinstance(value, str) and is_blank(value):
            value = ""
        if isinstance(value, str) and isinstance(span, ScalarSpan):
            span = self.widen_to_value(place, span)
            if clean_text(span.text) == value:
                return []
            value = keep_line_ends(span.text, value)
        head = find_head(self.root, place)
        if self.in_flow(place):
            quote = span.style if isinstance(span, ScalarSpan) else ""
            return self.replace_in_flow(head, span, value, quote)
        inline, below = self.write_value(place, span, value)
        if isinstance(span, ScalarSpan) and span.is_blank and not inline and below:
            at = self.end_of_comments(head, self.column_of_parent(place))
            return [Splice(at, at, "".join(f"\n{line}" for line in below))]
        return self.replace_in_block(head, span, inline, below)

    def widen_to_value(self, place: Place, span: ScalarSpan) -> ScalarSpan:
        """Return a span to the line's end if the reader takes more for the value than YAML does."""
        if self.values is None or not has_place(self.values, place):
            return span
        text = value_at(self.values, place)
        rest = self.text[span.start : self.line_end(span.start)].rstrip()
        if isinstance(text, str) and text != span.text and len(text) == len(rest):
            return ScalarSpan(span.start, span.start + len(rest), text)
        return span

    def write_value(self, place: Place, span: Span, value: Tree) -> tuple[str, list[str]]:
        """Return a value as what follows its key or dash, and the lines below."""
        column = self.column_of_parent(place)
        if isinstance(value, str):
            return self.write_text(span, value, column)
        if isinstance(value, dict):
            if is_flat(value) and self.has_flat_siblings(place):
                return write_flow(value, self.style), []
            step = self.style.step if isinstance(place[-1], str) else 2
            lines = write_mapping(value, column + step, self.style)
        else:
            step = self.style.list_step if isinstance(place[-1], str) else 2
            lines = write_list(list(value or ()), column + step, self.style)
        if isinstance(place[-1], int):  # Begins behind the dash.
            return lines[0].lstrip(), lines[1:]
        return "", lines

    def write_text(self, span: Span, text: str, column: int) -> tuple[str, list[str]]:
        """Return a text as what follows its key or dash, and the lines below."""
        quotes_all = self.style.quotes_all
        old = span if isinstance(span, ScalarSpan) else ScalarSpan(0, 0)
        if not text:
            return "", []
        if old.is_block or "\n" in text.rstrip("\n"):
            source = self.text[old.start : old.end]
            content = column + self.style.step
            if old.is_block and (line := re.search(r"\n( *)[^ \n]", source)):
                content = len(line[1])
            block = source if old.is_block else ""
            return write_below(text, block, content, quotes_all=quotes_all)
        return write_line(text, old.style, in_flow=False, quotes_all=quotes_all), []

    def replace_in_block(
        self, head: int, span: Span, inline: str, below: Sequence[str]
    ) -> list[Splice]:
        """Return the changes for a value behind a key or dash, with lines below."""
        inline_end, below_start, below_end = span.end, self.line_end(span.end), -1
        is_block = not isinstance(span, ScalarSpan) and not span.is_flow
        if isinstance(span, ScalarSpan) and span.is_block:
            inline_end = span.start + len(block_header(self.text[span.start : span.end]))
            below_start, below_end = self.line_end(inline_end), span.end
        elif is_block and "\n" in self.text[head : span.start]:
            inline_end, below_start, below_end = head, self.line_end(head), self.line_end(span.end)
        below_end = max(below_end, below_start)
        new = f" {inline}" if inline else ""
        start = head
        is_scalar = isinstance(span, ScalarSpan) and not span.is_blank
        is_text = not below or inline.startswith(("|", ">"))
        if is_scalar and inline and is_text:  # Of a mapping or list the lines below have to fit.
            start, new = span.start, inline
        if not new and (comment := _TIGHT_COMMENT.match(self.text, inline_end)):
            inline_end, new = comment.end(), "  # "  # Else it would read as the value.
        splices = [Splice(start, inline_end, new)]
        lines = "".join(f"\n{line}" for line in below)
        if lines != self.text[below_start:below_end]:
            splices.append(Splice(below_start, below_end, lines))
        return [splice for splice in splices if self.changes(splice)]

    def end_of_comments(self, head: int, column: int) -> int:
        """Return where the line of a key ends, or the last comment below it that is about its value."""
        at = self.line_end(head)
        while line := re.compile(rf"\n {{{column + 1},}}#[^\n]*").match(self.text, at):
            at = line.end()
        return at

    def replace_in_flow(self, head: int, span: Span, value: Tree, quote: str) -> list[Splice]:
        """Return the changes for a value in braces or brackets."""
        if isinstance(value, str) and value:
            quotes_all = self.style.quotes_all
            new = write_line(value, quote, in_flow=True, quotes_all=quotes_all)
        else:
            new = write_flow(value, self.style) if value else ""
        if head == span.start and not _is_blank_span(span):  # An entry of a list in brackets.
            return [Splice(span.start, span.end, new or "''")]
        if new and not _is_blank_span(span):
            return [Splice(span.start, span.end, new)]
        return [Splice(head, self.end_in_flow(span), f" {new}")]

    def changes(self, splice: Splice) -> bool:
        """Tell whether a splice changes the text."""
        return self.text[splice.start : splice.end] != splice.new

    def column_of_parent(self, place: Place) -> int:
        """Return the column of the key or dash at a place."""
        parent, part = find_span(self.root, place[:-1]), place[-1]
        if isinstance(parent, MappingSpan) and isinstance(part, str):
            index = key_index(parent, part)
            return column_of(self.text, parent.keys[index or 0].start)
        return column_of(self.text, find_head(self.root, place)) - 1

    def has_flat_siblings(self, place: Place) -> bool:
        """Tell whether the mappings beside a place stand in braces."""
        parent = find_span(self.root, place[:-1])
        if parent is None or isinstance(parent, ScalarSpan):
            return False
        siblings = [value for value in parent.values if isinstance(value, MappingSpan)]
        return bool(siblings) and all(sibling.is_flow for sibling in siblings)

    # Keys and entries

    def add_key(self, place: Place, mapping: MappingSpan, value: Tree) -> list[Splice]:
        """Return the change that adds a key at its place in the form's order."""
        key = f"{place[-1]}"
        index = self.new_index(mapping, place)
        if mapping.is_flow:
            pair = f"{write_key(key, in_flow=True)}: {write_flow(value, self.style)}"
            return [self.add_to_flow(mapping, mapping.keys, index, pair)]
        column = column_of(self.text, mapping.keys[0].start)
        if is_flat(value) and value and self.has_flat_siblings(place):
            written = f"{write_key(key, in_flow=False)}: {write_flow(value, self.style)}"
            lines = [f"{' ' * column}{written}"]
        else:
            lines = write_mapping({key: value}, column, self.style)
        if index == 0:
            return [self.add_before(mapping.keys[0].start, lines)]
        return [self.add_after(mapping.values[index - 1].end, lines)]

    def new_index(self, mapping: MappingSpan, place: Place) -> int:
        """Return the position that a new key gets among those of its mapping."""
        order = list(self.key_order(place[:-1]))
        keys = [span.text for span in mapping.keys]
        if place[-1] not in order:
            return len(keys)
        rank = order.index(f"{place[-1]}")
        before = [keys.index(key) for key in order[:rank] if key in keys]
        behind = [keys.index(key) for key in order[rank + 1 :] if key in keys]
        return max(before) + 1 if before else min(behind, default=len(keys))

    def insert(self, place: Place, value: Tree) -> list[Splice]:
        """Return the change that inserts an entry into a list."""
        parent, position = find_span(self.root, place[:-1]), place[-1]
        if position == 0 and (parent is None or _is_empty(parent)):
            return self.set_value(place[:-1], [value])
        if not isinstance(parent, SequenceSpan) or not isinstance(position, int):
            raise EditError(f"“{show_place(place[:-1])}”不是列表；请重新打开这个文件")
        if not 0 <= position <= len(parent.values):
            raise EditError(f"文件里没有“{show_place(place)}”；请重新打开这个文件")
        if parent.is_flow:
            entry = write_flow(value, self.style) or "''"
            return [self.add_to_flow(parent, parent.values, position, entry)]
        column = column_of(self.text, parent.start)
        if is_flat(value) and value and self.has_flat_siblings(place):
            lines = [f"{' ' * column}- {write_flow(value, self.style)}"]
        else:
            lines = write_entry(value, column, self.style)
        if position == 0:
            return [self.add_before(parent.start, lines)]
        return [self.add_after(parent.values[position - 1].end, lines)]

    def add_before(self, start: int, lines: Sequence[str]) -> Splice:
        """Return the insertion of lines before the first key or dash of a block."""
        indent = " " * column_of(self.text, start)
        return Splice(start, start, "\n".join(lines).lstrip(" ") + f"\n{indent}")

    def add_after(self, end: int, lines: Sequence[str]) -> Splice:
        """Return the insertion of lines after the line where a value ends."""
        at = self.line_end(end)
        return Splice(at, at, "".join(f"\n{line}" for line in lines))

    def add_to_flow(
        self, parent: MappingSpan | SequenceSpan, entries: Sequence[Span], index: int, new: str
    ) -> Splice:
        """Return the insertion of an entry into braces or brackets."""
        if index == 0:
            return Splice(entries[0].start, entries[0].start, f"{new}, ")
        at = self.end_in_flow(parent.values[index - 1])
        return Splice(at, at, f", {new}")

    def end_in_flow(self, span: Span) -> int:
        """Return where a value in braces ends; a blank one includes the blanks behind its colon."""
        if not _is_blank_span(span):
            return span.end
        rest = self.text[span.end :]
        blanks = len(rest) - len(rest.lstrip(" "))
        return span.end + blanks

    def remove(self, place: Place) -> list[Splice]:
        """Return the changes that remove a key or an entry; comments above it stay."""
        parent, part = find_span(self.root, place[:-1]), place[-1]
        span = find_span(self.root, place)
        if span is None or parent is None or isinstance(parent, ScalarSpan):
            raise EditError(f"文件里没有“{show_place(place)}”；请重新打开这个文件")
        if len(parent.values) == 1:
            if not place[:-1]:
                words = "是文件里唯一的一项，不能删去；请改为删去整个文件"
                raise EditError(f"“{show_place(place)}”{words}")
            if parent.is_flow:
                return [Splice(parent.start + 1, parent.end - 1, "")]
            if "\n" not in self.text[find_head(self.root, place[:-1]) : parent.start]:
                return self.replace(place[:-1], parent, "")
        index = part if isinstance(part, int) else key_index(_as_mapping(parent), part) or 0
        starts = self.entry_starts(parent)
        if parent.is_flow:
            return [self.remove_from_flow(parent, starts, index)]
        return [self.remove_lines(starts, index, span.end)]

    def remove_lines(self, starts: Sequence[int], index: int, end: int) -> Splice:
        """Return the change that removes one of several keys or entries of a block."""
        start, line_end = starts[index], self.line_end(end)
        line_start = self.text.rfind("\n", 0, start) + 1
        if self.text[line_start:start].strip(" "):  # Behind a dash, which the next key gets.
            if "#" not in self.text[end : starts[index + 1]]:
                return Splice(start, starts[index + 1], "")
            return Splice(start - 1, end, "")
        if line_end < len(self.text):
            return Splice(line_start, line_end + 1, "")
        return Splice(max(line_start - 1, 0), line_end, "")

    def remove_from_flow(
        self, parent: MappingSpan | SequenceSpan, starts: Sequence[int], index: int
    ) -> Splice:
        """Return the change that removes one of several entries in braces or brackets."""
        end = self.end_in_flow(parent.values[index])
        if index + 1 < len(starts):
            gap = self.text[end : starts[index + 1]]
            if "#" in gap:
                return Splice(starts[index], end + gap.index(",") + 1, "")
            return Splice(starts[index], starts[index + 1], "")
        before = self.end_in_flow(parent.values[index - 1])
        if "#" in self.text[before : starts[index]]:
            return Splice(starts[index], end, "")
        return Splice(before, end, "")

    def entry_starts(self, parent: MappingSpan | SequenceSpan) -> list[int]:
        """Return where the keys or dashes of a collection begin."""
        if isinstance(parent, MappingSpan):
            return [key.start for key in parent.keys]
        if parent.is_flow:
            return [value.start for value in parent.values]
        return [head - 1 for head in parent.heads]

    def move(self, place: Place, to: int) -> list[Splice]:
        """Return the changes that move an entry of a list, with the comments directly above it."""
        parent, position = find_span(self.root, place[:-1]), place[-1]
        if not isinstance(parent, SequenceSpan) or not isinstance(position, int):
            raise EditError(f"“{show_place(place[:-1])}”不是列表；请重新打开这个文件")
        count = len(parent.values)
        if not (0 <= position < count and 0 <= to < count):
            raise EditError(f"文件里没有“{show_place(place)}”；请重新打开这个文件")
        if position == to:
            return []
        parts = list(self.entry_parts(parent))
        order = list(range(count))
        order.insert(to, order.pop(position))
        return [
            splice
            for (start, end), source in zip(parts, order, strict=True)
            if self.changes(splice := Splice(start, end, self.text[slice(*parts[source])]))
        ]

    def entry_parts(self, parent: SequenceSpan) -> Iterator[tuple[int, int]]:
        """Yield start and end of a list's entries, with comments above and behind them."""
        for index, start in enumerate(self.entry_starts(parent)):
            end = parent.values[index].end
            if parent.is_flow:
                yield start, end
                continue
            first = start
            if index:
                before = self.line_end(parent.values[index - 1].end) + 1
                if comments := _COMMENTS_ABOVE.search(self.text[before:start]):
                    lines = comments[0]
                    indent = len(lines) - len(lines.lstrip(" "))
                    if indent == column_of(self.text, start):
                        first = before + comments.start() + indent
            yield first, self.line_end(end)

    def line_end(self, at: int) -> int:
        """Return where the line of a character ends."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end


def _is_blank_span(span: Span) -> bool:
    return isinstance(span, ScalarSpan) and span.is_blank


def _is_empty(span: Span) -> bool:
    """Tell whether a span is a blank scalar or an empty collection."""
    return not span.text if isinstance(span, ScalarSpan) else not span.values


def _as_mapping(span: MappingSpan | SequenceSpan) -> MappingSpan:
    if isinstance(span, MappingSpan):
        return span
    raise EditError("列表的项要写明是第几项；请重新打开这个文件")
