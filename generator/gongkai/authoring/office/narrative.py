"""A narrative report: its paragraphs become Markdown with the outline of the form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.authoring.office.cells import Line, Slot, bare, distinct, only, tidy
from gongkai.authoring.office.label_index import Leaf, Tree, Walk
from gongkai.authoring.office.texts import Item, take_lines
from gongkai.exports.office.prose import Part, markdown_of
from gongkai.model.forms import Form, filled
from gongkai.model.specs import FieldsSpec

_CHAPTER = re.compile(r"[一二三四五六七八九十]{1,3}\s*[、.．]")
_PART = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")
_LONGEST = 40
"""Of a heading, and of a line on the cover."""
_UNFILLED = frozenset({"年月日", "(此页为封面)", "(盖章)", "……"})
"""What a cover prints where nothing was filled in."""
_STOPS = re.compile(r"[。；;：:，,]")
_ENDS = re.compile(r"[。.：:；;]+$")


def narrative(lines: Sequence[Line], form: Form) -> str:
    """Paragraphs as Markdown."""
    styled = any(slot.level for line in lines for _, slot in distinct(line))
    return markdown_of(_parts(lines, form, styled=styled))


def _parts(lines: Sequence[Line], form: Form, *, styled: bool) -> Iterator[Part]:
    for line in lines:
        cells = [slot for _, slot in distinct(line)]
        filled = [slot for slot in cells if slot.text]
        if len(filled) == 1:
            slot = filled[0]
            level = slot.level if styled else _level(slot, form)
            yield Part(level, tidy(slot.text, long=not level))
        elif filled:
            yield Part(0, "\u3000".join(tidy(slot.text) for slot in filled))


def _level(slot: Slot, form: Form) -> int:
    """Of a heading its level, told by its words; 0 for text."""
    text = slot.text.strip()
    plain = bare(_ENDS.sub("", _CHAPTER.sub("", text, count=1)))
    if any(plain == bare(each) for each in form.outline):
        return 1
    short = len(text) <= _LONGEST and not _STOPS.search(_ENDS.sub("", text))
    if not short or text.endswith("。"):
        return 0
    if _CHAPTER.match(text):
        return 1
    return 2 if _PART.match(text) else 0


@dataclass(frozen=True, slots=True)
class Report:
    """A narrative report as read from a file."""

    tree: Tree
    """The fields of its cover."""
    body: str
    rest: list[Slot]
    """What nothing was made of."""


def take_report(going: Walk, head: int) -> Report:
    """A narrative report: the cover's fields, then the text; `head` is the line after the title."""
    specs = [
        each for part in going.form.sections if isinstance(part, FieldsSpec) for each in part.fields
    ]
    items = [Item(filled(each.label or each.key, going.words), each.key, each) for each in specs]
    items += [Item(each.key, each.key, each) for each in specs if each.label]
    start = _first_chapter(going, head)
    said = take_lines(going, items, range(head, start))
    free = [
        slot for line in going.lines[head:start] if (slot := only(line)) and not going.is_used(slot)
    ]
    unfilled = [slot for slot in free if bare(slot.text) in _UNFILLED]
    opening = [(slot,) for slot in free if slot not in unfilled]
    return Report(
        tree={each.key: said.values.get(each.key, Leaf()) for each in specs},
        body=narrative([*opening, *going.lines[start:]], going.form),
        rest=[*said.rest, *unfilled],
    )


def _first_chapter(going: Walk, head: int) -> int:
    outline = [bare(each) for each in going.form.outline]
    for row, line in enumerate(going.lines[head:], start=head):
        slot = only(line)
        if slot and (
            slot.level
            or any(each in bare(slot.text) for each in outline)
            or len(slot.text) > _LONGEST
        ):
            return row
    return head
