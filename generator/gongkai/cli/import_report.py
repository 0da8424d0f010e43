"""Report of an import: results per file, texts that were not used, results of the checks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from gongkai.authoring.drafts import ImportOutput
from gongkai.authoring.importer import SourceFile
from gongkai.authoring.office.account import Account, ChangedText, PlacedText
from gongkai.authoring.office.cells import Slot
from gongkai.authoring.office.documents import Draft
from gongkai.authoring.yaml_writer import YamlLine
from gongkai.checks.texts.tally import Tally
from gongkai.cli.report_formats import LEVELS
from gongkai.model.problems import Level, Problem

_MAX_LINES = 20
"""Most lines of one kind on the screen; the report has them all."""
_PRINTED_NOTE = "表上本来就印着的文字（标签、附注、“……”）不列。"
_NONE = "里面没有一张表与表式相符；可用的表式用 gongkai forms 列出"
_MAX_QUOTATION = 40
"""Longest quotation on the screen, in characters."""


def render_report(
    readings: Sequence[SourceFile], result: ImportOutput, check_lines: Sequence[str]
) -> str:
    """Render the full report as Markdown: file by file, with every unused text.

    `check_lines` are the problems of the new files.
    """
    lines = ["# 导入报告", "", f"{import_summary(readings, result)}。{_PRINTED_NOTE}", ""]
    for reading in readings:
        lines += [f"## {reading.name}", "", *_file_section(reading, result), ""]
        if reading.account:
            lines += [*_account_section(reading.account), ""]
    if check_lines:
        lines += ["## 核对", "", *(f"- {line}" for line in check_lines)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _file_section(reading: SourceFile, result: ImportOutput) -> Iterator[str]:
    if reading.refusal:
        yield f"- 没有读：{reading.refusal}"
    if _is_unrecognised(reading):
        yield f"- 没有认出：{_NONE}"
    for remark in reading.remarks:
        yield f"- 注意：{remark}"
    for place, question in reading.questions.items():
        yield f"- 请核对（{place}）：{question}"
    for draft in reading.drafts:
        yield from _draft_section(draft, result)
    for slot in reading.unrecognized:
        yield f"- 不属于任何一张表（{slot.place}）：{_inline(slot.text)}"
    for slot in reading.outside_text:
        yield f"- 没有用上（{slot.place}）：{_inline(slot.text)}"


def _account_section(account: Account) -> Iterator[str]:
    """Yield where the texts of a file are, and which values are not its own characters."""
    counts = f"{account.values} 处填进数据，{account.printed} 处是表上印的，{account.leftovers} 处列在上面"
    verdict = "全部有下落" if account.is_balanced else f"对不上：{unsettled_count(account)} 处"
    yield f"- 对账：{account.texts} 处文字，{counts}；{verdict}"
    for place, text in account.lost:
        yield f"    - 没有下落（{place}）：{_inline(text)}"
    for place, text in account.foreign:
        yield f"    - 原文这里没有（{place}）：{_inline(text)}"
    yield from _grouped(
        account.labels, lambda label: f"标签与表式的写法不同：{_inline(label.text)}"
    )
    yield from _grouped(account.changes, _describe_change)


def _describe_change(change: ChangedText) -> str:
    """Describe a value that is not the file's own characters; a masked number is not quoted."""
    source = f"原文 {_inline(change.source)}，" if change.source else ""
    return f"{change.reason}：{source}写成 {_inline(change.written)}"


_Placed = TypeVar("_Placed", PlacedText, ChangedText)


def _grouped(entries: Iterable[_Placed], describe: Callable[[_Placed], str]) -> Iterator[str]:
    """Yield a line for every description, with all places that it is true of."""
    places: dict[str, list[str]] = {}
    for entry in entries:
        places.setdefault(describe(entry), []).append(entry.place)
    for text, where in places.items():
        yield f"    - {text}（{'、'.join(where)}）"


def unsettled_count(account: Account | None) -> int:
    """Return the number of texts that are nowhere, or that came from nowhere."""
    return len(account.lost) + len(account.foreign) if account else 0


def _draft_section(draft: Draft, result: ImportOutput) -> Iterator[str]:
    yield f"- 认出{_describe_draft(draft)} → {_output_path(draft, result)}"
    for place, filed, unit, written, form_unit in draft.conversions:
        yield f"    - 已换算（{place}）：{filed} {unit} → {written} {form_unit}"
    for key in draft.missing:
        yield f"    - 没有认出“{key}”，留空"
    for slot in draft.unused:
        yield f"    - 没有用上（{slot.place}）：{_inline(slot.text)}"


def _describe_draft(draft: Draft) -> str:
    return f"{draft.number}《{draft.title or draft.form.name}》，表式 {draft.form.id}"


def _describe_conversions(draft: Draft) -> str:
    """Return how many amounts were converted, with the first of every unit."""
    first_by_unit = {conversion.unit: conversion for conversion in reversed(draft.conversions)}
    examples = "；".join(
        f"{place}的 {filed} {unit} 写成 {written} {form_unit}"
        for place, filed, unit, written, form_unit in first_by_unit.values()
    )
    return f"{len(draft.conversions)} 个金额换了单位（{examples}），请核对"


