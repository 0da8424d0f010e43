"""What MkDocs has made, read for the build: shells for each kind of page, and all other files."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from gongkai.build.theme.page_shells import SPECIMENS, Shell, shell, specimen_url
from gongkai.model.terms import PageKind
from gongkai.runtime.hashing import combined, fingerprints, program
from gongkai.runtime.settings import Settings
from gongkai.runtime.writing import Written

_MAKERS = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "tinycss2")
_PLUGINS = frozenset({"search", "material/search", "gongkai"})
_EXTENSIONS = frozenset(
    {
        *("abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code"),
        *("footnotes", "md_in_html", "meta", "nl2br", "sane_lists", "smarty", "tables", "toc"),
    }
)
"""Plugins and extensions that read nothing but the page itself."""
_ELSEWHERE = re.compile(r"!ENV|!relative|^(?:INHERIT|hooks)\s*:", re.MULTILINE)
"""What lets mkdocs.yml depend on more than itself."""


@dataclass(frozen=True, slots=True)
class Skin:
    """What MkDocs has made: the theme around pages, and files that are the site's as they are."""

    key: str
    """The hash of what it was made of; empty where that is not known."""
    shells: Mapping[PageKind, Shell]
    files: tuple[Written, ...]
    """Hand-written pages, the theme's files; they lie in the workspace's frame folder."""
    strict: bool
    """Whether MkDocs had nothing to warn of."""
    site_url: str
    data: str
    """The way from the hand-written pages to the data folder, for edit links."""


def skin_key(config_file: Path, settings: Settings) -> str:
    """The hash of all that shapes what MkDocs makes; empty where nobody can know all of it."""
    text = config_file.read_text("utf-8")
    strange = not (settings.plugins <= _PLUGINS and settings.extensions <= _EXTENSIONS)
    if strange or _ELSEWHERE.search(text):
        return ""
    parts = [program(), text, *(f"{name}={version(name)}" for name in _MAKERS)]
    site = settings.data / "site.yml"
    parts.append(site.read_text("utf-8", "replace") if site.is_file() else "")
    for folder in filter(Path.is_dir, (settings.content, *settings.overrides)):
        parts += [f"{path}={each.digest}" for path, each in fingerprints(folder, {}, 0).items()]
    return combined(parts)


def read_skin(folder: Path, key: str, site_url: str, data: str, *, strict: bool) -> Skin:
    """The skin that MkDocs has left in a folder."""
    places = {kind: f"{specimen_url(kind)}index.html" for kind in SPECIMENS}
    shells = {
        kind: shell(kind, (folder / place).read_text("utf-8")) for kind, place in places.items()
    }
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    others = (path for path in files if path.relative_to(folder).as_posix() not in places.values())
    written = tuple(_written(folder, path) for path in others)
    return Skin(key, shells, written, strict, site_url, data)


def _written(folder: Path, path: Path) -> Written:
    data = path.read_bytes()
    name = path.relative_to(folder).as_posix()
    return Written(name, hashlib.sha256(data).hexdigest(), len(data))
