"""The manifest of a release: write the hashes of its files, and verify them later.

SHA256SUMS    one line per file: hash, two spaces, path; “sha256sum -c SHA256SUMS” checks it, too
SM3SUMS       the same with the national standard's hash SM3 (GB/T 32905)
release.json  day, commit, program versions, and the hashes of the files above and below
sbom.cdx.json, licences.txt   the program's components (see components)
release.json.sig              signature of release.json, if there is one (see signatures)
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from gongkai.release.components import (
    LICENCES,
    SBOM,
    list_components,
    render_licences,
    render_sbom,
)
from gongkai.runtime.workers import Workers
from gongkai.runtime.writing import let_everybody_read

SHA256, SM3 = "SHA256SUMS", "SM3SUMS"
RELEASE = "release.json"
SIGNATURE = f"{RELEASE}.sig"
MANIFEST_FILES = frozenset({SHA256, SM3, RELEASE, SIGNATURE, SBOM, LICENCES})
"""Files that a release has beside those of the site."""
_BATCH_SIZE = 400
"""Number of files per task."""
_CHUNK_SIZE = 1024 * 1024
"""Number of bytes read at a time."""


class FileHashes(NamedTuple):
    """Hashes of a file, in hexadecimal."""

    path: str
    """Path from the site's root, with forward slashes."""
    sha256: str
    sm3: str
    """Empty if this machine's OpenSSL does not provide SM3."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Differences between a folder and its manifest; paths are relative to its root."""

    altered: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    manifest: str = ""
    """Fault of the manifest itself, in Chinese."""

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return bool(self.altered or self.missing or self.added or self.manifest)


@dataclass(frozen=True, slots=True)
class _Batch:
    folder: Path
    paths: tuple[str, ...]
    with_sm3: bool


def has_sm3() -> bool:
    """Whether this machine's OpenSSL provides SM3."""
    return "sm3" in hashlib.algorithms_available


def list_files(folder: Path) -> list[str]:
    """Return the sorted paths of all files below a folder, the manifest's own excluded."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if name not in MANIFEST_FILES)


def hash_files(
    folder: Path, paths: Sequence[str], workers: Workers, *, with_sm3: bool
) -> Iterator[FileHashes]:
    """Yield the hashes of files, in no particular order."""
    starts = range(0, len(paths), _BATCH_SIZE)
    batches = [
        _Batch(folder, tuple(paths[start : start + _BATCH_SIZE]), with_sm3) for start in starts
    ]
    for hashes in workers.map_unordered(_hash_batch, batches):
        yield from hashes


def _hash_batch(batch: _Batch) -> list[FileHashes]:
    return [_hash_file(batch.folder, path, with_sm3=batch.with_sm3) for path in batch.paths]


def _hash_file(folder: Path, path: str, *, with_sm3: bool) -> FileHashes:
    sha256, sm3 = hashlib.sha256(), hashlib.new("sm3") if with_sm3 else None
    with (folder / path).open("rb") as file:
        while data := file.read(_CHUNK_SIZE):
            sha256.update(data)
            if sm3:
                sm3.update(data)
    return FileHashes(path, sha256.hexdigest(), sm3.hexdigest() if sm3 else "")


def write_hash_lists(folder: Path, hashes: Iterable[FileHashes]) -> None:
    """Write SHA256SUMS and, if every file has an SM3 hash, SM3SUMS."""
    files = list(hashes)
    lists = {SHA256: {file.path: file.sha256 for file in files}}
    if all(file.sm3 for file in files):
        lists[SM3] = {file.path: file.sm3 for file in files}
    for name, digests in lists.items():
        write_text(folder / name, format_hash_list(digests))


def format_hash_list(digests: Mapping[str, str]) -> str:
    """Return a hash list, of hashes by path."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items()))


def write_release_json(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write the components, and release.json: the facts, and the SHA-256 of all other lists."""
    components = list_components()
    write_text(folder / SBOM, render_sbom(components))
    write_text(folder / LICENCES, render_licences(components))
    digests = {
        "manifests": _digests(folder, (SHA256, SM3)),
        "components": _digests(folder, (SBOM, LICENCES)),
    }
    text = json.dumps({**facts, **digests}, ensure_ascii=False, indent=2)
    write_text(folder / RELEASE, f"{text}\n")


def _digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    paths = {name: folder / name for name in names if (folder / name).is_file()}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in paths.items()}


def write_text(path: Path, text: str) -> None:
    """Write a text file that a web server can read."""
    path.write_text(text, "utf-8", newline="\n")
    let_everybody_read(path)


def manifest_hash(folder: Path) -> str:
    """Return the SHA-256 of a site's SHA256SUMS; empty if it has none."""
    path = folder / SHA256
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def read_release_json(folder: Path) -> dict[str, Any] | None:
    """Return the content of release.json; None if it is absent or unreadable."""
    try:
        facts = json.loads((folder / RELEASE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None


def has_intact_list(folder: Path) -> bool:
    """Tell whether SHA256SUMS is as it was released."""
    manifests = (read_release_json(folder) or {}).get("manifests", {})
    return SHA256 in manifests and manifest_hash(folder) == manifests[SHA256]


def find_differences(folder: Path, workers: Workers) -> Differences:
    """Compare a folder with its manifest."""
    release = read_release_json(folder)
    if release is None:
        return Differences(
            manifest=f"没有 {RELEASE}，或者它读不出来：这里不是 gongkai release 发布的网站"
        )
    named = release.get("manifests", {}) | release.get("components", {})
    for name, digest in named.items():
        if _digests(folder, [name]).get(name) != digest:
            return Differences(manifest=f"{name} 被改动过，或者没有了")
    lists = {name: read_hash_list(folder / name) for name in release.get("manifests", {})}
    if SHA256 not in lists:
        return Differences(manifest=f"{RELEASE} 没有写明 {SHA256}")
    return compare_with_lists(folder, lists, workers)


def compare_with_lists(
    folder: Path, lists: Mapping[str, Mapping[str, str]], workers: Workers
) -> Differences:
    """Compare a folder with the hashes of its files by path, given for SHA-256 and perhaps SM3."""
    names, expected = list_files(folder), lists[SHA256]
    with_sm3 = SM3 in lists and has_sm3()
    common = [name for name in names if name in expected]
    altered = [
        file.path
        for file in hash_files(folder, common, workers, with_sm3=with_sm3)
        if file.sha256 != expected[file.path]
        or (with_sm3 and file.sm3 != lists[SM3].get(file.path))
    ]
    return Differences(
        altered=tuple(sorted(altered)),
        missing=tuple(sorted(set(expected) - set(names))),
        added=tuple(name for name in names if name not in expected),
    )


def read_hash_list(path: Path) -> dict[str, str]:
    """Return the hashes in a hash list by path."""
    return dict(_parse_hash_list(path.read_text("utf-8", "replace")))


def _parse_hash_list(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        digest, _, path = line.partition("  ")
        yield path, digest
