"""Page types: one row per kind of page, read by templates, theme, head tags, search and tests."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from gongkai.pages.views.common import DisclosureView, ProjectView, ReportView, UnitView, View
from gongkai.pages.views.lists import (
    DepartmentsView,
    DepartmentView,
    HomeView,
    IndicatorsView,
    ListView,
    RulesView,
    RuleView,
    ShortfallsView,
    YearsView,
)
from gongkai.pages.views.open_data import DataView, DictionaryView, FormView
from gongkai.pages.views.registers import (
    CompareView,
    ContradictionsView,
    CorrectionsView,
    ReleasesView,
    ReleaseView,
    SearchView,
    StatusView,
)

_FIELD = re.compile(r"\{\w+\}")


class Category(StrEnum):
    """类别 of a page in the site's search, in the order of its filter."""

    UNIT = "单位"
    DISCLOSURE = "年度自评"
    PROJECT = "项目"
    REPORT = "自评报告"
    LIST = "各类列表"
    GUIDE = "指南与说明"


class SchemaType(StrEnum):
    """schema.org type that describes a page."""

    SITE = "WebSite"
    COLLECTION = "CollectionPage"
    PAGE = "WebPage"
    ORGANISATION = "GovernmentOrganization"
    DATASET = "Dataset"


@dataclass(frozen=True)
class PageType:
    """A kind of page: its address, template and view, and how theme, head and search treat it."""

    name: str
    """Name in the front matter (`kind`)."""
    path: str
    """Path of the Markdown; words in braces stand for any name: units/{unit}/{year}/index.md."""
    template: str
    """Name of the template in pages/templates, without .md.jinja."""
    view: type[View]
    """Class of the template's `view`."""
    column: str
    """栏目 in the head's tags (网页标签规范)."""
    schema_type: SchemaType = SchemaType.COLLECTION
    category: Category | None = Category.LIST
    """类别 in the site's search; None if the site's search leaves the pages out."""
    shares_search_entry: bool = False
    """Whether its pages share the hand-written pages' entry in the search index; else every page has
    its own, because it changes with the data."""
    scripts: tuple[str, ...] = ()
    """Scripts that its pages load besides those of every page."""
    preloads: tuple[str, ...] = ()
    """Modules that these scripts import."""
    fetched: tuple[str, ...] = ()
    """Data files that these scripts fetch first."""
    unused_sheets: tuple[str, ...] = ()
    """Style sheets of mkdocs.yml that its pages do not need."""
    has_headings: bool = True
    """Whether it may have headings below the title, and so a table of contents."""
    has_source: bool = False
    """Whether its pages show a data file and so have an edit link."""
    is_content: bool = False
    """Whether it is an article (文章) in the sense of 网页标签规范, not a column (栏目)."""
    is_archived: bool = False
    """Whether it shows an archived version, which is no longer valid."""
    is_indexed: bool = True
    """Whether search engines index it and sitemaps list it."""

    @cached_property
    def url_pattern(self) -> str:
        """Pattern of the addresses: units/{unit}/{year}/; empty for the home page."""
        return page_url(self.path)

    def url(self, **names: object) -> str:
        """Return the address of a page; `names` replace the words in braces."""
        return self.url_pattern.format_map(names)

    def markdown_path(self, url: str) -> str:
        """Return the path of the Markdown of the page at an address."""
        is_index = self.path.endswith("index.md")
        return f"{url}index.md" if is_index else f"{url.removesuffix('/')}.md"

    def fill_path(self, name: str) -> str:
        """Return the path with `name` in place of every word in braces."""
        return _FIELD.sub(name, self.path)

    def matches(self, url: str) -> bool:
        """Whether a page of this type can have this address."""
        return self._regex.fullmatch(url) is not None

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile("[^/]+".join(map(re.escape, _FIELD.split(self.url_pattern))))


