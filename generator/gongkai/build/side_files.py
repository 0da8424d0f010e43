"""Files beside the pages: year-comparison figures, downloads and open data."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from gongkai.authoring.blank_forms import render_blank_word
from gongkai.authoring.excel_template import render_excel_template
from gongkai.authoring.json_schemas import form_schema
from gongkai.exports.office.downloads import disclosure_downloads, list_downloads
from gongkai.exports.open_data.api import (
    api_assets,
    form_page_url,
    form_uses,
    unit_file,
    used_forms,
)
from gongkai.exports.open_data.api_pages import Asset
from gongkai.exports.open_data.csv_files import csv_file, csv_lines, document_lines
from gongkai.exports.open_data.dictionary_page import newest_year
from gongkai.exports.open_data.figures_json import figures_json, unit_figures, units_json
from gongkai.exports.open_data.list_tables import list_table
from gongkai.exports.open_data.openapi import description_assets
from gongkai.exports.open_data.records import record_files
from gongkai.exports.open_data.tables import VALUES
from gongkai.exports.open_data.values import DocumentRows, iter_document_rows
from gongkai.model.forms import Form
from gongkai.model.publication import Disclosure, Site, Unit
from gongkai.model.recomputed import find_contradictions
from gongkai.pages.downloads import CSV, EXCEL, SCHEMA, WORD, form_files
from gongkai.pages.entries import ProblemsByFile, UnitEntry
from gongkai.pages.links import disclosure_link, project_link
from gongkai.pages.strips import strip_images
from gongkai.pages.views.common import View
from gongkai.runtime.hashing import hash_texts

File = tuple[str, bytes]
"""A path from the site's root, and the file's content."""


def unit_side_files(
    unit: Unit,
    disclosures: Sequence[Disclosure],
    problems: ProblemsByFile,
    site: Site,
    site_url: str,
) -> Iterator[File]:
    """Yield the files beside the pages of one unit; `disclosures` are its own, by year."""
    figures = figures_json(unit_figures(unit, disclosures, problems)).encode()
    yield f"units/{unit.slug}/figures.json", figures
    yield unit_file(unit, disclosures, problems, site_url)
    for disclosure in disclosures:
        values = tuple(
            iter_document_rows(disclosure, find_contradictions(problems[disclosure.file]))
        )
        yield from record_files(disclosure, values, site, site_url)
        csv_files = dict(disclosure_csv_files(disclosure, values))
        yield from csv_files.items()
        hashes = {path.removesuffix(CSV): _sha256(data) for path, data in csv_files.items()}
        yield from disclosure_downloads(disclosure, values, hashes, site, site_url)


def disclosure_csv_files(disclosure: Disclosure, values: Iterable[DocumentRows]) -> Iterator[File]:
    """Yield a CSV file per page of a disclosure, with the values that the page shows."""
    lines = [(document.record.project, document_lines(document)) for document in values]
    pages = {"": disclosure_link(disclosure)}
    pages |= {project.slug: project_link(disclosure, project) for project in disclosure.projects}
    for slug, page in pages.items():
        page_lines = (text for project, text in lines if project == slug)
        yield f"{page.url}{CSV}", csv_file(VALUES.headings, page_lines)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def list_side_files(view: View, site: Site, site_url: str) -> Iterator[File]:
    """Yield the downloads of a list page; none if it has no rows."""
    head = view.head
    if not head.downloads:
        return
    rows_table = list_table(view, site_url)
    data = csv_file(rows_table.table.headings, [csv_lines(rows_table.rows)])
    yield f"{head.url}{CSV}", data
    yield from list_downloads(head, rows_table, _sha256(data), site, site_url)


def site_side_files(units: Iterable[UnitEntry]) -> Iterator[File]:
    """Yield the side files of the site-level pages other than downloads."""
    yield "compare/units.json", units_json(units).encode()


def site_assets(
    units: Sequence[UnitEntry], forms: Sequence[Form], site: Site, site_url: str
) -> Iterator[Asset]:
    """Yield images, API files and empty forms, which are rendered only if their cache key has changed."""
    for image in strip_images(units):
        yield Asset(image.path, image.draw, image.key)
    used = used_forms(units, forms)
    yield from api_assets(units, used, site, site_url)
    for form in used:
        yield from form_assets(form, newest_year(form_uses(units, form)))
    yield from description_assets(site, site_url)


def form_assets(form: Form, year: int) -> Iterator[Asset]:
    """Yield the files of an empty form: to fill in, to print, to check with."""
    renderers = {
        EXCEL: partial(render_excel_template, form, year),
        WORD: partial(render_blank_word, form, year),
        SCHEMA: partial(_schema_text, form),
    }
    key = hash_texts([form.model_dump_json(), f"{year}"])
    for kind, name in form_files(form).items():
        yield Asset(f"{form_page_url(form.id)}{name}", renderers[kind], key)


def _schema_text(form: Form) -> bytes:
    return f"{json.dumps(form_schema(form), ensure_ascii=False, indent=1)}\n".encode()
