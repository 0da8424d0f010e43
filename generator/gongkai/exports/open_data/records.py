"""index.json beside the pages: a disclosure or one of its projects as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from gongkai.exports.open_data.json_files import (
    API_VERSION,
    json_text,
    path_to_root,
    quote_json,
    schema_reference,
)
from gongkai.exports.open_data.shapes import (
    Catalogue,
    CatalogueEntry,
    Correction,
    Explanation,
    ProjectLink,
    Record,
    Region,
    Unit,
)
from gongkai.exports.open_data.values import DocumentRows, ValueRow
from gongkai.model.documents import Project
from gongkai.model.publication import Disclosure, Site, UnitFacts
from gongkai.model.publication import Unit as FiledUnit
from gongkai.pages.disclosure import disclosure_title, last_updated
from gongkai.pages.links import disclosure_link, project_link
from gongkai.runtime.urls import absolute_url

RECORD_FILE = "index.json"
_NO_DOCUMENTS = '"documents":[]'
"""Placeholder for the documents; unambiguous, since quotes within a JSON string are escaped."""


def record_files(
    disclosure: Disclosure, documents: Sequence[DocumentRows], site: Site, site_url: str
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the index.json of the disclosure and of its projects.

    A file contains the documents that its own page shows.
    """
    texts = [
        (document.record.project, _document_json(disclosure, document)) for document in documents
    ]
    record = _disclosure_record(disclosure, site, site_url)
    links = tuple(_project_link(disclosure, project, "") for project in disclosure.projects)
    unit_texts = (text for slug, text in texts if not slug)
    url = disclosure_link(disclosure).url
    yield f"{url}{RECORD_FILE}", _record_json(replace(record, projects=links), unit_texts)
    for project in disclosure.projects:
        project_texts = (text for slug, text in texts if slug == project.slug)
        project_record = _project_record(record, disclosure, project, site_url)
        path = f"{project_link(disclosure, project).url}{RECORD_FILE}"
        yield path, _record_json(project_record, project_texts)


def api_unit(unit: FiledUnit) -> Unit:
    """Return the facts about a unit that do not depend on the year."""
    facts = unit.facts
    return Unit(
        slug=unit.slug,
        name=facts.name,
        short_names=facts.short_names,
        former_names=facts.former_names,
        department=facts.department,
        level=facts.level,
        region=_region(facts),
    )


def resolve_url(url: str, site_url: str, here: str) -> str:
    """Return the absolute URL of a page; relative to the file `here` if `site_url` is empty."""
    return absolute_url(site_url, url) if site_url else f"{path_to_root(here)}{url}"


def _region(facts: UnitFacts) -> Region | None:
    region = Region(facts.region.province, facts.region.city, facts.region.county)
    return region if region != Region() else None


def _disclosure_record(disclosure: Disclosure, site: Site, site_url: str) -> Record:
    """Return the record of a disclosure without its documents and projects."""
    url, facts = disclosure_link(disclosure).url, disclosure.facts
    catalogue = facts.catalogue.model_dump(mode="json", exclude_defaults=True, exclude={"extras"})
    extras = tuple(CatalogueEntry(*entry) for entry in facts.catalogue.extras.items())
    return Record(
        schema=schema_reference("record", url),
        version=API_VERSION,
        url=resolve_url(url, site_url, url),
        title=disclosure_title(disclosure),
        publisher=site.organiser,
        unit=api_unit(disclosure.unit),
        year=disclosure.year,
        catalogue=Catalogue(**catalogue, extras=extras),
        documents=(),
        licence=site.licence,
        updated=last_updated(disclosure),
        explanations=tuple(
            Explanation(
                explanation.rule,
                explanation.where,
                explanation.reason,
                explanation.author,
                explanation.date.isoformat(),
                explanation.filed,
                explanation.computed,
            )
            for explanation in facts.explanations
        ),
        corrections=tuple(
            Correction(
                correction.where,
                correction.reason,
                correction.date.isoformat(),
                correction.old,
                correction.new,
            )
            for correction in facts.corrections
        ),
    )


def _project_record(
    disclosure_record: Record, disclosure: Disclosure, project: Project, site_url: str
) -> Record:
    """Return the record of one project, derived from that of its disclosure."""
    url = project_link(disclosure, project).url
    prefixes = tuple(f"{record.name}/" for record in project.records)
    return replace(
        disclosure_record,
        schema=schema_reference("record", url),
        url=resolve_url(url, site_url, url),
        title=project.name,
        project=replace(_project_link(disclosure, project, "../../"), url="./", data=RECORD_FILE),
        disclosure=f"../../{RECORD_FILE}",
        explanations=tuple(
            explanation
            for explanation in disclosure_record.explanations
            if f"{explanation.where}/".startswith(prefixes)
        ),
        corrections=tuple(
            correction
            for correction in disclosure_record.corrections
            if f"{correction.where}/".startswith(prefixes)
        ),
    )


def _project_link(disclosure: Disclosure, project: Project, prefix: str) -> ProjectLink:
    """Return a link to a project; `prefix` leads to the folder of its disclosure."""
    here = disclosure_link(disclosure).url
    url = f"{prefix}{project_link(disclosure, project).url.removeprefix(here)}"
    return ProjectLink(project.slug, project.name, url, f"{url}{RECORD_FILE}")


def _document_json(disclosure: Disclosure, document: DocumentRows) -> str:
    """Return a document as JSON (see shapes.Document); paragraphs of a report are in `text`."""
    record = document.record
    fields = {
        "name": record.name,
        "kind": record.form.kind.value,
        "attachment": disclosure.attachment_number(record.form.kind),
        "form": record.form.id,
        "title": record.title,
        "project": record.project,
        "text": record.body,
    }
    head = json_text({key: text for key, text in fields.items() if text})
    values = ",".join(_values_json(document.rows[: len(record.cells)]))
    return f'{head[:-1]},"values":[{values}]}}'


def _values_json(rows: Iterable[ValueRow]) -> Iterator[str]:
    """Yield values as JSON objects.

    There are hundreds on a page, so text shared by consecutive values is serialised only once.
    """
    last_path = path_json = ""
    for row in rows:
        path, field, row_role, role, filed, state, number, measure, comparison = row[8:17]
        if path != last_path:
            last_path = path
            path_json = f'"item":{quote_json(path)},' if path else ""
        filed_json = f',"filed":{quote_json(filed)}' if filed else ""
        number_json = f',"number":"{number}"' if number else ""
        if measure:
            number_json += f',"measure":{quote_json(measure)}'
        if comparison:
            number_json += f',"comparison":"{comparison}"'
        computed_json = f',"computed":{quote_json(row.computed)}' if row.computed else ""
        field_json = _field_json(field, row_role, role)
        yield (
            f'{{{path_json}{field_json}{filed_json},"state":"{state}"'
            f'{number_json},"sequence":{row.sequence}{computed_json}}}'
        )


@cache
def _field_json(field: str, row_role: str, role: str) -> str:
    """Return the JSON members of a value that its form determines."""
    members = {"field": field, "row_role": row_role, "role": role}
    return ",".join(f'"{name}":{quote_json(text)}' for name, text in members.items() if text)


def _record_json(record: Record, documents: Iterable[str]) -> bytes:
    """Return a record with its documents, which are serialised already, as an encoded file."""
    document_list = f'"documents":[{",".join(documents)}]'
    return f"{json_text(record).replace(_NO_DOCUMENTS, document_list, 1)}\n".encode()
