"""A lock file that keeps two programs out of the same folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: two programs at once are not prevented.
    fcntl = None  # type: ignore[assignment]


LOCK = "lock"
"""Name of the lock file in its folder."""


class BusyError(RuntimeError):
    """Another program holds the folder's lock."""


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, creating the folder if needed. Raise BusyError if it is taken."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("wb") as lock:
        if fcntl:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BusyError from None
        yield
