"""Extraction of drafts: the values of a form, and the cells that no field takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.authoring.office.cells import Line, Slot, clean_value, distinct_cells, only_cell
from gongkai.authoring.office.form_recognition import MAX_ATTACHMENTS, FormCandidates, best_form
from gongkai.authoring.office.indicators import extract_indicators
from gongkai.authoring.office.label_index import (
    Hit,
    LabelIndex,
    Leaf,
    Tree,
    has_leaf_of,
    index_labels,
)
from gongkai.authoring.office.money_units import ConvertedAmount, convert_amounts
from gongkai.authoring.office.narrative import extract_report
from gongkai.authoring.office.sections import SectionLocation, locate_sections
from gongkai.authoring.office.tables import extract_columns, extract_fields, extract_table
from gongkai.authoring.office.texts import (
    LineLabel,
    extract_lines,
    extract_title_lines,
    find_labels,
    iter_unused_cells,
    line_labels,
    printed_texts,
)
from gongkai.model.forms import Form, fill_placeholders
from gongkai.model.specs import FieldsSpec, IndicatorsSpec, Layout, TableSpec, TotalSpec
from gongkai.model.terms import DocumentKind, Role
from gongkai.runtime.errors import UnreadableFileError


@dataclass(slots=True)
class Draft:
    """A document as extracted from a file."""

    form: Form
    tree: Tree
    """The values by the form's keys."""
    sign_off: dict[str, Leaf] = field(default_factory=dict)
    number: str = ""
    """附件1 …, as printed in the file."""
    title: str = ""
    body: str = ""
    """The Markdown of a narrative report; empty for tables."""
    unused: list[Slot] = field(default_factory=list)
    """The cells that no field takes."""
    conversions: list[ConvertedAmount] = field(default_factory=list)
    """Amounts that were converted, as the file states another unit than the form."""
    missing: list[str] = field(default_factory=list)
    """Key paths whose labels are not in the file, e.g. “项目资金/其他资金”."""
    unsettled: list[Leaf] = field(default_factory=list)
    """Texts that the account of the file has neither as values nor as leftovers."""
    words: Mapping[str, str] = field(default_factory=dict)
    """The words that fill the labels of the form."""
    places: frozenset[str] = frozenset()
    """The places of its cells and paragraphs."""
    used_places: frozenset[str] = frozenset()
    """The places of values and labels."""
    printed_places: frozenset[str] = frozenset()
    """The places that only repeat what the form prints there."""

    def field_text(self, role: Role) -> str:
        """Return the text of the first filled field with this role; empty if there is none."""
        for section in self.form.sections:
            if isinstance(section, FieldsSpec):
                values = self.tree.get(section.key) if section.key else self.tree
                for spec in section.fields:
                    leaf = values.get(spec.key) if isinstance(values, dict) else None
                    if spec.role is role and isinstance(leaf, Leaf) and leaf.text:
                        return leaf.text
        return ""


def extract_drafts(
    lines: Sequence[Line],
    candidates: FormCandidates,
    form: Form | None = None,
    outside: Sequence[Slot] = (),
) -> list[Draft]:
    """Extract the drafts of one attachment: one, or several of the same form without titles between.

    Without a form, it is recognized. `outside` are the texts outside the body, where a page header
    may state the unit of money.
    """
    form = form or best_form(lines, candidates)
    if form is None:
        return []
    starts = _repeat_rows(lines, form, candidates)
    ends = [*starts[1:], len(lines)]
    return [
        _read_draft(lines[a:b], form, candidates, outside)
        for a, b in zip(starts, ends, strict=True)
    ]


def _repeat_rows(lines: Sequence[Line], form: Form, candidates: FormCandidates) -> list[int]:
    """Return the lines where the form begins, found by its first label. Raise UnreadableFileError if too many."""
    section = form.sections[0] if form.sections else None
    if not isinstance(section, FieldsSpec) or not section.printed_fields[0].shows_label:
        return [0]
    index = index_labels(lines, form, candidates.words)
    hits = index.find_hits(section.printed_fields[0], 0, len(lines))
    if len(hits) > MAX_ATTACHMENTS:
        raise UnreadableFileError(
            f"文件里超过 {MAX_ATTACHMENTS} 份表，没有读取；请分成几个文件再导入"
        )
    return [0, *(hit.row for hit in hits[1:] if hit.column == hits[0].column)]


