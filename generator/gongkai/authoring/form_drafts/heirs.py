"""Heirs (继承): a drafted form written as the differences from a form that there is already."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gongkai.authoring.form_drafts.entries import FormEntry, iter_remarks, plain, write_entries
from gongkai.authoring.form_drafts.rephrasing import merge_section, printed_labels
from gongkai.model.forms import Form
from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode
from gongkai.model.schema import validate_node
from gongkai.reading.form_inheritance import PARENT, resolve_inheritance
from gongkai.reading.form_validation import check_form
from gongkai.reading.source import parse_source
from gongkai.runtime.shipped import shipped_forms

_INHERITED = "与 {} 大体相同，只写不同之处；等级、样板文字等没有印在表上的，照那张表，请核对"
_OWN_KEYS = ("名称", "来源", "适用")
_POINT_KEYS = ("总分", "执行率")
_SCALARS = {"标题": "", "完整": "", "金额单位": "万元", "小数位": "6"}
"""Keys that an heir can replace, with what they mean if they are left out."""
_LISTS = ("抬头", "附注", "落款")
_MAX_SHARE = 0.5
"""Longest heir that is worth while, as a share of the lines of the whole form."""


def read_form_nodes(folder: Path) -> dict[str, MappingNode]:
    """Return the program's form files and a folder's as they are written, by id, without faulty ones."""
    nodes: dict[str, MappingNode] = {}
    for path in (*shipped_forms(), *sorted(folder.glob("*.yml"))):
        root = parse_source(path.read_bytes(), path.name).root
        if isinstance(root, MappingNode):
            nodes[path.stem] = root
    return nodes


def draft_heir(entry: FormEntry, nodes: Mapping[str, MappingNode]) -> FormEntry | None:
    """Return a form as the heir of the nearest one; None if too little is the same."""
    resolved, _ = resolve_inheritance(nodes)
    values = plain(entry)
    heirs = [
        heir
        for name, node in resolved.items()
        if (heir := _heir_of(entry, values, name, _to_plain(node))) is not None
    ]
    shortest = min(heirs, key=_length, default=None)
    is_short = shortest is not None and _length(shortest) <= _length(entry) * _MAX_SHARE
    return shortest if is_short else None


def _length(entry: FormEntry) -> int:
    return write_entries(entry).count("\n")


def resolve_heir(heir: FormEntry, nodes: Mapping[str, MappingNode]) -> Form | None:
    """Return the form that an heir makes with its parents; None if it has faults."""
    name = f"{heir.get('表式')}"
    root = parse_source(write_entries(heir).encode(), f"{name}.yml").root
    if not isinstance(root, MappingNode):
        return None
    resolved, _ = resolve_inheritance({**nodes, name: root})
    if name not in resolved:
        return None
    form, problems = validate_node(Form, resolved[name])
    return None if form is None or problems or check_form(form, resolved[name]) else form


def _heir_of(
    entry: FormEntry, values: Mapping[str, Any], name: str, parent: Mapping[str, Any]
) -> FormEntry | None:
    """Return a form as the heir of one parent; None if it cannot be one."""
    if values["类型"] != parent.get("类型") or name == values["表式"]:
        return None
    if any(key in parent and key not in values for key in _POINT_KEYS):
        return None
    heir = FormEntry({"表式": values["表式"], PARENT: name})
    heir.values |= {key: entry.get(key) for key in _OWN_KEYS if key in values}
    _put_changes(heir, entry, values, parent)
    sections = _merge_sections(values["部分"], parent.get("部分", ()))
    if sections is None:
        return None
    heir.put("部分", sections)
    heir.remarks = [*iter_remarks(entry), _INHERITED.format(name)]
    return heir


def _put_changes(
    heir: FormEntry, entry: FormEntry, values: Mapping[str, Any], parent: Mapping[str, Any]
) -> None:
    """Set the keys of the form itself that differ from the parent's."""
    for key, default in _SCALARS.items():
        if f"{parent.get(key, default)}" != f"{values.get(key, default)}":
            heir.values[key] = values.get(key, default)
    for key in _POINT_KEYS:
        if key in values and not _is_same(values[key], parent.get(key)):
            heir.values[key] = entry.get(key)
    for key in _LISTS:
        if list(parent.get(key, ())) != list(values.get(key, ())):
            heir.values[key] = list(values.get(key, ()))


def _is_same(own: object, other: object) -> bool:
    """Return whether 总分 or 执行率 are the same, whether or not 计分 is written out."""
    if isinstance(own, Mapping) and isinstance(other, Mapping):
        keys = {*own, *other}
        return all(
            f"{own.get(key, '按比例')}" == f"{other.get(key, '按比例')}" for key in keys - {"档"}
        )
    return f"{own}" == f"{other}"


def _merge_sections(
    own: Sequence[Mapping[str, Any]], parents: Sequence[Mapping[str, Any]]
) -> list[FormEntry] | None:
    """Return the changed, dropped and added sections; None if one is new between others."""
    pairs = list(_pair_sections(own, parents))
    changes: list[FormEntry] = []
    matched = [parent for _, parent in pairs if parent is not None]
    added_from = next((n for n, (_, parent) in enumerate(pairs) if parent is None), len(pairs))
    if any(parent is not None for _, parent in pairs[added_from:]):
        return None
    for section, parent in pairs[:added_from]:
        change = merge_section(section, parent or {})
        if change is None:
            return None
        if change:
            changes.append(FormEntry({**_identity(parent or {}), **change}))
    for parent in parents:
        if parent not in matched:
            if not _identity(parent):
                return None
            changes.append(FormEntry({**_identity(parent), "删去": "是"}))
    return changes + [FormEntry(dict(section)) for section, _ in pairs[added_from:]]


def _identity(parent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the key by which an heir names a section of its parent."""
    return {key: parent[key] for key in ("名称", "键") if parent.get(key)} if parent else {}


def _pair_sections(
    own: Sequence[Mapping[str, Any]], parents: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any] | None]]:
    """Yield the sections with those of the parent that print most of the same labels, in order."""
    start = 0
    for section in own:
        labels = printed_labels(section)
        scores = [
            (len(labels & printed_labels(parent)), -number)
            for number, parent in enumerate(parents)
            if number >= start and parent.get("形式") == section["形式"]
        ]
        best, position = max(scores, default=(0, 0))
        if best * 2 >= len(labels) and best:
            yield section, parents[-position]
            start = -position + 1
        else:
            yield section, None


def _to_plain(node: Node) -> Any:  # noqa: ANN401 - where YAML enters
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [_to_plain(child) for child in node.items]
    return {key: _to_plain(value) for key, value in node.values.items()}