def page_url(path: str) -> str:
    """Return the address of the page of a Markdown file."""
    stem = path.removesuffix(".md")
    return "" if stem == "index" else f"{stem.removesuffix('/index')}/"


_LISTS = ("assets/lists.js",)
"""Sorts and filters tables."""
_CHARTS = ("assets/charts.js",)
"""Shows charts as tables, and saves both."""

HOME = PageType("home", "index.md", "home", HomeView, "首页", SchemaType.SITE, scripts=_CHARTS)
"""Its opening is written by hand (content/index.md)."""
YEARS = PageType("years", "years/index.md", "years", YearsView, "各年度", has_headings=False)
YEAR = PageType("year", "years/{year}.md", "list", ListView, "各年度", scripts=(*_LISTS, *_CHARTS))
YEAR_PART = PageType(
    "year-part", "lists/years-{year}-{part}.md", "list", ListView, "各单位", scripts=_LISTS
)
"""A page of a year's list of units, if that is too long for one page."""
UNITS = PageType("units", "units/index.md", "list", ListView, "各单位", scripts=_LISTS)
UNITS_PART = PageType(
    "units-part", "lists/units-{part}.md", "list", ListView, "各单位", scripts=_LISTS
)
DEPARTMENTS = PageType(
    "departments",
    "departments/index.md",
    "departments",
    DepartmentsView,
    "各部门",
    scripts=(*_LISTS, *_CHARTS),
)
DEPARTMENT = PageType(
    "department",
    "departments/{department}.md",
    "department",
    DepartmentView,
    "各部门",
    scripts=(*_LISTS, *_CHARTS),
)
UNIT = PageType(
    "unit",
    "units/{unit}/index.md",
    "unit",
    UnitView,
    "各单位",
    SchemaType.ORGANISATION,
    Category.UNIT,
    scripts=(*_LISTS, *_CHARTS),
    has_source=True,
)
DISCLOSURE = PageType(
    "disclosure",
    "units/{unit}/{year}/index.md",
    "disclosure",
    DisclosureView,
    "预算绩效自评",
    SchemaType.DATASET,
    Category.DISCLOSURE,
    scripts=(*_LISTS, *_CHARTS),
    has_source=True,
    is_content=True,
)
REPORT = PageType(
    "report",
    "units/{unit}/{year}/report.md",
    "report",
    ReportView,
    "预算绩效自评",
    SchemaType.DATASET,
    Category.REPORT,
    has_source=True,
    is_content=True,
)
PROJECT = PageType(
    "project",
    "units/{unit}/{year}/projects/{project}.md",
    "project",
    ProjectView,
    "预算绩效自评",
    SchemaType.DATASET,
    Category.PROJECT,
    scripts=_CHARTS,
    has_source=True,
    is_content=True,
)
SHORTFALLS = PageType(
    "shortfalls",
    "shortfalls/index.md",
    "shortfalls",
    ShortfallsView,
    "未达标与扣分",
    scripts=_LISTS,
)
SHORTFALLS_YEAR = replace(SHORTFALLS, name="shortfalls-year", path="shortfalls/{year}.md")
SHORTFALLS_PART = replace(
    SHORTFALLS, name="shortfalls-part", path="lists/shortfalls-{year}-{part}.md"
)
INDICATORS = PageType(
    "indicators", "indicators/index.md", "indicators", IndicatorsView, "各类指标", scripts=_LISTS
)
INDICATORS_YEAR = replace(INDICATORS, name="indicators-year", path="indicators/{year}.md")
CONTRADICTIONS = PageType(
    "contradictions",
    "contradictions/index.md",
    "contradictions",
    ContradictionsView,
    "对不上的数",
    scripts=_LISTS,
)
CONTRADICTIONS_YEAR = replace(
    CONTRADICTIONS, name="contradictions-year", path="contradictions/{year}.md"
)
CONTRADICTIONS_PART = replace(
    CONTRADICTIONS, name="contradictions-part", path="lists/contradictions-{year}-{part}.md"
)
STATUS = PageType("status", "status/index.md", "status", StatusView, "公开情况", scripts=_LISTS)
CORRECTIONS = PageType(
    "corrections", "corrections/index.md", "corrections", CorrectionsView, "更正", scripts=_LISTS
)
CORRECTIONS_YEAR = replace(CORRECTIONS, name="corrections-year", path="corrections/{year}.md")
COMPARE = PageType(
    "compare",
    "compare/index.md",
    "compare",
    CompareView,
    "对比",
    scripts=("assets/compare.js",),
    has_headings=False,
)
SEARCH = PageType(
    "search",
    "search/index.md",
    "search",
    SearchView,
    "搜索",
    category=None,
    scripts=("assets/search/page.js",),
    preloads=tuple(
        f"assets/search/{name}.js"
        for name in ("files", "index", "search", "words", "excerpts", "query")
    ),
    fetched=("search/data.json",),
    unused_sheets=("assets/charts.css", "assets/lists.css"),
    has_headings=False,
)
RULES = PageType(
    "rules",
    "guide/rules/index.md",
    "rules",
    RulesView,
    "填报指南",
    category=Category.GUIDE,
    shares_search_entry=True,
)
RULE = PageType(
    "rule",
    "guide/rules/{rule}.md",
    "rule",
    RuleView,
    "填报指南",
    category=Category.GUIDE,
    shares_search_entry=True,
)
DATA = PageType("data", "data/index.md", "data", DataView, "开放数据", category=Category.GUIDE)
DICTIONARY = PageType(
    "dictionary",
    "data/dictionary/index.md",
    "dictionary",
    DictionaryView,
    "开放数据",
    category=Category.GUIDE,
    shares_search_entry=True,
)
FORM = PageType(
    "form",
    "data/dictionary/{form}.md",
    "form",
    FormView,
    "开放数据",
    category=Category.GUIDE,
    shares_search_entry=True,
)
"""The data dictionary's page of one form."""
RELEASES = PageType(
    "releases",
    "as-of/index.md",
    "releases",
    ReleasesView,
    "历史版本",
    category=None,
    has_headings=False,
    is_indexed=False,
)
RELEASE = PageType(
    "release",
    "as-of/{release}/index.md",
    "release",
    ReleaseView,
    "历史版本",
    category=None,
    has_headings=False,
    is_indexed=False,
)


