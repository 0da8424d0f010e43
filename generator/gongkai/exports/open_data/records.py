"""A disclosure, and each of its projects, as JSON: index.json beside the page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from gongkai.exports.open_data.json_files import VERSION, json_text, quoted, schema_of, way_up
from gongkai.exports.open_data.shapes import (
    Catalogue,
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
from gongkai.model.publication import Unit as UnitFiled
from gongkai.pages.disclosure import updated, whole_title
from gongkai.pages.links import disclosure_link, project_link
from gongkai.runtime.urls import absolute

FILE = "index.json"
_NONE = '"documents":[]'
"""Stands in a record that has none yet; in a text its quotes would be escaped."""


def records(
    disclosure: Disclosure, documents: Sequence[DocumentRows], site: Site, site_url: str
) -> Iterator[tuple[str, bytes]]:
    """The paths and contents of the disclosure's index.json and of those of its projects.

    Each holds the documents that its own page shows.
    """
    texts = [(each.record.project, _document(disclosure, each)) for each in documents]
    whole = _record(disclosure, site, site_url)
    links = tuple(_link(disclosure, each, "") for each in disclosure.projects)
    own, url = (text for slug, text in texts if not slug), disclosure_link(disclosure).url
    yield f"{url}{FILE}", _with(replace(whole, projects=links), own)
    for project in disclosure.projects:
        its = (text for slug, text in texts if slug == project.slug)
        of_project = _of_project(whole, disclosure, project, site_url)
        yield f"{project_link(disclosure, project).url}{FILE}", _with(of_project, its)


def unit_of(unit: UnitFiled) -> Unit:
    """What lasts over the years of a unit."""
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


def address(url: str, site_url: str, here: str) -> str:
    """A page's own address; where the site's is not known, the way from a file."""
    return absolute(site_url, url) if site_url else f"{way_up(here)}{url}"


def _region(facts: UnitFacts) -> Region | None:
    region = Region(facts.region.province, facts.region.city, facts.region.county)
    return region if region != Region() else None


def _record(disclosure: Disclosure, site: Site, site_url: str) -> Record:
    """All but the documents and projects of a disclosure."""
    url, facts = disclosure_link(disclosure).url, disclosure.facts
    filed = facts.catalogue.model_dump(mode="json", exclude_defaults=True)
    return Record(
        schema=schema_of("record", url),
        version=VERSION,
        url=address(url, site_url, url),
        title=whole_title(disclosure),
        publisher=site.organiser,
        unit=unit_of(disclosure.unit),
        year=disclosure.year,
        catalogue=Catalogue(**filed),
        documents=(),
        licence=site.licence,
        updated=updated(disclosure),
        explanations=tuple(
            Explanation(
                each.rule,
                each.where,
                each.reason,
                each.author,
                each.date.isoformat(),
                each.filed,
                each.computed,
            )
            for each in facts.explanations
        ),
        corrections=tuple(
            Correction(each.where, each.reason, each.date.isoformat(), each.old, each.new)
            for each in facts.corrections
        ),
    )


def _of_project(whole: Record, disclosure: Disclosure, project: Project, site_url: str) -> Record:
    """What a disclosure says of one of its projects."""
    url = project_link(disclosure, project).url
    names = tuple(f"{record.name}/" for record in project.records)
    return replace(
        whole,
        schema=schema_of("record", url),
        url=address(url, site_url, url),
        title=project.name,
        project=replace(_link(disclosure, project, "../../"), url="./", data=FILE),
        disclosure=f"../../{FILE}",
        explanations=tuple(e for e in whole.explanations if f"{e.where}/".startswith(names)),
        corrections=tuple(e for e in whole.corrections if f"{e.where}/".startswith(names)),
    )


def _link(disclosure: Disclosure, project: Project, way: str) -> ProjectLink:
    here = disclosure_link(disclosure).url
    url = f"{way}{project_link(disclosure, project).url.removeprefix(here)}"
    return ProjectLink(project.slug, project.name, url, f"{url}{FILE}")


def _document(disclosure: Disclosure, document: DocumentRows) -> str:
    """A document (see shapes.Document); the paragraphs of a report stand in its text."""
    record = document.record
    known = {
        "name": record.name,
        "kind": record.form.kind.value,
        "attachment": disclosure.number(record.form.kind),
        "form": record.form.id,
        "title": record.title,
        "project": record.project,
        "text": record.body,
    }
    told = json_text({key: text for key, text in known.items() if text})
    values = ",".join(_values(document.rows[: len(record.cells())]))
    return f'{told[:-1]},"values":[{values}]}}'


def _values(rows: Iterable[ValueRow]) -> Iterator[str]:
    """Values as JSON, by the columns that tell of them; there are hundreds on a page.

    So only what differs from value to value is written anew.
    """
    before = place = ""
    for row in rows:
        item, field, row_role, role, filed, state, number, measure, comparison, sequence = row[8:]
        if item != before:
            before, place = item, f'"item":{quoted(item)},' if item else ""
        text = f',"filed":{quoted(filed)}' if filed else ""
        read = f',"number":"{number}"' if number else ""
        if measure:
            read += f',"measure":{quoted(measure)}'
        if comparison:
            read += f',"comparison":"{comparison}"'
        what = _what(field, row_role, role)
        yield f'{{{place}{what}{text},"state":"{state}"{read},"sequence":{sequence}}}'


@cache
def _what(field: str, row_role: str, role: str) -> str:
    """What a form says of a value."""
    told = {"field": field, "row_role": row_role, "role": role}
    return ",".join(f'"{name}":{quoted(text)}' for name, text in told.items() if text)


def _with(record: Record, documents: Iterable[str]) -> bytes:
    """The text of a record with its documents, which are texts already."""
    texts = ",".join(documents)
    whole = json_text(record).replace(_NONE, f'"documents":[{texts}]', 1)
    return f"{whole}\n".encode()
