"""Lines outside the tables: who filled in and when, and fields that stand in a line."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.authoring.office.cells import Slot, bare, distinct, only, tidy
from gongkai.authoring.office.form_recognition import NUMBER, is_title
from gongkai.authoring.office.label_index import Leaf, Walk
from gongkai.authoring.office.label_patterns import loose
from gongkai.authoring.office.tables import PLACEHOLDERS
from gongkai.model.forms import WORDS, Form, filled
from gongkai.model.specs import (
    FieldSpec,
    FieldsSpec,
    IndicatorsSpec,
    SectionSpec,
    TableSpec,
    braces,
)


class Item(NamedTuple):
    """A label that may stand in a line, with the key of what follows it."""

    label: str
    key: str
    """Empty where the form itself prints all of it."""
    spec: FieldSpec | None = None


@dataclass(slots=True)
class Said:
    """What was read from lines."""

    values: dict[str, Leaf] = field(default_factory=dict)
    """By key."""
    rest: list[Slot] = field(default_factory=list)
    """Pieces of lines that belong nowhere."""


def items_of(templates: Iterable[str], walk: Walk) -> list[Item]:
    """The labels of a form's opening and sign-off."""
    items: list[Item] = []
    for template in templates:
        keys = [key for key in braces(template) if key not in WORDS]
        if not keys:
            items.append(Item(filled(template, walk.words), ""))
            continue
        before = re.split(r"\{\w+\}", filled(template, walk.words))
        items += [Item(label.strip(), key) for label, key in zip(before, keys, strict=False)]
    return items


def take_lines(walk: Walk, items: Sequence[Item], rows: range) -> Said:
    """The values that stand behind these labels in lines not used yet."""
    said = Said()
    labelled = [item for item in items if item.label]
    for row in rows:
        for _, slot in distinct(walk.lines[row]):
            if slot.text and not walk.is_used(slot):
                _take(walk, slot, labelled, said, row)
    return said


def _take(walk: Walk, slot: Slot, items: Sequence[Item], said: Said, row: int) -> None:
    found = _labels(slot.text, items)
    if not found or found[0][0] != 0:
        return
    walk.use(slot)
    ends = [start for start, _, _ in found[1:]] + [len(slot.text)]
    for (_, after, item), end in zip(found, ends, strict=True):
        text = tidy(slot.text[after:end].lstrip(":： \u3000\t"))
        if item.key and item.key not in said.values:
            leaf = Leaf(text, slot.place)
            beside = _right(walk, slot, row) if not text and len(found) == 1 else None
            if beside is not None and not _labels(beside.text, items):
                walk.use(beside)
                leaf = Leaf(tidy(beside.text), beside.place)
            said.values[item.key] = leaf
        elif text:
            said.rest.append(Slot(text, slot.place))


def _right(walk: Walk, slot: Slot, row: int) -> Slot | None:
    cells = [each for _, each in distinct(walk.lines[row])]
    place = cells.index(slot) + 1
    beside = cells[place] if place < len(cells) else None
    return beside if beside and beside.text and not walk.is_used(beside) else None


def _labels(text: str, items: Sequence[Item]) -> list[tuple[int, int, Item]]:
    """The labels in a text, with where each begins and ends; none within another."""
    found = [
        (match.start(), match.end(), item)
        for item in items
        for match in [loose(item.label).search(text)]
        if match and match.end() > match.start()
    ]
    found.sort(key=lambda each: (each[0], -each[1]))
    apart: list[tuple[int, int, Item]] = []
    for each in found:
        if not apart or each[0] >= apart[-1][1]:
            apart.append(each)
    return apart


def leftovers(walk: Walk, printed: frozenset[str], start: int = 0) -> Iterator[Slot]:
    """What nothing was made of from a line on, but for what the form itself prints."""
    seen: set[int] = set()
    for line in walk.lines[start:]:
        for _, slot in distinct(line):
            known = bare(slot.text) in printed or walk.is_used(slot) or id(slot) in seen
            seen.add(id(slot))
            if slot.text and not known:
                yield slot


