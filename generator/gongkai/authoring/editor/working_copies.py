"""Working copies: what a unit's year looks like with everything typed and not yet saved."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from gongkai.authoring.editor.drafts import EditDraft, discard_draft, keep_draft, list_drafts
from gongkai.authoring.editor.edit_state import (
    LoadedFile,
    StoreError,
    decode_file,
    load_file,
    read_base,
    read_data,
)
from gongkai.authoring.editor.key_order import key_order
from gongkai.authoring.editor.saving import Choices, FileEdits, SaveResult, save
from gongkai.authoring.editor.tree_diffs import diff_trees
from gongkai.authoring.editor.unit_years import UnitYear, read_unit_year
from gongkai.authoring.editor.value_edits import edit_values
from gongkai.authoring.editor.value_trees import EditError, ValueEdit, read_tree
from gongkai.reading.dataset import CommonData

_STEPS = 500
"""How many steps can be undone."""
_TAB = "editor"
"""Name of the drafts: all tabs of one editor share a working copy."""
_UNREAD_TAB = "editor-unread"
"""Name under which drafts are kept that cannot be taken up, so that later ones do not replace them."""


class Step(NamedTuple):
    """A step that can be undone: the texts of the changed files before and after it."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    focus: str
    """Id of the place to show when it is undone."""
    group: str
    """Steps of one group are one: the keystrokes in a cell until it is left."""


