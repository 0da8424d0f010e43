"""What a report tells of staff, budget and projects, against the tables (GJ-02, GJ-03)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Finding
from gongkai.checks.quotes import around, at_figure
from gongkai.checks.statements import Part, Quantity, lists_in
from gongkai.model.documents import Record, body_lines, by_role
from gongkai.model.figures import rate_row
from gongkai.model.problems import Position
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import MONEY, number_of, plain

_QUOTA = re.compile(r"编制(?:数|人数)?(?:为|是|共|：)?\s*([0-9]+)\s*[名人个]")
_BUDGET = re.compile(r"部门预算(?:收入|支出)(?:为|是|：)?\s*([0-9]+(?:\.[0-9]+)?)\s*(万元|亿元|元)")
_PROJECTS = re.compile(
    r"(?:(?<=[，。；：、“（\s])|(?<=全年)|(?<=年度)|(?<=本年)|(?<=当年)|^)(?:专项(?:经费|资金)|项目(?:经费|资金)?)支出(?:为|是|：)?\s*([0-9]+(?:\.[0-9]+)?)\s*(万元|亿元|元)"
)


def spending_stated(disclosure: Disclosure, spent: Decimal) -> Iterator[Finding]:
    """Where the report tells another project spending than the projects' tables; `spent` in 元."""
    report = disclosure.record(DocumentKind.REPORT)
    for position, line in body_lines(report) if report else ():
        for match in _PROJECTS.finditer(line):
            if report and another_year(line, match.start(), report):
                continue
            if number_of(match[1]) * MONEY[match[2]] != spent:
                shown = f"{plain(spent / MONEY[match[2]])}{match[2]}"
                message = f"“{around(line, match)}”，各项目自评表的执行数合计为 {shown}"
                place = position._replace(column=match.start(1) + 1)
                where = f"{report.name if report else ''}/{around(line, match)}"
                filed = f"{match[1]}{match[2]}"
                yield Finding(place, message, "请核对两边的数", where, filed, shown)


def told_otherwise(disclosure: Disclosure) -> Iterator[Finding]:
    """Where the report tells staff, budget or a project's money otherwise than the tables do."""
    report = disclosure.record(DocumentKind.REPORT)
    if report is None:
        return
    baseline, overall = (
        disclosure.record(kind) for kind in (DocumentKind.BASELINE, DocumentKind.OVERALL)
    )
    for position, line in body_lines(report):
        yield from _quota(line, report, baseline, position)
        yield from _budget(line, report, overall, position)
    yield from _items(disclosure, report)


def _quota(
    line: str, report: Record, baseline: Record | None, position: Position
) -> Iterator[Finding]:
    found = list(_QUOTA.finditer(line))
    lines = baseline.lines(Role.STAFF_QUOTA) if baseline and found else ()
    quotas = (by_role(cells, Role.STAFF_QUOTA) for cells in lines)
    known = next((cell for cell in quotas if cell and cell.value.number is not None), None)
    told = {number_of(match[1]) for match in found}
    told.add(sum((number_of(match[1]) for match in found), Decimal(0)))
    for match in found:
        if known and known.value.number not in told:
            message = f"“{match[0]}”，基础数据表的“{known.spec.key}”是 {known.filed}"
            place = position._replace(column=match.start(1) + 1)
            where = f"{report.name}/{match[0]}"
            yield Finding(place, message, "请核对后统一", where, match[1], known.filed)


def _budget(
    line: str, report: Record, overall: Record | None, position: Position
) -> Iterator[Finding]:
    found = list(_BUDGET.finditer(line))
    row = rate_row(overall) if overall and found else None
    cells = [by_role(row, role) for role in (Role.INITIAL, Role.ADJUSTED)] if row else []
    known = [cell for cell in cells if cell and cell.value.number is not None]
    worth = MONEY[overall.form.money] if overall else Decimal(1)
    for match in found:
        filed = number_of(match[1]) * MONEY[match[2]]
        if (
            known
            and not another_year(line, match.start(), report)
            and all((cell.value.number or 0) * worth != filed for cell in known)
        ):
            message = f"“{match[0]}”，部门整体自评表的“{known[0].spec.key}”是 {known[0].filed}"
            place = position._replace(column=match.start(1) + 1)
            where = f"{report.name}/{around(line, match)}"
            filed_text = f"{match[1]}{match[2]}"
            yield Finding(place, message, "请核对后统一", where, filed_text, known[0].filed)


def _items(disclosure: Disclosure, report: Record) -> Iterator[Finding]:
    """One item with two amounts in lists of one total, or another amount than the project's own.

    Items are the same where their names or the document numbers behind them are.
    """
    seen: dict[tuple[str, Decimal], tuple[Quantity, str]] = {}
    for position, line in body_lines(report):
        for listed in lists_in(line):
            for part in listed.parts:
                money = part.quantity.base == "元"
                marks = [
                    mark for mark in (part.reference, _plain_name(part.name)) if mark and money
                ]
                for mark in marks:
                    first, name = seen.setdefault(
                        (mark, listed.total.worth), (part.quantity, part.name)
                    )
                    if first.worth != part.quantity.worth:
                        message = (
                            f"“{part.name}”这里是 {part.quantity.text}，前文“{name}”是 {first.text}"
                        )
                        if mark == part.reference:
                            message += f"（同为{mark}）"
                        yield _item(position, report, part.name, part.quantity, message, first.text)
                        break
                yield from _project(disclosure, report, position, part)


def _project(
    disclosure: Disclosure, report: Record, position: Position, part: Part
) -> Iterator[Finding]:
    name, quantity = part.name, part.quantity
    for project in disclosure.projects:
        record = project.record(DocumentKind.PROJECT)
        row = rate_row(record) if record else None
        if record is None or row is None or _plain_name(project.name) != _plain_name(name):
            continue
        roles = (Role.SPENT, Role.ADJUSTED, Role.INITIAL)
        cells = [cell for role in roles if (cell := by_role(row, role))]
        worth = MONEY[record.form.money]
        known = {cell.value.number * worth for cell in cells if cell.value.number is not None}
        if known and quantity.worth not in known:
            spent = cells[0].filed
            message = f"“{name}”这里是 {quantity.text}，项目自评表是 {spent}"
            yield _item(position, report, name, quantity, message, spent)


def _item(  # noqa: PLR0913, PLR0917 - one item of a list, and what is wrong with it
    position: Position, report: Record, name: str, quantity: Quantity, message: str, other: str
) -> Finding:
    where = f"{report.name}/{name}{quantity.text}"
    place = at_figure(position, quantity)
    return Finding(place, message, "请核对后统一", where, quantity.text, other)


def _plain_name(name: str) -> str:
    return re.sub(r"\s|^(?:县级|市级|省级|中央|计划生育|计生)", "", name)


def another_year(line: str, at: int, report: Record) -> bool:
    """Whether the words before a place tell of another year than the report's."""
    before = re.split(r"[。；]", line[:at])[-1]
    years = re.findall(r"(20\d\d)年", before[-20:])
    past = re.search(r"上年|去年|上一年", before[-12:])
    return bool(past) or bool(years and years[-1] != report.words["年度"])
