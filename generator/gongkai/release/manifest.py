"""What a released site consists of: the hashes of its files, and whether they still hold.

SHA256SUMS    a line a file: hash, two spaces, path; “sha256sum -c SHA256SUMS” checks it, too
SM3SUMS       the same with the national standard's hash (GB/T 32905)
release.json  the day, the commit, the versions of the programs, the hashes of the two files
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from gongkai.runtime.workers import Workers

SHA256, SM3 = "SHA256SUMS", "SM3SUMS"
RELEASE = "release.json"
_OWN = frozenset({SHA256, SM3, RELEASE})
_SHARD = 400
"""How many files are hashed at a time."""
_CHUNK = 1024 * 1024
"""How much of a file is read at a time."""


class Sums(NamedTuple):
    """One file's hashes, in hexadecimal."""

    path: str
    """From the site's root, with forward slashes."""
    sha256: str
    sm3: str
    """Empty where this machine's OpenSSL does not know SM3."""


@dataclass(frozen=True, slots=True)
class Differences:
    """How a folder differs from its manifest; paths from its root."""

    altered: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    manifest: str = ""
    """What is wrong with the manifest itself, in Chinese."""

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.altered or self.missing or self.added or self.manifest)


@dataclass(frozen=True, slots=True)
class _Shard:
    folder: Path
    paths: tuple[str, ...]
    with_sm3: bool


def knows_sm3() -> bool:
    """Whether this machine's OpenSSL knows SM3."""
    return "sm3" in hashlib.algorithms_available


def files_of(folder: Path) -> list[str]:
    """Every file below a folder but the manifest's own, by its path, in order."""
    every = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in every if path not in _OWN)


def sums_of(
    folder: Path, paths: Sequence[str], workers: Workers, *, with_sm3: bool
) -> Iterator[Sums]:
    """The hashes of files, in no particular order."""
    starts = range(0, len(paths), _SHARD)
    shards = [_Shard(folder, tuple(paths[at : at + _SHARD]), with_sm3) for at in starts]
    for found in workers.results(_hashed, shards):
        yield from found


def _hashed(shard: _Shard) -> list[Sums]:
    return [_sums(shard.folder, path, with_sm3=shard.with_sm3) for path in shard.paths]


def _sums(folder: Path, path: str, *, with_sm3: bool) -> Sums:
    sha256, sm3 = hashlib.sha256(), hashlib.new("sm3") if with_sm3 else None
    with (folder / path).open("rb") as file:
        while data := file.read(_CHUNK):
            sha256.update(data)
            if sm3:
                sm3.update(data)
    return Sums(path, sha256.hexdigest(), sm3.hexdigest() if sm3 else "")


def write_sums(folder: Path, sums: Iterable[Sums]) -> None:
    """Write the lists of hashes."""
    every = sorted(sums)
    lists = {SHA256: [(each.path, each.sha256) for each in every]}
    if all(each.sm3 for each in every):
        lists[SM3] = [(each.path, each.sm3) for each in every]
    for name, pairs in lists.items():
        text = "".join(f"{digest}  {path}\n" for path, digest in pairs)
        (folder / name).write_text(text, "utf-8", newline="\n")


def write_release(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write release.json: the facts, and the hashes of the lists of hashes."""
    lists = {name: folder / name for name in (SHA256, SM3) if (folder / name).is_file()}
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in lists.items()}
    text = json.dumps({**facts, "manifests": digests}, ensure_ascii=False, indent=2)
    (folder / RELEASE).write_text(f"{text}\n", "utf-8", newline="\n")


def seal(folder: Path) -> str:
    """The SHA-256 of a site's list of hashes; empty where it has none."""
    path = folder / SHA256
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def read_release(folder: Path) -> dict[str, Any] | None:
    """What release.json tells; None where there is none, or it cannot be read."""
    try:
        told = json.loads((folder / RELEASE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def differences(folder: Path, workers: Workers) -> Differences:
    """How a folder differs from its manifest."""
    release = read_release(folder)
    if release is None:
        return Differences(
            manifest=f"没有 {RELEASE}，或者它读不出来：这里不是 gongkai release 发布的网站"
        )
    lists: dict[str, dict[str, str]] = {}
    for name, digest in release.get("manifests", {}).items():
        path = folder / name
        data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != digest:
            return Differences(manifest=f"{name} 被改动过，或者没有了")
        lists[name] = dict(_pairs(data.decode("utf-8", "replace")))
    if SHA256 not in lists:
        return Differences(manifest=f"{RELEASE} 没有写明 {SHA256}")
    there, listed = files_of(folder), lists[SHA256]
    with_sm3 = SM3 in lists and knows_sm3()
    common = [path for path in there if path in listed]
    altered = [
        each.path
        for each in sums_of(folder, common, workers, with_sm3=with_sm3)
        if each.sha256 != listed[each.path] or (with_sm3 and each.sm3 != lists[SM3].get(each.path))
    ]
    return Differences(
        altered=tuple(sorted(altered)),
        missing=tuple(sorted(set(listed) - set(there))),
        added=tuple(path for path in there if path not in listed),
    )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        digest, _, path = line.partition("  ")
        yield path, digest
