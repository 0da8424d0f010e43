"""The content-hashed files of all kept releases, in one folder.

    DIR/hashed/<path>       what pages load: scripts, style sheets, pictures, parts of the search index
    DIR/hashed/SHA256SUMS   their hashes

Pages that readers opened before a switch load files of the release before. Web servers look for
content-hashed names here, so they find them at any moment, whichever release is live. Files of a
release that was removed stay until the next release.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from filecmp import cmp
from pathlib import Path
from stat import S_ISREG

from gongkai.release.manifest import (
    SHA256,
    Differences,
    compare_with_lists,
    format_hash_list,
    has_intact_list,
    list_files,
    read_hash_list,
    write_text,
)
from gongkai.runtime.workers import Workers
from gongkai.runtime.writing import let_everybody_read, make_folders

HASHED_NAME = re.compile(
    r"\.[0-9a-f]{8}(/.+\.bin|\.(min\.)?(css|m?js|svg|png|jpe?g|gif|webp|woff2))$"
)
"""End of a content-hashed path; the recipes for web servers in the handbook have the same pattern."""
_TEMPORARY = ".making"


@dataclass(frozen=True, slots=True)
class _Source:
    """A content-hashed file of a release."""

    release: Path
    digest: str
    """Its SHA-256, in hexadecimal."""


def gather_hashed_files(pool: Path, releases: Sequence[Path], *, forget_removed: bool) -> bool:
    """Link the content-hashed files of releases into a folder, and remove all others from it.

    Of files of one name, that of the first release stays. Files of releases that no longer exist
    stay, too, unless `forget_removed`. A file in the folder is replaced in one step. Return whether
    anything was added.
    """
    sources = _find_sources(releases)
    listed = {} if forget_removed else _list_of(pool)
    if not pool.is_dir():
        pool.unlink(missing_ok=True)
    make_folders(pool)
    digests = _remove_others(pool, sources, listed)
    digests |= {path: source.digest for path, source in sources.items()}
    missing = [path for path, source in sources.items() if _is_missing(pool, path, source)]
    for path in missing:
        _link(sources[path].release / path, pool, path)
    if _list_of(pool) != digests:
        _write_list(pool, digests)
    return bool(missing)


def find_pool_differences(pool: Path, releases: Sequence[Path], workers: Workers) -> Differences:
    """Compare the folder with the lists of the releases, first ones first, and with its own."""
    sources = _find_sources(releases)
    digests = {path: source.digest for path, source in sources.items()}
    differences = compare_with_lists(pool, {SHA256: {**_list_of(pool), **digests}}, workers)
    return Differences(
        altered=tuple(f"{pool.name}/{path}" for path in differences.altered),
        missing=tuple(f"{pool.name}/{path}" for path in differences.missing),
        added=tuple(f"{pool.name}/{path}" for path in differences.added),
    )


def _find_sources(releases: Sequence[Path]) -> dict[str, _Source]:
    sources: dict[str, _Source] = {}
    for release in releases:
        for path, digest in _hashed_files(release):
            sources.setdefault(path, _Source(release, digest))
    return sources


def _hashed_files(release: Path) -> Iterator[tuple[str, str]]:
    """Yield path and SHA-256 of a release's content-hashed files."""
    if has_intact_list(release):
        for path, digest in read_hash_list(release / SHA256).items():
            if HASHED_NAME.search(path):
                yield path, digest
    else:
        for path in list_files(release):
            if HASHED_NAME.search(path):
                yield path, _digest(release / path)


def _list_of(pool: Path) -> dict[str, str]:
    path = pool / SHA256
    return read_hash_list(path) if path.is_file() else {}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove_others(
    pool: Path, sources: Mapping[str, _Source], listed: Mapping[str, str]
) -> dict[str, str]:
    """Remove what is neither a release's nor listed, and empty folders; return what is only listed."""
    kept = dict[str, str]()
    for name, folders, files in os.walk(pool, topdown=False):
        folder = Path(name)
        links = [subfolder for subfolder in folders if (folder / subfolder).is_symlink()]
        for path in (folder / file for file in (*files, *links)):
            place = path.relative_to(pool).as_posix()
            if place in sources or place == SHA256:
                continue
            if place in listed and path.is_file() and _digest(path) == listed[place]:
                kept[place] = listed[place]
            else:
                path.unlink()
        if folder != pool and not any(folder.iterdir()):
            folder.rmdir()
    return kept


def _is_missing(pool: Path, path: str, source: _Source) -> bool:
    """Tell whether a release has a file and the folder has it not, or not the same."""
    try:
        original = (source.release / path).lstat()
    except OSError:  # The release lost it.
        return False
    try:
        present = (pool / path).lstat()
    except OSError:
        return True
    if (present.st_dev, present.st_ino) == (original.st_dev, original.st_ino):
        return False
    return not (S_ISREG(present.st_mode) and cmp(pool / path, source.release / path, shallow=False))


def _link(source: Path, pool: Path, path: str) -> None:
    """Hard-link a file into the folder in one step; copy it if the disk cannot link."""
    temporary = pool / _TEMPORARY
    try:
        os.link(source, temporary)
    except OSError:
        shutil.copyfile(source, temporary)
        let_everybody_read(temporary)
    make_folders((pool / path).parent)
    temporary.replace(pool / path)


def _write_list(pool: Path, digests: Mapping[str, str]) -> None:
    temporary = pool / _TEMPORARY
    write_text(temporary, format_hash_list(digests))
    temporary.replace(pool / SHA256)
