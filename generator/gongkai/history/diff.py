"""Differences between two versions of a disclosure, place by place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from gongkai.history.changes import Change, ChangeKind
from gongkai.history.labels import format_place, shorten_pair
from gongkai.model.documents import Cell, Project, Record
from gongkai.model.publication import Correction, Disclosure, UnitFacts
from gongkai.model.schema import StrictModel
from gongkai.reading.front_matter import split_paragraphs

RowCells = Mapping[str, Mapping[str, Cell]]
"""Cells by the path of their row within the document, then by key; in the form's order."""
_ORDINAL = re.compile(r"（第\d+项）$")
"""Suffix that makes a repeated row name unique."""


@dataclass(frozen=True, slots=True)
class RowPair:
    """Paths of a row in the old and the new version; None if it was added or removed."""

    old: str | None
    new: str | None


def group_rows(record: Record) -> RowCells:
    """Group all cells of a document by row; cells outside tables form rows by their parent path."""
    rows: dict[str, dict[str, Cell]] = {}
    for cell in record.cells:
        row = cell.where[len(record.name) + 1 : -len(cell.spec.key) - 1]
        rows.setdefault(row, {})[cell.spec.key] = cell
    return rows


def is_name_cell(row: str, cell: Cell) -> bool:
    """Tell whether a cell holds its row's name, the last component of the path."""
    return bool(cell.filed) and _ORDINAL.sub("", f"/{row}").endswith(f"/{cell.filed}")


def match_rows(old: RowCells, new: RowCells) -> Iterator[RowPair]:
    """Match the rows of two versions; yield them in the new order, removed ones last.

    A renamed row is recognised by its parent and its other cells.
    """
    renamed = _match_renamed_rows(old, new)
    old_names = {new_row: old_row for old_row, new_row in renamed.items()}
    for row in new:
        yield RowPair(row if row in old else old_names.get(row), row)
    for row in old:
        if row not in new and row not in renamed:
            yield RowPair(row, None)


def _match_renamed_rows(old: RowCells, new: RowCells) -> dict[str, str]:
    removed = [row for row in old if row not in new]
    added = [row for row in new if row not in old]
    renamed: dict[str, str] = {}
    for row in removed:
        old_parent, _, name = row.rpartition("/")
        parent = renamed.get(old_parent, old_parent)
        siblings = [candidate for candidate in added if candidate.rpartition("/")[0] == parent]
        same_name = f"{parent}/{name}"
        match = same_name if same_name in siblings else _most_similar(row, old, new, siblings)
        if match:
            renamed[row] = match
            added.remove(match)
    return renamed


def _most_similar(row: str, old: RowCells, new: RowCells, candidates: Iterable[str]) -> str:
    """Return the candidate that shares most values with a row, if at least half; else empty."""
    values = _row_values(row, old[row])
    best, most = "", 0
    for candidate in candidates:
        candidate_values = _row_values(candidate, new[candidate])
        common = len(values & candidate_values)
        if common > most and 2 * common >= max(len(values), len(candidate_values)):
            best, most = candidate, common
    return best


def _row_values(row: str, cells: Mapping[str, Cell]) -> set[tuple[str, str]]:
    """Return key and text of a row's filled cells, except its name."""
    return {
        (key, cell.filed)
        for key, cell in cells.items()
        if cell.filed and not is_name_cell(row, cell)
    }


CATALOGUE, APPROVED, EXPLANATIONS, ATTACHMENT_NUMBERS = (
    "公开目录",
    "批复日期",
    "差异说明",
    "附件编号",
)
BODY, UNIT = "正文", "单位信息"
PROJECT_PATH = "项目"
"""Key path of changes that add, remove or rename a project."""


@dataclass(frozen=True, slots=True)
class _ChangeFactory:
    """Creates the changes of one document."""

    corrections: tuple[Correction, ...]
    document: str = ""
    project: str = ""

    def value_change(  # noqa: PLR0913, PLR0917 - a place, and its old and new value
        self,
        where: str,
        label: str,
        old: str,
        new: str,
        aliases: Iterable[str] = (),
        kind: ChangeKind = ChangeKind.CHANGED,
    ) -> Change:
        """Return the change of a value; `aliases` are other key paths that a 勘误 may use."""
        reason, day = find_announcement(self.corrections, {where, *aliases}, old, new)
        before, after = shorten_pair(old, new)
        return Change(kind, self.project, self.document, label, before, after, where, reason, day)

    def whole_change(
        self, kind: ChangeKind, label: str, where: str, cells: Iterable[Cell] = ()
    ) -> Change:
        """Return the addition or removal of a row, document or project."""
        filed = [cell for cell in cells if cell.filed]
        text = "，".join(f"{cell.spec.key} {cell.filed}" for cell in filed)
        old, new = shorten_pair(text, "") if kind is ChangeKind.REMOVED else shorten_pair("", text)
        notices = [_cell_announcement(self.corrections, kind, cell) for cell in filed]
        days = [day for _, day in notices]
        day = max(days, default="") if all(days) else ""
        reason = "；".join(dict.fromkeys(reason for reason, _ in notices)) if day else ""
        return Change(kind, self.project, self.document, label, old, new, where, reason, day)


