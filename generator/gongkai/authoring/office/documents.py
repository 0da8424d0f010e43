"""One attachment of a file becomes a document: the values of its form, and what was left over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.authoring.office.cells import Line, Slot, only, tidy
from gongkai.authoring.office.form_recognition import MOST, Candidates, best_form
from gongkai.authoring.office.indicators import take_indicators
from gongkai.authoring.office.label_index import Hit, Leaf, Tree, Walk, walk
from gongkai.authoring.office.narrative import take_report
from gongkai.authoring.office.sections import Found, sections
from gongkai.authoring.office.tables import take_columns, take_fields, take_table
from gongkai.authoring.office.texts import (
    Item,
    heading,
    items_of,
    leftovers,
    printed_texts,
    take_lines,
)
from gongkai.model.forms import Form, filled
from gongkai.model.specs import FieldsSpec, IndicatorsSpec, Layout, TableSpec, TotalSpec
from gongkai.model.terms import DocumentKind, Role
from gongkai.runtime.errors import RefusedError


@dataclass(slots=True)
class Draft:
    """A document as read from a file."""

    form: Form
    tree: Tree
    """Its values by the form's keys."""
    sign_off: dict[str, Leaf] = field(default_factory=dict)
    number: str = ""
    """附件1 …, as the file says."""
    title: str = ""
    body: str = ""
    """The Markdown of a narrative report."""
    rest: list[Slot] = field(default_factory=list)
    """What nothing was made of."""
    missing: list[str] = field(default_factory=list)
    """The keys whose labels were not found."""

    def named(self, role: Role) -> str:
        """What a field of this role holds."""
        for part in self.form.sections:
            if isinstance(part, FieldsSpec):
                within = self.tree.get(part.key) if part.key else self.tree
                for each in part.fields:
                    leaf = within.get(each.key) if isinstance(within, dict) else None
                    if each.role is role and isinstance(leaf, Leaf) and leaf.text:
                        return leaf.text
        return ""


def drafts_of(lines: Sequence[Line], candidates: Candidates) -> list[Draft]:
    """The documents in a part of a file: one, or several of one form without titles between them."""
    form = best_form(lines, candidates)
    if form is None:
        return []
    starts = _again(lines, form, candidates)
    ends = [*starts[1:], len(lines)]
    return [_draft(lines[a:b], form, candidates) for a, b in zip(starts, ends, strict=True)]


def _again(lines: Sequence[Line], form: Form, candidates: Candidates) -> list[int]:
    """The lines where the form begins anew, told by its first label."""
    first = form.sections[0] if form.sections else None
    if not isinstance(first, FieldsSpec) or not first.fields[0].titled:
        return [0]
    going = walk(lines, form, candidates.words)
    hits = going.hits(first.fields[0], 0, len(lines))
    if len(hits) > MOST:
        raise RefusedError(f"文件里超过 {MOST} 份表，没有读取；请分成几个文件再导入")
    return [0, *(hit.row for hit in hits[1:] if hit.column == hits[0].column)]


def _draft(lines: Sequence[Line], form: Form, candidates: Candidates) -> Draft:
    """A document, read with its form."""
    going = walk(lines, form, candidates.words)
    head = heading(going)
    if form.kind is DocumentKind.REPORT:
        report = take_report(going, head.end)
        return Draft(
            form,
            report.tree,
            number=head.number,
            title=head.title,
            body=report.body,
            rest=report.rest,
        )
    made = Draft(form, {}, number=head.number, title=head.title)
    found = sections(going)
    for part in found:
        values = _placed(_taken(going, part, found), part)
        made.tree |= {part.section.key: values} if part.section.key else values
    _lines(going, found, made, head.end)
    printed = printed_texts(form, going)
    _untitled(going, found, made.tree, printed)
    made.rest += leftovers(going, printed)
    made.missing = list(_missing(made.tree))
    return made


def _placed(values: Any, part: Found) -> Any:  # noqa: ANN401 - a leaf, a tree, or a list
    """The same, with what was not found said to be missing where its part of the form begins."""
    if isinstance(values, dict):
        return {key: _placed(value, part) for key, value in values.items()}
    missing = isinstance(values, Leaf) and not values.found and not values.place
    if missing and part.head:
        return values._replace(place=min(part.head.values()).slot.place)
    return values