def _read_draft(
    lines: Sequence[Line], form: Form, candidates: FormCandidates, outside: Sequence[Slot]
) -> Draft:
    """Extract the values of one form from these lines, and what became of their cells."""
    index = index_labels(lines, form, candidates.words)
    draft = _extract_draft(index, outside)
    draft.words = candidates.words
    draft.places = frozenset(slot.place for line in lines for _, slot in distinct_cells(line))
    draft.used_places = frozenset(slot.place for slot in index.used)
    draft.printed_places = frozenset(slot.place for slot in index.printed)
    return draft


def _extract_draft(index: LabelIndex, outside: Sequence[Slot]) -> Draft:
    """Extract the values of a form."""
    form = index.form
    head = extract_title_lines(index)
    if form.kind is DocumentKind.REPORT:
        report = extract_report(index, head.end)
        return Draft(
            form,
            report.tree,
            number=head.number,
            title=head.title,
            body=report.body,
            unused=report.unused,
        )
    draft = Draft(form, {}, number=head.number, title=head.title)
    locations = locate_sections(index)
    for location in locations:
        values = _set_missing_place(_extract_section(index, location, locations), location)
        draft.tree |= {location.section.key: values} if location.section.key else values
    _fill_shared_cells(index, locations, draft.tree)
    _fill_from_lines(index, locations, draft, head.end)
    printed = printed_texts(form, index)
    _fill_untitled_fields(index, locations, draft.tree, printed)
    draft.conversions = convert_amounts(index, locations, draft.tree, printed, outside)
    draft.unused += iter_unused_cells(index, printed)
    draft.missing = list(_missing_keys(draft.tree))
    return draft


def _set_missing_place(values: Any, location: SectionLocation) -> Any:  # noqa: ANN401 - a leaf, a tree, or a list
    """Give leaves that were not found the place where their section begins."""
    if isinstance(values, dict):
        return {key: _set_missing_place(value, location) for key, value in values.items()}
    is_missing = isinstance(values, Leaf) and not values.found and not values.place
    if is_missing and location.label_hits:
        return values._replace(place=min(location.label_hits.values()).slot.place)
    return values


def _extract_section(
    index: LabelIndex, location: SectionLocation, locations: Sequence[SectionLocation]
) -> Any:  # noqa: ANN401 - a tree or a list of them
    """Extract the values of a section as its layout requires."""
    match location.section:
        case FieldsSpec() as spec if spec.layout is Layout.ROWS:
            return extract_fields(index, location, spec)
        case FieldsSpec() as spec:
            return extract_columns(index, location, spec.printed_fields)
        case TableSpec() as spec:
            return extract_table(index, location, spec)
        case IndicatorsSpec() as spec:
            return extract_indicators(index, location, spec)
        case TotalSpec() as spec:
            heads = [
                other.label_hits for other in locations if isinstance(other.section, IndicatorsSpec)
            ]
            return _extract_total(index, location, spec, heads[-1] if heads else {})


def _extract_total(
    index: LabelIndex, location: SectionLocation, spec: TotalSpec, columns: Mapping[str, Hit]
) -> Tree:
    """Extract the row of totals; its values are in the columns of the indicator table."""
    label = location.label_hits.get(spec.key)
    if label is None:
        return {column.key: Leaf(found=False) for column in spec.columns}
    index.mark_used(label.slot)
    tree: Tree = {}
    for column in spec.columns:
        head = columns.get(column.aligned_with or column.key)
        slot = index.cell_at(label.row, head.column) if head else None
        tree[column.key] = index.take_leaf(column, None if slot is label.slot else slot)
    return tree


def _fill_from_lines(
    index: LabelIndex, locations: Sequence[SectionLocation], draft: Draft, body_start: int
) -> None:
    """Fill in the opening, the sign-off, and fields that are printed outside the tables."""
    form = index.form
    sign_off_labels = line_labels((*form.opening, *form.sign_off), index)
    field_labels = list(_fields_without_cell(index, locations, draft.tree))
    labels = [*sign_off_labels, *(label for label, _ in field_labels)]
    cover = range(body_start)
    rows = [*range(body_start, len(index.lines)), *cover]
    line_values = extract_lines(index, labels, rows)
    for label, values in field_labels:
        if label.key in line_values.values and label.spec:
            leaf = line_values.values[label.key]
            values[label.key] = leaf
    sign_off_keys = set(form.sign_off_keys)
    draft.sign_off = {key: leaf for key, leaf in line_values.values.items() if key in sign_off_keys}
    _fill_unlabelled_line(index, locations, draft, body_start, sign_off_labels, line_values.unused)
    draft.unused += line_values.unused


