"""Recognition of the form an attachment was filled in with, by its labels and title."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from gongkai.authoring.office.cells import (
    Line,
    OfficeDocument,
    core_label,
    distinct_cells,
    normalize_label,
    only_cell,
)
from gongkai.authoring.office.label_patterns import label_pattern
from gongkai.model.forms import Form, fill_placeholders
from gongkai.model.specs import (
    FieldsSpec,
    IndicatorsSpec,
    PresetSpec,
    TableSpec,
    TotalSpec,
)
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import format_decimal
from gongkai.runtime.errors import UnreadableFileError

ATTACHMENT_NUMBER = re.compile(
    r"附\s*[件表]\s*(?:\d{1,2}(?:\s*[-－.]\s*\d{1,2})?|[一二三四五六七八九十]{1,3}(?![^\s:：])|(?=\s*$))"
)
_TITLE_SCORE, _PREFERRED_SCORE, _REQUIRED_SHARE = 4.0, 1.0, 0.6
"""Scores of a title and of a preferred form, in labels; the share of labels that is required."""
_POINTS_SCORE = 0.1
"""Score of a name with its points, in labels: it decides between forms with the same labels."""
_MAX_TITLE_LENGTH = 60
_COVER_LINES = 8
"""Most lines of a cover page; the title may be repeated after it."""
MAX_ATTACHMENTS = 500
"""Most attachments in one file."""


@dataclass(frozen=True)
class FormCandidates:
    """The forms to choose from, and the words that fill their labels."""

    forms: tuple[Form, ...]
    words: Mapping[str, str]
    preferred: frozenset[str] = frozenset()
    """Ids of the forms made for the unit; preferred in case of doubt."""

    @cached_property
    def labels(self) -> Mapping[str, "FormLabels"]:
        """The labels of every form, by form id."""
        return {form.id: form_labels(form, self.words) for form in self.forms}


class FormLabels(NamedTuple):
    """The texts that a form prints."""

    required: frozenset[str]
    """Labels of fields, columns and rows, normalized."""
    presets: frozenset[str]
    """Names of preprinted indicators, normalized."""
    points: frozenset[str]
    """Names of preprinted indicators with their points, as far as those stand behind the names."""


def split_attachments(
    document: OfficeDocument, candidates: FormCandidates
) -> Iterator[tuple[Line, ...]]:
    """Split a file into attachments, at every 附件…, form title or sheet. Raise UnreadableFileError if too many."""
    start, count = 0, 0
    has_title, is_complete = False, False
    for row, line in enumerate(document.lines):
        slot = only_cell(line)
        is_titled = slot is not None and _is_form_title(slot.text, candidates)
        is_numbered = slot is not None and _is_attachment_number(slot.text)
        if row > start and (
            row in document.sheet_starts or (is_complete and (is_titled or is_numbered))
        ):
            yield document.lines[start:row]
            start, count = row, count + 1
            has_title, is_complete = False, False
            if count > MAX_ATTACHMENTS:
                raise UnreadableFileError(
                    f"文件里超过 {MAX_ATTACHMENTS} 份表，没有读取；请分成几个文件再导入"
                )
        has_title = has_title or is_titled
        is_table_row = slot is None and any(cell and cell.text for cell in line)
        is_complete = is_complete or is_table_row or (has_title and row - start > _COVER_LINES)
    if start < len(document.lines):
        yield document.lines[start:]


def _is_attachment_number(text: str) -> bool:
    """Return whether a line is the number of an attachment."""
    return len(text) <= _MAX_TITLE_LENGTH and bool(ATTACHMENT_NUMBER.match(text))


def _is_form_title(text: str, candidates: FormCandidates) -> bool:
    """Return whether a line is the title of any candidate form."""
    is_short = len(text) <= _MAX_TITLE_LENGTH
    return is_short and any(is_title(form, text) for form in candidates.forms)


def is_title(form: Form, text: str) -> bool:
    """Return whether a text is the form's title, for any unit and year."""
    is_short = len(text) <= _MAX_TITLE_LENGTH * 3
    return is_short and bool(_title_pattern(form.title).fullmatch(text.strip()))


@lru_cache(maxsize=500)
def _title_pattern(title: str) -> re.Pattern[str]:
    """Compile a pattern for a title with any words in its braces and an optional 附件 number."""
    fixed_parts = re.split(r"\{\w+\}", title)
    number = ATTACHMENT_NUMBER.pattern
    return re.compile(
        rf"(?:{number}[:：\s]*)?"
        + r"[^。；]{0,40}?".join(label_pattern(part).pattern for part in fixed_parts)
    )