def _taken(going: Walk, part: Found, found: Sequence[Found]) -> Any:  # noqa: ANN401 - a tree or a list of them
    match part.section:
        case FieldsSpec() as spec if spec.layout is Layout.ROWS:
            return take_fields(going, part, spec)
        case FieldsSpec() as spec:
            return take_columns(going, part, spec.fields)
        case TableSpec() as spec:
            return take_table(going, part, spec)
        case IndicatorsSpec() as spec:
            return take_indicators(going, part, spec)
        case TotalSpec() as spec:
            heads = [each.head for each in found if isinstance(each.section, IndicatorsSpec)]
            return _total(going, part, spec, heads[-1] if heads else {})


def _total(going: Walk, part: Found, spec: TotalSpec, columns: Mapping[str, Hit]) -> Tree:
    """The row of totals: its values stand under the columns of the indicators."""
    label = part.head.get(spec.key)
    if label is None:
        return {each.key: Leaf(found=False) for each in spec.columns}
    going.use(label.slot)
    tree: Tree = {}
    for each in spec.columns:
        head = columns.get(each.under or each.key)
        slot = going.at(label.row, head.column) if head else None
        tree[each.key] = going.leaf(each, None if slot is label.slot else slot)
    return tree


def _lines(going: Walk, found: Sequence[Found], made: Draft, head: int) -> None:
    """What stands in lines: opening and sign-off, and fields that are in no table."""
    form = going.form
    signed = items_of((*form.opening, *form.sign_off), going)
    fields = list(_fields_in_lines(going, found, made.tree))
    said = take_lines(going, [*signed, *(item for item, _ in fields)], range(len(going.lines)))
    for item, within in fields:
        if item.key in said.values and item.spec:
            leaf = said.values[item.key]
            within[item.key] = leaf
    keys = set(form.sign_off_keys)
    made.sign_off = {key: leaf for key, leaf in said.values.items() if key in keys}
    _unlabelled(going, found, made, head, signed, said.rest)
    made.rest += said.rest


def _fields_in_lines(
    going: Walk, found: Sequence[Found], tree: Tree
) -> Iterator[tuple[Item, Tree]]:
    """Fields whose labels were found in no table, and where their values belong."""
    for part in found:
        spec = part.section
        if isinstance(spec, FieldsSpec):
            within = tree.get(spec.key) if spec.key else tree
            for each in spec.fields:
                leaf = within.get(each.key) if isinstance(within, dict) else None
                if isinstance(leaf, Leaf) and not leaf.found and isinstance(within, dict):
                    label = filled(each.label or each.key, going.words)
                    yield Item(label if each.titled else "", each.key, each), within


def _unlabelled(  # noqa: PLR0913, PLR0917 - what a line without a label may be
    going: Walk,
    found: Sequence[Found],
    made: Draft,
    head: int,
    signed: Sequence[Item],
    rest: list[Slot],
) -> None:
    """A line that the form prints without any label ({预算单位}): what stands alone at the head."""
    keys = [item.key for item in signed if item.key and not item.label]
    if not keys:
        return
    first = min((each.start for each in found if not each.missing), default=len(going.lines))
    alone = [
        *rest,
        *(
            slot
            for line in going.lines[head:first]
            if (slot := only(line)) and not going.is_used(slot)
        ),
    ]
    if alone:
        going.use(alone[0])
        made.sign_off[keys[0]] = Leaf(tidy(alone[0].text), alone[0].place)
        if alone[0] in rest:
            rest.remove(alone[0])


def _untitled(going: Walk, found: Sequence[Found], tree: Tree, printed: frozenset[str]) -> None:
    """Fields that the form prints without a label: what is left over below the part before."""
    begun = 0
    for part in found:
        spec, within = part.section, tree.get(part.section.key) if part.section.key else tree
        if isinstance(spec, FieldsSpec) and part.missing and isinstance(within, dict):
            for each in spec.fields:
                rest = (leftovers(going, printed, begun) for _ in [0] if not each.titled)
                slot = next((slot for found_slots in rest for slot in found_slots), None)
                if slot is not None:
                    within[each.key] = going.leaf(each, slot)
        begun = begun if part.missing else part.start


def _missing(tree: Tree, path: str = "") -> Iterator[str]:
    for key, value in tree.items():
        if isinstance(value, Leaf) and not value.found:
            yield f"{path}{key}"
        elif isinstance(value, dict):
            yield from _missing(value, f"{path}{key}/")
