"""YAML as people write it: block style, values plain where they can be."""

from typing import Any

_RISKY = ("-", "?", ":", "[", "]", "{", "}", "#", "&", "*", "!", "|", ">", "'", '"', "%", "@", "`")


def yaml_text(document: dict[str, Any]) -> str:
    """A document of texts, mappings and lists."""
    lines: list[str] = []
    _mapping(document, "", lines)
    return "\n".join(lines) + "\n"


def _mapping(document: dict[str, Any], indent: str, lines: list[str]) -> None:
    for key, value in document.items():
        _entry(f"{indent}{key}:", value, indent, lines)


def _entry(head: str, value: Any, indent: str, lines: list[str]) -> None:
    if isinstance(value, dict) and value and all(isinstance(v, str) for v in value.values()):
        short = ", ".join(f"{k}: {_scalar(v)}" for k, v in value.items())
        if len(short) < 120 and "," not in "".join(value.values()):
            lines.append(f"{head} {{{short}}}")
            return
    if isinstance(value, dict):
        lines.append(head)
        _mapping(value, f"{indent}  ", lines)
    elif isinstance(value, list):
        lines.append(head)
        for item in value:
            start = len(lines)
            _mapping(item, f"{indent}    ", lines)
            lines[start] = f"{indent}  - {lines[start].lstrip()}"
    else:
        lines.append(f"{head} {_scalar(value)}".rstrip())


def _scalar(text: str) -> str:
    return f'"{text}"' if text.startswith(_RISKY) else text
