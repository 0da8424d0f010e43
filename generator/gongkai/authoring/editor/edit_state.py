"""What the editor keeps in .gongkai/edit: the lock, texts as they were loaded, and their digests."""

import hashlib
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gongkai.authoring.editor.value_trees import EditError
from gongkai.runtime.locking import BusyError, lock_folder
from gongkai.runtime.os_errors import explain_os_error
from gongkai.runtime.writing import write_durably

STATE_FOLDER = ".gongkai/edit"
"""The editor's folder in that of the publisher; nothing in it is data, or goes into git."""
_BASES = "bases"
_KEPT_DAYS = 30
"""Days for which a text is kept that no draft is based on: an open tab may still be."""
DATA_SUFFIXES = (".yml", ".yaml", ".md")
"""Endings of data files and reports; no other file is edited or handed in."""
_MAX_WAIT = 10
"""Seconds to wait for another program that is saving."""
_IN_PROCESS = threading.RLock()
"""Keeps threads apart where the system's lock does not."""


class StoreError(EditError):
    """A file cannot be read or written; the message is in Chinese. What was typed is not lost."""


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A data file as loaded."""

    path: str
    """From the publisher's folder, with forward slashes."""
    text: str
    """With its line ends and byte-order mark."""
    digest: str
    """SHA-256 of its bytes: what edits are based on."""


def digest_of(data: bytes) -> str:
    """Return the digest of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def checked_path(folder: Path, path: str) -> Path:
    """Return the place of a data file below a folder. Raise EditError for any other path."""
    parts = PurePosixPath(path).parts
    is_plain = all(
        part[:1] not in {".", "", "/"} and not set(part) & set('\\:*?"<>|') for part in parts
    )
    if not parts or not is_plain or "\0" in path or not path.endswith(DATA_SUFFIXES):
        raise EditError(f"“{path}”不是数据文件的路径")
    target = folder.joinpath(*parts)
    if not target.resolve().is_relative_to(folder.resolve()):
        raise EditError(f"“{path}”是一个链接，指到了目录外面；请换成文件本身")
    return target


def load_file(folder: Path, path: str) -> LoadedFile:
    """Load a data file, and keep its text: edits are merged with it if the file changes meanwhile."""
    data = read_data(folder, path)
    if data is None:
        raise EditError(f"没有文件 {path}；可能已经改名或删去，请回到首页")
    loaded = LoadedFile(path, decode_file(data, path), digest_of(data))
    with suppress(OSError):  # On a full disk one can still read.
        keep_base(folder, data)
    return loaded


def read_data(folder: Path, path: str) -> bytes | None:
    """Return a data file's bytes; None if there is no such file."""
    target = checked_path(folder, path)
    try:
        return target.read_bytes() if target.is_file() else None
    except OSError as error:
        raise StoreError(f"{path} 打不开：{explain_os_error(error)}") from error


def decode_file(data: bytes, path: str) -> str:
    """Return a file's text. Raise EditError if it is not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        message = f"{path} 不是 UTF-8 编码，不能在这里改；请用记事本打开，另存为 UTF-8"
        raise EditError(message) from error


def prepare_state(folder: Path) -> Path:
    """Return the editor's folder, and see to it that git never takes what is in it for a change."""
    state = folder / STATE_FOLDER
    ignore = state / ".gitignore"
    if not ignore.is_file():
        write_durably(ignore, b"*\n")
    return state


def keep_base(folder: Path, data: bytes) -> None:
    """Keep a text by its digest, if that is not done yet."""
    path = prepare_state(folder) / _BASES / digest_of(data)
    if not path.is_file():
        write_durably(path, data)


def read_base(folder: Path, digest: str) -> bytes | None:
    """Return the bytes that have a digest, as kept when they were loaded; None if they are not."""
    if not (digest.isalnum() and digest.isascii()):
        return None
    try:
        data = (folder / STATE_FOLDER / _BASES / digest).read_bytes()
    except OSError:
        return None
    return data if digest_of(data) == digest else None


def drop_old_bases(folder: Path, used: Iterable[str]) -> None:
    """Delete the texts that are old, and on which nothing `used` is based."""
    kept, oldest = set(used), time.time() - _KEPT_DAYS * 86_400
    bases = folder / STATE_FOLDER / _BASES
    for path in bases.iterdir() if bases.is_dir() else ():
        if path.name not in kept and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


@contextmanager
def lock_state(folder: Path) -> Iterator[None]:
    """Keep other tabs and programs from saving meanwhile. Raise StoreError if one does for long."""
    end = time.monotonic() + _MAX_WAIT
    with _IN_PROCESS:
        while True:
            try:
                with lock_folder(prepare_state(folder)):
                    yield
                    return
            except BusyError:
                if time.monotonic() > end:
                    message = "另一个填报台正在保存；填的内容都在，请等它保存完再试"
                    raise StoreError(message) from None
                time.sleep(0.05)
            except OSError as error:
                raise StoreError(f"没有保存：{explain_os_error(error)}；填的内容都在") from error
