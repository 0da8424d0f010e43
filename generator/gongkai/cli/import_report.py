"""What an import tells: what became of each file, what was not understood, what the checks say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gongkai.authoring.drafts import Assembled
from gongkai.authoring.importer import Reading
from gongkai.authoring.office.cells import Slot
from gongkai.authoring.office.documents import Draft
from gongkai.authoring.yaml_writer import Written
from gongkai.checks.tally import Tally
from gongkai.cli.report_formats import LEVELS
from gongkai.model.problems import Level, Problem

_MOST = 20
"""How many lines of one kind are shown on the screen; the report holds them all."""
_PRINTED = "表上本来就印着的文字（标签、附注、“……”）不列。"
_NONE = "里面没有一张表与表式相符；可用的表式用 gongkai forms 列出"
_SHOWN = 40
"""How much of a text is shown on the screen."""


def report(readings: Sequence[Reading], made: Assembled, found: Sequence[str]) -> str:
    """The whole report, as Markdown: file by file, with every text that was not made use of.

    `found` is what the checks say of the new files.
    """
    lines = ["# 导入报告", "", f"{summary(readings, made)}。{_PRINTED}", ""]
    for reading in readings:
        lines += [f"## {reading.name}", "", *_of(reading, made), ""]
    if found:
        lines += ["## 核对", "", *(f"- {each}" for each in found)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _of(reading: Reading, made: Assembled) -> Iterator[str]:
    if reading.refused:
        yield f"- 没有读：{reading.refused}"
    if _unknown(reading):
        yield f"- 没有认出：{_NONE}"
    for remark in reading.remarks:
        yield f"- 注意：{remark}"
    for draft in reading.drafts:
        yield f"- 认出{_named(draft)} → {_target(draft, made)}"
        for key in draft.missing:
            yield f"    - 没有认出“{key}”，留空"
        for slot in draft.rest:
            yield f"    - 没有用上（{slot.place}）：{_inline(slot.text)}"
    for slot in reading.unknown:
        yield f"- 不属于任何一张表（{slot.place}）：{_inline(slot.text)}"
    for slot in reading.aside:
        yield f"- 没有用上（{slot.place}）：{_inline(slot.text)}"


def _named(draft: Draft) -> str:
    return f"{draft.number}《{draft.title or draft.form.name}》，表式 {draft.form.id}"


def _target(draft: Draft, made: Assembled) -> str:
    for path, documents in made.documents.items():
        if any(each is draft for _, each in documents):
            return path
    return "没有写出：这种表已经有一份了"


def _inline(text: str) -> str:
    return " / ".join(text.split("\n"))


def summary(readings: Sequence[Reading], made: Assembled) -> str:
    """One sentence on all files."""
    refused = sum(bool(each.refused) for each in readings)
    unread = sum(map(_unknown, readings))
    documents = sum(map(len, made.documents.values()))
    rest = sum(len(slots) for slots in _rests(readings))
    parts = [f"读了 {len(readings)} 个文件，认出 {documents + len(made.twice)} 份表"]
    parts += [f"{refused} 个文件没有读"] if refused else []
    parts += [f"{unread} 个文件里没有认出任何一张表"] if unread else []
    parts += [f"{len(made.twice)} 份表重复，没有写出"] if made.twice else []
    parts += [f"{rest} 处文字没有用上"] if rest else []
    return "，".join(parts)


def _unknown(reading: Reading) -> bool:
    """Whether a file was read and none of the forms is in it."""
    return not reading.refused and not reading.drafts


def _rests(readings: Iterable[Reading]) -> Iterator[Sequence[Slot]]:
    for reading in readings:
        yield [*reading.unknown, *reading.aside]
        yield from (draft.rest for draft in reading.drafts)


def troubles(readings: Sequence[Reading], made: Assembled) -> list[str]:
    """What a clerk has to look at, one line each; few lines of each kind."""
    refused = [f"没有读 {each.name}：{each.refused}" for each in readings if each.refused]
    refused += [f"没有认出 {each.name}：{_NONE}" for each in readings if _unknown(each)]
    remarks = [f"注意 {each.name}：{said}" for each in readings for said in each.remarks]
    twice = [
        f"没有写出 {reading.name} 的{_named(draft)}：这种表已经有一份了"
        for reading, draft in made.twice
    ]
    missing = [
        f"没有认出 {each.name} {_named(draft)}：“{key}”，留空"
        for each in readings
        for draft in each.drafts
        for key in draft.missing
    ]
    rest = [
        f"没有用上 {each.name} {slot.place}：{_short(slot.text)}"
        for each in readings
        for slot in (*each.unknown, *each.aside, *(s for draft in each.drafts for s in draft.rest))
    ]
    return [line for kind in (refused, remarks, twice, missing, rest) for line in few(kind)]


def few(lines: Sequence[str]) -> list[str]:
    """The first of many lines, and how many there are beside."""
    more = len(lines) - _MOST
    return [*lines[:_MOST], *([f"……还有 {more} 处，见导入报告"] if more > 0 else [])]


def _short(text: str) -> str:
    line = _inline(text)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def judged(
    problems: Sequence[Problem], files: Mapping[str, Sequence[Written]], data: str
) -> list[str]:
    """What the checks say of the new files, with the place in the file that was read."""
    told: list[str] = []
    for problem in problems:
        path = problem.position.file.removeprefix(f"{data}/")
        lines = files.get(path)
        if lines is None or problem.level is Level.I or problem.explanation:
            continue
        line = problem.position.line
        place = lines[line - 1].place if 0 < line <= len(lines) else ""
        where = f"（原文件：{place}）" if place else ""
        told.append(f"{LEVELS[problem.level]} {problem}{where}")
    return told


def closing(problems: Sequence[Problem]) -> str:
    """How many problems the new files have."""
    tally = Tally.of(problems)
    return f"核对新文件：{len(tally.blocking)} 处错误，{tally.others} 处警告和提示"