def best_form(lines: Sequence[Line], candidates: FormCandidates) -> Form | None:
    """Return the form with the best matching labels, or None if no form matches."""
    ranked = score_forms(lines, candidates.forms, candidates)
    return max(ranked, key=_preference)[0] if ranked else None


def _preference(entry: tuple[Form, float]) -> tuple[float, bool, str]:
    """Order forms by how well they match; in a tie one that others inherit from goes first."""
    form, score = entry
    return score, not form.parent, form.id


def score_forms(
    lines: Sequence[Line], forms: Iterable[Form], candidates: FormCandidates
) -> list[tuple[Form, float]]:
    """Return the forms that match these lines, with how well they do."""
    texts = frozenset(_normalized_texts(lines))
    titles = [slot.text for line in lines if (slot := only_cell(line))]
    scores = ((form, _score(form, texts, titles, candidates)) for form in forms)
    return [(form, score) for form, score in scores if score is not None]


def _normalized_texts(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the texts of all cells, normalized and as core labels."""
    for line in lines:
        for _, slot in distinct_cells(line):
            if slot.text:
                yield normalize_label(slot.text)
                yield core_label(slot.text)


def _score(
    form: Form, texts: frozenset[str], titles: Sequence[str], candidates: FormCandidates
) -> float | None:
    """Return how well a form matches, in labels; None if it does not."""
    has_title = any(is_title(form, title) for title in titles)
    has_title = has_title or is_title(form, "".join(titles[:4]))
    bonus = _TITLE_SCORE * has_title + _PREFERRED_SCORE * (form.id in candidates.preferred)
    if form.kind is DocumentKind.REPORT:
        chapters = sum(
            any(normalize_label(chapter) in text for text in texts) for chapter in form.outline
        )
        narrative = chapters * 3 >= len(form.outline) > 0
        return bonus + chapters if has_title or narrative else None
    labels = candidates.labels[form.id]
    found_count = sum(label in texts or core_label(label) in texts for label in labels.required)
    if found_count < 2 or found_count < _REQUIRED_SHARE * len(labels.required):  # noqa: PLR2004 - one label is chance
        return None
    presets = len(labels.presets & texts)
    missing = len(labels.required) - found_count + (len(labels.presets) - presets) * 0.5
    points = len(labels.points & texts)
    return found_count + presets * 0.5 + points * _POINTS_SCORE - missing + bonus


def form_labels(form: Form, words: Mapping[str, str]) -> FormLabels:
    """Return the labels that a form prints, and the names of its preprinted indicators."""
    needed = {
        normalize_label(fill_placeholders(label, words))
        for section in form.sections
        for label in _labels(section)
    }
    presets = {
        normalize_label(preset.name)
        for section in form.sections
        if isinstance(section, IndicatorsSpec)
        for preset in _all_presets(section.presets)
    }
    return FormLabels(frozenset(needed) - {""}, frozenset(presets), frozenset(_points(form)))


def _points(form: Form) -> Iterator[str]:
    """Yield the names of level-1 indicators with the points that the form prints behind them."""
    for section in form.sections:
        if not isinstance(section, IndicatorsSpec):
            continue
        key = next((column.key for column in section.columns if column.role is Role.POINTS), "")
        for preset in section.presets:
            wording = preset.label or section.levels[section.first_level].name_format
            if preset.points is not None and f"{{{key}}}" in wording:
                words = {"名称": preset.name, key: format_decimal(preset.points)}
                yield normalize_label(fill_placeholders(wording, words))


def _labels(section: object) -> Iterator[str]:
    """Yield the labels that a section prints."""
    match section:
        case FieldsSpec():
            yield from (
                field_spec.label or field_spec.key
                for field_spec in section.printed_fields
                if field_spec.shows_label
            )
        case TableSpec():
            yield from (column.label or column.key for column in section.printed_columns)
            yield from (row.label or row.key for row in section.rows if not row.is_open)
            yield from (block.label or block.key for block in section.blocks)
        case IndicatorsSpec():
            yield from (level.label or level.key for level in section.levels if level.shows_label)
            yield from (
                column.label or column.key for column in section.columns if column.has_own_column
            )
        case TotalSpec():
            yield section.printed_label


def _all_presets(presets: Iterable[PresetSpec]) -> Iterator[PresetSpec]:
    """Yield preprinted indicators, including those below."""
    for preset in presets:
        yield preset
        yield from _all_presets(preset.children)
