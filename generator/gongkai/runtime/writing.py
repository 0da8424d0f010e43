"""Files of a site, written whole or not at all."""

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
    updated: str = ""
    """The day that the sitemap gives."""
    key: str = ""
    """The hash of what it was made of, where that is known (see list_pages)."""
    listed: bool = True
    """Whether the sitemap lists it, if it is a page."""

    @property
    def is_page(self) -> bool:
        """Whether people look at it in a browser."""
        return self.path.endswith(".html")

    @property
    def is_listed(self) -> bool:
        """Whether the sitemap lists it."""
        return self.listed and self.path.endswith("index.html")


@dataclass(frozen=True, slots=True)
class Store:
    """Where what others need of the units is written."""

    out: Path
    known: Mapping[str, str]
    """The digests of files that the site has already."""
    index: Path
    """Where the units' parts lie: of the index, of the open data."""
    spelt: Mapping[str, str] = field(default_factory=dict)
    """Names that are known in pinyin already."""


def listing(written: Iterable[Written]) -> str:
    """The hash of what the sitemap tells of some files."""
    return combined(f"{each.path} {each.updated}" for each in written if each.is_listed)


def keep(data: bytes, slug: str, ending: str, store: Store) -> str:
    """Keep a unit's part under a name that tells what is in it."""
    name = f"{slug}-{hashlib.sha256(data).hexdigest()[:16]}{ending}"
    if not (store.index / name).is_file():
        _place(f"{store.index}/{name}", data, store.out)
    return name


def write(
    path: str, data: bytes, out: Path, known: Mapping[str, str], updated: str = ""
) -> Written:
    """Write a file, whole or not at all; nothing where the site has it already.

    It is made in the folder parts/ beside `out`, so that a worker that is killed leaves no half file.
    """
    digest = hashlib.sha256(data).hexdigest()
    if known.get(path) != digest:
        _place(f"{out}/{path}", data, out)
    return Written(path, digest, len(data), updated)


def _place(target: str, data: bytes, out: Path) -> None:
    part = f"{out.parent}/parts/{os.urandom(8).hex()}"
    with open(part, "xb") as file:  # noqa: PTH123 - a Path takes as long as the file
        file.write(data)
    place(part, target)


def place(part: str | Path, target: str | Path) -> None:
    """Put a file that is written to the end where it belongs."""
    try:
        os.replace(part, target)  # noqa: PTH105 - see above
    except FileNotFoundError:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        os.replace(part, target)  # noqa: PTH105
