"""The release folder of a web server: one folder per release, and a symlink to the live one.

    DIR/current            symlink to the live release: the web server's root
    DIR/previous           symlink to the release that was live before
    DIR/releases/<name>/   complete sites with their manifests; never changed
    DIR/.work/site/        the working site, built incrementally; its lock lies beside it
    DIR/.making/           staging folder of the next release, removed after an interruption

A release changes nothing for the web server but the symlink to the live one, in one step. Pages that
readers opened before load files of the release before, whose names are content-hashed: web servers
look for these in `previous` if the live release does not have them.
"""

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gongkai.history.git_log import release_sort_key
from gongkai.release.manifest import RELEASE
from gongkai.runtime.locking import lock_folder
from gongkai.runtime.writing import let_everybody_read, make_folders, sync_folder

_RELEASES = "releases"


class ReleaseError(ValueError):
    """An operation on the release folder is refused; the message gives the reason in Chinese."""


@dataclass(frozen=True, slots=True)
class ReleaseFolder:
    """A release folder."""

    folder: Path

    @property
    def live_link(self) -> Path:
        """Symlink to the live release."""
        return self.folder / "current"

    @property
    def previous_link(self) -> Path:
        """Symlink to the release that was live before."""
        return self.folder / "previous"

    @property
    def work(self) -> Path:
        """Path of the working site."""
        return self.folder / ".work" / "site"

    @property
    def staging(self) -> Path:
        """Staging folder of the next release."""
        return self.folder / ".making"

    def path(self, name: str) -> Path:
        """Return the folder of a release."""
        return self.folder / _RELEASES / name

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Lock the folder and delete the remains of interrupted releases.

        Raise BusyError if another program holds the lock, ReleaseError if `current` or `previous` is
        no symlink.
        """
        for link in (self.live_link, self.previous_link):
            if link.exists() and not link.is_symlink():
                message = f"{link} 不是链接；请换一个目录，或先移走它"
                raise ReleaseError(message)
        make_folders(self.folder)
        with lock_folder(self.work.parent):
            self._delete_remains()
            yield
            self._delete_remains()

    def _delete_remains(self) -> None:
        for path in self.folder.glob(".making*"):
            is_link = path.is_symlink()  # Left by an interruption in switch().
            shutil.rmtree(path) if path.is_dir() and not is_link else path.unlink()

    def names(self) -> list[str]:
        """Return the names of the complete releases, oldest first."""
        folder = self.folder / _RELEASES
        entries = folder.iterdir() if folder.is_dir() else ()
        complete = (path for path in entries if (path / RELEASE).is_file())
        return [
            path.name for path in sorted(complete, key=lambda path: release_sort_key(path.name))
        ]

    def current(self) -> str:
        """Return the name of the live release; empty if there is none."""
        return self._linked_release(self.live_link)

    def _linked_release(self, link: Path) -> str:
        name = link.readlink().name if link.is_symlink() else ""
        return name if name in self.names() else ""

    def store_staged(self, name: str) -> None:
        """Turn the staging folder into a release, which is not live yet."""
        target = self.path(name)
        make_folders(target.parent)
        if target.exists():  # The incomplete rest of a release whose removal was interrupted.
            shutil.rmtree(target)
        os.sync()  # The site has to be on disk before the symlink to it is.
        self.staging.replace(target)

    def switch(self, name: str) -> None:
        """Make a release live, in one step; the files of the one before stay within reach."""
        live = self.current()
        if live and live != name:
            self._set_link(self.previous_link, live)
        self._set_link(self.live_link, name)

    def _set_link(self, link: Path, name: str) -> None:
        new_link = self.folder / ".making-link"
        new_link.unlink(missing_ok=True)
        try:
            new_link.symlink_to(Path(_RELEASES, name), target_is_directory=True)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            message = f"{self.folder} 所在的磁盘不能建立链接（{error.strerror}）；线上网站没有改动"
            raise ReleaseError(message) from error
        new_link.replace(link)
        sync_folder(self.folder)

    def prune(self, keep: int) -> list[str]:
        """Remove all but the newest `keep` releases, the live one and the one before it.

        Return the removed names.
        """
        names = self.names()
        served = {self.current(), self._linked_release(self.previous_link)}
        old = [name for name in names[: max(0, len(names) - keep)] if name not in served]
        for name in old:
            self.remove(name)
        return old

    def remove(self, name: str) -> None:
        """Remove a release."""
        removed = self.folder / f".making-old-{name}"
        self.path(name).replace(removed)
        shutil.rmtree(removed)


def link_files(source: Path, names: Sequence[str], target: Path) -> None:
    """Hard-link files of the working site into a new folder; copy them if the disk cannot link.

    Releases may share the working site's files, because a build replaces files and never writes
    into them.
    """
    for folder in sorted({str(Path(name).parent) for name in names}):
        make_folders(target / folder)
    for name in names:
        try:
            os.link(source / name, target / name)
        except OSError:  # No hard links on this system, or too many of them; or no such file.
            shutil.copyfile(source / name, target / name)
            let_everybody_read(target / name)
