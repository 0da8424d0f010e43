"""Merge two commits value by value, without touching the working folder."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.authoring.editor.edit_state import DATA_SUFFIXES, decode_file, digest_of
from gongkai.authoring.editor.key_order import key_order
from gongkai.authoring.editor.merging import (
    MISSING,
    WHOLE_FILE,
    Choice,
    MaybeTree,
    Side,
    ValueConflict,
    merge_values,
)
from gongkai.authoring.editor.saving import FileConflicts
from gongkai.authoring.editor.value_edits import edit_values
from gongkai.authoring.editor.value_trees import EditError, Tree, read_tree, same_values
from gongkai.model.forms import Form
from gongkai.runtime.git import BlobReader, GitError, run_git


@dataclass(frozen=True, slots=True)
class CommitMerge:
    """The outcome of merging two commits."""

    tree: str
    """Id of the merged git tree; empty if there are conflicts."""
    conflicts: tuple[FileConflicts, ...] = ()
    merged_files: tuple[str, ...] = ()
    """Files that both sides changed, and that were merged."""


@dataclass(frozen=True, slots=True)
class MergeSettings:
    """What a merge needs beside the commits."""

    forms: Mapping[str, Form | None]
    """They give new keys their order."""
    choices: Mapping[str, Choice]
    """How conflicts are settled, by the conflicts' ids."""


def merge_commits(top: Path, mine: str, theirs: str, settings: MergeSettings) -> CommitMerge:
    """Merge two commits of a repository. Raise GitError if they have no common history."""
    try:
        base = run_git("merge-base", mine, theirs, folder=top).strip()
    except GitError as error:
        if error.said:
            raise
        raise GitError("两边的 git 仓库没有共同的来历，不能合并；请核对远程的地址") from error
    with tempfile.TemporaryDirectory() as name:
        index = _Index(top, Path(name))
        index.run("read-tree", "-i", "-m", "--aggressive", base, mine, theirs)
        conflicts: list[FileConflicts] = []
        merged: list[str] = []
        with BlobReader(top) as blobs:
            for path, versions in index.iter_unmerged():
                base_data, my_data, their_data = (
                    blobs[entry.blob] if entry else None for entry in versions
                )
                outcome = merge_files(path, base_data, my_data, their_data, settings)
                if isinstance(outcome, FileConflicts):
                    conflicts.append(outcome)
                else:
                    index.put(path, outcome, versions)
                    merged.append(path)
        tree = "" if conflicts else index.run("write-tree").strip()
    return CommitMerge(tree, tuple(conflicts), tuple(merged))


def merge_files(
    path: str,
    base: bytes | None,
    mine: bytes | None,
    theirs: bytes | None,
    settings: MergeSettings,
) -> bytes | FileConflicts | None:
    """Return a file merged from both sides' versions, None if it is deleted; else the conflicts."""
    if mine == theirs:
        return theirs
    if path.endswith(DATA_SUFFIXES) and mine is not None and theirs is not None:
        try:
            return _merge_values(path, base or b"", mine, theirs, settings)
        except EditError:
            pass  # Not read as data: one version or the other.
    conflict = ValueConflict((), WHOLE_FILE, *map(_text_of, (base, mine, theirs)))
    choice = settings.choices.get(conflict.id)
    if choice is None:
        return FileConflicts(path, "" if theirs is None else digest_of(theirs), (conflict,))
    return mine if choice.side is Side.MINE else theirs


def _text_of(data: bytes | None) -> MaybeTree:
    return MISSING if data is None else data.decode(errors="replace")


def _merge_values(
    path: str, base: bytes, mine: bytes, theirs: bytes, settings: MergeSettings
) -> bytes | FileConflicts:
    """Merge a data file by value. Raise EditError if a version cannot be read."""
    is_report = path.endswith(".md")
    text = decode_file(theirs, path)
    old, my_tree = (
        read_tree(decode_file(data, path), is_report=is_report) if data else None
        for data in (base, mine)
    )
    their_tree = read_tree(text, is_report=is_report)
    merge = merge_values(old, my_tree, their_tree, settings.choices)
    if merge.conflicts:
        return FileConflicts(path, digest_of(theirs), merge.conflicts)
    textual = _merge_lines(base, mine, theirs)
    if textual is not None and _reads_as(textual, merge.tree, is_report=is_report):
        return textual  # With the comments of both sides.
    order = key_order(their_tree, settings.forms)
    return edit_values(text, merge.edits, key_order=order, is_report=is_report).encode()


def _merge_lines(base: bytes, mine: bytes, theirs: bytes) -> bytes | None:
    """Merge three versions line by line, as git does; None if it finds a conflict."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in (("mine", mine), ("base", base), ("theirs", theirs)):
            (folder / file).write_bytes(data)
        try:
            run_git("merge-file", "-q", "mine", "base", "theirs", folder=folder)
        except GitError:
            return None
        return (folder / "mine").read_bytes()


def _reads_as(data: bytes, tree: Tree, *, is_report: bool) -> bool:
    try:
        return same_values(read_tree(data.decode(), is_report=is_report), tree)
    except EditError:
        return False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A version of a file in an index."""

    mode: str
    blob: str


_Versions = tuple[_Entry | None, _Entry | None, _Entry | None]
"""The base's, mine and theirs; None if the file does not exist there."""


@dataclass(frozen=True, slots=True)
class _Index:
    """A temporary index of a repository."""

    top: Path
    folder: Path

    def run(self, *args: str, stdin: str = "") -> str:
        """Run git with this index."""
        environment = {"GIT_INDEX_FILE": f"{self.folder / 'index'}"}
        return run_git(*args, folder=self.top, stdin=stdin, environment=environment)

    def iter_unmerged(self) -> Iterator[tuple[str, _Versions]]:
        """Yield the files that both sides changed, with their versions."""
        versions: dict[str, list[_Entry | None]] = {}
        for line in filter(None, self.run("ls-files", "--unmerged", "-z").split("\0")):
            head, _, path = line.partition("\t")
            mode, blob, stage = head.split(" ")
            versions.setdefault(path, [None, None, None])[int(stage) - 1] = _Entry(mode, blob)
        for path, (base, mine, theirs) in versions.items():
            yield path, (base, mine, theirs)

    def put(self, path: str, data: bytes | None, versions: _Versions) -> None:
        """Put the merged file into the index."""
        self.run("update-index", "--force-remove", "--", path)
        if data is None:
            return
        file = self.folder / "blob"
        file.write_bytes(data)
        blob = self.run("hash-object", "-w", "--no-filters", f"{file}").strip()
        mode = next(entry.mode for entry in reversed(versions) if entry)
        self.run("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")