def diff_disclosures(
    old: Disclosure, new: Disclosure, renames: Mapping[str, str], corrections: Iterable[Correction]
) -> tuple[Change, ...]:
    """Return all changes in document order; `renames` maps old slugs of projects to new ones."""
    factory = _ChangeFactory(tuple(corrections))
    return (
        *_diff_facts(factory, old, new),
        *_diff_documents(factory, old.records, new.records),
        *_diff_projects(factory, old, new, renames),
    )


def diff_units(old: UnitFacts, new: UnitFacts) -> tuple[Change, ...]:
    """Return the changes of unit.yml."""
    factory = _ChangeFactory((), UNIT)
    before, after = _facts_as_text(old), _facts_as_text(new)
    keys = [key for key in after if before.get(key) != after[key]]
    return tuple(
        factory.value_change(f"{UNIT}/{key}", key, before.get(key, ""), after[key]) for key in keys
    )


def find_announcement(
    corrections: Iterable[Correction], paths: Iterable[str], old: str, new: str
) -> tuple[str, str]:
    """Return reason and ISO date of the 勘误 that announces a change; empty if there is none.

    A chain of 勘误 of the same place also announces it; their reasons are joined.
    """
    key_paths = set(paths)
    candidates = [correction for correction in corrections if correction.where in key_paths]
    for correction in candidates:
        if (correction.old, correction.new) == (old, new):
            return correction.reason, correction.date.isoformat()
    value, chain = old, list[Correction]()
    for correction in sorted(candidates, key=lambda correction: correction.date):
        if correction.old == value:
            value, chain = correction.new, [*chain, correction]
        if value == new:
            reasons = "；".join(correction.reason for correction in chain)
            return reasons, chain[-1].date.isoformat()
    return "", ""


def _cell_announcement(
    corrections: Iterable[Correction], kind: ChangeKind, cell: Cell
) -> tuple[str, str]:
    old, new = (cell.filed, "") if kind is ChangeKind.REMOVED else ("", cell.filed)
    return find_announcement(corrections, {cell.where}, old, new)


def _diff_facts(factory: _ChangeFactory, old: Disclosure, new: Disclosure) -> Iterator[Change]:
    """Yield the changes of disclosure.yml's metadata."""
    for name, before, after in (
        (CATALOGUE, _catalogue(old), _catalogue(new)),
        (ATTACHMENT_NUMBERS, _attachment_numbers(old), _attachment_numbers(new)),
        (EXPLANATIONS, _explanation_reasons(old), _explanation_reasons(new)),
    ):
        section_factory = _ChangeFactory(factory.corrections, name)
        for key in dict.fromkeys([*before, *after]):
            old_value, new_value = before.get(key, ""), after.get(key, "")
            if old_value != new_value:
                yield section_factory.value_change(
                    f"{name}/{key}", key, old_value, new_value, (key,)
                )


def _facts_as_text(facts: StrictModel) -> dict[str, str]:
    """Return the values of a model as text by alias; lists and nested values on one line."""
    texts: dict[str, str] = {}
    for key, value in facts.model_dump(mode="json", by_alias=True).items():
        parts = value.values() if isinstance(value, dict) else value
        texts[key] = (
            "、".join(map(str, parts)) if isinstance(value, (dict, list)) else f"{value or ''}"
        )
    return texts


def _catalogue(disclosure: Disclosure) -> dict[str, str]:
    catalogue = disclosure.facts.catalogue
    texts = _facts_as_text(catalogue.model_copy(update={"extras": {}})) | catalogue.extras
    return texts | {APPROVED: f"{disclosure.facts.approved or ''}"}


def _attachment_numbers(disclosure: Disclosure) -> dict[str, str]:
    return {f"{attachment.kind}": attachment.number for attachment in disclosure.facts.attachments}


def _explanation_reasons(disclosure: Disclosure) -> dict[str, str]:
    return {
        f"{explanation.rule} {explanation.where}": explanation.reason
        for explanation in disclosure.facts.explanations
    }


def _diff_projects(
    factory: _ChangeFactory, old: Disclosure, new: Disclosure, renames: Mapping[str, str]
) -> Iterator[Change]:
    matched = dict(_match_projects(old.projects, new.projects, renames))
    for project in new.projects:
        project_factory = _ChangeFactory(factory.corrections, "", project.slug)
        previous = matched.get(project.slug)
        if previous is None:
            yield project_factory.whole_change(
                ChangeKind.ADDED, f"项目“{project.name}”", PROJECT_PATH
            )
        else:
            yield from _diff_project(project_factory, previous, project)
    matched_slugs = {project.slug for project in matched.values()}
    for project in old.projects:
        if project.slug not in matched_slugs:
            yield factory.whole_change(ChangeKind.REMOVED, f"项目“{project.name}”", PROJECT_PATH)


