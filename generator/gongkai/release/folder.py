"""The release folder of a web server: one folder per release, and a symlink to the live one.

    DIR/current            symlink to the live release: the web server's root
    DIR/hashed/            content-hashed files of all releases (see hashed_files)
    DIR/releases/<name>/   complete sites with their manifests; never changed
    DIR/.work/site/        the working site, built incrementally; its lock lies beside it
    DIR/.making/           staging folder of the next release, removed after an interruption

A release first adds its content-hashed files to those of the others, where web servers look for them;
then it changes the symlink to the live one, in one step.
"""

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gongkai.history.git_log import release_sort_key
from gongkai.release.hashed_files import find_pool_differences, gather_hashed_files
from gongkai.release.manifest import RELEASE, Differences
from gongkai.runtime.locking import lock_folder
from gongkai.runtime.workers import Workers
from gongkai.runtime.writing import let_everybody_read, make_folders, sync_disk, sync_folder

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
    def hashed(self) -> Path:
        """Folder of the content-hashed files of all releases."""
        return self.folder / "hashed"

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

        Raise BusyError if another program holds the lock, ReleaseError if the folder has files of
        others where those of releases belong.
        """
        if self.live_link.exists() and not self.live_link.is_symlink():
            message = f"{self.live_link} 不是链接；请换一个目录，或先移走它"
            raise ReleaseError(message)
        if self.hashed.exists() and not (self.folder / _RELEASES).is_dir():
            message = f"{self.hashed} 不是发布时建立的；请换一个目录，或先移走它"
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
        name = self.live_link.readlink().name if self.live_link.is_symlink() else ""
        return name if name in self.names() else ""

    def store_staged(self, name: str) -> None:
        """Turn the staging folder into a release, which is not live yet."""
        target = self.path(name)
        make_folders(target.parent)
        if target.exists():  # The incomplete rest of a release whose removal was interrupted.
            shutil.rmtree(target)
        self.staging.replace(target)

    def switch(self, name: str, *, is_new: bool = False) -> None:
        """Make a release live, in one step; what pages of the others load stays within reach.

        Before a new release, files of removed ones are removed.
        """
        has_new_files = self.gather_hashed_files(name, forget_removed=is_new)
        if is_new or has_new_files:
            sync_disk()  # The site has to be on disk before the symlink to it is.
        self._set_live_link(name)
        former_link = self.folder / "previous"  # Older versions of this program made it.
        if former_link.is_symlink():
            former_link.unlink()

    def gather_hashed_files(self, name: str, *, forget_removed: bool = False) -> bool:
        """Gather the content-hashed files of all releases; those of the named one take precedence.

        Return whether there were any new ones.
        """
        releases = self._releases_by_precedence(name)
        return gather_hashed_files(self.hashed, releases, forget_removed=forget_removed)

    def find_pool_differences(self, workers: Workers) -> Differences:
        """Compare the gathered content-hashed files with those of the releases."""
        releases = self._releases_by_precedence(self.current())
        return find_pool_differences(self.hashed, releases, workers)

    def _releases_by_precedence(self, first: str) -> list[Path]:
        names = dict.fromkeys((first, self.current(), *reversed(self.names())))
        return [self.path(name) for name in names if name]

    def _set_live_link(self, name: str) -> None:
        new_link = self.folder / ".making-link"
        new_link.unlink(missing_ok=True)
        try:
            new_link.symlink_to(Path(_RELEASES, name), target_is_directory=True)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            message = f"{self.folder} 所在的磁盘不能建立链接（{error.strerror}）；线上网站没有改动"
            raise ReleaseError(message) from error
        new_link.replace(self.live_link)
        sync_folder(self.folder)

    def prune(self, keep: int, *, live_before: str) -> list[str]:
        """Remove all but the newest `keep` releases, the live one and the one before it.

        Return the removed names.
        """
        names = self.names()
        needed = {self.current(), live_before}
        old = [name for name in names[: max(0, len(names) - keep)] if name not in needed]
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
