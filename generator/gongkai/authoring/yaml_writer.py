"""Values as YAML that a person would have written: the form's keys in block style."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gongkai.authoring.office.label_index import Leaf, Tree

_NOT_PLAIN = re.compile(r": |:$| #|^[\s\-?:,\[\]{}#&*!|>'\"%@`]|\s$|[\x00-\x1f\x7f]")


class Written(NamedTuple):
    """A line of YAML, and where in the file what it says was read."""

    text: str
    place: str = ""


def lines_of(tree: Mapping[str, object], indent: str = "") -> Iterator[Written]:
    """A tree's lines."""
    for key, value in tree.items():
        yield from _entry(f"{indent}{key}", value, indent)


def _entry(head: str, value: object, indent: str) -> Iterator[Written]:
    inside = f"{indent}  "
    if isinstance(value, Leaf):
        yield from _leaf(head, value, inside)
    elif isinstance(value, dict):
        yield Written(f"{head}:")
        yield from lines_of(value, inside)
    elif isinstance(value, list):
        yield Written(f"{head}:")
        for item in value:
            yield from _item(item, inside)
    else:
        yield Written(f"{head}: {quoted(f'{value}')}")


def _item(item: Tree | Leaf, indent: str) -> Iterator[Written]:
    """One of a list: its first key stands behind the dash."""
    if isinstance(item, Leaf):
        yield Written(f"{indent}- {quoted(item.text)}", item.place)
        return
    lines = list(lines_of(item, f"{indent}  "))
    for number, (text, place) in enumerate(lines):
        yield Written(f"{indent}- {text.lstrip()}" if number == 0 else text, place)


def _leaf(head: str, leaf: Leaf, inside: str) -> Iterator[Written]:
    if not leaf.text:
        where = f"，应在{leaf.place}一带" if leaf.place else ""
        yield Written(
            f"{head}:" if leaf.found else f"{head}:  # 文件里没有认出这一项{where}", leaf.place
        )
    elif "\n" in leaf.text:
        yield Written(f"{head}: |-", leaf.place)
        for line in leaf.text.split("\n"):
            yield Written(f"{inside}{line}", leaf.place)
    else:
        yield Written(f"{head}: {quoted(leaf.text)}", leaf.place)


def quoted(text: str) -> str:
    """A value as YAML; in quotes where it would mean something else."""
    starts = text[:1] == "-" and (text[1:2].isdigit() or text[1:2] not in {"", " "})
    if _NOT_PLAIN.search(text.removeprefix("-") if starts else text):
        return "'" + text.replace("'", "''") + "'"
    return text


def text_of(lines: Iterable[Written]) -> str:
    """Lines as a file."""
    return "".join(f"{line.text}\n" for line in lines)
