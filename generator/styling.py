"""The theme's style sheet without what our pages have no use for, and the pages that load it."""

import hashlib
import logging
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from generator.shells import SPECIMENS, specimen_url
from generator.terms import PageKind
from generator.trimming import UnreadableError, asked, read_sheet, trimmed, words

_LOG = logging.getLogger("mkdocs.plugins.gongkai")
_OURS = SPECIMENS.keys() - {PageKind.HOME}
"""Kinds of pages in which nothing is written by hand."""
_TEXTS = frozenset({".py", ".jinja", ".yml"})
_SCRIPTS = frozenset({".js", ".mjs", ".css"})


def dress(frame: Path, names: Iterable[str]) -> None:
    """Write lean sheets beside the theme's, and let those pages load them which lose nothing by it.

    No page of ours can have a class that stands neither in this program, nor in a script of the
    site, nor in the specimens of our pages, whatever it stands there for. The home page is partly
    written by hand, others are wholly: one that says a word more goes on loading the theme's sheet.
    """
    sheets = [frame / name for name in names]
    if not sheets:
        return
    known = frozenset[str]().union(*map(_words, _sources(frame, sheets)))
    pages = sorted(frame.rglob("*.html"))
    for sheet in sheets:
        try:
            parts = read_sheet(sheet.read_text("utf-8"))
        except (UnicodeDecodeError, UnreadableError) as error:
            _LOG.info("%s 读不懂，各网页照原样使用：%s", sheet.name, error)
            continue
        lean = trimmed(parts, known).encode()
        name = f"lean.{hashlib.sha256(lean).hexdigest()[:8]}.min.css"
        sheet.with_name(name).write_bytes(lean)
        _change(pages, sheet.name, name, asked(parts) - known)


def _sources(frame: Path, sheets: Collection[Path]) -> Iterator[Path]:
    """Where everything stands that a page of ours can be made of."""
    yield from (each for each in Path(__file__).parent.rglob("*.*") if each.suffix in _TEXTS)
    others = (each for each in frame.rglob("*.*") if each.suffix in _SCRIPTS)
    yield from (each for each in others if each not in sheets)
    yield from (frame / specimen_url(kind) / "index.html" for kind in _OURS)


def _words(path: Path) -> frozenset[str]:
    return words(path.read_text("utf-8", "replace"))


def _change(pages: Iterable[Path], old: str, new: str, lacking: Collection[str]) -> None:
    """Let pages load another sheet, but for those in which a word of these stands."""
    for page in pages:
        html = page.read_text("utf-8")
        if old in html and words(html).isdisjoint(lacking):
            page.write_text(html.replace(old, new), "utf-8")
