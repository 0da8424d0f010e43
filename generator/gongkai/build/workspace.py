"""The working folder beside a site: staging area, caches, and atomic publication.

    .gongkai/<site>/frame/     output of MkDocs for gongkai: hand-written pages, the theme's files
    .gongkai/<site>/rendered/  output of MkDocs by itself: all pages; deleted once published
    .gongkai/<site>/pending/   staging area: new and changed files, until the build has succeeded
    .gongkai/<site>/parts/     temporary files being written
    .gongkai/<site>/index/     the units' part files: postings of the search index and, with the
                               suffix .rows, rows of the open data, with .unit the cached results;
                               content-hashed names
    .gongkai/<site>/checks/    results of gongkai check, by unit (see checks/cache)
    .gongkai/<site>/templates/ compiled templates of one program version
    .gongkai/<site>/state      pickled publish plan of the present site, with its cached state
    .gongkai/<site>/next       pickled publish plan being applied; pending/ is being moved

Only publish() changes a site; an interrupted publication is resumed by the next command.
A state that cannot be trusted is dropped with the whole workspace (see load_last_state).
"""

import os
import shutil
import zlib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Generic, TypeVar

from gongkai.runtime.locking import LOCK, BusyError, lock_folder
from gongkai.runtime.packing import UNPACKING_ERRORS, unpack_object, write_object
from gongkai.runtime.writing import make_folders, sync_disk

FOLDER = ".gongkai"
_CHECKSUM_SIZE = 4
"""Size in bytes of the CRC-32 at the end of a plan file."""
StateT = TypeVar("StateT")


@dataclass(frozen=True, slots=True)
class PublishPlan(Generic[StateT]):
    """How the pending files turn the present site into the next one."""

    state: StateT
    replaces_site: bool
    """Whether pending/ holds the complete site, not only changed files."""
    deleted: tuple[str, ...]
    """Files of the present site that the next one does not have, once folders are renamed."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """New paths of folders of the present site, by their old paths."""


class _ChecksumWriter:
    """A binary file writer that keeps the CRC-32 of the bytes written."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.checksum = file, 0

    def write(self, data: bytes) -> int:
        """Write bytes; return their number."""
        self.checksum = zlib.crc32(data, self.checksum)
        return self.file.write(data)


def _load_plan(data: bytes) -> PublishPlan[Any] | None:
    """Unpickle a plan file; None if it is damaged or another program version's."""
    pickled = memoryview(data)[:-_CHECKSUM_SIZE]
    if zlib.crc32(pickled) != int.from_bytes(data[-_CHECKSUM_SIZE:], "big"):
        return None
    try:
        plan = unpack_object(pickled)
    except UNPACKING_ERRORS:
        return None
    return plan if isinstance(plan, PublishPlan) else None


