"""Screens of a unit's year: its documents, and the form or text that is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from gongkai.authoring.editor.catalogue_form import CatalogueForm, catalogue_form
from gongkai.authoring.editor.form_tables import FormHtml, cell_input, form_html
from gongkai.authoring.editor.places import (
    EditableRecord,
    FilePlace,
    Spot,
    UnplaceableError,
    plain_spot,
)
from gongkai.authoring.editor.unit_years import PROJECT_NAME, UnitYear, blocking_count
from gongkai.authoring.editor.value_trees import BODY
from gongkai.model.nodes import MappingNode
from gongkai.model.terms import DocumentKind
from gongkai.reading.disclosure import DISCLOSURE_FILE, PROJECTS_FOLDER


class DocumentLink(NamedTuple):
    """A file of the year in the list of documents."""

    file: str
    number: str
    """附件1 …; empty if disclosure.yml gives none."""
    title: str
    errors: int
    is_report: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """The document that is shown."""

    template: str
    heading: str
    catalogue: CatalogueForm | None = None
    inputs: Mapping[str, Markup] = field(default_factory=dict)
    """Inputs of single values, by the id of their place."""
    documents: tuple[EditableRecord, ...] = ()
    spots: Mapping[str, Spot] = field(default_factory=dict)
    """All cells, by the id of their place."""
    text: str = ""
    """The file's text, or a report's Markdown."""
    fault: str = ""
    """Why the form cannot be shown."""
    outline: tuple[str, ...] = ()
    """The chapters that the form of a report asks for."""
    body_place: str = ""
    """Id of the place of a report's Markdown."""
    name_place: str = ""
    """Id of the place of the project's name."""

    @property
    def forms(self) -> tuple[FormHtml, ...]:
        """The documents as the form prints them; composed when they are shown."""
        return tuple(form_html(document) for document in self.documents)


def document_links(filing: UnitYear) -> list[DocumentLink]:
    """Return the files of a year with the number of their errors."""
    return [
        DocumentLink(
            file,
            _number(filing, file),
            _title(filing, file),
            blocking_count(
                tuple(
                    problem
                    for problem in filing.problems
                    if problem.position.file == f"{filing.shown_folder}{file}"
                )
            ),
            file.endswith(".md"),
        )
        for file in filing.sources
    ]


def _kinds(filing: UnitYear, file: str) -> list[DocumentKind]:
    kinds = []
    for _, node in filing.document_nodes(file):
        form = filing.form_of(node)
        kinds += [form.kind] if form else []
    return kinds


def _number(filing: UnitYear, file: str) -> str:
    numbers = filing.disclosure.facts.attachments if filing.disclosure else ()
    kinds = _kinds(filing, file)
    return "、".join(entry.number for entry in numbers if entry.kind in kinds)


def _title(filing: UnitYear, file: str) -> str:
    if file == DISCLOSURE_FILE:
        return "公开目录与落款"
    if file.startswith(f"{PROJECTS_FOLDER}/"):
        return filing.project_name(file)
    kinds = _kinds(filing, file)
    return f"{kinds[0]}" if kinds else file


def form_screen(filing: UnitYear, file: str) -> Screen:
    """Return a document as the form prints it; its text if it is not built as the form says."""
    heading = _title(filing, file)
    try:
        if file == DISCLOSURE_FILE:
            return _catalogue_screen(filing, heading)
        documents = tuple(filing.records(file))
    except UnplaceableError as fault:
        return Screen("text", heading, text=filing.sources[file].text, fault=f"{fault}")
    if not documents:
        unread = "文件读不懂，或者没有写明表式"
        return Screen("text", heading, text=filing.sources[file].text, fault=unread)
    spots = {place: spot for document in documents for place, spot in document.spots.items()}
    if documents[0].record.form.kind is DocumentKind.REPORT:
        return _report_screen(filing, file, heading, documents, spots)
    name_place, inputs = "", {}
    if file.startswith(f"{PROJECTS_FOLDER}/"):
        spot = plain_spot(
            filing.sources[file].root, FilePlace(file, (PROJECT_NAME,)), required=True
        )
        name_place = spot.place.id
        spots = {name_place: spot, **spots}
        inputs = {name_place: cell_input(spot)}
    return Screen(
        "form",
        heading,
        documents=documents,
        spots=spots,
        inputs=inputs,
        name_place=name_place,
    )


def _catalogue_screen(filing: UnitYear, heading: str) -> Screen:
    form = catalogue_form(filing)
    inputs = {place: cell_input(spot) for place, spot in form.spots.items()}
    return Screen("catalogue", heading, catalogue=form, inputs=inputs, spots=form.spots)


def _report_screen(
    filing: UnitYear,
    file: str,
    heading: str,
    documents: tuple[EditableRecord, ...],
    spots: Mapping[str, Spot],
) -> Screen:
    root = filing.sources[file].root
    own = {place: spot for place, spot in spots.items() if not spot.is_shared}
    if isinstance(root, MappingNode):
        title = plain_spot(root, FilePlace(file, ("标题",)))
        own = {title.place.id: title, **own}
    return Screen(
        "report",
        heading,
        documents=documents,
        spots=own,
        inputs={place: cell_input(spot) for place, spot in own.items()},
        text=filing.sources[file].body,
        body_place=FilePlace(file, BODY).id,
        outline=documents[0].record.form.outline,
    )
