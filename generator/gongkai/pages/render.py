"""Views become pages: text comes out, nothing is written."""

from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from gongkai.checks.registry import RULES
from gongkai.history.changes import Told
from gongkai.model.problems import Problem
from gongkai.model.publication import Disclosure, Site, Unit
from gongkai.model.terms import DocumentKind, PageKind
from gongkai.model.values import plain
from gongkai.pages.disclosure import disclosure_view, project_view, report_view
from gongkai.pages.entries import Found, UnitEntry
from gongkai.pages.glossary import explained
from gongkai.pages.headings import heading
from gongkai.pages.html_fragments import figures_html, said_html
from gongkai.pages.index import Listed
from gongkai.pages.lists import unit_view
from gongkai.pages.rules import RULES_LINK, rule_view, rules_view
from gongkai.pages.sort_keys import sort_key
from gongkai.pages.tables.html import grid_html
from gongkai.pages.views.common import DisclosureView, Head, ProjectView, ReportView
from gongkai.pages.views.lists import View
from gongkai.runtime.urls import relative_url

HOME_PATH = "index.md"
HANDBOOK = RULES_LINK.url
"""Where the handbook tells of the rules."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site."""

    kind: PageKind
    path: str
    """Of the Markdown, from the pages' root, for instance units/xintian-jsx/2022/index.md."""
    head: Head
    body: str
    """HTML blocks, each beginning at a line's start and without a blank line in it, with marks
    where headings stand (see headings)."""
    source: str = ""
    """The data file that it shows, for the edit link; empty for lists."""


def rule_pages() -> Iterator[Page]:
    """The pages of the handbook on the rules."""
    yield _page(PageKind.RULES, f"{HANDBOOK}index.md", rules_view())
    for rule in RULES:
        yield _page(PageKind.RULE, f"{HANDBOOK}{rule.id.lower()}.md", rule_view(rule))


def list_page(each: Listed, view: View | None = None) -> Page:
    """One of them; `view` where it is known already what it shows."""
    return _page(each.kind, each.path, view or each.view())


def unit_pages(
    unit: Unit, entry: UnitEntry, disclosures: Sequence[Disclosure], found: Found, site: Site
) -> Iterator[Page]:
    """The pages of one unit; `disclosures` are its own, by year."""
    view = unit_view(unit, entry, disclosures, found)
    yield _page(PageKind.UNIT, f"units/{unit.slug}/index.md", view, unit.file)
    by_year = {each.year: each for each in disclosures}
    past = {each.year: each.history for each in entry.entries}
    for disclosure in disclosures:
        previous = by_year.get(disclosure.year - 1)
        problems, history = found[disclosure.file], past.get(disclosure.year)
        yield from _disclosure_pages(disclosure, previous, problems, site, history)


def _disclosure_pages(
    disclosure: Disclosure,
    previous: Disclosure | None,
    problems: Sequence[Problem],
    site: Site,
    history: Told | None,
) -> Iterator[Page]:
    for shown in _disclosure_views(disclosure, previous, problems, site, history):
        yield _page(*shown)


def _disclosure_views(
    disclosure: Disclosure,
    previous: Disclosure | None,
    problems: Sequence[Problem],
    site: Site,
    history: Told | None,
) -> Iterator[tuple[PageKind, str, DisclosureView | ReportView | ProjectView, str]]:
    """Kind, path, view and data file of each page."""
    folder = f"units/{disclosure.unit.slug}/{disclosure.year}"
    view = disclosure_view(disclosure, problems, site, previous, history)
    yield PageKind.DISCLOSURE, f"{folder}/index.md", view, disclosure.file
    report = disclosure.record(DocumentKind.REPORT)
    if report:
        told = report_view(disclosure, report, problems, site)
        yield PageKind.REPORT, f"{folder}/report.md", told, report.position.file
    for project in disclosure.projects:
        shown = project_view(disclosure, project, problems, site, history)
        path = f"{folder}/projects/{project.slug}.md"
        yield PageKind.PROJECT, path, shown, project.file


def old_pages(disclosure: Disclosure, problems: Sequence[Problem], site: Site) -> Iterator[Page]:
    """The pages of a version that is not the present one: nothing is offered for download there."""
    for kind, path, view, source in _disclosure_views(disclosure, None, problems, site, None):
        bare = replace(view.head, downloads=())
        yield _page(kind, path, view._replace(head=bare), source)


def _page(kind: PageKind, path: str, view: View, source: str = "") -> Page:
    text = _environment().get_template(f"{kind.template}.md.jinja").render(view=view)
    blocks = [block.lstrip("\n") for block in text.split("\n\n")]
    return Page(kind, path, view.head, "\n\n".join(filter(None, blocks)).strip(), source)


def keep_templates(folder: Path) -> None:
    """Keep in a folder, and take from it, what becomes of templates: it takes a while to work out."""
    _environment().bytecode_cache = _Kept(f"{folder}")


class _Kept(FileSystemBytecodeCache):
    """What has become of templates; where it cannot be kept, it is worked out again next time."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


class _Environment(Environment):
    """Where what all templates know is one mapping: it is copied for every page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


@cache
def _environment() -> Environment:
    environment = _Environment(
        loader=PackageLoader("gongkai.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["heading"] = heading
    environment.filters |= {
        "grid": grid_html,
        "said": said_html,
        "figures": figures_html,
        "to": relative_url,
        "term": explained,
        "plain": plain,
        "sortable": sort_key,
    }
    return environment
