"""YAML in the style of hand-written files: block style, plain scalars where possible."""

from typing import Any

_RESERVED_STARTS = (
    "-",
    "?",
    ":",
    "[",
    "]",
    "{",
    "}",
    "#",
    "&",
    "*",
    "!",
    "|",
    ">",
    "'",
    '"',
    "%",
    "@",
    "`",
)


_LONGEST_FLOW = 120
"""Longest mapping on one line."""


def yaml_text(document: dict[str, Any]) -> str:
    """Return a document of strings, mappings and lists as YAML."""
    lines: list[str] = []
    _add_mapping(document, "", lines)
    return "\n".join(lines) + "\n"


def _add_mapping(document: dict[str, Any], indent: str, lines: list[str]) -> None:
    for key, value in document.items():
        _add_entry(f"{indent}{key}:", value, indent, lines)


def _add_entry(head: str, value: Any, indent: str, lines: list[str]) -> None:  # noqa: ANN401 - contents of YAML
    if isinstance(value, dict) and value and all(isinstance(text, str) for text in value.values()):
        flow = ", ".join(f"{key}: {_scalar(text)}" for key, text in value.items())
        if len(flow) < _LONGEST_FLOW and "," not in "".join(value.values()):
            lines.append(f"{head} {{{flow}}}")
            return
    if isinstance(value, dict):
        lines.append(head)
        _add_mapping(value, f"{indent}  ", lines)
    elif isinstance(value, list):
        lines.append(head)
        for entry in value:
            if isinstance(entry, str):
                lines.append(f"{indent}  - {_scalar(entry)}")
                continue
            start = len(lines)
            _add_mapping(entry, f"{indent}    ", lines)
            lines[start] = f"{indent}  - {lines[start].lstrip()}"
    else:
        lines.append(f"{head} {_scalar(value)}".rstrip())


def _scalar(text: str) -> str:
    return f'"{text}"' if text.startswith(_RESERVED_STARTS) else text
