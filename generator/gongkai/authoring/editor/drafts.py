"""Drafts: edits that are typed and not saved yet, kept outside the data until they are."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.authoring.editor.edit_state import (
    STATE_FOLDER,
    StoreError,
    digest_of,
    drop_old_bases,
    keep_base,
    prepare_state,
    read_base,
    read_data,
)
from gongkai.authoring.editor.merging import Merge, rebase_edits
from gongkai.authoring.editor.saving import Choices
from gongkai.authoring.editor.value_trees import EditError, EditKind, ValueEdit, read_tree
from gongkai.runtime.os_errors import explain_os_error
from gongkai.runtime.writing import write_durably

_DRAFTS = "drafts"
_TAB = re.compile(r"[0-9A-Za-z-]{1,40}")
_MAX_DEPTH = 30
"""Deepest place and value that is taken from a request or a draft."""


@dataclass(frozen=True, slots=True)
class EditDraft:
    """The unsaved edits of one file in one tab."""

    path: str
    base: str
    """Digest of the file that the edits are based on; empty for a new file."""
    edits: tuple[ValueEdit, ...]
    tab: str
    """A name of the tab: letters and digits."""
    text: str | None = None
    """The whole text of a new file."""


def keep_draft(folder: Path, draft: EditDraft) -> None:
    """Write a draft, in place of the tab's former one; one without edits is discarded.

    It is on disk when this returns. Raise StoreError, in Chinese, if it cannot be written; the
    former one is intact then.
    """
    path = _draft_path(folder, draft.path, draft.tab)
    try:
        if not draft.edits and draft.text is None:
            path.unlink(missing_ok=True)
            return
        data = read_data(folder, draft.path)
        if data is not None and digest_of(data) == draft.base:
            keep_base(folder, data)
        prepare_state(folder)
        write_durably(path, json.dumps(_encode_draft(draft), ensure_ascii=False).encode())
    except OSError as error:
        message = f"草稿没有存下：{explain_os_error(error)}；请不要关掉这个窗口，腾出空间后会再存"
        raise StoreError(message) from error


def list_drafts(folder: Path, path: str = "") -> list[EditDraft]:
    """Return the drafts, or those of one file, the latest first; also drop what no draft needs."""
    files = _draft_files(folder)
    drafts = [draft for file in files if (draft := _read_draft(file)) is not None]
    drop_old_bases(folder, {draft.base for draft in drafts})
    return [draft for draft in drafts if path in {"", draft.path}]


def discard_draft(folder: Path, path: str, tab: str) -> None:
    """Delete a draft, which is saved now or not needed any more."""
    _draft_path(folder, path, tab).unlink(missing_ok=True)


def resume_draft(folder: Path, draft: EditDraft, choices: Choices | None = None) -> Merge:
    """Return a draft's edits for the file as it is now, and where the file has changed otherwise.

    Raise EditError if the file is gone, or what the draft is based on.
    """
    data, is_report = read_data(folder, draft.path), draft.path.endswith(".md")
    base = read_base(folder, draft.base)
    if data is None:
        raise EditError(f"草稿所改的文件 {draft.path} 已经改名或删去；草稿还在，可以照着再填")
    if digest_of(data) == draft.base:
        base = data
    if base is None:
        raise EditError(f"{draft.path} 已经变了，草稿所据的原文找不到了；草稿还在，可以照着再填")
    before = read_tree(base.decode(), is_report=is_report)
    present = read_tree(data.decode(), is_report=is_report)
    return rebase_edits(before, draft.edits, present, choices)


def encode_edit(edit: ValueEdit) -> dict[str, Any]:
    """Return an edit as JSON values."""
    return {
        "place": list(edit.place),
        "value": edit.value,
        "kind": edit.kind.value,
        "to": edit.to,
    }


def decode_edit(data: Any) -> ValueEdit:  # noqa: ANN401 - where JSON enters
    """Return an edit from JSON values. Raise EditError if they are none."""
    place = data.get("place") if isinstance(data, Mapping) else None
    if not isinstance(place, list) or not 0 < len(place) <= _MAX_DEPTH:
        raise EditError("改动的位置不对；请重新打开这个文件")
    if not all(isinstance(part, str | int) and not isinstance(part, bool) for part in place):
        raise EditError("改动的位置不对；请重新打开这个文件")
    kind, to, value = data.get("kind", EditKind.SET), data.get("to", 0), data.get("value")
    if kind not in {*EditKind} or not isinstance(to, int) or not _is_tree(value):
        raise EditError("改动的内容不对；请重新打开这个文件")
    return ValueEdit(tuple(place), value, EditKind(kind), to)


def decode_edits(data: Any) -> tuple[ValueEdit, ...]:  # noqa: ANN401 - where JSON enters
    """Return edits from a JSON list. Raise EditError if it is none."""
    if not isinstance(data, list):
        raise EditError("改动的内容不对；请重新打开这个文件")
    return tuple(decode_edit(edit) for edit in data)


def _is_tree(value: Any, depth: int = 0) -> bool:  # noqa: ANN401 - where JSON enters
    if depth > _MAX_DEPTH:
        return False
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_tree(value[key], depth + 1) for key in value)
    if isinstance(value, list):
        return all(_is_tree(entry, depth + 1) for entry in value)
    return value is None or isinstance(value, str)


def _draft_path(folder: Path, path: str, tab: str) -> Path:
    if not _TAB.fullmatch(tab):
        raise EditError("窗口的名称不对；请重新打开填报台")
    name = hashlib.sha256(path.encode()).hexdigest()[:16]
    return folder / STATE_FOLDER / _DRAFTS / f"{name}-{tab}.json"


def _draft_files(folder: Path) -> Sequence[Path]:
    """Return the files of drafts, the latest first."""
    files = [
        (file.stat().st_mtime_ns, file)
        for file in (folder / STATE_FOLDER / _DRAFTS).glob("[!.]*.json")
    ]
    return [file for _, file in sorted(files, reverse=True)]


def _encode_draft(draft: EditDraft) -> dict[str, Any]:
    return {
        "path": draft.path,
        "base": draft.base,
        "edits": [encode_edit(edit) for edit in draft.edits],
        "tab": draft.tab,
        "text": draft.text,
    }


def _read_draft(file: Path) -> EditDraft | None:
    """Return a draft; None if its file is damaged, which stays where it is."""
    try:
        data = json.loads(file.read_bytes())
        edits = decode_edits(data["edits"])
        return EditDraft(data["path"], data["base"], edits, data["tab"], data["text"])
    except (OSError, ValueError, KeyError, TypeError, EditError):
        return None


def iter_damaged_drafts(folder: Path) -> Iterator[Path]:
    """Yield the files of drafts that cannot be read."""
    yield from (file for file in _draft_files(folder) if _read_draft(file) is None)
