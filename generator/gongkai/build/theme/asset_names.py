"""Content-hashed names of what pages load, so that no page ever loads a file of another release.

site.js becomes site.1a2b3c4d.js. The hash of a script or style sheet covers the files that it loads
in turn, and their new names are written into it. Pictures and fonts keep a copy under their own
name, because other sites may link to it.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

_SCRIPTS_AND_SHEETS = frozenset({".js", ".mjs", ".css"})
_PICTURES_AND_FONTS = frozenset({".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".woff2"})
_HASH_SIZE = 8
"""Number of hexadecimal digits. The recipes for web servers in the handbook (content/guide/server.md)
know files by these digits and the suffixes above."""
_ENCODING = "utf-8", "surrogateescape"
_TAG = re.compile(r"<(?:script|link|img|source|a)\s[^<>]*>")
_ADDRESS = re.compile(r"""(\s(?:src|href)\s*=\s*["']?)([^"'\s<>?#]+)""")
_IMPORT = re.compile(r"""(\b(?:from|import)\s*\(?\s*["'])(\.{1,2}/[^"'?#]+)""")
_SHEET_ADDRESS = re.compile(r"""(\burl\(\s*["']?|@import\s+["'])([^"'()\s?#]+)""")


def hash_asset_names(folder: Path, site_url: str) -> None:
    """Give what the pages in a folder load content-hashed names, and write these into the pages."""
    site = _Site(folder, urlsplit(site_url).path or "/", frozenset(_file_names(folder)))
    pages = {path: _read(folder, path) for path in site.paths if path.endswith(".html")}
    codes = {path: _read(folder, path) for path in site.paths if _is_code(path)}
    hashes = _hash_assets(site, pages, codes)
    for path, text in pages.items():
        _write(folder, path, _rewrite_page(text, path, site, hashes))
    for path, file_hash in hashes.items():
        new_path = _hashed_name(path, file_hash)
        if path in codes:
            pattern = _reference_pattern(path)
            _write(folder, path, _rewrite(codes[path], pattern, path, site, hashes))
            (folder / path).replace(folder / new_path)
        else:
            (folder / new_path).write_bytes((folder / path).read_bytes())


@dataclass(frozen=True, slots=True)
class _Site:
    """Files of the output of MkDocs."""

    folder: Path
    base_path: str
    """The path of the site's address: / or /jixiao/."""
    paths: frozenset[str]
    """Paths of all files from the folder."""

    def resolve(self, source: str, address: str) -> str:
        """Return the path of the file to which an address in a file leads; empty if it is none."""
        path = unquote(address)
        if path.startswith("/"):
            path = path.removeprefix(self.base_path)
        else:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        return path if path in self.paths else ""


def _hash_assets(site: _Site, pages: Mapping[str, str], codes: Mapping[str, str]) -> dict[str, str]:
    """Return the hashes by path of the files to be renamed; a name with its hash stays as it is."""
    loaded = {
        path: {*_targets(text, _reference_pattern(path), path, site)}
        for path, text in codes.items()
    }
    shown = {
        target
        for path, text in pages.items()
        for tag in _TAG.findall(text)
        if not tag.startswith("<a")
        for target in _targets(tag, _ADDRESS, path, site)
    }
    assets = shown.union(codes, *loaded.values())
    hashes = {
        path: _hash_with_loaded(path, site.folder, loaded)
        for path in sorted(assets)
        if Path(path).suffix in _SCRIPTS_AND_SHEETS | _PICTURES_AND_FONTS
    }
    return {
        path: file_hash
        for path, file_hash in hashes.items()
        if f".{file_hash}." not in Path(path).name
    }


def _hash_with_loaded(path: str, folder: Path, loaded: Mapping[str, set[str]]) -> str:
    """Return the hash of a file and of all files that it loads, however indirectly."""
    members, waiting = {path}, [path]
    while waiting:
        more = loaded.get(waiting.pop(), set()) - members
        members |= more
        waiting += more
    digests = [
        hashlib.sha256((folder / member).read_bytes()).hexdigest()
        for member in (path, *sorted(members - {path}))
    ]
    if len(digests) > 1:
        digests = [hashlib.sha256("".join(digests).encode()).hexdigest()]
    return digests[0][:_HASH_SIZE]


def _rewrite_page(text: str, path: str, site: _Site, hashes: Mapping[str, str]) -> str:
    """Return a page that loads files by their new names."""
    moved = {name: value for name, value in hashes.items() if _is_code(name)}

    def rewrite_tag(match: re.Match[str]) -> str:
        is_link = match[0].startswith("<a")
        return _rewrite(match[0], _ADDRESS, path, site, moved if is_link else hashes)

    return _TAG.sub(rewrite_tag, text)


def _rewrite(
    text: str, pattern: re.Pattern[str], path: str, site: _Site, hashes: Mapping[str, str]
) -> str:
    def rewrite_address(match: re.Match[str]) -> str:
        file_hash = hashes.get(site.resolve(path, match[2]))
        return f"{match[1]}{_hashed_name(match[2], file_hash)}" if file_hash else match[0]

    return pattern.sub(rewrite_address, text)


def _targets(text: str, pattern: re.Pattern[str], path: str, site: _Site) -> Iterator[str]:
    """Yield the paths of the files to which the addresses in a text lead."""
    for match in pattern.finditer(text):
        if target := site.resolve(path, match[2]):
            yield target


def _reference_pattern(path: str) -> re.Pattern[str]:
    return _SHEET_ADDRESS if path.endswith(".css") else _IMPORT


def _is_code(path: str) -> bool:
    return Path(path).suffix in _SCRIPTS_AND_SHEETS


def _hashed_name(path: str, file_hash: str) -> str:
    """Return a path or an address with a hash before its suffix: site.1a2b3c4d.js."""
    stem, dot, suffix = path.rpartition(".")
    if stem.endswith(".min"):
        stem, suffix = stem.removesuffix(".min"), f"min.{suffix}"
    return f"{stem}.{file_hash}{dot}{suffix}"


def _file_names(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def _read(folder: Path, path: str) -> str:
    return (folder / path).read_bytes().decode(*_ENCODING)


def _write(folder: Path, path: str, text: str) -> None:
    (folder / path).write_bytes(text.encode(*_ENCODING))
