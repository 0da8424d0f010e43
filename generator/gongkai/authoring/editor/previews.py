"""PagePreview: a page as it will be published, with the errors that keep it from that marked in it."""

from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from gongkai.authoring.editor.unit_years import UnitYear, blocking_count
from gongkai.model.problems import Level, Problem
from gongkai.pages.headings import Heading, render_headings
from gongkai.pages.render import render_archived_disclosure
from gongkai.reading.disclosure import DISCLOSURE_FILE, PROJECTS_FOLDER
from gongkai.runtime.shipped import THEME

_PERSONAL_DATA = "YS"
"""Prefix of the rules on personal data, which is not even previewed."""
ASSETS = THEME / "assets"
_SHEETS = ("gongkai.css", "charts.css", "lists.css")


class PagePreview(NamedTuple):
    """A page as it will be published."""

    title: str
    body: Markup
    errors: int
    fault: str = ""
    """Why there is no page to see yet."""


def preview_page(filing: UnitYear, file: str) -> PagePreview:
    """Return the page that shows a file; errors are among its notes, as 错误."""
    disclosure, site = filing.disclosure, filing.common.site
    errors = blocking_count(filing.problems)
    if disclosure is None or site is None:
        fault = "公开目录还没有填好，没有网页可看；请先改正“核对”里列出的错误"
        return PagePreview(filing.words["单位"], Markup(), errors, fault)
    if has_personal_data(filing):
        fault = "里面有个人信息（手机号、身份证号等），不能做成网页；请先遮去"
        return PagePreview(filing.words["单位"], Markup(), errors, fault)
    problems = [_as_note(problem) for problem in filing.problems]
    shown = site.model_copy(update={"shows_warnings": True})
    pages = {page.source: page for page in render_archived_disclosure(disclosure, problems, shown)}
    has_page = file.startswith(f"{PROJECTS_FOLDER}/") or file.endswith(".md")
    source = f"{filing.shown_folder}{file if has_page else DISCLOSURE_FILE}"
    page = pages.get(source) or pages[disclosure.file]
    body = render_headings(page.body, _heading_html)
    return PagePreview(page.head.title, Markup(body), errors)  # noqa: S704 - the page's own HTML


def style_sheets() -> list[str]:
    """Return the site's style sheets, by path below its assets."""
    theme = sorted((ASSETS / "stylesheets").glob("*.css"))
    return [*(f"stylesheets/{Path(path).name}" for path in theme), *_SHEETS]


def has_personal_data(filing: UnitYear) -> bool:
    """Return whether personal data was found, which must not even be saved: the data is public."""
    return any(
        problem.is_blocking and problem.rule.id.startswith(_PERSONAL_DATA)
        for problem in filing.problems
    )


def _as_note(problem: Problem) -> Problem:
    """Return a problem that readers would see as a note; one that blocks says so."""
    if not problem.is_blocking:
        return problem
    return problem._replace(
        level=Level.W, message=f"错误，改正或说明以后才能公开：{problem.sentence}"
    )


def _heading_html(heading: Heading) -> str:
    return f'<h{heading.level} id="{heading.anchor}">{heading.html}</h{heading.level}>\n'
