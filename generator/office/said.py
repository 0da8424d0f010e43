"""Lines outside the tables: who filled in and when, and fields that stand in a line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from generator.forms import WORDS, filled
from generator.office.lines import Slot, bare, distinct, tidy
from generator.office.walk import Leaf, Walk
from generator.office.wordings import loose
from generator.specs import FieldSpec, braces


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
