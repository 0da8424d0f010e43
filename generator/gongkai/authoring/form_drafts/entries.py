"""Entries of a drafted form file: mappings with remarks, written as YAML."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.authoring.yaml_writer import quote_scalar

_MAX_WIDTH = 96
"""Longest entry on one line, in characters."""
_FLOW_SIGNS = set(",[]{}")


@dataclass(slots=True)
class FormEntry:
    """A mapping of a form file, and what is to be confirmed about it."""

    values: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    """Printed as comments above the entry, in Chinese."""

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - where YAML is made
        """Return a value."""
        return self.values.get(key, default)

    def put(self, key: str, value: Any) -> None:  # noqa: ANN401 - where YAML is made
        """Set a value, unless it is empty."""
        if value not in (None, "", [], {}, ()):
            self.values[key] = value


def iter_remarks(value: object) -> Iterator[str]:
    """Yield all remarks of an entry and those below."""
    if isinstance(value, FormEntry):
        yield from value.remarks
        for child in value.values.values():
            yield from iter_remarks(child)
    elif isinstance(value, list):
        for child in value:
            yield from iter_remarks(child)


def write_entries(entry: FormEntry) -> str:
    """Return the YAML of a form file."""
    return "".join(f"{line}\n" for line in _mapping_lines(entry, ""))


def _mapping_lines(entry: FormEntry, indent: str) -> Iterator[str]:
    yield from (f"{indent}# {remark}" for remark in entry.remarks)
    for key, value in entry.values.items():
        yield from _value_lines(f"{indent}{_key(key)}:", value, indent)


def _value_lines(head: str, value: object, indent: str) -> Iterator[str]:
    flow = None if _has_several_entries(value) else _flow(value)
    if flow is not None and len(head) + len(flow) < _MAX_WIDTH:
        yield f"{head} {flow}"
    elif isinstance(value, FormEntry):
        yield head
        yield from _mapping_lines(value, f"{indent}  ")
    elif isinstance(value, Mapping):
        yield head
        yield from _mapping_lines(FormEntry(dict(value)), f"{indent}  ")
    elif isinstance(value, list):
        yield head
        for child in value:
            yield from _item_lines(child, f"{indent}  ")
    else:
        yield f"{head} {_scalar(value)}"


def _has_several_entries(value: object) -> bool:
    """Return whether a value is a list of mappings, which are easier to read one below the other."""
    mappings = (FormEntry, Mapping)
    return isinstance(value, list) and sum(isinstance(entry, mappings) for entry in value) > 1


def _item_lines(value: object, indent: str) -> Iterator[str]:
    """Yield the lines of a list entry, its remarks above the dash."""
    if isinstance(value, FormEntry):
        yield from (f"{indent}# {remark}" for remark in value.remarks)
        value = FormEntry(value.values)
    flow = _flow(value)
    if flow is not None and len(indent) + len(flow) < _MAX_WIDTH:
        yield f"{indent}- {flow}"
    elif isinstance(value, FormEntry):
        lines = list(_mapping_lines(value, f"{indent}  "))
        yield f"{indent}- {lines[0].lstrip()}"
        yield from lines[1:]
    else:
        yield f"{indent}- {_scalar(value)}"


def _flow(value: object) -> str | None:
    """Return a value on one line; None if it has remarks or parts with remarks, or is a section."""
    if isinstance(value, FormEntry):
        is_plain = not any(iter_remarks(value)) and "形式" not in value.values
        return _flow(value.values) if is_plain else None
    if isinstance(value, Mapping):
        pairs = [(key, _flow(child)) for key, child in value.items()]
        if any(flow is None for _, flow in pairs):
            return None
        return "{" + ", ".join(f"{_key(key)}: {flow}" for key, flow in pairs) + "}"
    if isinstance(value, list):
        flows = [_flow(child) for child in value]
        known = [flow for flow in flows if flow is not None]
        return f"[{', '.join(known)}]" if len(known) == len(flows) else None
    return _scalar(value, is_flow=True)


def _key(text: str) -> str:
    return _scalar(text, is_flow=True)


def _scalar(value: object, *, is_flow: bool = False) -> str:
    text = f"{value}"
    if "\n" in text:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if is_flow and set(text) & _FLOW_SIGNS:
        return "'" + text.replace("'", "''") + "'"
    return quote_scalar(text)


def plain(value: object) -> Any:  # noqa: ANN401 - where YAML is made
    """Return a value without its remarks: dicts, lists and texts."""
    if isinstance(value, FormEntry):
        return {key: plain(child) for key, child in value.values.items()}
    if isinstance(value, Mapping):
        return {key: plain(child) for key, child in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(child) for child in value]
    return value
