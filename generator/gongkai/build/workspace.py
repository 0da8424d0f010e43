"""The folder beside a site where it is made, and how what was made takes the site's place.

    .gongkai/<site>/frame/     what MkDocs made: hand-written pages, the theme's files
    .gongkai/<site>/pending/   files that are new or changed, until all is known to be right
    .gongkai/<site>/parts/     files being written
    .gongkai/<site>/index/     the units' parts of the search index, and with the ending .rows of the
                               open data, named by what is in them
    .gongkai/<site>/templates/ what has become of the templates, for a program
    .gongkai/<site>/state      what the site holds, what it was made of, and how it became so
    .gongkai/<site>/next       the state to come; while it lies here, pending/ is being moved

A site is changed only by finish(), which goes on where it was interrupted.
"""

import os
import pickle
import shutil
import zlib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

from gongkai.runtime.locking import locked

FOLDER = ".gongkai"
_SUM = 4
"""Bytes of the check sum that ends a state."""
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Plan(Generic[Kept]):
    """How a site becomes the next one."""

    state: Kept
    whole: bool
    """Whether pending/ is the whole site, and not only what changed."""
    gone: tuple[str, ...]
    """Files of the old site that the next one has not."""


class _Summed:
    """A file that is written, and the check sum of what is written."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.sum = file, 0

    def write(self, data: bytes) -> int:
        """As any file does."""
        self.sum = zlib.crc32(data, self.sum)
        return self.file.write(data)


def _unpacked(data: bytes) -> Any:  # noqa: ANN401 - what was packed
    """What finish() wrote; pickle.UnpicklingError where the disk has not kept it as it was."""
    told = memoryview(data)[:-_SUM]
    if zlib.crc32(told) != int.from_bytes(data[-_SUM:], "big"):
        raise pickle.UnpicklingError
    return pickle.loads(told)  # noqa: S301 - our own


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder beside a site."""

    site: Path

    @property
    def folder(self) -> Path:
        """Where all of it lies: on the same disk as the site, so that files can be moved."""
        return self.site.parent / FOLDER / self.site.name

    @property
    def frame(self) -> Path:
        """What MkDocs made."""
        return self.folder / "frame"

    @property
    def pending(self) -> Path:
        """Files to be moved into the site."""
        return self.folder / "pending"

    @property
    def index(self) -> Path:
        """The units' parts of the search index and of the open data."""
        return self.folder / "index"

    @property
    def state(self) -> Path:
        """What the site holds."""
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
    def locked(self) -> Iterator[None]:
        """Hold the workspace; BusyError where another build does. Finishes what was interrupted."""
        with locked(self.folder):
            self._resume()
            yield

    def _resume(self) -> None:
        if self._next.is_file():
            try:
                self._carry_out(_unpacked(self._next.read_bytes()))
            except (
                pickle.UnpicklingError,
                EOFError,
            ):  # Nothing is known any more: all is made anew.
                self._next.unlink()
                self.state.unlink(missing_ok=True)
                if self._old.is_dir() and not self.site.is_dir():
                    self._old.replace(self.site)
        self.clear()

    def clear(self) -> None:
        """Forget what was made and not used."""
        for folder in (self.pending, self._parts, self._old):
            shutil.rmtree(folder, ignore_errors=True)
        for folder in (self.pending, self._parts):
            folder.mkdir(parents=True)

    def read_state(self) -> object:
        """The last state; None where there is none, it cannot be read, or the site is gone."""
        if not self.site.is_dir():
            return None
        try:
            plan = _unpacked(self.state.read_bytes())
        except (OSError, pickle.UnpicklingError, EOFError, LookupError):
            return None
        except (AttributeError, ImportError, TypeError, ValueError):  # Another program's.
            return None
        return plan.state if isinstance(plan, Plan) else None

    def foreign(self) -> str:
        """A file that shows that what lies in the site's place is no site; empty where all is well."""
        if self.state.is_file() or not self.site.is_dir() or (self.site / "404.html").is_file():
            return ""
        return next((path.name for path in sorted(self.site.iterdir())), "")

    def parts(self) -> frozenset[str]:
        """Which parts there are."""
        return (
            frozenset(path.name for path in self.index.iterdir())
            if self.index.is_dir()
            else frozenset()
        )

    def templates(self, program: str, *, fresh: bool) -> Path:
        """Where what becomes of a program's templates is kept; nothing else is left there."""
        folder = self.folder / "templates"
        its = folder / program
        if fresh or not its.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            its.mkdir(parents=True)
        return its

    def sweep(self, parts: AbstractSet[str]) -> None:
        """Forget parts but for these."""
        for name in self.parts() - parts:
            (self.index / name).unlink(missing_ok=True)

    def finish(self, plan: Plan[Kept]) -> None:
        """Let what is pending take its place; from here on nothing can be lost."""
        part = self._next.with_suffix(".part")
        with part.open("wb") as file:
            summed = _Summed(file)
            pickle.dump(plan, summed, pickle.HIGHEST_PROTOCOL)
            file.write(summed.sum.to_bytes(_SUM, "big"))
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._next)
        self._carry_out(plan)

    def _carry_out(self, plan: Plan[Kept]) -> None:
        """Move, delete, remember; each step may be repeated."""
        if plan.whole:
            self._exchange()
        else:
            self._move()
            for path in plan.gone:
                self._remove(path)
        self._next.replace(self.state)
        shutil.rmtree(self._old, ignore_errors=True)

    def _exchange(self) -> None:
        """Put the new folder in the old one's place; file by file where that one cannot be moved."""
        if not self.pending.is_dir():
            return
        try:
            if self.site.is_dir() and not self._old.is_dir():
                self.site.replace(self._old)
            self.pending.replace(self.site)
        except OSError:  # A mounted folder, or one in which somebody is at work on Windows.
            strays = [path for path in self.site.rglob("*") if path.is_file()]
            for path in strays:
                if not (self.pending / path.relative_to(self.site)).exists():
                    self._remove(path.relative_to(self.site).as_posix())
            self._move()

    def _move(self) -> None:
        for folder, _, names in os.walk(self.pending):
            target = self.site / Path(folder).relative_to(self.pending)
            target.mkdir(parents=True, exist_ok=True)
            for name in names:
                Path(folder, name).replace(target / name)

    def _remove(self, path: str) -> None:
        """A file, and the folders that are empty without it."""
        file = self.site / path
        file.unlink(missing_ok=True)
        for folder in list(file.parents):
            if folder == self.site or any(folder.iterdir() if folder.is_dir() else ()):
                break
            folder.rmdir()
