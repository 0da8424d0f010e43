"""How values are written in YAML: in the style of the file around them, and read back exactly."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gongkai.authoring.editor.value_trees import Tree, is_blank
from gongkai.authoring.editor.yaml_spans import MappingSpan, SequenceSpan, Span, iter_spans
from gongkai.authoring.yaml_writer import quote_scalar
from gongkai.model.nodes import MappingNode, ScalarNode, SequenceNode
from gongkai.reading.source import parse_source

_STEP = 2
"""Spaces per level where the file has no nested mapping to learn from."""
_FLOW_SPECIAL = frozenset(",[]{}")
_HEADER = re.compile(r"[|>][-+0-9]*")


@dataclass(frozen=True, slots=True)
class FileStyle:
    """How a file is indented, and whether texts are to be quoted at any rate."""

    step: int = _STEP
    """Spaces by which a mapping is indented below its key."""
    list_step: int = _STEP
    """Spaces by which the dashes of a list are indented below its key."""
    quotes_all: bool = False


def detect_style(text: str, root: Span, *, quotes_all: bool = False) -> FileStyle:
    """Return the indentation of a file: that of its first nested mapping and list."""
    step, list_step = 0, -1
    for span in iter_spans(root):
        if not isinstance(span, MappingSpan) or span.is_flow:
            continue
        column = column_of(text, span.start)
        for value in span.values:
            inner = column_of(text, value.start) - column
            if isinstance(value, MappingSpan) and not value.is_flow:
                step = step or inner
            elif isinstance(value, SequenceSpan) and not value.is_flow and list_step < 0:
                list_step = inner
    return FileStyle(step or _STEP, _STEP if list_step < 0 else list_step, quotes_all)


def column_of(text: str, index: int) -> int:
    """Return the column, from 0, of a character."""
    return index - text.rfind("\n", 0, index) - 1


def write_key(key: str, *, in_flow: bool) -> str:
    """Return a key, quoted if it would be read differently otherwise."""
    for written in (quote_scalar(key), _single(key), _double(key)):
        sample = f"{{{written}: 值}}" if in_flow else f"{written}: 值"
        if _reads_as(sample, (key,), "值"):
            return written
    return _double(key)


@lru_cache(maxsize=4096)
def write_line(text: str, quote: str, *, in_flow: bool, quotes_all: bool) -> str:
    """Return a text as a scalar on one line; `quote` is the old scalar's quotation mark."""
    plain = quote_scalar(text)
    if (in_flow and set(text) & _FLOW_SPECIAL) or quotes_all:
        plain = _single(text)
    candidates = {"'": _single(text), '"': _double(text)}
    ordered = [candidates.get(quote, plain), plain, _single(text), _double(text)]
    for written in ordered:
        if "\n" in written:
            continue
        sample = f"键: {{键: {written}, 又: 值}}" if in_flow else f"键: {written}"
        if _reads_as(sample, ("键", "键") if in_flow else ("键",), text):
            return written
    return _double(text)


def write_below(text: str, old: str, column: int, *, quotes_all: bool) -> tuple[str, list[str]]:
    """Return a text as a block scalar: its header, and its lines indented to a column.

    `old` is the block scalar that it replaces, if there is one: its header is kept if the text can
    be written below it, and of a folded one the lines of the paragraphs that stay.
    """
    pad, body = " " * column, text.rstrip("\n")
    literal = [f"{pad}{line}" if line else "" for line in body.split("\n")]
    kept = [""] * max(len(text) - len(body) - 1, 0)  # Line ends that only | and > with + have.
    written: list[tuple[str, list[str]]] = []
    if header := block_header(old):
        lines = literal if header[0] == "|" else list(_fold(body, pad, old))
        written.append((header, [*lines, *kept]))
    written.append(("|+" if kept else "|" if text != body else "|-", [*literal, *kept]))
    for head, lines in [] if quotes_all else written:
        if _reads_as(_block_sample(head, lines), ("键",), text):
            return head, lines
    return _double(text), []


