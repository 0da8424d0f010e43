"""The files that come with the program: forms, theme, handbook and settings."""

import hashlib
import re
from functools import cache
from pathlib import Path

from gongkai.runtime.hashing import hash_texts, read_fingerprints

_PACKAGE = Path(__file__).parent.parent
_IN_WHEEL = _PACKAGE / "shipped"
SHIPPED = _IN_WHEEL if _IN_WHEEL.is_dir() else _PACKAGE.parent.parent
"""The folder of these files: in a wheel within the package, in a checkout the repository."""
FORMS = SHIPPED / "data" / "forms"
THEME = SHIPPED / "overrides"
CONTENT = SHIPPED / "content"
CONFIG = SHIPPED / "mkdocs.yml"
_PAGES = re.compile(r"(?:guide/|data/)?[^/]+\.md")
_DEMONSTRATION = "演示站点"
"""What a paragraph about this repository's own data says."""


@cache
def shipped_forms() -> tuple[Path, ...]:
    """Return the files of the forms, by name."""
    return tuple(sorted(FORMS.glob("*.yml")))


@cache
def shipped_forms_hash() -> str:
    """Return one hash of all forms."""
    parts = (
        f"{path.name}={hashlib.sha256(path.read_bytes()).hexdigest()}" for path in shipped_forms()
    )
    return hash_texts(parts)


@cache
def shipped_pages() -> tuple[str, ...]:
    """Return the handbook and the fixed pages, by path."""
    paths = (path.relative_to(CONTENT).as_posix() for path in sorted(CONTENT.rglob("*.md")))
    return tuple(path for path in paths if _PAGES.fullmatch(path))


def read_shipped_page(path: str) -> str:
    """Return a page's Markdown, without what is said about the demonstration data."""
    paragraphs = (CONTENT / path).read_text("utf-8").split("\n\n")
    return "\n\n".join(text for text in paragraphs if _DEMONSTRATION not in text)


def shipped_site_hash(own: tuple[Path, ...]) -> str:
    """Return one hash of theme, pages and settings; empty if the folders `own` are the same ones."""
    folders = [folder for folder in (THEME, CONTENT) if folder.resolve() not in own]
    parts = [
        f"{path}={file.digest}"
        for folder in folders
        for path, file in read_fingerprints(folder, {}, 0).items()
    ]
    return hash_texts([CONFIG.read_text("utf-8"), *parts]) if parts else ""
