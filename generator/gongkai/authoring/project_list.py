"""The list 项目 of an existing disclosure.yml: new projects are added at its end."""

from collections.abc import Sequence

from gongkai.model.nodes import MappingNode, ScalarNode, SequenceNode
from gongkai.reading.source import parse_source

_KEY = "项目"


def add_projects(text: str, slugs: Sequence[str]) -> str:
    """Return the text of a disclosure.yml with these slugs in 项目; every other character is kept.

    A file that lists no projects shows all of them, and stays as it is.
    """
    root = parse_source(text.encode(), "").root
    listed = root.get(_KEY) if isinstance(root, MappingNode) else None
    if not isinstance(listed, SequenceNode) or not listed.items:
        return text
    known = {node.text for node in listed.items if isinstance(node, ScalarNode)}
    new = [slug for slug in slugs if slug not in known]
    last = listed.items[-1]
    if not new or not isinstance(last, ScalarNode):
        return text
    lines = text.split("\n")
    row, column = last.position.line - 1, last.position.column - 1
    if listed.is_flow:
        end = column + len(last.text) + (0 if last.is_plain else 2)
        added = "".join(f", {slug}" for slug in new)
        lines[row] = lines[row][:end] + added + lines[row][end:]
    else:
        lines[row + 1 : row + 1] = [f"{lines[row][:column]}{slug}" for slug in new]
    return "\n".join(lines)
