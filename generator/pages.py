"""Views become Markdown pages: text comes out, nothing is written."""

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from generator.checks.catalogue import RULES, Judgement
from generator.dataset import Dataset
from generator.explaining import rule_view, rules_view
from generator.grid_html import grid_html, mark_html
from generator.listing import home_view, unit_view, units_view, year_view, years_view
from generator.presenting import disclosure_view, project_view, report_view
from generator.problems import Problem
from generator.publication import Disclosure, Site
from generator.terms import DocumentKind

HOME_PATH = "index.md"
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown page of the site."""

    path: str
    """From the pages' root, for instance units/xintian-jsx/2022/index.md."""
    text: str
    source: str = ""
    """The data file that it shows, for the edit link; empty for lists."""
    updated: str = ""
    """The day that the sitemap gives, as the data says; empty if it does not."""


def all_pages(dataset: Dataset, judgement: Judgement, site: Site, opening: str) -> Iterator[Page]:
    """Every page of the site; `opening` is the hand-written Markdown of the home page."""
    found, disclosures = judgement.by_disclosure, dataset.disclosures
    home = home_view(dataset.units, disclosures, found)
    yield Page(HOME_PATH, f"{opening.rstrip()}\n\n{_text('home', home)}")
    yield Page("years/index.md", _text("list", years_view(disclosures)))
    for year in sorted({each.year for each in disclosures}):
        these = [each for each in disclosures if each.year == year]
        yield Page(f"years/{year}.md", _text("list", year_view(year, these, found)))
    yield Page("units/index.md", _text("list", units_view(dataset.units, disclosures, found)))
    for unit in dataset.units:
        its = [each for each in disclosures if each.unit == unit]
        text = _text("unit", unit_view(unit, its, found))
        yield Page(f"units/{unit.slug}/index.md", text, unit.file)
    yield Page("guide/rules/index.md", _text("rules", rules_view()))
    for rule in RULES:
        yield Page(f"guide/rules/{rule.id.lower()}.md", _text("rule", rule_view(rule)))
    for disclosure in disclosures:
        yield from _disclosure_pages(disclosure, found[disclosure.file], site)


def _disclosure_pages(
    disclosure: Disclosure, problems: tuple[Problem, ...], site: Site
) -> Iterator[Page]:
    folder = f"units/{disclosure.unit.slug}/{disclosure.year}"
    view = disclosure_view(disclosure, problems, site)
    yield Page(f"{folder}/index.md", _text("disclosure", view), disclosure.file, view.head.updated)
    report = disclosure.record(DocumentKind.REPORT)
    if report:
        told = report_view(disclosure, report, problems, site)
        file = report.position.file
        yield Page(f"{folder}/report.md", _text("report", told), file, told.head.updated)
    for project in disclosure.projects:
        shown = project_view(disclosure, project, problems, site)
        path = f"{folder}/projects/{project.slug}.md"
        yield Page(path, _text("project", shown), project.file, shown.head.updated)


def _text(template: str, view: object) -> str:
    text = _environment().get_template(f"{template}.md.jinja").render(view=view)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.lstrip()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("generator"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"heading": heading, "grid": grid_html}
    environment.filters |= {
        "noted": mark_html,
        "quoted": in_front_matter,
        "to": relative_url,
    }
    return environment


def heading(level: int, text: str, anchor: str) -> Markup:
    """A Markdown heading; no character of its text can mean anything to Markdown."""
    line = " ".join(text.split())
    safe = _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", line)
    return Markup(f"{'#' * level} {safe} {{#{anchor}}}")  # noqa: S704


def in_front_matter(text: str) -> Markup:
    """Text for a value of the front matter, which the theme prints without escaping."""
    return Markup(json.dumps(escape(" ".join(text.split())), ensure_ascii=False))  # noqa: S704


def relative_url(url: str, here: str) -> str:
    """The way from one page of the site to another, both as seen from its root."""
    way = posixpath.relpath(url or ".", here or ".")
    return "./" if way == "." else f"{way}/"
