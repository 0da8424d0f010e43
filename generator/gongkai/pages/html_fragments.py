"""Pieces of HTML that stand on nearly every page, hence written here and not in a template."""

from collections.abc import Iterable

from markupsafe import Markup

from gongkai.pages.glossary import explained
from gongkai.pages.tables.html import mark_html
from gongkai.pages.views.common import KeyFigure, Said
from gongkai.runtime.html import safe


def figures_html(figures: Iterable[KeyFigure], here: str) -> Markup:
    """The figures at the top of a page, a line each; `here` is the page's address."""
    return Markup("\n".join([_figure(each, here) for each in figures]))  # noqa: S704 - escaped


def _figure(figure: KeyFigure, here: str) -> str:
    text, computed = safe(figure.text), figure.computed
    linked = f'<a href="{safe(figure.url)}">{text}</a>' if figure.url else text
    noted = f'<span class="gk-contradicted">复算 {safe(computed)}</span>' if computed else ""
    return f"<div><dt>{explained(figure.term, here)}</dt><dd>{linked}{noted}</dd></div>"


def said_html(lines: Iterable[Said]) -> Markup:
    """What stands above or below tables, with the marks of its notes."""
    told = [f"<span>{safe(text)}{''.join(map(mark_html, marks))}</span>" for text, marks in lines]
    return Markup(" ".join(told))  # noqa: S704 - escaped
