"""Import beside the source: a filled file's text, and the forms that were recognised in it."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from gongkai.authoring.drafts import ImportTarget, assemble_files
from gongkai.authoring.editor.key_order import key_order
from gongkai.authoring.editor.tree_diffs import diff_trees
from gongkai.authoring.editor.unit_years import UnitYear, read_unit_year
from gongkai.authoring.editor.value_edits import edit_values
from gongkai.authoring.editor.value_trees import ValueEdit, read_tree
from gongkai.authoring.editor.working_copies import WorkingCopy
from gongkai.authoring.importer import SourceFile, form_candidates, read_source_file
from gongkai.authoring.new_files import write_new_files
from gongkai.authoring.office.cells import OfficeDocument, distinct_cells
from gongkai.authoring.office.read import read_office_file
from gongkai.authoring.yaml_writer import join_yaml_lines
from gongkai.reading.dataset import CommonData
from gongkai.reading.disclosure import DISCLOSURE_FILE, PROJECTS_FOLDER
from gongkai.runtime.errors import UnreadableFileError


class SourceCell(NamedTuple):
    """A cell or paragraph of the source file."""

    text: str
    place: str
    """第2个表第3行第4列."""
    is_leftover: bool
    """Whether no form took it."""


@dataclass(frozen=True, slots=True)
class ImportTrial:
    """A file that was read, and what would be adopted; nothing is written yet."""

    name: str
    rows: tuple[tuple[SourceCell, ...], ...] = ()
    """The source, row by row."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The files by path within the year's folder."""
    listed: str = ""
    """disclosure.yml with the new projects in its list; empty if it stays as it is."""
    remarks: tuple[str, ...] = ()
    refusal: str = ""
    """Why nothing could be read."""

    @property
    def leftovers(self) -> tuple[SourceCell, ...]:
        """What no form took."""
        return tuple(cell for row in self.rows for cell in row if cell.is_leftover)

    def filing(self, copy: WorkingCopy, common: CommonData) -> UnitYear:
        """Return the year as it would be."""
        own = {copy.folder / file: text.encode() for file, text in self.texts.items()}
        return read_unit_year(common, copy.unit, copy.year, copy.unsaved | own)


def read_import(name: str, data: bytes, copy: WorkingCopy, common: CommonData) -> ImportTrial:
    """Read a filled file in any format."""
    filing = copy.read(common)
    facts = filing.unit_facts.facts if filing.unit_facts else None
    candidates = form_candidates(filing.dataset.forms, facts, copy.year)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name.replace("\\", "/")).name or "file")
        path.write_bytes(data)
        reading = read_source_file(path, candidates)
        try:
            document = read_office_file(path)
        except UnreadableFileError as refusal:
            return ImportTrial(name, refusal=f"{refusal}")
    if reading.refusal or not reading.drafts:
        words = reading.refusal or "没有认出表式里的任何一张表；下面是文件的文字"
        return ImportTrial(name, tuple(_rows(document, reading)), {}, refusal=words)
    result = assemble_files([reading], _target(filing, copy))
    prefix = f"{filing.folder}/"
    texts = {
        path.removeprefix(prefix): join_yaml_lines(lines)
        for path, lines in result.files.items()
        if path.startswith(prefix)
    }
    listed = result.extended.get(f"{prefix}{DISCLOSURE_FILE}", "")
    rows = tuple(_rows(document, reading))
    return ImportTrial(name, rows, texts, listed, tuple(reading.remarks))


def _target(filing: UnitYear, copy: WorkingCopy) -> ImportTarget:
    facts = filing.unit_facts.facts if filing.unit_facts else None
    target = ImportTarget(copy.unit, copy.year, facts, filing.disclosure)
    projects = frozenset(path.stem for path in (copy.folder / PROJECTS_FOLDER).glob("*"))
    text = copy.text(DISCLOSURE_FILE) if filing.disclosure else ""
    return replace(target, disclosure_text=text, existing_projects=projects)


def _rows(document: OfficeDocument, reading: SourceFile) -> Iterator[tuple[SourceCell, ...]]:
    unused = {slot.place for draft in reading.drafts for slot in draft.unused}
    unused |= {slot.place for slot in reading.unrecognized}
    for line in document.lines:
        cells = [
            SourceCell(slot.text, slot.place, slot.place in unused)
            for _, slot in distinct_cells(line)
            if slot.text
        ]
        if cells:
            yield tuple(cells)


def adopt(
    trial: ImportTrial,
    edits: Mapping[str, Sequence[ValueEdit]],
    copy: WorkingCopy,
    common: CommonData,
    data: Path,
) -> list[str]:
    """Take what was recognised, with edits made beside the source; return the files.

    New files are written; in those that exist the values change, as one step that can be undone.
    """
    changed: dict[str, str] = {}
    for file, recognised in trial.texts.items():
        is_report = file.endswith(".md")
        text = _edited(recognised, edits.get(file, ()), common, is_report=is_report)
        if copy.has_file(file):
            present = copy.text(file)
            old, new = (read_tree(part, is_report=is_report) for part in (present, text))
            if isinstance(old, dict) and isinstance(new, dict):
                new = old | new  # A file of a project may hold parts that this one has not.
            changed[file] = _edited(present, diff_trees(old, new), common, is_report=is_report)
        else:
            write_new_files({f"units/{copy.unit}/{copy.year}/{file}": text}, data)
    if trial.listed:
        changed[DISCLOSURE_FILE] = trial.listed
    copy.change(changed)
    return list(trial.texts)


def _edited(text: str, edits: Sequence[ValueEdit], common: CommonData, *, is_report: bool) -> str:
    if not edits:
        return text
    order = key_order(read_tree(text, is_report=is_report), common.forms)
    return edit_values(text, edits, key_order=order, is_report=is_report)
