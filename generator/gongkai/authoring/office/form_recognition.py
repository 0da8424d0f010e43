"""Which form a part of a file was filled in with, told by its labels and its title."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from gongkai.authoring.office.cells import Document, Line, bare, core, distinct, only
from gongkai.authoring.office.label_patterns import loose
from gongkai.model.forms import Form, filled
from gongkai.model.specs import (
    FieldsSpec,
    IndicatorsSpec,
    PresetSpec,
    TableSpec,
    TotalSpec,
)
from gongkai.model.terms import DocumentKind
from gongkai.runtime.errors import RefusedError

NUMBER = re.compile(
    r"附\s*[件表]\s*(?:\d{1,2}(?:\s*[-－.]\s*\d{1,2})?|[一二三四五六七八九十]{1,3}(?![^\s:：])|(?=\s*$))"
)
_TITLED, _FITTING, _NEEDED = 4.0, 1.0, 0.6
"""What a title and a fitting region count, in labels; which share of the labels must be there."""
_LONGEST_TITLE = 60
_COVER = 8
"""How many lines a cover has at most, after which the title may stand once more."""
MOST = 500
"""How many attachments a file may hold."""


@dataclass(frozen=True)
class Candidates:
    """The forms among which is chosen, with the words that fill their labels."""

    forms: tuple[Form, ...]
    words: Mapping[str, str]
    fitting: frozenset[str] = frozenset()
    """The names of the forms that were made for the unit."""

    @cached_property
    def labels(self) -> Mapping[str, "Labels"]:
        """What each form prints, by its name."""
        return {form.id: labels_of(form, self.words) for form in self.forms}


class Labels(NamedTuple):
    """What a form prints."""

    needed: frozenset[str]
    presets: frozenset[str]


def parts(document: Document, candidates: Candidates) -> Iterator[tuple[Line, ...]]:
    """The attachments in a file: each begins with 附件…, a title of a form, or a new sheet."""
    begun, count = 0, 0
    headed, whole = False, False
    for row, line in enumerate(document.lines):
        slot = only(line)
        titled = slot is not None and _titled(slot.text, candidates)
        numbered = slot is not None and _numbered(slot.text)
        if row > begun and (row in document.starts or (whole and (titled or numbered))):
            yield document.lines[begun:row]
            begun, count = row, count + 1
            headed, whole = False, False
            if count > MOST:
                raise RefusedError(f"文件里超过 {MOST} 份表，没有读取；请分成几个文件再导入")
        headed = headed or titled
        rows = slot is None and any(each and each.text for each in line)
        whole = whole or rows or (headed and row - begun > _COVER)
    if begun < len(document.lines):
        yield document.lines[begun:]


def _numbered(text: str) -> bool:
    """Whether a line is the number of an attachment."""
    return len(text) <= _LONGEST_TITLE and bool(NUMBER.match(text))


def _titled(text: str, candidates: Candidates) -> bool:
    """Whether a line is a form's title."""
    short = len(text) <= _LONGEST_TITLE
    return short and any(is_title(form, text) for form in candidates.forms)


def is_title(form: Form, text: str) -> bool:
    """Whether a text is the form's title, of any unit and year."""
    short = len(text) <= _LONGEST_TITLE * 3
    return short and bool(_title_pattern(form.title).fullmatch(text.strip()))


@lru_cache(maxsize=500)
def _title_pattern(title: str) -> re.Pattern[str]:
    pieces = re.split(r"\{\w+\}", title)
    number = NUMBER.pattern
    return re.compile(
        rf"(?:{number}[:：\s]*)?" + r"[^。；]{0,40}?".join(loose(piece).pattern for piece in pieces)
    )


def best_form(lines: Sequence[Line], candidates: Candidates) -> Form | None:
    """The form whose labels are here; None where those of none are."""
    texts = frozenset(_texts(lines))
    titles = [slot.text for line in lines if (slot := only(line))]
    ranked = [
        (score, form.id, form)
        for form in candidates.forms
        if (score := _score(form, texts, titles, candidates)) is not None
    ]
    return max(ranked, key=lambda each: each[:2])[2] if ranked else None


def _texts(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        for _, slot in distinct(line):
            if slot.text:
                yield bare(slot.text)
                yield core(slot.text)


def _score(
    form: Form, texts: frozenset[str], titles: Sequence[str], candidates: Candidates
) -> float | None:
    """How well a form fits; None where it does not."""
    titled = any(is_title(form, each) for each in titles) or is_title(form, "".join(titles[:4]))
    bonus = _TITLED * titled + _FITTING * (form.id in candidates.fitting)
    if form.kind is DocumentKind.REPORT:
        chapters = sum(any(bare(each) in text for text in texts) for each in form.outline)
        narrative = chapters * 3 >= len(form.outline) > 0
        return bonus + chapters if titled or narrative else None
    labels = candidates.labels[form.id]
    there = sum(each in texts or core(each) in texts for each in labels.needed)
    if there < 2 or there < _NEEDED * len(labels.needed):  # noqa: PLR2004 - one label is chance
        return None
    presets = len(labels.presets & texts)
    missing = len(labels.needed) - there + (len(labels.presets) - presets) * 0.5
    return there + presets * 0.5 - missing + bonus


def labels_of(form: Form, words: Mapping[str, str]) -> Labels:
    """The labels that a form prints, and the names of the indicators that it prints."""
    needed = {bare(filled(each, words)) for part in form.sections for each in _labels(part)}
    presets = {
        bare(each.name)
        for part in form.sections
        if isinstance(part, IndicatorsSpec)
        for each in _presets(part.presets)
    }
    return Labels(frozenset(needed) - {""}, frozenset(presets))


def _labels(part: object) -> Iterator[str]:
    match part:
        case FieldsSpec():
            yield from (each.label or each.key for each in part.fields if each.titled)
        case TableSpec():
            yield from (each.label or each.key for each in part.columns)
            yield from (each.label or each.key for each in part.rows if not each.open)
            yield from (each.label or each.key for each in part.blocks)
        case IndicatorsSpec():
            yield from (each.label or each.key for each in part.levels if each.titled)
            yield from (each.label or each.key for each in part.columns if each.own_column)
        case TotalSpec():
            yield part.printed


def _presets(presets: Iterable[PresetSpec]) -> Iterator[PresetSpec]:
    for each in presets:
        yield each
        yield from _presets(each.children)