def _fold(body: str, pad: str, old: str) -> Iterator[str]:
    """Yield the lines of a folded scalar: a line break of the text is a blank line."""
    known: dict[str, str] = {}
    for lines in re.split(r"\n(?: *\n)+", old.partition("\n")[2].rstrip()):
        sample = parse_source(_block_sample(">-", [lines]).encode(errors="surrogatepass"), "")
        node = sample.root.get("键") if isinstance(sample.root, MappingNode) else None
        if isinstance(node, ScalarNode):
            known[node.text] = lines
    for number, paragraph in enumerate(body.split("\n")):
        if number:
            yield ""
        if paragraph:
            yield known.get(paragraph, f"{pad}{paragraph}")


def _block_sample(header: str, lines: Sequence[str]) -> str:
    """Return a YAML text with a block scalar."""
    return "\n".join([f"键: {header}", *lines])


def block_header(source: str) -> str:
    """Return the header of a block scalar: | or > with its indicators."""
    match = _HEADER.match(source)
    return match[0] if match else ""


def write_mapping(tree: Mapping[str, Tree], column: int, style: FileStyle) -> list[str]:
    """Return the lines of a block mapping at a column."""
    lines: list[str] = []
    for key, value in tree.items():
        head = f"{' ' * column}{write_key(key, in_flow=False)}:"
        lines += _value_lines(head, value, column, style)
    return lines


def write_list(entries: Sequence[Tree], column: int, style: FileStyle) -> list[str]:
    """Return the lines of a block list whose dashes are at a column."""
    return [line for entry in entries for line in write_entry(entry, column, style)]


def write_entry(entry: Tree, column: int, style: FileStyle) -> list[str]:
    """Return the lines of one entry of a block list."""
    pad = " " * column
    if isinstance(entry, dict) and entry:
        lines = write_mapping(entry, column + 2, style)
        return [f"{pad}- {lines[0].lstrip()}", *lines[1:]]
    if not isinstance(entry, str) and not is_blank(entry):
        lines = write_list(list(entry or ()), column + 2, style)
        return [f"{pad}- {lines[0].lstrip()}", *lines[1:]]
    return _value_lines(f"{pad}-", entry, column, style)


def _value_lines(head: str, value: Tree, column: int, style: FileStyle) -> list[str]:
    """Return the lines of a value behind its key or dash."""
    if is_blank(value) or value is None:
        return [head]
    if isinstance(value, str):
        if "\n" not in value:
            written = write_line(value, "", in_flow=False, quotes_all=style.quotes_all)
            return [f"{head} {written}"]
        header, below = write_below(value, "", column + _STEP, quotes_all=style.quotes_all)
        return [f"{head} {header}", *below]
    if isinstance(value, dict):
        return [head, *write_mapping(value, column + style.step, style)]
    return [head, *write_list(value, column + style.list_step, style)]


def write_flow(tree: Tree, style: FileStyle) -> str:
    """Return a value in flow style, on one line."""
    if isinstance(tree, str) or tree is None:
        return write_line(tree, "", in_flow=True, quotes_all=style.quotes_all) if tree else ""
    if isinstance(tree, dict):
        pairs = (
            f"{write_key(key, in_flow=True)}: {write_flow(value, style)}"
            for key, value in tree.items()
        )
        return f"{{{', '.join(pairs)}}}"
    return f"[{', '.join(write_flow(entry, style) or _single('') for entry in tree)}]"


def is_flat(tree: Tree) -> bool:
    """Tell whether a value is a mapping of single lines, which can stand in braces."""
    return isinstance(tree, dict) and all(
        value is None or (isinstance(value, str) and "\n" not in value) for value in tree.values()
    )


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _double(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _reads_as(sample: str, place: Sequence[str], text: str) -> bool:
    """Tell whether the reader finds a text at a place of a sample, and nothing wrong there."""
    source = parse_source(f"{sample}\n".encode(errors="surrogatepass"), "")
    node = source.root
    for key in place:
        node = node.get(key) if isinstance(node, MappingNode) else None
    if source.problems or isinstance(node, SequenceNode | MappingNode):
        return False
    return isinstance(node, ScalarNode) and node.text == text
