"""Views become pages: text comes out, nothing is written."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from generator.checks.catalogue import RULES, Judgement
from generator.dataset import Dataset
from generator.explaining import RULES_LINK, rule_view, rules_view
from generator.grid_html import grid_html, mark_html
from generator.headings import heading
from generator.listing import (
    Found,
    UnitEntry,
    home_view,
    unit_entry,
    unit_view,
    units_view,
    year_view,
    years_of,
    years_view,
)
from generator.presenting import disclosure_view, project_view, report_view
from generator.problems import Problem
from generator.publication import Disclosure, Site, Unit
from generator.terms import DocumentKind, PageKind
from generator.views import Head, View

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


def all_pages(dataset: Dataset, judgement: Judgement, site: Site) -> Iterator[Page]:
    """Every page of the site."""
    found = judgement.by_disclosure
    entries: list[UnitEntry] = []
    for unit in dataset.units:
        its = [each for each in dataset.disclosures if each.unit == unit]
        entries.append(unit_entry(unit, its, found))
        yield from unit_pages(unit, its, found, site)
    yield from list_pages(entries)
    yield from rule_pages()


def rule_pages() -> Iterator[Page]:
    """The pages of the handbook on the rules."""
    yield _page(PageKind.RULES, f"{HANDBOOK}index.md", rules_view())
    for rule in RULES:
        yield _page(PageKind.RULE, f"{HANDBOOK}{rule.id.lower()}.md", rule_view(rule))


def list_pages(units: Sequence[UnitEntry]) -> Iterator[Page]:
    """The pages that stand above the units: home, years, units."""
    yield _page(PageKind.HOME, HOME_PATH, home_view(units))
    yield _page(PageKind.YEARS, "years/index.md", years_view(units))
    for year in years_of(units):
        yield _page(PageKind.YEAR, f"years/{year}.md", year_view(year, units))
    yield _page(PageKind.UNITS, "units/index.md", units_view(units))


def unit_pages(
    unit: Unit, disclosures: Sequence[Disclosure], found: Found, site: Site
) -> Iterator[Page]:
    """The pages of one unit; `disclosures` are its own, by year."""
    view = unit_view(unit, disclosures, found)
    yield _page(PageKind.UNIT, f"units/{unit.slug}/index.md", view, unit.file)
    for disclosure in disclosures:
        yield from _disclosure_pages(disclosure, found[disclosure.file], site)


def _disclosure_pages(
    disclosure: Disclosure, problems: Sequence[Problem], site: Site
) -> Iterator[Page]:
    folder = f"units/{disclosure.unit.slug}/{disclosure.year}"
    view = disclosure_view(disclosure, problems, site)
    yield _page(PageKind.DISCLOSURE, f"{folder}/index.md", view, disclosure.file)
    report = disclosure.record(DocumentKind.REPORT)
    if report:
        told = report_view(disclosure, report, problems, site)
        yield _page(PageKind.REPORT, f"{folder}/report.md", told, report.position.file)
    for project in disclosure.projects:
        shown = project_view(disclosure, project, problems, site)
        path = f"{folder}/projects/{project.slug}.md"
        yield _page(PageKind.PROJECT, path, shown, project.file)


def _page(kind: PageKind, path: str, view: View, source: str = "") -> Page:
    text = _environment().get_template(f"{kind.template}.md.jinja").render(view=view)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return Page(kind, path, view.head, text.strip(), source)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("generator"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {"heading": heading, "grid": grid_html}
    environment.filters |= {"noted": mark_html, "to": relative_url}
    return environment


def relative_url(url: str, here: str) -> str:
    """The way from one page of the site to another, both as seen from its root."""
    way = posixpath.relpath(url or ".", here or ".")
    return "./" if way == "." else f"{way}/"
