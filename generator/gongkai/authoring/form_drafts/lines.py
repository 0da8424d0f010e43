"""Drafts of the lines around the tables: title, opening (抬头), notes (附注), sign-off (落款)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gongkai.authoring.form_drafts.labels import Wording, make_key, quote_label
from gongkai.authoring.form_drafts.layout import PageCell
from gongkai.authoring.form_drafts.vocabulary import Use
from gongkai.authoring.office.cells import clean_value, normalize_label
from gongkai.authoring.office.form_recognition import ATTACHMENT_NUMBER
from gongkai.authoring.office.money_units import stated_unit
from gongkai.model.terms import Role

_SEGMENTS = re.compile(r"(?:\u3000|\t|\xa0| ){2,}|[\t\u3000]")
_LABELLED = re.compile(r"^(?P<label>[^:：]{1,16}?)(?P<colon>\s*[:：])\s*(?P<value>.*)$", re.DOTALL)
_INNER_LABEL = re.compile(r"\s(?=[\u4e00-\u9fff（）()]{2,12}[:：])")
_TITLE = re.compile("绩效|自评|评价|目标|评分|基础数据|[表报告]$")
_NOTE = re.compile(r"^\s*[（(]?(?:注|备注|说明|填表说明|填报说明)|^\s*\d{1,2}[.、．]|^\s*[（(]\d")
_BODY = re.compile(
    r"(?:局|院|中心|委员会|委|政府|学校|中学|小学|幼儿园|馆|处|办公室|办|站|所|队|会|厅|部|镇|乡|街道|大学|医院|单位)$"
)
_FIELD_ROLES = frozenset({Role.SCORE, Role.REVIEW_SCORE, Role.GRADE, Role.PROJECT_NAME})
"""Roles of fields that may stand in a line above the tables."""
_YEAR = re.compile(r"(20\d\d)\s*(?:年度|年)")


class Lines(NamedTuple):
    """The lines of a form file."""

    title: str
    opening: list[str]
    notes: list[str]
    sign_off: list[str]
    untitled: list[PageCell]
    """Texts below the tables that no form prints: values without labels."""
    fields: list[tuple[PageCell, PageCell]]
    """Labels and values in the lines above the tables that have a role: 自评总分：95."""
    remarks: list[str]


def find_year(texts: Sequence[str]) -> int:
    """Return the year that a table is about: the first in its lines, else the latest in its labels."""
    years = [int(match[1]) for text in texts for match in _YEAR.finditer(text)]
    return years[0] if years else 0


def draft_lines(
    opening: Sequence[PageCell], closing: Sequence[PageCell], wording: Wording, names: Sequence[str]
) -> Lines:
    """Return the lines of a form; `names` are the unit's and the project's, which titles may hold."""
    remarks: list[str] = []
    texts = [cell.text for cell in opening if not _is_number(cell.text)]
    position = next((n for n, text in enumerate(texts) if _TITLE.search(text.strip())), 0)
    title = _title(texts[position], wording, names, remarks) if texts else ""
    others = [text for number, text in enumerate(texts) if number != position]
    segments = [(segment, text) for text in others for segment in line_segments(text)]
    fields = [pair for segment, _ in segments if (pair := _field(segment, wording))]
    taken = {f"{label.text}{value.text}" for label, value in fields}
    own = [segment for segment, _ in segments if re.sub(r"\s", "", segment) not in taken]
    opening_lines = _without_repeats(
        line for segment in own for line in _opening_lines(segment, wording, remarks)
    )
    notes: list[str] = []
    sign_off: list[str] = []
    untitled: list[PageCell] = []
    for cell in closing:
        _sort_closing(cell, wording, notes, sign_off, untitled)
    return Lines(title, opening_lines, notes, sign_off, untitled, fields, remarks)


def _field(segment: str, wording: Wording) -> tuple[PageCell, PageCell] | None:
    """Return label and value of a part of a line that a table would have as a field."""
    match = _LABELLED.match(segment)
    term = wording.find(Use.FIELD, match["label"]) if match else None
    if match is None or term is None or term.role not in _FIELD_ROLES:
        return None
    label = f"{match['label']}{match['colon'].strip()}"
    return PageCell(label, 0, 0, 0, 0, ""), PageCell(match["value"].strip(), 0, 0, 1, 1, "")


def _without_repeats(lines: Iterable[str]) -> list[str]:
    """Return the lines; only the last that is filled in without a label."""
    listed = list(dict.fromkeys(lines))
    return [line for line in listed if line]


def _is_number(text: str) -> bool:
    return bool(ATTACHMENT_NUMBER.fullmatch(text.strip().rstrip(":：")))


def _title(text: str, wording: Wording, names: Sequence[str], remarks: list[str]) -> str:
    """Return a title as all units print it."""
    title = re.sub(rf"^\s*(?:{ATTACHMENT_NUMBER.pattern})[:：\s]+", "", clean_value(text))
    title = wording.template(title)
    for name in names:
        if len(name) > 3 and name in title:  # noqa: PLR2004 - shorter words are chance
            title = title.replace(name, "")
            remarks.append(
                f"标题里的“{quote_label(name)}”是填的，已去掉；各单位的标题不同的，会写进数据"
            )
    return title.strip()


def _opening_lines(text: str, wording: Wording, remarks: list[str]) -> Iterator[str]:
    for segment in line_segments(text):
        match = _LABELLED.match(segment)
        line = wording.template(segment)
        if stated_unit(segment):
            yield line
        elif match and (wording.find(Use.LINE, match["label"]) or not match["value"]):
            yield _fill_in(match, wording)
        elif match and wording.is_printed(segment) is None:
            remarks.append(
                f"抬头里的“{quote_label(segment)}”当作表上印的；各单位不同的，请改成 {{…}}"
            )
            yield line
        elif match is None and _BODY.search(segment.strip()) and not wording.is_printed(segment):
            remarks.append(
                f"抬头里的“{quote_label(segment)}”像是单位名称，写作 {{预算单位}}；请核对"
            )
            yield "{预算单位}"
        elif match and not wording.is_printed(segment):
            yield _fill_in(match, wording)
        else:
            yield line


def line_segments(text: str) -> list[str]:
    """Return the parts of a line: 填表人：…　　填报日期：…."""
    parts = [part for part in _SEGMENTS.split(text.strip()) if part.strip()]
    return [piece.strip() for part in parts for piece in _INNER_LABEL.split(part) if piece.strip()]


def split_label(segment: str) -> tuple[str, str]:
    """Return the label of a part of a line with its colon, and the value behind it."""
    match = _LABELLED.match(segment)
    if match is None:
        return "", segment
    return f"{match['label']}{match['colon']}", match["value"].strip()


def _fill_in(match: re.Match[str], wording: Wording) -> str:
    label = wording.template(match["label"])
    colon = match["colon"].strip()
    key = make_key(label)
    return f"{label}{colon}{{{key}}}"


def _sort_closing(
    cell: PageCell,
    wording: Wording,
    notes: list[str],
    sign_off: list[str],
    untitled: list[PageCell],
) -> None:
    """Put a line below the tables where it belongs."""
    lines = list(_sign_off_lines(cell.text, wording))
    if lines and not _NOTE.match(cell.text):
        sign_off += lines
    elif _NOTE.match(cell.text) or wording.is_printed(cell.text):
        notes += [wording.template(line) for line in cell.text.splitlines() if line.strip()]
    else:
        untitled.append(cell)


def _sign_off_lines(text: str, wording: Wording) -> Iterator[str]:
    """Yield the templates of a sign-off; nothing if the line is none."""
    segments = line_segments(text)
    matches = [_LABELLED.match(segment) for segment in segments]
    known = (match and wording.find(Use.LINE, match["label"]) for match in matches)
    if not any(known) and not _is_bare_number(text, wording):
        return
    for segment, match in zip(segments, matches, strict=True):
        label = _bare_label(segment, wording)
        if match:
            yield _fill_in(match, wording)
        elif label:
            yield f"{label}{{{make_key(label)}}}"
        else:
            yield wording.template(segment)


def _is_bare_number(text: str, wording: Wording) -> bool:
    """Return whether a line is a label and a number without a colon: 联系电话138…."""
    label = _bare_label(text.strip(), wording)
    return bool(label) and bool(re.fullmatch(r"[\d*\s-]*", text.strip()[len(label) :]))


def _bare_label(segment: str, wording: Wording) -> str:
    """Return the label at the beginning of a segment without a colon: 联系电话138….."""
    ends = range(min(len(segment), 12), 1, -1)
    heads = (segment[:end] for end in ends if not segment[:end].isascii())
    known = (head for head in heads if (Use.LINE, normalize_label(head)) in wording.words.exact)
    return next(known, "")
