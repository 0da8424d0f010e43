"""A copy of the site to unpack and open without a web server: links name the files themselves."""

import re
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from tempfile import NamedTemporaryFile

_LINK = re.compile(r'(<(?:a|form)\b[^>]*?\s(?:href|action)=")([^":?#]*)((?:[?#][^"]*)?")')
"""A link to a page of the site: no scheme, no host."""
_EARLIEST_TIME = (1980, 1, 1, 0, 0, 0)
"""Earliest timestamp of the zip format; the same site gives the same archive."""
_LEFT_OUT = frozenset({"404.html", ".nojekyll"})
"""Files that only web servers use."""


def write_offline_copy(site: Path, target: Path) -> int:
    """Write the files of a site into a zip archive; return their number."""
    names = sorted(_iter_files(site))
    known = frozenset(names)
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}-", delete=False) as file:
        temporary = Path(file.name)
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                info = zipfile.ZipInfo(name, _EARLIEST_TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, _read_file(site, name, known))
        temporary.chmod(0o644)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return len(names)


def _iter_files(site: Path) -> Iterator[str]:
    for path in site.rglob("*"):
        name = path.relative_to(site).as_posix()
        if path.is_file() and name not in _LEFT_OUT:
            yield name


def _read_file(site: Path, name: str, known: Collection[str]) -> bytes:
    data = (site / name).read_bytes()
    if not name.endswith(".html"):
        return data
    return name_files(data.decode(), dirname(name), known).encode()


def name_files(html: str, folder: str, known: Collection[str]) -> str:
    """Return a page whose links to folders lead to the index.html in them.

    `folder` is the page's own; `known` are the site's files. Other links stay as they are.
    """

    def name_file(match: re.Match[str]) -> str:
        before, url, after = match.groups()
        if not url or url.startswith("/"):
            return match[0]
        path = normpath(join(folder, url))
        index = "index.html" if path == "." else f"{path}/index.html"
        if index not in known:
            return match[0]
        return f"{before}{url.rstrip('/')}/index.html{after}"

    return _LINK.sub(name_file, html)
