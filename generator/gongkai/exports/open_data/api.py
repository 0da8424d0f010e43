"""The API that is made of files: everything under /api/v1/ but the schemas (see schemas)."""

from collections.abc import Iterator, Sequence

from gongkai.exports.open_data.api_pages import (
    Asset,
    asset,
    change_list,
    changes_of,
    page_path,
    paged,
    record_list,
    unit_list,
    unit_path,
)
from gongkai.exports.open_data.json_files import API, VERSION, json_text, schema_of, way_up
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
    form_sections,
)
from gongkai.exports.open_data.records import FILE, address, unit_of
from gongkai.model.forms import Form
from gongkai.model.publication import Disclosure, Site, Unit
from gongkai.pages.entries import UnitEntry, headline
from gongkai.pages.links import disclosure_link, unit_link
from gongkai.pages.lists import of_year, year_link, years_of

DATA, DICTIONARY, HANDBOOK = "data/", "data/dictionary/", "data/api/"
"""Pages on the open data."""
PROMISE = (
    "v1 的网址、字段名、字段类型和含义不变，必有的字段一直有；只会增加新字段。"
    "要改就另出 v2，v1 至少再保留 24 个月。"
)
_INDEX = f"{API}index.json"


def unit_file(unit: Unit, disclosures: Sequence[Disclosure], site_url: str) -> tuple[str, bytes]:
    """The path and content of units/<slug>.json."""
    path = unit_path(unit.slug)
    told = UnitFile(
        schema=schema_of("unit", path),
        version=VERSION,
        url=address(unit_link(unit).url, site_url, path),
        unit=unit_of(unit),
        records=tuple(_record_line(each, path, site_url) for each in disclosures),
    )
    return path, f"{json_text(told)}\n".encode()


def api(
    units: Sequence[UnitEntry], forms: Sequence[Form], site: Site, site_url: str
) -> Iterator[Asset]:
    """All other files: index, lists, years, forms."""
    ordered = sorted(units, key=lambda each: each.slug)
    yield asset(_INDEX, _index(ordered, site, site_url))
    yield from unit_list(ordered, site_url)
    for year in years_of(ordered):
        yield _year(year, ordered, site_url)
        yield from record_list(year, ordered, site_url)
    yield from _forms(forms, site_url)
    yield from change_list(ordered, site_url)


def used_forms(units: Sequence[UnitEntry], forms: Sequence[Form]) -> list[Form]:
    """The forms that are filed with, by their ids."""
    used = {name for unit in units for entry in unit.entries for name in entry.forms}
    return sorted((form for form in forms if form.id in used), key=lambda form: form.id)


def form_file(form: Form, site_url: str) -> FormFile:
    """What forms/<id>.json holds."""
    path = _form_path(form.id)
    points = form.total_points
    return FormFile(
        schema=schema_of("form", path),
        version=VERSION,
        url=address(form_page(form.id), site_url, path),
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


def form_page(name: str) -> str:
    """The page of the dictionary that tells of a form."""
    return f"{DICTIONARY}{name}/"


def _record_line(disclosure: Disclosure, here: str, site_url: str) -> RecordLine:
    url = disclosure_link(disclosure).url
    return RecordLine(
        unit=disclosure.unit.slug,
        unit_name=disclosure.unit.facts.name,
        year=disclosure.year,
        url=address(url, site_url, here),
        data=f"{way_up(here)}{url}{FILE}",
        projects=len(disclosure.projects),
        published=f"{disclosure.facts.catalogue.published or ''}",
        **headline(disclosure)._asdict(),
    )


def _index(units: Sequence[UnitEntry], site: Site, site_url: str) -> Index:
    entries = [entry for unit in units for entry in unit.entries]
    up = way_up(_INDEX)
    return Index(
        schema=schema_of("index", _INDEX),
        version=VERSION,
        title=site.name,
        publisher=site.organiser,
        url=address("", site_url, _INDEX),
        promise=PROMISE,
        handbook=f"{up}{HANDBOOK}",
        dictionary=f"{up}{DICTIONARY}",
        openapi="openapi.json",
        lists=Lists(_first("units"), _first("forms"), _first("changes")),
        years=tuple(
            YearLink(year, address(year_link(year).url, site_url, _INDEX), f"years/{year}.json")
            for year in years_of(units)
        ),
        counts=Counts(
            units=len(units),
            records=len(entries),
            projects=sum(each.line.projects for each in entries),
            changes=sum(map(changes_of, entries)),
        ),
        record_template=f"{up}units/{{unit}}/{{year}}/{FILE}",
        licence=site.licence,
    )


def _first(folder: str) -> str:
    """The way from the index to the first page of a list."""
    return page_path(folder, 1).removeprefix(API)


def _year(year: int, units: Sequence[UnitEntry], site_url: str) -> Asset:
    path = f"{API}years/{year}.json"
    these = [entry for _, entry in of_year(year, units)]
    told = YearFile(
        schema=schema_of("year", path),
        version=VERSION,
        year=year,
        url=address(year_link(year).url, site_url, path),
        first=f"{year}/pages/1.json",
        units=len(these),
        projects=sum(each.line.projects for each in these),
    )
    return asset(path, told)


def _forms(forms: Sequence[Form], site_url: str) -> Iterator[Asset]:
    for path, these, following in paged("forms", forms):
        up = way_up(path)
        lines = tuple(
            FormLine(
                each.id,
                each.name,
                each.kind.value,
                address(form_page(each.id), site_url, path),
                f"{up}{_form_path(each.id)}",
            )
            for each in these
        )
        yield asset(path, FormPage(schema_of("form-page", path), VERSION, lines, following))
    for form in forms:
        yield asset(_form_path(form.id), form_file(form, site_url))


def _form_path(name: str) -> str:
    return f"{API}forms/{name}.json"
