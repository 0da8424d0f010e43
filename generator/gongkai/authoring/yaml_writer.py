"""YAML as a person would write it: block style, in the form's order."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gongkai.authoring.office.label_index import Leaf, Tree

_NOT_PLAIN = re.compile(r": |:$| #|^[\s\-?:,\[\]{}#&*!|>'\"%@`]|\s$|[\x00-\x1f\x7f]")


class YamlLine(NamedTuple):
    """A line of YAML, and the place in the source file its value comes from."""

    text: str
    place: str = ""


def yaml_lines(tree: Mapping[str, object], indent: str = "") -> Iterator[YamlLine]:
    """Yield the lines of a tree."""
    for key, value in tree.items():
        yield from _entry(f"{indent}{key}", value, indent)


def _entry(head: str, value: object, indent: str) -> Iterator[YamlLine]:
    """Yield the lines of a key and its value."""
    inner = f"{indent}  "
    if isinstance(value, Leaf):
        yield from _leaf(head, value, inner)
    elif isinstance(value, dict):
        yield YamlLine(f"{head}:")
        yield from yaml_lines(value, inner)
    elif isinstance(value, list):
        yield YamlLine(f"{head}:")
        for entry in value:
            yield from _list_entry(entry, inner)
    else:
        yield YamlLine(f"{head}: {quote_scalar(f'{value}')}")


def _list_entry(entry: Tree | Leaf, indent: str) -> Iterator[YamlLine]:
    """Yield the lines of a list entry; its first key follows the dash."""
    if isinstance(entry, Leaf):
        yield YamlLine(f"{indent}- {quote_scalar(entry.text)}", entry.place)
        return
    lines = list(yaml_lines(entry, f"{indent}  "))
    for number, (text, place) in enumerate(lines):
        yield YamlLine(f"{indent}- {text.lstrip()}" if number == 0 else text, place)


def _leaf(head: str, leaf: Leaf, indent: str) -> Iterator[YamlLine]:
    """Yield the lines of a key with a single value."""
    if not leaf.text:
        hint = f"，应在{leaf.place}一带" if leaf.place else ""
        yield YamlLine(
            f"{head}:" if leaf.found else f"{head}:  # 文件里没有认出这一项{hint}", leaf.place
        )
    elif "\n" in leaf.text:
        yield YamlLine(f"{head}: |-", leaf.place)
        for line in leaf.text.split("\n"):
            yield YamlLine(f"{indent}{line}", leaf.place)
    else:
        yield YamlLine(f"{head}: {quote_scalar(leaf.text)}", leaf.place)


def quote_scalar(text: str) -> str:
    """Quote a text if YAML would read it differently."""
    is_dash_text = text[:1] == "-" and (text[1:2].isdigit() or text[1:2] not in {"", " "})
    if _NOT_PLAIN.search(text.removeprefix("-") if is_dash_text else text):
        return "'" + text.replace("'", "''") + "'"
    return text


def join_yaml_lines(lines: Iterable[YamlLine]) -> str:
    """Join lines to a file."""
    return "".join(f"{line.text}\n" for line in lines)