@dataclass(frozen=True, slots=True)
class Workspace:
    """The working folder of a site."""

    site: Path

    @property
    def folder(self) -> Path:
        """Path of the workspace: on the same disk as the site, so that files can be moved."""
        return self.site.parent / FOLDER / self.site.name

    @property
    def mkdocs_output(self) -> Path:
        """Folder with the output of MkDocs that gongkai keeps for its next builds."""
        return self.folder / "frame"

    @property
    def rendered(self) -> Path:
        """Folder for the output of a MkDocs run that renders the data's pages, too."""
        return self.folder / "rendered"

    @property
    def pending(self) -> Path:
        """Staging folder of files to be moved into the site."""
        return self.folder / "pending"

    @property
    def index(self) -> Path:
        """Folder with the units' part files of the search index and the open data."""
        return self.folder / "index"

    @property
    def check_cache(self) -> Path:
        """Folder for the results of gongkai check, which looks after it itself."""
        return self.folder / "checks"

    @property
    def state_file(self) -> Path:
        """Path of the plan file of the present site."""
        return self.folder / "state"

    @property
    def _next(self) -> Path:
        return self.folder / "next"

    @property
    def _parts(self) -> Path:
        return self.folder / "parts"

    @property
    def _old(self) -> Path:
        return self.folder / "old"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Lock the workspace and complete an interrupted publication.

        Raise BusyError if another build holds the lock.
        """
        with lock_folder(self.folder):
            self._resume()
            yield

    def complete_publication(self) -> bool:
        """Complete an interrupted publication, if there is one and no build holds the lock."""
        if not self._next.is_file():
            return False
        try:
            with self.lock():
                return True
        except (BusyError, OSError):
            return False

    def _resume(self) -> None:
        if self._next.is_file():
            plan = _load_plan(self._next.read_bytes())
            if plan:
                self._apply(plan)
            else:
                self._drop_caches()
        self.discard_pending()

    def _drop_caches(self) -> None:
        """Make the next build a cold one; keep the site as far as it is there."""
        self._next.unlink()
        self.state_file.unlink(missing_ok=True)
        if self._old.is_dir() and not self.site.is_dir():
            self._old.replace(self.site)

    def clear(self) -> None:
        """Delete everything but the lock; an empty state remains as the sign that the site is ours."""
        is_ours = self.state_file.exists()
        for path in self.folder.iterdir():
            if path.name == LOCK:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        if is_ours:
            self.state_file.touch()
        self.discard_pending()

    def discard_pending(self) -> None:
        """Empty the staging folder and delete temporary files."""
        for folder in (self.pending, self._parts, self._old):
            shutil.rmtree(folder, ignore_errors=True)
        for folder in (self.pending, self._parts):
            make_folders(folder)

    def read_state(self) -> object:
        """Return the cached state; None if it is absent or unreadable, or the site is gone."""
        if not self.site.is_dir():
            return None
        try:
            plan = _load_plan(self.state_file.read_bytes())
        except OSError:
            return None
        return plan.state if plan else None

    def find_foreign_file(self) -> str:
        """Return the name of a file if the site's folder is not empty and no site of ours, else empty."""
        if (
            self.state_file.is_file()
            or not self.site.is_dir()
            or (self.site / "404.html").is_file()
        ):
            return ""
        return next((path.name for path in sorted(self.site.iterdir())), "")

    def template_cache(self, program: str, *, fresh: bool) -> Path:
        """Return the folder for a program version's compiled templates; delete those of others."""
        folder = self.folder / "templates"
        program_folder = folder / program
        if fresh or not program_folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            program_folder.mkdir(parents=True)
        return program_folder

    def delete_unused_parts(self, used: AbstractSet[str]) -> None:
        """Delete part files whose names are not in `used`."""
        for path in self.index.iterdir() if self.index.is_dir() else ():
            if path.name not in used:
                path.unlink()

    def publish(self, plan: PublishPlan[StateT], *, durable: bool = True) -> None:
        """Bring plan and pending files to disk, then move the files into the site.

        From the moment that the plan has its name, an interruption is made good by the next command.
        A publication that is not `durable` does not wait for the disk; a power cut may undo it.
        """
        part = self._next.with_suffix(".part")
        with part.open("wb") as file:
            writer = _ChecksumWriter(file)
            write_object(plan, writer)
            file.write(writer.checksum.to_bytes(_CHECKSUM_SIZE, "big"))
        if durable:
            sync_disk()
        part.replace(self._next)
        self._apply(plan)

    def _apply(self, plan: PublishPlan[StateT]) -> None:
        """Move and delete files, then keep the plan as the state; every step can be repeated."""
        if plan.replaces_site:
            self._swap_folders()
        else:
            for old, new in plan.renamed.items():
                _rename_folder(self.site / old, self.site / new)
            self.move_pending(self.site)
            for path in plan.deleted:
                self._remove_file(path)
        self._next.replace(self.state_file)
        shutil.rmtree(self._old, ignore_errors=True)

    def _swap_folders(self) -> None:
        """Replace the site's folder by pending/, or file by file if the folder cannot be moved."""
        if not self.pending.is_dir():
            return
        try:
            if self.site.is_dir() and not self._old.is_dir():
                self.site.replace(self._old)
            self.pending.replace(self.site)
        except OSError:  # A mounted folder, or on Windows one that another program has open.
            site_files = [path for path in self.site.rglob("*") if path.is_file()]
            for path in site_files:
                if not (self.pending / path.relative_to(self.site)).exists():
                    self._remove_file(path.relative_to(self.site).as_posix())
            self.move_pending(self.site)

    def rename_pending(self, old: str, new: str) -> None:
        """Rename a folder of staged files, if there are any in it."""
        _rename_folder(self.pending / old, self.pending / new)

    def move_pending(self, out: Path) -> None:
        """Move the staged files into a folder on the same disk."""
        _move_files(self.pending, out)

    def _remove_file(self, path: str) -> None:
        """Delete a file of the site and the folders that become empty."""
        file = self.site / path
        file.unlink(missing_ok=True)
        for folder in file.parents:
            if folder == self.site or (folder.is_dir() and any(folder.iterdir())):
                break
            if folder.is_dir():  # Otherwise an interrupted publication deleted it.
                folder.rmdir()


def _rename_folder(old: Path, new: Path) -> None:
    """Rename a folder; file by file if an interruption left part of it under the new name."""
    if not old.is_dir():
        return
    try:
        old.replace(new)
    except OSError:
        _move_files(old, new)
        shutil.rmtree(old)


def _move_files(source: Path, target: Path) -> None:
    for folder, _, names in os.walk(source):
        target_folder = target / Path(folder).relative_to(source)
        make_folders(target_folder)
        for name in names:
            Path(folder, name).replace(target_folder / name)


@contextmanager
def temporary_workspace(out: Path) -> Iterator[Workspace]:
    """Yield a workspace on the same disk as `out`, to be deleted afterwards."""
    absolute = out.absolute()
    existing = next(folder for folder in (absolute, *absolute.parents) if folder.is_dir())
    with TemporaryDirectory(prefix=FOLDER, dir=existing) as folder:
        workspace = Workspace(Path(folder) / "out")
        workspace.discard_pending()
        yield workspace
