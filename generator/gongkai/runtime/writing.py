"""Write the site's files atomically."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from gongkai.runtime.hashing import combined


class Written(NamedTuple):
    """One file of the site."""

    path: str
    """From the site's root, for instance units/xintian-jsx/index.html."""
    digest: str
    """SHA-256 of its bytes."""
    size: int
    """In bytes."""
    updated: str = ""
    """The sitemap's lastmod, an ISO date."""
    key: str = ""
    """Hash of the inputs, where known (see list_pages)."""
    listed: bool = True
    """Whether the sitemap may list it, if it is a page."""

    @property
    def is_page(self) -> bool:
        """Whether it is an HTML page."""
        return self.path.endswith(".html")

    @property
    def is_listed(self) -> bool:
        """Whether the sitemap lists it."""
        return self.listed and self.path.endswith("index.html")


@dataclass(frozen=True, slots=True)
class Store:
    """Output folders of the unit jobs, with what is already there."""

    out: Path
    """The site's folder."""
    known: Mapping[str, str]
    """SHA-256 digests of the files that the site already has, by path."""
    index: Path
    """Folder of the units' parts: of the search index, of the open data."""
    spelt: Mapping[str, str] = field(default_factory=dict)
    """Names with their pinyin, as far as already known."""


def listing(written: Iterable[Written]) -> str:
    """Return the hash of the sitemap entries of some files."""
    return combined(f"{file.path} {file.updated}" for file in written if file.is_listed)


def keep(data: bytes, slug: str, ending: str, store: Store) -> str:
    """Write a unit's part under a content-hashed name, and return that name."""
    name = f"{slug}-{hashlib.sha256(data).hexdigest()[:16]}{ending}"
    if not (store.index / name).is_file():
        _write_atomically(f"{store.index}/{name}", data, store.out)
    return name


def write(
    path: str, data: bytes, out: Path, known: Mapping[str, str], updated: str = ""
) -> Written:
    """Write a file atomically, unless the digest in `known` shows that the site already has it.

    The temporary file is in parts/ beside `out`, so that a killed worker leaves no partial file.
    """
    digest = hashlib.sha256(data).hexdigest()
    if known.get(path) != digest:
        _write_atomically(f"{out}/{path}", data, out)
    return Written(path, digest, len(data), updated)


def _write_atomically(target: str, data: bytes, out: Path) -> None:
    part = f"{out.parent}/parts/{os.urandom(8).hex()}"
    with open(part, "xb") as file:  # noqa: PTH123 - creating a Path takes as long as the file
        file.write(data)
    place(part, target)


def place(part: str | Path, target: str | Path) -> None:
    """Move a completely written file to its target, creating the folder if needed."""
    try:
        os.replace(part, target)  # noqa: PTH105 - see above
    except FileNotFoundError:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        os.replace(part, target)  # noqa: PTH105
