"""Save edits: all files of one save or none, and never over a change that somebody else made."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gongkai.authoring.editor.edit_state import (
    STATE_FOLDER,
    StoreError,
    checked_path,
    decode_file,
    digest_of,
    keep_base,
    lock_state,
    read_base,
    read_data,
)
from gongkai.authoring.editor.key_order import key_order
from gongkai.authoring.editor.merging import (
    MISSING,
    WHOLE_FILE,
    Choice,
    MaybeTree,
    Side,
    ValueConflict,
    rebase_edits,
)
from gongkai.authoring.editor.value_edits import edit_values
from gongkai.authoring.editor.value_trees import EditError, ValueEdit, read_tree
from gongkai.model.forms import Form
from gongkai.runtime.os_errors import explain_os_error
from gongkai.runtime.writing import sync_folder, write_durably

_JOURNAL, _PARTS = "journal.json", "saving"
_TRIES = 5
"""How often a file is replaced that another program holds open (Windows)."""


@dataclass(frozen=True, slots=True)
class FileEdits:
    """The edits of one file."""

    path: str
    """From the publisher's folder, with forward slashes."""
    base: str
    """Digest of the file as it was loaded; empty for a new file."""
    edits: tuple[ValueEdit, ...] = ()
    text: str | None = None
    """The whole new text: of a new file, or with the edits made already.

    It is written as it is if the file is still as it was loaded; otherwise the edits are merged, and
    without edits one of the two texts has to be chosen.
    """
    is_removed: bool = False
    """Whether the file is to be deleted."""


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file after saving."""

    path: str
    digest: str
    """What further edits are based on; empty if it was deleted."""
    text: str
    is_merged: bool = False
    """Whether it had been changed by somebody else in between, and both changes are in it now."""


@dataclass(frozen=True, slots=True)
class FileConflicts:
    """A file that somebody else changed at the same places."""

    path: str
    digest: str
    """Of the file as it is now; empty if it was deleted."""
    conflicts: tuple[ValueConflict, ...]


@dataclass(frozen=True, slots=True)
class SaveResult:
    """The outcome of a save: saved files, or conflicts, and then no file was written."""

    files: tuple[SavedFile, ...] = ()
    conflicts: tuple[FileConflicts, ...] = ()

    @property
    def is_saved(self) -> bool:
        """Whether everything was saved."""
        return not self.conflicts


Choices = Mapping[str, Choice]
"""How conflicts are settled, by the conflicts' ids."""
_NO_CHOICES: Choices = {}
_NO_FORMS: Mapping[str, Form | None] = {}


def save(
    folder: Path,
    changes: Sequence[FileEdits],
    *,
    forms: Mapping[str, Form | None] = _NO_FORMS,
    choices: Choices = _NO_CHOICES,
) -> SaveResult:
    """Save the edits of several files in a publisher's folder, all or none.

    A file that changed since it was loaded (in another tab, by git pull) is merged value by value;
    where both sides changed the same value, nothing is written, and the conflicts are returned.
    Call again with `choices` to settle them. `forms` give new keys their order. Raise EditError, in
    Chinese, if something cannot be edited or written: then all files are as they were.
    """
    with lock_state(folder):
        _roll_forward(folder)
        outcomes = [_Outcome.of(folder, change, forms, choices) for change in changes]
        conflicts = tuple(outcome.conflicts for outcome in outcomes if outcome.conflicts)
        if conflicts:
            return SaveResult(conflicts=conflicts)
        _write_all(folder, [outcome for outcome in outcomes if outcome.old != outcome.new])
        for outcome in outcomes:
            if outcome.new is not None:
                with suppress(OSError):  # For later merges; the files themselves are saved.
                    keep_base(folder, outcome.new)
        return SaveResult(tuple(outcome.saved_file for outcome in outcomes))


