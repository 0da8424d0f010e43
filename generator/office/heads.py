"""The head of an attachment: its number and its title."""

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.forms import filled
from generator.office.lines import Slot, bare, only, tidy
from generator.office.recognising import NUMBER, is_title
from generator.office.walk import Walk

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
