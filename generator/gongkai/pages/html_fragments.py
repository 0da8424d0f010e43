"""HTML fragments that occur on nearly every page: rendered here because it is faster than Jinja."""

from collections.abc import Iterable

from markupsafe import Markup

from gongkai.pages.glossary import term_html
from gongkai.pages.tables.html import note_ref_html
from gongkai.pages.views.common import KeyFigure, SignLine
from gongkai.runtime.html import escape_html
from gongkai.runtime.urls import relative_url


def render_key_figures(figures: Iterable[KeyFigure], page_url: str) -> Markup:
    """Render the figures at the top of the page at `page_url`, one per line."""
    rows = [_render_key_figure(figure, page_url) for figure in figures]
    return Markup("\n".join(rows))  # noqa: S704 - escaped


def _render_key_figure(figure: KeyFigure, page_url: str) -> str:
    text, computed = escape_html(figure.text), figure.computed
    is_here = figure.url.startswith("#")
    url = figure.url if is_here else relative_url(figure.url, page_url)
    link = f'<a href="{escape_html(url)}">{text}</a>' if figure.url else text
    note = f'<span class="gk-contradicted">{escape_html(computed)}</span>' if computed else ""
    more = f'<span class="gk-figure-note">{escape_html(figure.note)}</span>' if figure.note else ""
    return f"<div><dt>{term_html(figure.term, page_url)}</dt><dd>{link}{note}{more}</dd></div>"


def render_form_lines(lines: Iterable[SignLine]) -> Markup:
    """Render the lines above or below tables, with the numbers of their notes."""
    spans = [
        f"<span>{escape_html(text)}{''.join(map(note_ref_html, marks))}</span>"
        for text, marks in lines
    ]
    return Markup(" ".join(spans))  # noqa: S704 - escaped