def _archived_type(page_type: PageType) -> PageType:
    """Return the type of the archived versions of a type's pages."""
    return replace(
        page_type,
        name=f"old-{page_type.name}",
        path=f"as-of/{{release}}/{page_type.path}",
        column="历史版本",
        schema_type=SchemaType.PAGE,
        category=None,
        scripts=(),
        has_source=False,
        is_content=False,
        is_archived=True,
        is_indexed=False,
    )


ARCHIVED: Mapping[PageType, PageType] = {
    page_type: _archived_type(page_type) for page_type in (DISCLOSURE, REPORT, PROJECT)
}
"""Types of archived pages, by the type of the present page."""

PAGE_TYPES: tuple[PageType, ...] = (
    *(row for row in tuple(vars().values()) if isinstance(row, PageType)),
    *ARCHIVED.values(),
)
"""All rows above, in their order."""


def page_type_at(url: str) -> PageType:
    """Return the type of the generated page at an address; raise LookupError if there is none."""
    for page_type in PAGE_TYPES:
        if page_type.matches(url):
            return page_type
    raise LookupError(url)


def theme_assets() -> dict[str, dict[str, list[str]]]:
    """Return the scripts and style sheets that the theme chooses by page type."""
    assets = {
        page_type.name: {
            "scripts": list(page_type.scripts),
            "preloads": list(page_type.preloads),
            "fetched": list(page_type.fetched),
            "unused_sheets": list(page_type.unused_sheets),
        }
        for page_type in PAGE_TYPES
    }
    return {name: lists for name, lists in assets.items() if any(lists.values())}
