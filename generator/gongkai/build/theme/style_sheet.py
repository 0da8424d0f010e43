"""Choose between the theme's whole style sheet and the purged one of `make styles`, page by page.

The purged sheet (overrides/assets/stylesheets/theme.*) is made while the program is developed. It
has all rules for the pages that the program makes and for usual Markdown; a hand-written page,
template or script that needs more loads the theme's whole sheet.
"""

import hashlib
import logging
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

_LOG = logging.getLogger("mkdocs.plugins.gongkai")
_PURGED = "assets/stylesheets/theme.*.min.css"
_SCRIPTS = frozenset({".js", ".mjs"})
_DATA_URI = re.compile(r'url\("data:[^"]*"\)|url\(data:[^)]*\)')
"""Icons, whose addresses look like class names."""
_NEGATION = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")
_SELECTORS = re.compile(r"(?<![^{}])([^{}]+)\{")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
CUSTOM_PROPERTY_OR_ANIMATION = re.compile(r"(?<=[{;])--[\w-]+(?=:)|(?<=keyframes )[\w-]+")
"""Matches the definition of a custom property or an animation."""
_REFERENCE = re.compile(r"var\(\s*(--[\w-]+)|\banimation(?:-name)?:([^;}]*)")
_ATTRIBUTE = re.compile(r"""\bclass=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
WORD = re.compile(r"[\w-]+")


def choose_style_sheets(folder: Path, whole: str) -> None:
    """Let pages in a folder load the purged sheet instead of the theme's `whole` one.

    Pages that would lose a rule are left alone, and so are all pages, with a line in the log, if no
    sheet was made from this version of the theme.
    """
    source = (folder / whole).read_bytes()
    mark = source_mark(Path(whole).name, source)
    sheets = {path: path.read_text("utf-8") for path in sorted(folder.glob(_PURGED))}
    purged = next((path for path, css in sheets.items() if mark in css), None)
    if purged is None:
        _LOG.info(
            "overrides/%s 不是用现在的主题（%s）做的，各网页使用主题的整份样式表；请在程序的仓库里运行 make styles",
            _PURGED,
            Path(whole).name,
        )
        return
    lost = needed_names(source.decode()) - needed_names(sheets[purged])
    shared = all_used_names(_shared_files(folder, {folder / whole, *sheets}))
    for page in folder.rglob("*.html"):
        html = page.read_text("utf-8")
        used = shared | used_names(page)
        if whole in html and not any(names <= used for names in lost):
            page.write_text(html.replace(whole, purged.relative_to(folder).as_posix()), "utf-8")


def _shared_files(folder: Path, theme_sheets: Collection[Path]) -> Iterator[Path]:
    """Yield the files of which any page may load some."""
    for path in folder.rglob("*.*"):
        if path.suffix in _SCRIPTS or (path.suffix == ".css" and path not in theme_sheets):
            yield path


def source_mark(name: str, data: bytes) -> str:
    """Return how a purged sheet names the sheet that it was made from: file name and SHA-256."""
    return f"{name} sha256:{hashlib.sha256(data).hexdigest()}"


def class_names(css: str) -> frozenset[str]:
    """Return the class names in a style sheet's selectors."""
    return frozenset(_CLASS.findall(_DATA_URI.sub("", css)))


def needed_names(css: str) -> frozenset[frozenset[str]]:
    """Return the sets of names without which parts of a minified style sheet have no effect.

    They are the classes of every selector, and the name of every custom property and animation.
    """
    css = _NEGATION.sub("", _DATA_URI.sub("", css))
    selectors = ",".join(_SELECTORS.findall(css)).split(",")
    definitions = CUSTOM_PROPERTY_OR_ANIMATION.findall(css)
    return frozenset(frozenset(_CLASS.findall(selector)) for selector in selectors).union(
        frozenset({name}) for name in definitions
    )


def all_used_names(paths: Iterable[Path]) -> frozenset[str]:
    """Return names that some files may take from a style sheet."""
    return frozenset[str]().union(*map(used_names, paths))


def used_names(path: Path) -> frozenset[str]:
    """Return names that a file may take from a style sheet.

    They are all words of a script, classes, custom properties and animations in a style sheet, and
    elements' classes in anything else.
    """
    text = path.read_text("utf-8", "replace")
    if path.suffix in _SCRIPTS:
        return frozenset(WORD.findall(text))
    pattern = _REFERENCE if path.suffix == ".css" else _ATTRIBUTE
    values = (value for values in pattern.findall(text) for value in values)
    names = frozenset(name for value in values for name in WORD.findall(value))
    return names | class_names(text) if path.suffix == ".css" else names