def _diff_project(factory: _ChangeFactory, old: Project, new: Project) -> Iterator[Change]:
    if old.name != new.name:
        yield factory.value_change("项目名称", "项目名称", old.name, new.name)
    if old.slug != new.slug:
        yield factory.value_change(PROJECT_PATH, f"项目“{new.name}”的网址代号", old.slug, new.slug)
    yield from _diff_documents(factory, old.records, new.records)


def _match_projects(
    old: Iterable[Project], new: Iterable[Project], renames: Mapping[str, str]
) -> Iterator[tuple[str, Project]]:
    """Yield new slug and old project of matching projects: by file, else by name."""
    unmatched = {project.slug: project.name for project in new}
    slugs_by_name = {name: slug for slug, name in unmatched.items()}
    remaining = list[Project]()
    for project in old:
        slug = renames.get(project.slug, project.slug)
        if unmatched.pop(slug, None) is not None:
            yield slug, project
        else:
            remaining.append(project)
    for project in remaining:
        slug = slugs_by_name.get(project.name, "")
        if unmatched.pop(slug, None) is not None:
            yield slug, project


def _diff_documents(
    factory: _ChangeFactory, old: Iterable[Record], new: Iterable[Record]
) -> Iterator[Change]:
    old_by_kind = {record.form.kind: record for record in old}
    for record in new:
        previous = old_by_kind.pop(record.form.kind, None)
        if previous is None:
            yield factory.whole_change(ChangeKind.ADDED, record.name, record.name)
        else:
            document_factory = _ChangeFactory(factory.corrections, record.name, factory.project)
            yield from _diff_document(document_factory, previous, record)
    for previous in old_by_kind.values():
        yield factory.whole_change(ChangeKind.REMOVED, previous.name, previous.name)


def _diff_document(factory: _ChangeFactory, old: Record, new: Record) -> Iterator[Change]:
    if old.form.id != new.form.id:
        yield factory.value_change(f"{new.name}/表式", "表式", old.form.id, new.form.id)
    if old.title != new.title:
        yield factory.value_change(f"{new.name}/标题", "标题", old.title, new.title)
    before, after = group_rows(old), group_rows(new)
    for pair in match_rows(before, after):
        if pair.old is None and pair.new is not None:
            yield from _whole_row(factory, ChangeKind.ADDED, new.name, pair.new, after)
        elif pair.new is None and pair.old is not None:
            yield from _whole_row(factory, ChangeKind.REMOVED, old.name, pair.old, before)
        elif pair.new is not None and pair.old is not None:
            yield from _diff_cells(factory, pair.new, before[pair.old], after[pair.new])
    yield from _diff_body(factory, old.body, new.body)


def _whole_row(
    factory: _ChangeFactory, kind: ChangeKind, name: str, row: str, rows: RowCells
) -> Iterator[Change]:
    """Yield the addition or removal of a row, unless it is entirely blank."""
    cells = [cell for cell in rows[row].values() if not is_name_cell(row, cell)]
    if any(cell.filed for cell in rows[row].values()):
        yield factory.whole_change(kind, format_place(row), f"{name}/{row}", cells)


def _diff_cells(
    factory: _ChangeFactory, row: str, old: Mapping[str, Cell], new: Mapping[str, Cell]
) -> Iterator[Change]:
    for key in dict.fromkeys([*new, *old]):
        old_cell, new_cell = old.get(key), new.get(key)
        before = old_cell.filed if old_cell else ""
        after = new_cell.filed if new_cell else ""
        if before != after:
            is_name = new_cell is not None and is_name_cell(row, new_cell)
            label = format_place(row.rpartition("/")[0] if is_name else row, key)
            paths = [cell.where for cell in (new_cell, old_cell) if cell]
            yield factory.value_change(paths[0], label, before, after, paths)


def _diff_body(factory: _ChangeFactory, old: str, new: str) -> Iterator[Change]:
    """Yield the changed paragraphs of a report."""
    before, after = split_paragraphs(old), split_paragraphs(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        for old_index, new_index in zip_longest(
            range(old_start, old_end), range(new_start, new_end)
        ):
            kind = ChangeKind.CHANGED
            if old_index is None or new_index is None:
                kind = ChangeKind.ADDED if old_index is None else ChangeKind.REMOVED
            label = f"{BODY}第{(old_index if new_index is None else new_index) + 1}段"
            old_text = "" if old_index is None else before[old_index]
            new_text = "" if new_index is None else after[new_index]
            yield factory.value_change(
                f"{factory.document}/{label}", label, old_text, new_text, kind=kind
            )
