"""The static JSON API: every file under /api/v1/ except the JSON Schemas and openapi.json."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gongkai.exports.open_data.api_pages import (
    Asset,
    change_list_assets,
    count_changes,
    eager_asset,
    page_path,
    paginate,
    record_list_assets,
    unit_list_assets,
    unit_path,
)
from gongkai.exports.open_data.json_files import (
    API_ROOT,
    API_VERSION,
    json_text,
    path_to_root,
    schema_reference,
)
from gongkai.exports.open_data.list_shapes import (
    Counts,
    FormFile,
    FormLine,
    FormPage,
    Index,
    Lists,
    RecordLine,
    UnitFile,
    YearFile,
    YearLink,
    figure_fields,
    form_sections,
)
from gongkai.exports.open_data.records import RECORD_FILE, api_unit, resolve_url
from gongkai.model.forms import Form
from gongkai.model.problems import Problem
from gongkai.model.publication import Disclosure, Site, Unit
from gongkai.model.recomputed import exact_recomputed, find_contradictions
from gongkai.pages import page_types
from gongkai.pages.entries import ProblemsByFile, UnitEntry, exact_texts
from gongkai.pages.links import disclosure_link, main_evaluation, unit_link
from gongkai.pages.lists import disclosed_years, entries_of_year, year_link

HANDBOOK_URL = "data/api/"
"""Pages about the open data, from the site's root."""
PROMISE = (
    "v1 的网址、字段名、字段类型和含义不变，必有的字段一直有；只会增加新字段。"
    "要改就另出 v2，v1 至少再保留 24 个月。"
)
"""Compatibility promise, published in index.json and openapi.json."""
_INDEX = f"{API_ROOT}index.json"


def unit_file(
    unit: Unit, disclosures: Sequence[Disclosure], problems: ProblemsByFile, site_url: str
) -> tuple[str, bytes]:
    """Return the path and content of units/<slug>.json."""
    path = unit_path(unit.slug)
    content = UnitFile(
        schema=schema_reference("unit", path),
        version=API_VERSION,
        url=resolve_url(unit_link(unit).url, site_url, path),
        unit=api_unit(unit),
        records=tuple(
            _record_line(disclosure, problems[disclosure.file], path, site_url)
            for disclosure in disclosures
        ),
    )
    return path, f"{json_text(content)}\n".encode()


def api_assets(
    units: Sequence[UnitEntry], forms: Sequence[Form], site: Site, site_url: str
) -> Iterator[Asset]:
    """Yield all files above the units: index, lists, years, forms."""
    ordered = sorted(units, key=lambda unit: unit.slug)
    yield eager_asset(_INDEX, _index(ordered, site, site_url))
    yield from unit_list_assets(ordered, site_url)
    for year in disclosed_years(ordered):
        yield _year_asset(year, ordered, site_url)
        yield from record_list_assets(year, ordered, site_url)
    yield from _form_assets(forms, site_url)
    yield from change_list_assets(ordered, site_url)


def used_forms(units: Sequence[UnitEntry], forms: Sequence[Form]) -> list[Form]:
    """Return the forms that the disclosures use, sorted by id."""
    used = {form_id for unit in units for entry in unit.entries for form_id in entry.forms}
    return sorted((form for form in forms if form.id in used), key=lambda form: form.id)


class FormUse(NamedTuple):
    """A unit that filed with a form."""

    unit: UnitEntry
    years: tuple[int, ...]


def form_uses(units: Iterable[UnitEntry], form: Form) -> list[FormUse]:
    """Return the units that filed with a form, in their order."""
    uses = (
        FormUse(unit, tuple(entry.year for entry in unit.entries if form.id in entry.forms))
        for unit in units
    )
    return [use for use in uses if use.years]