def recover(folder: Path) -> None:
    """Finish a save that was interrupted while its files were being moved into place."""
    if (folder / STATE_FOLDER).is_dir():
        with lock_state(folder):
            _roll_forward(folder)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What becomes of one file."""

    path: str
    old: bytes | None
    """As it is now; None if there is no such file."""
    new: bytes | None
    is_merged: bool = False
    conflicts: FileConflicts | None = None

    @property
    def saved_file(self) -> SavedFile:
        """The file as saved."""
        if self.new is None:
            return SavedFile(self.path, "", "")
        text = self.new.decode()
        return SavedFile(self.path, digest_of(self.new), text, self.is_merged)

    @classmethod
    def of(
        cls,
        folder: Path,
        change: FileEdits,
        forms: Mapping[str, Form | None],
        choices: Choices,
    ) -> "_Outcome":
        """Find out what becomes of a file."""
        old = read_data(folder, change.path)
        present = digest_of(old) if old is not None else ""
        if change.text is not None or change.is_removed:
            new = None if change.text is None else change.text.encode()
            if present == change.base or old == new:
                return cls(change.path, old, new)
            if old is None or not change.edits:
                return _whole_conflict(change, old, new, choices)
        if old is not None and present == change.base:
            return cls(change.path, old, _edit(change.path, old, change.edits, forms))
        base = read_base(folder, change.base)
        if old is None and base is None:
            raise EditError(f"没有文件 {change.path}；可能已经改名或删去，请回到首页")
        if old is None or base is None:
            mine = _edit(change.path, base or old or b"", change.edits, forms)
            return _whole_conflict(change, old, mine, choices)
        return cls.of_merge(change, base, old, forms, choices)

    @classmethod
    def of_merge(
        cls,
        change: FileEdits,
        base: bytes,
        old: bytes,
        forms: Mapping[str, Form | None],
        choices: Choices,
    ) -> "_Outcome":
        """Merge the edits of a file with those that somebody else made to its base."""
        path, is_report = change.path, change.path.endswith(".md")
        before = read_tree(decode_file(base, path), is_report=is_report)
        present = read_tree(decode_file(old, path), is_report=is_report)
        merge = rebase_edits(before, change.edits, present, choices)
        if merge.conflicts:
            conflicts = FileConflicts(path, digest_of(old), merge.conflicts)
            return cls(path, old, old, conflicts=conflicts)
        return cls(path, old, _edit(path, old, merge.edits, forms), is_merged=True)


def _edit(
    path: str, data: bytes, edits: Sequence[ValueEdit], forms: Mapping[str, Form | None]
) -> bytes:
    text, is_report = decode_file(data, path), path.endswith(".md")
    if not edits:
        return data
    try:
        order = key_order(read_tree(text, is_report=is_report), forms)
        return edit_values(text, edits, key_order=order, is_report=is_report).encode()
    except EditError as error:
        raise EditError(f"{path}：{error}") from error


def _whole_conflict(
    change: FileEdits, old: bytes | None, new: bytes | None, choices: Choices
) -> _Outcome:
    """Return the outcome for a file that cannot be merged value by value: one version or the other."""
    versions = [MISSING if data is None else _text_of(data) for data in (new, old)]
    conflict = ValueConflict((), WHOLE_FILE, MISSING, *versions)
    choice = choices.get(conflict.id)
    if choice is None:
        present = "" if old is None else digest_of(old)
        conflicts = FileConflicts(change.path, present, (conflict,))
        return _Outcome(change.path, old, old, conflicts=conflicts)
    return _Outcome(change.path, old, new if choice.side is Side.MINE else old)


def _text_of(data: bytes) -> MaybeTree:
    return data.decode(errors="replace")


class _JournalEntry(NamedTuple):
    """A file being replaced."""

    path: str
    old: str
    """Digest of the file before; empty if there was none."""
    new: str
    """Digest of the file afterwards; empty if it is deleted."""
    part: str
    """Name of the complete new file below the folder of parts."""


def _write_all(folder: Path, outcomes: Sequence[_Outcome]) -> None:
    """Write all files or none; once the journal is written, an interrupted save is finished later."""
    if not outcomes:
        return
    state = folder / STATE_FOLDER
    entries = [
        _JournalEntry(
            outcome.path,
            "" if outcome.old is None else digest_of(outcome.old),
            "" if outcome.new is None else digest_of(outcome.new),
            f"{number}",
        )
        for number, outcome in enumerate(outcomes)
    ]
    try:
        for entry, outcome in zip(entries, outcomes, strict=True):
            write_durably(state / _PARTS / entry.part, outcome.new or b"")
        for outcome in outcomes:
            if read_data(folder, outcome.path) != outcome.old:
                raise StoreError(f"{outcome.path} 刚刚被别的程序改了，没有保存；请再保存一次")
        write_durably(state / _JOURNAL, json.dumps(entries, ensure_ascii=False).encode())
    except OSError as error:
        _clear(state)
        raise StoreError(_not_saved(error)) from error
    except EditError:
        _clear(state)
        raise
    try:
        for entry in entries:
            _replace(folder, entry)
    except OSError as error:
        _roll_back(folder, entries, outcomes, error)
        raise StoreError(_not_saved(error)) from error
    _clear(state)


def _not_saved(error: OSError) -> str:
    return f"没有保存：{explain_os_error(error)}；文件没有改动，填的内容都在"


def _replace(folder: Path, entry: _JournalEntry) -> None:
    """Move a complete new file into its place, or delete the old one."""
    target, part = checked_path(folder, entry.path), folder / STATE_FOLDER / _PARTS / entry.part
    if not entry.new:
        _try_again(lambda: target.unlink(missing_ok=True))
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        part.chmod(target.stat().st_mode)
    if part.stat().st_dev == target.parent.stat().st_dev:
        _try_again(lambda: os.replace(part, target))  # noqa: PTH105 - says what it does
        sync_folder(target.parent)
    else:
        write_durably(target, part.read_bytes())


def _try_again(move: Callable[[], object]) -> None:
    """Do what Windows refuses while another program, such as a virus scanner, holds the file."""
    for number in range(_TRIES):
        try:
            move()
        except PermissionError:
            if number + 1 == _TRIES:
                raise
            time.sleep(0.1)
        else:
            return


def _roll_back(
    folder: Path,
    entries: Sequence[_JournalEntry],
    outcomes: Sequence[_Outcome],
    cause: OSError,
) -> None:
    """Put back the files that were replaced already, by a journal of its own."""
    state = folder / STATE_FOLDER
    undo: list[_JournalEntry] = []
    try:
        for entry, outcome in zip(entries, outcomes, strict=True):
            if read_data(folder, entry.path) != outcome.old:
                undo.append(_JournalEntry(entry.path, entry.new, entry.old, f"undo-{entry.part}"))
                write_durably(state / _PARTS / undo[-1].part, outcome.old or b"")
        write_durably(state / _JOURNAL, json.dumps(undo, ensure_ascii=False).encode())
        for entry in undo:
            _replace(folder, entry)
    except OSError as error:
        names = "、".join(entry.path for entry in undo)
        message = (
            f"只保存了一部分（{names}）：{explain_os_error(cause)}；"
            "填的内容都在，排除原因后再打开填报台，会接着做完"
        )
        raise StoreError(message) from error
    _clear(state)


def _roll_forward(folder: Path) -> None:
    """Finish an interrupted save; leave files alone that somebody has changed since."""
    state = folder / STATE_FOLDER
    for entry in _read_journal(state):
        data = read_data(folder, entry.path)
        present = "" if data is None else digest_of(data)
        part = state / _PARTS / entry.part
        is_complete = part.is_file() and digest_of(part.read_bytes()) == (
            entry.new or digest_of(b"")
        )
        if present == entry.old and is_complete:
            _replace(folder, entry)
    _clear(state)


def _read_journal(state: Path) -> Iterator[_JournalEntry]:
    path = state / _JOURNAL
    entries = json.loads(path.read_bytes()) if path.is_file() else []
    yield from (_JournalEntry(*entry) for entry in entries)


def _clear(state: Path) -> None:
    """Delete the journal, then the parts."""
    with suppress(OSError):
        (state / _JOURNAL).unlink(missing_ok=True)
        for part in (state / _PARTS).glob("*") if (state / _PARTS).is_dir() else ():
            part.unlink()
