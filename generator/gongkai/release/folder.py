"""The folder that a web server shows: one folder a release, and a link to the one that is live.

    DIR/current            link to the release that is live: what the web server shows
    DIR/releases/<name>/   whole sites, each with its manifest; never changed
    DIR/.work/site/        where the site is built, step by step; and a lock
    DIR/.making/           the release being put together, removed if that does not come to its end

The only thing that ever changes for the web server is the link, in one step.
"""

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gongkai.history.git_log import age
from gongkai.release.manifest import RELEASE
from gongkai.runtime.locking import locked

_OURS = "releases"


class NoReleaseError(ValueError):
    """What is asked of the folder cannot be; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Releases:
    """All releases in one folder."""

    folder: Path

    @property
    def link(self) -> Path:
        """What the web server shows."""
        return self.folder / "current"

    @property
    def work(self) -> Path:
        """Where the site is built."""
        return self.folder / ".work" / "site"

    @property
    def making(self) -> Path:
        """Where a release is put together."""
        return self.folder / ".making"

    def path(self, name: str) -> Path:
        """Where a release lies."""
        return self.folder / _OURS / name

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder; BusyError where another program does. Clears what was interrupted."""
        if self.link.exists() and not self.link.is_symlink():
            message = f"{self.link} 不是链接；请换一个目录，或先移走它"
            raise NoReleaseError(message)
        with locked(self.work.parent):
            self._clear()
            yield
            self._clear()

    def _clear(self) -> None:
        for path in self.folder.glob(".making*"):
            linked = path.is_symlink()  # Interrupted before it was the live link.
            shutil.rmtree(path) if path.is_dir() and not linked else path.unlink()

    def names(self) -> list[str]:
        """The releases that are whole, the oldest first."""
        folder = self.folder / _OURS
        entries = folder.iterdir() if folder.is_dir() else ()
        whole = (each for each in entries if (each / RELEASE).is_file())
        return [each.name for each in sorted(whole, key=lambda each: age(each.name))]

    def current(self) -> str:
        """The name of the release that is live; empty where there is none."""
        name = self.link.readlink().name if self.link.is_symlink() else ""
        return name if name in self.names() else ""

    def keep(self, name: str) -> None:
        """Let what was made become a release, which is not live yet."""
        target = self.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():  # Interrupted while it was moved away; it is not whole.
            shutil.rmtree(target)
        os.sync()  # What the link will show has to be on the disk before the link is.
        self.making.replace(target)

    def switch(self, name: str) -> None:
        """Let a release be live, in one step."""
        part = self.folder / ".making-link"
        part.unlink(missing_ok=True)
        try:
            part.symlink_to(Path(_OURS, name), target_is_directory=True)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            message = f"{self.folder} 所在的磁盘不能建立链接（{error.strerror}）；线上网站没有改动"
            raise NoReleaseError(message) from error
        part.replace(self.link)

    def prune(self, most: int) -> list[str]:
        """Remove the oldest releases beyond so many, never the one that is live; their names."""
        names, live = self.names(), self.current()
        old = [name for name in names[: max(0, len(names) - most)] if name != live]
        for name in old:
            self.remove(name)
        return old

    def remove(self, name: str) -> None:
        """Remove a release."""
        gone = self.folder / f".making-old-{name}"
        self.path(name).replace(gone)
        shutil.rmtree(gone)


def fill(source: Path, names: Sequence[str], target: Path) -> None:
    """Put files of the working site into a new folder, linked where the disk allows it.

    The working site's files are replaced and never written into, so that releases may share them.
    """
    for folder in sorted({str(Path(name).parent) for name in names}):
        (target / folder).mkdir(parents=True, exist_ok=True)
    for name in names:
        try:
            os.link(source / name, target / name)
        except OSError:  # A system without such links, or too many of them; or no such file.
            shutil.copyfile(source / name, target / name)