def form_file(form: Form, site_url: str) -> FormFile:
    """Return the content of forms/<id>.json."""
    path = _form_path(form.id)
    points = form.total_points
    return FormFile(
        schema=schema_reference("form", path),
        version=API_VERSION,
        url=resolve_url(form_page_url(form.id), site_url, path),
        id=form.id,
        name=form.name,
        kind=form.kind.value,
        title=form.title,
        source=form.source,
        money=form.money,
        sections=tuple(form_sections(form)),
        total_points="" if points is None else f"{points:f}",
        region=form.scope.region,
    )


def form_page_url(form_id: str) -> str:
    """Return the URL of a form's page in the data dictionary, from the site's root."""
    return page_types.FORM.url(form=form_id)


def _record_line(
    disclosure: Disclosure, problems: Iterable[Problem], here: str, site_url: str
) -> RecordLine:
    url = disclosure_link(disclosure).url
    computed = exact_recomputed(main_evaluation(disclosure), find_contradictions(problems))
    return RecordLine(
        unit=disclosure.unit.slug,
        unit_name=disclosure.unit.facts.name,
        year=disclosure.year,
        url=resolve_url(url, site_url, here),
        data=f"{path_to_root(here)}{url}{RECORD_FILE}",
        projects=len(disclosure.projects),
        published=f"{disclosure.facts.catalogue.published or ''}",
        **figure_fields(exact_texts(disclosure), computed),
    )


def _index(units: Sequence[UnitEntry], site: Site, site_url: str) -> Index:
    entries = [entry for unit in units for entry in unit.entries]
    root = path_to_root(_INDEX)
    return Index(
        schema=schema_reference("index", _INDEX),
        version=API_VERSION,
        title=site.name,
        publisher=site.organiser,
        url=resolve_url("", site_url, _INDEX),
        promise=PROMISE,
        handbook=f"{root}{HANDBOOK_URL}",
        dictionary=f"{root}{page_types.DICTIONARY.url()}",
        openapi="openapi.json",
        lists=Lists(_first_page("units"), _first_page("forms"), _first_page("changes")),
        years=tuple(
            YearLink(year, resolve_url(year_link(year).url, site_url, _INDEX), f"years/{year}.json")
            for year in disclosed_years(units)
        ),
        counts=Counts(
            units=len(units),
            records=len(entries),
            projects=sum(entry.line.projects for entry in entries),
            changes=sum(map(count_changes, entries)),
        ),
        record_template=f"{root}units/{{unit}}/{{year}}/{RECORD_FILE}",
        licence=site.licence,
    )


def _first_page(folder: str) -> str:
    """Return the URL of the first page of a list, relative to index.json."""
    return page_path(folder, 1).removeprefix(API_ROOT)


def _year_asset(year: int, units: Sequence[UnitEntry], site_url: str) -> Asset:
    path = f"{API_ROOT}years/{year}.json"
    entries = [entry for _, entry in entries_of_year(year, units)]
    content = YearFile(
        schema=schema_reference("year", path),
        version=API_VERSION,
        year=year,
        url=resolve_url(year_link(year).url, site_url, path),
        first=f"{year}/pages/1.json",
        units=len(entries),
        projects=sum(entry.line.projects for entry in entries),
    )
    return eager_asset(path, content)


def _form_assets(forms: Sequence[Form], site_url: str) -> Iterator[Asset]:
    for path, page_forms, next_page in paginate("forms", forms):
        root = path_to_root(path)
        lines = tuple(
            FormLine(
                form.id,
                form.name,
                form.kind.value,
                resolve_url(form_page_url(form.id), site_url, path),
                f"{root}{_form_path(form.id)}",
            )
            for form in page_forms
        )
        schema = schema_reference("form-page", path)
        yield eager_asset(path, FormPage(schema, API_VERSION, lines, next_page))
    for form in forms:
        yield eager_asset(_form_path(form.id), form_file(form, site_url))


def _form_path(form_id: str) -> str:
    return f"{API_ROOT}forms/{form_id}.json"