def _output_path(draft: Draft, result: ImportOutput) -> str:
    for path, documents in result.drafts_by_path.items():
        if any(written is draft for _, written in documents):
            return path
    return "没有写出：这种表已经有一份了"


def _inline(text: str) -> str:
    return " / ".join(text.split("\n"))


def import_summary(readings: Sequence[SourceFile], result: ImportOutput) -> str:
    """Return one sentence about all files."""
    refused = sum(bool(reading.refusal) for reading in readings)
    unrecognised = sum(map(_is_unrecognised, readings))
    documents = sum(map(len, result.drafts_by_path.values()))
    unused = sum(len(slots) for slots in _unused_slots(readings))
    parts = [f"读了 {len(readings)} 个文件，认出 {documents + len(result.duplicates)} 份表"]
    parts += [f"{refused} 个文件没有读"] if refused else []
    parts += [f"{unrecognised} 个文件里没有认出任何一张表"] if unrecognised else []
    parts += [f"{len(result.duplicates)} 份表重复，没有写出"] if result.duplicates else []
    parts += [f"{unused} 处文字没有用上"] if unused else []
    questions = sum(len(reading.questions) for reading in readings)
    parts += [f"{questions} 处请对照原件核对"] if questions else []
    unsettled = sum(unsettled_count(reading.account) for reading in readings)
    parts += [f"对账有 {unsettled} 处对不上，查清以前不能公开"] if unsettled else []
    return "，".join(parts)


def _is_unrecognised(reading: SourceFile) -> bool:
    """Return whether a file was read but contains none of the forms."""
    return not reading.refusal and not reading.drafts


def _unused_slots(readings: Iterable[SourceFile]) -> Iterator[Sequence[Slot]]:
    for reading in readings:
        yield [*reading.unrecognized, *reading.outside_text]
        yield from (draft.unused for draft in reading.drafts)


def attention_lines(readings: Sequence[SourceFile], result: ImportOutput) -> list[str]:
    """Return what the user has to look at, one line per finding, shortened per kind."""
    refused = [
        f"没有读 {reading.name}：{reading.refusal}" for reading in readings if reading.refusal
    ]
    refused += [
        f"没有认出 {reading.name}：{_NONE}" for reading in readings if _is_unrecognised(reading)
    ]
    remarks = [
        f"注意 {reading.name}：{remark}" for reading in readings for remark in reading.remarks
    ]
    questions = [
        f"请核对 {reading.name} {place}：{question}"
        for reading in readings
        for place, question in reading.questions.items()
    ]
    conversions = [
        f"已换算 {reading.name} {_describe_draft(draft)}：{_describe_conversions(draft)}"
        for reading in readings
        for draft in reading.drafts
        if draft.conversions
    ]
    duplicates = [
        f"没有写出 {reading.name} 的{_describe_draft(draft)}：这种表已经有一份了"
        for reading, draft in result.duplicates
    ]
    missing = [
        f"没有认出 {reading.name} {_describe_draft(draft)}：“{key}”，留空"
        for reading in readings
        for draft in reading.drafts
        for key in draft.missing
    ]
    unused = [
        f"没有用上 {reading.name} {slot.place}：{_shorten(slot.text)}"
        for reading in readings
        for slots in _unused_slots([reading])
        for slot in slots
    ]
    unsettled = [
        f"{kind} {reading.name} {place}：{_shorten(text)}"
        for reading in readings
        if reading.account
        for kind, entries in (
            ("没有下落", reading.account.lost),
            ("原文没有", reading.account.foreign),
        )
        for place, text in entries
    ]
    kinds = (refused, unsettled, questions, conversions, remarks, duplicates, missing, unused)
    return [line for lines in kinds for line in limit_lines(lines)]


def limit_lines(lines: Sequence[str]) -> list[str]:
    """Return the first lines, and a line that counts the others."""
    omitted = len(lines) - _MAX_LINES
    return [*lines[:_MAX_LINES], *([f"……还有 {omitted} 处，见导入报告"] if omitted > 0 else [])]


def _shorten(text: str) -> str:
    line = _inline(text)
    return line if len(line) <= _MAX_QUOTATION else f"{line[:_MAX_QUOTATION]}…"


def check_result_lines(
    problems: Sequence[Problem], files: Mapping[str, Sequence[YamlLine]], data: str
) -> list[str]:
    """Return the errors and warnings of the new files, with the place in the original file."""
    lines: list[str] = []
    for problem in problems:
        path = problem.position.file.removeprefix(f"{data}/")
        written = files.get(path)
        if written is None or problem.level is Level.I or problem.explanation:
            continue
        line = problem.position.line
        place = written[line - 1].place if 0 < line <= len(written) else ""
        where = f"（原文件：{place}）" if place else ""
        lines.append(f"{LEVELS[problem.level]} {problem}{where}")
    return lines


def check_summary(problems: Sequence[Problem]) -> str:
    """Return the number of problems in the new files as a sentence."""
    tally = Tally.from_problems(problems)
    return f"核对新文件：{len(tally.blocking)} 处错误，{tally.milder_count} 处警告和提示"
