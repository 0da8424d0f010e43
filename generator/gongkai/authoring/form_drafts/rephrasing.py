"""Rephrasing of a drafted section in the words of another form's: its keys, roles and remarks."""

from collections.abc import Mapping, Sequence
from typing import Any

from gongkai.authoring.office.cells import normalize_label

_LISTS = ("项", "列", "行", "层级", "一级", "分解")
_DEFAULTS = {"印名": "是", "排列": "逐行", "序号": "否", "行头": "", "表头": ""}
"""Scalars of a section that an heir can replace, with what they mean if they are left out."""
_REFERENCES = ("合计", "上级", "层级", "对齐")
"""Keys that name other entries."""
_COMPARED = ("角色", "合计", "上级", "印", "开放", "选项", "勾选", "框", "表头", "层级", "写法", "分块",
             "随层级", "单列", "并排", "印名", "对齐", "空格", "下级", "分值")  # fmt: skip
"""Keys of an entry that decide what is printed, and what it means."""


def printed_labels(section: Mapping[str, Any]) -> set[str]:
    """Return the labels that a section prints, normalized."""
    entries = (entry for key in ("项", "列", "行", "层级") for entry in section.get(key, ()))
    return {label_of(entry) for entry in entries} - {""}


def label_of(entry: object) -> str:
    """Return the printed label of an entry, normalized."""
    if isinstance(entry, Mapping):
        text = entry.get("标签") or entry.get("键") or entry.get("名称") or ""
        return normalize_label(f"{text}")
    return normalize_label(f"{entry}")


def _printed(entry: object) -> str:
    """Return the printed label of an entry, exactly."""
    if isinstance(entry, Mapping):
        return f"{entry.get('标签') or entry.get('键') or entry.get('名称') or ''}".strip()
    return f"{entry}"


def merge_section(own: Mapping[str, Any], parent: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the keys in which a section differs from its parent's; None if an heir cannot say it."""
    change: dict[str, Any] = {}
    if bool(own.get("键")) != bool(parent.get("键")):
        return None
    if own.get("键") and _printed(own) != _printed(parent):
        change["标签"] = own.get("标签") or own["键"]
    for key, default in _DEFAULTS.items():
        if own.get(key, default) != parent.get(key, default):
            change[key] = own.get(key, default)
    names = _renamed_keys(own, parent)
    for key in _LISTS:
        entries = [_rename(entry, names) for entry in own.get(key, ())]
        others = list(parent.get(key, ()))
        merged = _merge_entries(entries, others)
        if not entries and others:
            if key != "一级":
                return None
            continue  # The names that the parent prints may as well be printed here.
        if merged != others:
            change[key] = merged
    return change


def _renamed_keys(own: Mapping[str, Any], parent: Mapping[str, Any]) -> dict[str, str]:
    """Return the parent's keys by our own, for entries with the same printed labels."""
    names: dict[str, str] = {}
    for key in ("项", "列", "行", "层级"):
        known = {label_of(entry): _key_of(entry) for entry in parent.get(key, ())}
        for entry in own.get(key, ()):
            if label_of(entry) in known:
                names[_key_of(entry)] = known[label_of(entry)]
    return names


def _key_of(entry: object) -> str:
    return f"{entry.get('键', '')}" if isinstance(entry, Mapping) else f"{entry}"


def _rename(entry: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - where YAML is made
    """Return an entry with the parent's keys, its printed label unchanged."""
    if not isinstance(entry, Mapping):
        return names.get(entry, entry)
    renamed = dict(entry)
    key = f"{renamed.get('键', '')}"
    if key in names and names[key] != key:
        renamed["标签"] = renamed.get("标签") or key
        renamed["键"] = names[key]
    for reference in _REFERENCES:
        value = renamed.get(reference)
        if isinstance(value, list):
            renamed[reference] = [names.get(name, name) for name in value]
        elif isinstance(value, str):
            renamed[reference] = names.get(value, value)
    if isinstance(renamed.get("印"), Mapping):
        renamed["印"] = {names.get(name, name): text for name, text in renamed["印"].items()}
    for old, new in names.items():
        if isinstance(renamed.get("写法"), str):
            renamed["写法"] = renamed["写法"].replace(f"{{{old}}}", f"{{{new}}}")
    return renamed


def _merge_entries(own: Sequence[Any], parents: Sequence[Any]) -> list[Any]:
    """Return the entries, with the parent's in the place of those that say the same."""
    by_label = {label_of(parent): parent for parent in parents}
    merged: list[Any] = []
    for entry in own:
        parent = by_label.get(label_of(entry))
        merged.append(parent if parent is not None and _says_the_same(entry, parent) else entry)
    return merged


def _says_the_same(own: object, parent: object) -> bool:
    """Return whether an entry prints and means what the parent's does."""
    mine = own if isinstance(own, Mapping) else {}
    other = parent if isinstance(parent, Mapping) else {}
    return _printed(own) == _printed(parent) and all(
        _is_equal(key, mine.get(key), other.get(key)) for key in _COMPARED
    )


def _is_equal(key: str, own: object, parent: object) -> bool:
    if key == "角色" and own is None:
        return True  # The parent may know more of what a label means.
    if key == "下级":
        mine, others = _list(own), _list(parent)
        return [label_of(entry) for entry in mine] == [label_of(entry) for entry in others] and all(
            _says_the_same(entry, other) for entry, other in zip(mine, others, strict=True)
        )
    return _list(own) == _list(parent) if isinstance(own, list) else _text(own) == _text(parent)


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _text(value: object) -> object:
    return f"{value}" if isinstance(value, int | float | str) else value or None
