"""Purge the theme's style sheet of rules that no page of the program needs: python -m tests.styles.

`make styles` runs it: after updating Material or lightningcss, or when a template, script or style
sheet uses another of Material's classes. Builds take the sheet from overrides/assets/stylesheets.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator
from importlib.metadata import version
from pathlib import Path

import lightningcss
from mkdocs.utils import get_theme_dir

from gongkai.build.theme.style_sheet import (
    CUSTOM_PROPERTY_OR_ANIMATION,
    WORD,
    all_used_names,
    class_names,
    source_mark,
)
from tests.folders import ROOT

FOLDER = Path("assets/stylesheets")
MARKDOWN_CLASSES = frozenset(
    {
        *("admonition", "admonition-title", "headerlink", "toclink"),
        *("note", "abstract", "info", "tip", "success", "question", "warning", "failure"),
        *("danger", "bug", "example", "quote"),
        *("footnote", "footnote-ref", "footnote-backref"),
        *("task-list", "task-list-item", "task-list-control", "task-list-indicator"),
    }
)
"""Classes of hand-written pages that keep the purged sheet."""
BROWSERS = ("chrome 78", "edge 79", "firefox 78", "safari 13", "ios_saf 13")
"""Oldest browsers whose syntax and prefixes the sheet keeps to."""
_LICENCE = "Copyright (c) 2016-2025 Martin Donath and contributors, MIT License"
_REPEATED = re.compile(r"(?<=[;{])([^;{}]+;)\1+")
"""Prefixed declarations that lightningcss writes twice."""
_SOURCES = (
    ("generator", (".py", ".jinja")),
    ("overrides", (".html", ".js", ".css")),
)
"""Folders and suffixes of the files whose classes keep their rules."""


def material_sheet() -> Path:
    """Return the style sheet of the installed Material."""
    [sheet] = (Path(get_theme_dir("material")) / FOLDER).glob("main.*.min.css")
    return sheet


def make_sheet(source: Path) -> tuple[str, str]:
    """Return file name and text of the purged sheet."""
    used = MARKDOWN_CLASSES | all_used_names(_source_files())
    mark = source_mark(source.name, source.read_bytes())
    head = f"/*! mkdocs-material {version('mkdocs-material')}, {mark}, made by make styles. {_LICENCE} */"
    text = f"{head}\n{purge(source.read_text('utf-8'), used)}\n"
    return f"theme.{hashlib.sha256(text.encode()).hexdigest()[:8]}.min.css", text


def purge(css: str, used: Collection[str]) -> str:
    """Return a minified style sheet without rules for classes other than `used`.

    A class that is left in it nevertheless, because lightningcss does not divide lists of selectors
    nor look into :not(), keeps all its rules; so the sheet itself shows what it is complete for.
    """
    kept = frozenset(used)
    unused = class_names(css) - kept
    while True:
        purged = lightningcss.process_stylesheet(
            css, filename="theme", unused_symbols={*unused}, browsers_list=[*BROWSERS]
        )
        kept |= class_names(purged)
        if left := unused & kept:
            unused -= left
        elif more := frozenset(_unused_definitions(purged)) - unused - kept:
            unused |= more
        else:
            return _REPEATED.sub(r"\1", purged)


def _unused_definitions(css: str) -> Iterator[str]:
    """Yield custom properties and animations that occur nowhere but in their definitions."""
    words = Counter(WORD.findall(css))
    for name, count in Counter(CUSTOM_PROPERTY_OR_ANIMATION.findall(css)).items():
        if words[name] == count:
            yield name


def _source_files() -> Iterator[Path]:
    for folder, suffixes in _SOURCES:
        for path in (ROOT / folder).rglob("*.*"):
            if path.suffix in suffixes and FOLDER.as_posix() not in path.as_posix():
                yield path


def main() -> None:
    """Write the purged sheet in place of the former one."""
    folder = ROOT / "overrides" / FOLDER
    folder.mkdir(exist_ok=True)
    name, text = make_sheet(material_sheet())
    for path in folder.glob("theme.*.min.css"):
        path.unlink()
    (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