_LIKE = 0.6
"""How much lines must be like the form's title to be taken for it."""
_TELLS, _LONG = re.compile("绩效|自评|评价"), 60
"""What every title says, and how long it is at most."""
_TITLE_LINES, _HEAD = 4, 12
"""Over how many lines a title goes at most, and how many are looked at."""


class Head(NamedTuple):
    """What stands above the first table."""

    number: str = ""
    """附件1 …"""
    title: str = ""
    end: int = 0
    """The line after them."""


def heading(going: Walk) -> Head:
    """The attachment's number and its title."""
    singles = list(_singles(going))
    number, end = "", 0
    match = NUMBER.match(singles[0][1].text) if singles else None
    if match:
        row, slot = singles.pop(0)
        going.use(slot)
        number, end = tidy(match[0]).replace(" ", ""), row + 1
        rest = slot.text[match.end() :].strip(" :：\u3000\n")
        singles[:0] = [(row, Slot(rest, slot.place))] if rest else []
    best = _best_title(going, singles)
    for _, slot in best:
        going.use(slot)
    title = tidy("\n".join(slot.text for _, slot in best))
    return Head(number, title, best[-1][0] + 1 if best else end)


def _singles(going: Walk) -> Iterator[tuple[int, Slot]]:
    """The lines above the first table."""
    for row, line in enumerate(going.lines[:_HEAD]):
        slot = only(line)
        if slot is not None:
            yield row, slot
        elif any(each and each.text for each in line):
            return


def _best_title(going: Walk, singles: Sequence[tuple[int, Slot]]) -> Sequence[tuple[int, Slot]]:
    """The lines that make up the title: the form's own, or what is most like it."""
    wanted = bare(filled(going.form.title, going.words))
    ranked: list[tuple[float, int, Sequence[tuple[int, Slot]]]] = []
    for start in range(len(singles)):
        for count in range(1, _TITLE_LINES + 1):
            lines = singles[start : start + count]
            text = "".join(slot.text for _, slot in lines)
            if len(lines) < count or len(text) > len(wanted) * 3 + 20:
                break
            like = difflib.SequenceMatcher(None, bare(text), wanted, autojunk=False).ratio()
            like = max(like, 0.9 if count == 1 and is_title(going.form, text) else 0)
            ranked.append((like, -count, lines))
    best = max(ranked, key=lambda each: each[:2], default=None)
    if best and best[0] >= _LIKE:
        return best[2]
    told = [each for each in singles if _TELLS.search(each[1].text) and len(each[1].text) <= _LONG]
    return told[:1]


HOW = (
    "浅黄色的格子可以填，其余是表式，不能改；点到格子上有填写说明。"
    "某一类要多填几行，就在那几行中间插入整行；填好后用 gongkai import 导入。"
)
"""What stands at the foot of an empty Excel sheet."""


def printed_texts(form: Form, going: Walk) -> frozenset[str]:
    """Everything that the form itself prints."""
    texts = ["序号", HOW, *form.notes, *PLACEHOLDERS]
    for part in form.sections:
        texts += [part.printed, part.key, *_printed_in(part)]
    known = {bare(filled(each, going.words)) for each in texts}
    captions = "、".join(
        going_label
        for part in form.sections
        if isinstance(part, FieldsSpec) and part.key
        for going_label in [filled(part.printed, going.words)]
    )
    return frozenset(known | {bare(captions)})


def _printed_in(part: SectionSpec) -> Iterator[str]:
    match part:
        case FieldsSpec():
            yield from (
                text for each in part.fields for text in (each.heading, each.label, each.key)
            )
        case TableSpec():
            yield part.corner
            yield from (
                text for each in part.columns for text in (each.heading, each.label, each.key)
            )
            yield from (
                text
                for each in part.rows
                for text in (each.label, each.key, *each.printed.values())
                if "名称" not in braces(text)
            )
            yield from (each.label or each.key for each in part.blocks)
        case IndicatorsSpec():
            yield part.heading
            yield from (each.label or each.key for each in part.levels)
            yield from (
                text for each in part.columns for text in (each.heading, each.label, each.key)
            )
        case _:
            yield from (each.label or each.key for each in part.columns)