@dataclass(slots=True)
class WorkingCopy:
    """A unit's year with the texts that are not saved yet."""

    publisher: Path
    """The publisher's folder."""
    prefix: str
    """Path of the year's folder within the publisher's, with a slash."""
    unit: str
    year: int
    bases: dict[str, LoadedFile] = field(default_factory=dict)
    """The changed files as they were when the first change was made."""
    texts: dict[str, str] = field(default_factory=dict)
    """Texts of the changed files, by path within the year's folder."""
    steps: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)
    version: int = 0
    """Grows with every change."""
    fault: str = ""
    """Why the last change could not be kept as a draft; empty if it was."""
    unread: list[EditDraft] = field(default_factory=list)
    """Drafts that could not be taken up: what was typed is shown, to be typed again."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def folder(self) -> Path:
        """The year's folder."""
        return self.publisher / self.prefix

    def resume(self) -> None:
        """Take up the drafts of an editor that ended before they were saved."""
        for draft in reversed(list_drafts(self.publisher)):
            if draft.path.startswith(self.prefix) and not self._take_up(draft):
                self._set_aside(draft)

    def _take_up(self, draft: EditDraft) -> bool:
        """Make a draft's edits again; return whether that was possible."""
        data = read_base(self.publisher, draft.base)
        if data is None:
            return False
        file, text = draft.path.removeprefix(self.prefix), decode_file(data, draft.path)
        try:
            mine = draft.text or edit_values(text, draft.edits, is_report=file.endswith(".md"))
        except EditError:
            return False
        self.bases[file] = LoadedFile(draft.path, text, draft.base)
        self.texts[file] = mine
        return True

    def _set_aside(self, draft: EditDraft) -> None:
        """Remember a draft that cannot be taken up, and keep its file."""
        aside = replace(draft, tab=_UNREAD_TAB)
        self.unread.append(aside)
        if draft.tab == _TAB:
            keep_draft(self.publisher, aside)
            discard_draft(self.publisher, draft.path, _TAB)

    def forget_unread(self) -> None:
        """Delete the drafts that could not be taken up."""
        for draft in self.unread:
            discard_draft(self.publisher, draft.path, draft.tab)
        self.unread.clear()

    def text(self, file: str) -> str:
        """Return the present text of a file."""
        return self.texts[file] if file in self.texts else self._load(file).text

    def has_file(self, file: str) -> bool:
        """Return whether a path names a file of this year: no other file is read or changed."""
        files = {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.*")}
        return file in files and not file.startswith(".")

    @property
    def unsaved(self) -> dict[Path, bytes]:
        """Contents that are not saved yet, by path."""
        return {self.folder / file: text.encode() for file, text in self.texts.items()}

    @property
    def changed_outside(self) -> list[str]:
        """The changed files that somebody else has changed on the disk since."""
        return [
            file
            for file, base in self.bases.items()
            if read_data(self.publisher, base.path) != base.text.encode()
        ]

    def edit(
        self, edits: Mapping[str, Iterable[ValueEdit]], common: CommonData, focus: str, group: str
    ) -> None:
        """Edit values in files as one step. Raise EditError if one cannot be edited: then none is."""
        texts = {}
        for file, own in edits.items():
            text, is_report = self.text(file), file.endswith(".md")
            order = key_order(read_tree(text, is_report=is_report), common.forms)
            texts[file] = edit_values(text, list(own), key_order=order, is_report=is_report)
        self.change(texts, focus, group)

    def change(self, texts: Mapping[str, str], focus: str = "", group: str = "") -> None:
        """Replace the texts of files as one step."""
        before = {file: self.text(file) for file in texts}
        if before == dict(texts):
            return
        last = self.steps[-1] if self.steps else None
        if last and group and last.group == group and last.before.keys() == before.keys():
            self.steps[-1] = Step(last.before, dict(texts), focus, group)
        else:
            self.steps.append(Step(before, dict(texts), focus, group))
            del self.steps[:-_STEPS]
        self.undone.clear()
        self._set(texts)

    def undo(self) -> Step | None:
        """Undo the last step; None if there is none, or the files were changed elsewhere since."""
        return self._travel(self.steps, self.undone, "after", "before")

    def redo(self) -> Step | None:
        """Redo the step that was undone last; None if there is none."""
        return self._travel(self.undone, self.steps, "before", "after")

    def _travel(self, steps: list[Step], others: list[Step], now: str, then: str) -> Step | None:
        if not steps:
            return None
        step = steps.pop()
        if any(self.text(file) != text for file, text in getattr(step, now).items()):
            steps.clear()
            return None
        others.append(step)
        self._set(getattr(step, then))
        return step

    def save(self, common: CommonData, choices: Choices) -> SaveResult:
        """Save all changes, or none and return the conflicts with what somebody else saved."""
        changes = [self._file_edits(file) for file in sorted(self.texts)]
        result = save(self.publisher, changes, forms=common.forms, choices=choices)
        if result.is_saved:
            for change in changes:
                discard_draft(self.publisher, change.path, _TAB)
            if any(file.is_merged for file in result.files):
                self.steps.clear()
                self.undone.clear()
            self.bases.clear()
            self.texts.clear()
            self.version += 1
        return result

    def read(self, common: CommonData) -> UnitYear:
        """Read and check the year as it stands here."""
        return read_unit_year(common, self.unit, self.year, self.unsaved)

    def _load(self, file: str) -> LoadedFile:
        return load_file(self.publisher, f"{self.prefix}{file}")

    def _set(self, texts: Mapping[str, str]) -> None:
        self.version += 1
        self.fault = ""
        for file, text in texts.items():
            if file not in self.bases:
                self.bases[file] = self._load(file)
            self.texts[file] = text
            if text == self.bases[file].text:
                discard_draft(self.publisher, self.bases[file].path, _TAB)
                del self.texts[file], self.bases[file]
            else:
                self._keep_draft(file)

    def _keep_draft(self, file: str) -> None:
        """Keep a file's edits on the disk, so that they survive a crash; note why if that fails."""
        change = self._file_edits(file)
        draft = EditDraft(change.path, change.base, change.edits, _TAB, change.text)
        try:
            keep_draft(self.publisher, draft)
        except StoreError as fault:
            self.fault = f"{fault}"

    def _file_edits(self, file: str) -> FileEdits:
        """Return what was changed in a file; its whole text if its values cannot be compared."""
        base, mine, is_report = self.bases[file], self.texts[file], file.endswith(".md")
        try:
            before = read_tree(base.text, is_report=is_report)
            edits = diff_trees(before, read_tree(mine, is_report=is_report))
        except EditError:
            return FileEdits(base.path, base.digest, text=mine)
        return FileEdits(base.path, base.digest, tuple(edits))
