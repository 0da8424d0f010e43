"""Render views to pages with Jinja templates; no files of the site are written."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from gongkai.checks.registry import RULES
from gongkai.history.changes import DisclosureHistory
from gongkai.model.figures import LISTED_FIGURES
from gongkai.model.problems import Problem
from gongkai.model.publication import Disclosure, Site, Unit
from gongkai.model.terms import DocumentKind
from gongkai.model.values import format_decimal, readable_amount
from gongkai.pages import page_types
from gongkai.pages.disclosure import (
    disclosure_view,
    problems_by_project,
    project_view,
    report_view,
)
from gongkai.pages.entries import ProblemsByFile, UnitEntry
from gongkai.pages.glossary import term_link
from gongkai.pages.headings import heading_mark
from gongkai.pages.html_fragments import render_form_lines, render_key_figures
from gongkai.pages.list_page import ListPage
from gongkai.pages.lists import unit_view
from gongkai.pages.page_types import PageType
from gongkai.pages.rules import rule_view, rules_view
from gongkai.pages.tables.html import grid_html
from gongkai.pages.views.common import (
    DisclosureView,
    PageHead,
    ProjectView,
    ReportView,
    View,
)
from gongkai.runtime.packing import UNPACKING_ERRORS
from gongkai.runtime.urls import relative_url


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site."""

    type: PageType
    head: PageHead
    body: str
    """HTML blocks, separated by blank lines and without any within, with marks for headings (see
    headings.py). Tabs are character references, because Markdown turns them into spaces."""
    source: str = ""
    """Path of the data file that the page shows, for the edit link; empty for lists."""

    @property
    def path(self) -> str:
        """Path of the Markdown from the pages' root, e.g. units/xintian-jsx/2022/index.md."""
        return self.type.markdown_path(self.head.url)


def render_rule_pages() -> Iterator[Page]:
    """Yield the handbook's pages on the rules."""
    yield _page(page_types.RULES, rules_view())
    for rule in RULES:
        yield _page(page_types.RULE, rule_view(rule))


def render_list_page(page: ListPage, view: View | None = None) -> Page:
    """Render a page above the units; `view` is its view, if that has been built already."""
    return _page(page.type, view or page.view())


def render_unit_pages(
    unit: Unit,
    entry: UnitEntry,
    disclosures: Sequence[Disclosure],
    problems: ProblemsByFile,
    site: Site,
) -> Iterator[Page]:
    """Yield the pages of one unit; `disclosures` are its own, by year."""
    view = unit_view(unit, entry, disclosures, problems)
    yield _page(page_types.UNIT, view, unit.file)
    by_year = {disclosure.year: disclosure for disclosure in disclosures}
    histories = {disclosed.year: disclosed.history for disclosed in entry.entries}
    for disclosure in disclosures:
        before = by_year.get(disclosure.year - 1)
        previous = (before, problems[before.file]) if before else None
        own_problems, history = problems[disclosure.file], histories.get(disclosure.year)
        yield from _disclosure_pages(disclosure, previous, own_problems, site, history)


def _disclosure_pages(
    disclosure: Disclosure,
    previous: tuple[Disclosure, Sequence[Problem]] | None,
    problems: Sequence[Problem],
    site: Site,
    history: DisclosureHistory | None,
) -> Iterator[Page]:
    views = _disclosure_views(disclosure, previous, problems, site, history)
    for page_type, view, source in views:
        yield _page(page_type, view, source)


def _disclosure_views(
    disclosure: Disclosure,
    previous: tuple[Disclosure, Sequence[Problem]] | None,
    problems: Sequence[Problem],
    site: Site,
    history: DisclosureHistory | None,
) -> Iterator[tuple[PageType, DisclosureView | ReportView | ProjectView, str]]:
    """Yield type, view and data file of every page."""
    view = disclosure_view(disclosure, problems, site, previous, history)
    yield page_types.DISCLOSURE, view, disclosure.file
    report = disclosure.record(DocumentKind.REPORT)
    if report:
        narrative = report_view(disclosure, report, problems, site)
        yield page_types.REPORT, narrative, report.position.file
    by_project = problems_by_project(disclosure, problems)
    for project in disclosure.projects:
        project_page = project_view(disclosure, project, by_project[project.slug], site, history)
        yield page_types.PROJECT, project_page, project.file


def render_archived_disclosure(
    disclosure: Disclosure, problems: Sequence[Problem], site: Site
) -> Iterator[Page]:
    """Yield the pages of an archived version of a disclosure, which offer no downloads."""
    views = _disclosure_views(disclosure, None, problems, site, None)
    for page_type, view, source in views:
        head = replace(view.head, downloads=())
        archived = view._replace(head=head)
        if isinstance(archived, DisclosureView):
            archived = archived._replace(strip=None)
        yield _page(page_type, archived, source)


def _page(page_type: PageType, view: View, source: str = "") -> Page:
    template = _environment().get_template(f"{page_type.template}.md.jinja")
    text = template.render(view=view).replace("\t", "&#9;")
    blocks = [block.lstrip("\n") for block in text.split("\n\n")]
    return Page(page_type, view.head, "\n\n".join(filter(None, blocks)).strip(), source)


def cache_templates(folder: Path) -> None:
    """Cache compiled templates in a folder: compiling them takes a while."""
    _environment().bytecode_cache = _TemplateCache(f"{folder}")


class _TemplateCache(FileSystemBytecodeCache):
    """Compiled templates; one that cannot be read or stored is compiled again."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, *UNPACKING_ERRORS):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("gongkai.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {"heading": heading_mark, "listed_figures": LISTED_FIGURES}
    environment.filters |= {
        "grid": grid_html,
        "said": render_form_lines,
        "figures": render_key_figures,
        "to": relative_url,
        "term": term_link,
        "plain": format_decimal,
        "amount": readable_amount,
    }
    return environment