def _fill_shared_cells(index: LabelIndex, locations: Sequence[SectionLocation], tree: Tree) -> None:
    """Fill the blanks of cells that were not found from any unused text that reads like theirs."""
    for location in locations:
        spec = location.section
        values = tree.get(spec.key) if spec.key else tree
        if isinstance(spec, FieldsSpec) and isinstance(values, dict):
            for field_spec in spec.printed_fields:
                if field_spec.blanks and not has_leaf_of(field_spec, values):
                    slots = iter_unused_cells(index, frozenset())
                    found = (index.take_values(field_spec, slot) for slot in slots)
                    values |= next(
                        (leaves for leaves in found if has_leaf_of(field_spec, leaves)), {}
                    )


def _fields_without_cell(
    index: LabelIndex, locations: Sequence[SectionLocation], tree: Tree
) -> Iterator[tuple[LineLabel, Tree]]:
    """Yield the labels of fields that no table holds, with the tree their values belong to."""
    for location in locations:
        spec = location.section
        if isinstance(spec, FieldsSpec):
            values = tree.get(spec.key) if spec.key else tree
            for field_spec in spec.printed_fields:
                leaf = values.get(field_spec.key) if isinstance(values, dict) else None
                if isinstance(leaf, Leaf) and not leaf.found and isinstance(values, dict):
                    label = fill_placeholders(field_spec.label or field_spec.key, index.words)
                    yield (
                        LineLabel(
                            label if field_spec.shows_label else "", field_spec.key, field_spec
                        ),
                        values,
                    )


def _fill_unlabelled_line(  # noqa: PLR0913, PLR0917 - what a line without a label may be
    index: LabelIndex,
    locations: Sequence[SectionLocation],
    draft: Draft,
    body_start: int,
    sign_off_labels: Sequence[LineLabel],
    unused: list[Slot],
) -> None:
    """Fill a sign-off field printed without a label ({预算单位}) from a line above the tables."""
    keys = [label.key for label in sign_off_labels if label.key and not label.label]
    if not keys:
        return
    first = min(
        (location.start for location in locations if not location.is_missing),
        default=len(index.lines),
    )
    candidates = [
        *unused,
        *(
            slot
            for line in index.lines[body_start:first]
            if (slot := only_cell(line)) and not index.is_used(slot)
        ),
    ]
    if candidates:
        index.mark_used(candidates[0])
        text = candidates[0].text
        printed = [label for label in sign_off_labels if label.label]
        starts = [start for start, _, _ in find_labels(text, printed) if start]
        value = clean_value(text[: min(starts, default=len(text))])
        draft.sign_off[keys[0]] = Leaf(value, candidates[0].place)
        if candidates[0] in unused:
            unused.remove(candidates[0])


def _fill_untitled_fields(
    index: LabelIndex, locations: Sequence[SectionLocation], tree: Tree, printed: frozenset[str]
) -> None:
    """Fill fields printed without a label from unused cells below the previous section."""
    start = 0
    for location in locations:
        spec = location.section
        values = tree.get(spec.key) if spec.key else tree
        if isinstance(spec, FieldsSpec) and location.is_missing and isinstance(values, dict):
            for field_spec in spec.printed_fields:
                unused = (
                    iter_unused_cells(index, printed, start)
                    for _ in [0]
                    if not field_spec.shows_label and not field_spec.blanks
                )
                slot = next((slot for slots in unused for slot in slots), None)
                if slot is not None:
                    values[field_spec.key] = index.take_leaf(field_spec, slot)
        start = start if location.is_missing else location.start


def _missing_keys(tree: Tree, path: str = "") -> Iterator[str]:
    """Yield the key paths of the leaves that were not found."""
    for key, value in tree.items():
        if isinstance(value, Leaf) and not value.found:
            yield f"{path}{key}"
        elif isinstance(value, dict):
            yield from _missing_keys(value, f"{path}{key}/")
