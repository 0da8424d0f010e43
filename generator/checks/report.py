"""Checks of what a report states in figures (GJ): sums, units, changes, the score."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from generator.checks.frame import Finding, check
from generator.figures import rate_row
from generator.model import Record, body_lines, by_role
from generator.problems import Level, Position
from generator.publication import Disclosure
from generator.stated import Change, Part, Quantity, changes_in, lists_in
from generator.terms import DocumentKind, Role
from generator.values import MONEY, number_of, plain, rounded

_SHOWN = 60
_SELF_SCORE = re.compile(r"自评(?:得分|总分|分数?|结果)?\D{0,6}?([0-9]+(?:\.[0-9]+)?)\s*分")
_QUOTA = re.compile(r"编制(?:数|人数)?(?:为|是|共|：)?\s*([0-9]+)\s*[名人个]")
_BUDGET = re.compile(r"部门预算(?:收入|支出)(?:为|是|：)?\s*([0-9]+(?:\.[0-9]+)?)\s*(万元|亿元|元)")
_PROJECTS = re.compile(
    r"(?:专项(?:经费|资金)|项目(?:经费|资金)?)支出(?:为|是|：)?\s*([0-9]+(?:\.[0-9]+)?)\s*(万元|亿元|元)"
)


@check("GJ-01", "合计—明细", Level.E, Level.W, of=Record)
def parts_do_not_come_to_the_total(record: Record) -> Iterator[Finding]:
    """报告里“共计……，其中／具体情况如下／分别为……”的合计，须等于各项之和；列举以“等”结尾的只提醒。

    为什么：读者会自己加一遍。
    怎么改：核对各项与合计；确为原件如此的，写“差异说明”。程序读不懂的句子不作判断。
    """
    for position, line in body_lines(record):
        for listed in lists_in(line):
            total, parts = listed.total, [part.quantity for part in listed.parts]
            units = {part.base for part in parts}
            if units != {total.base} or _mixed_up(total, parts):
                continue
            computed = sum((part.worth for part in parts), Decimal(0))
            if computed == total.worth or (listed.open and not _money(total)):
                continue
            shown = _in_unit(computed, total)
            message = (
                f"“{_short(listed.sentence)}”合计写的是 {total.text}，各项相加为 {shown}，"
                f"相差 {_in_unit(abs(computed - total.worth), total)}"
            )
            level = Level.W if listed.open else Level.E
            where = f"{record.name}/{clause(line, total)}/{listed.parts[0].name}"
            place = _at(position, total)
            yield Finding(place, message, "请核对各项与合计", where, total.text, shown, level)


@check("GJ-04", "单位突变", of=Record)
def unit_changes(record: Record) -> Iterator[Finding]:
    """同一句里，同一个数不能一处写“元”、一处写“万元”：差一万倍。

    为什么：1.81 元和 1.81 万元差一万倍。
    怎么改：核对单位。
    """
    for position, line in body_lines(record):
        for listed in lists_in(line):
            total, parts = listed.total, [part.quantity for part in listed.parts]
            if _mixed_up(total, parts):
                same = next(part for part in parts if _alike(part, total))
                computed = f"{plain(total.number)}{same.unit}"
                message = (
                    f"“{_short(listed.sentence)}”合计写的是 {total.text}，其中却有 {same.text}"
                )
                where = f"{record.name}/{clause(line, total)}/{listed.parts[0].name}"
                place = _at(position, total)
                yield Finding(place, message, "请核对单位", where, total.text, computed)


def _mixed_up(total: Quantity, parts: list[Quantity]) -> bool:
    return any(_alike(part, total) for part in parts)


def _alike(one: Quantity, other: Quantity) -> bool:
    """Whether two figures are the same but for 元 and 万元."""
    return (
        bool(one.number) and one.number == other.number and {one.unit, other.unit} == {"元", "万元"}
    )


@check("GJ-05", "变动额与变动率", Level.W, Level.E, of=Record)
def change_differs(record: Record) -> Iterator[Finding]:
    """“比上年减少 0.1 万元，减少 5.24%”：额 = 本年 − 上年，率 = 额 ÷ 上年；增减的词要与符号一致。

    为什么：变动率是读者判断好坏的依据。
    容许的差：按写出的小数位四舍五入。
    怎么改：重算变动额与变动率。
    """
    for position, line in body_lines(record):
        for change in changes_in(line):
            yield from _change(change, line, record, position)


def _change(change: Change, line: str, record: Record, position: Position) -> Iterator[Finding]:
    now, amount = change.now.worth, change.amount.worth
    place, where = _at(position, change.amount), f"{record.name}/{clause(line, change.amount)}"
    quote = f"“{_short(change.sentence)}”"
    if change.before:
        computed = now - change.before.worth
        if abs(computed) != amount:
            shown = _in_unit(abs(computed), change.amount)
            message = f"{quote}变动写的是 {change.amount.text}，按前后两个数计算为 {shown}"
            yield Finding(place, message, "请核对", where, change.amount.text, shown, Level.W)
        elif computed and (computed > 0) is not change.rises:
            message = f"{quote}增减的词与前后两个数相反"
            yield Finding(place, message, "请核对", where, change.amount.text)
        return
    if change.rate is None:
        return
    if change.rate_rises is not change.rises:
        yield Finding(place, f"{quote}前后两个增减的词相反", "请核对", where, change.amount.text)
        return
    before = now - amount if change.rises else now + amount
    exponent = change.rate.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if before > 0 and rounded(amount / before * 100, places) != change.rate:
        shown = f"{plain(rounded(amount / before * 100, places))}%"
        message = f"{quote}变动率写的是 {change.rate_text}，按变动额计算为 {shown}"
        yield Finding(place, message, "请重算", where, change.rate_text, shown, Level.W)


@check("GJ-06", "报告与表的得分", of=Disclosure, whole=True)
def score_differs(disclosure: Disclosure) -> Iterator[Finding]:
    """报告里写的自评得分，须与自评表的总分相同。

    为什么：一份自评只有一个得分。
    怎么改：核对后统一。
    """
    report = disclosure.record(DocumentKind.REPORT)
    kinds = (DocumentKind.OVERALL, DocumentKind.RUBRIC)
    tables = [record for kind in kinds if (record := disclosure.record(kind))]
    total = tables[0].overall(Role.SCORE) if tables else None
    if report is None or total is None or total.value.number is None:
        return
    for position, line in body_lines(report):
        for match in _SELF_SCORE.finditer(line):
            if number_of(match[1]) != total.value.number:
                message = f"“{match[0]}”，自评表的总分是 {total.filed}"
                place = replace(position, column=match.start(1) + 1)
                where = f"{report.name}/{match[0]}"
                yield Finding(place, message, "请核对后统一", where, match[1], total.filed)


def spending_stated(disclosure: Disclosure, spent: Decimal) -> Iterator[Finding]:
    """Where the report tells another project spending than the projects' tables; `spent` in 元."""
    report = disclosure.record(DocumentKind.REPORT)
    for position, line in body_lines(report) if report else ():
        for match in _PROJECTS.finditer(line):
            if number_of(match[1]) * MONEY[match[2]] != spent:
                shown = f"{plain(spent / MONEY[match[2]])}{match[2]}"
                message = f"“{_around(line, match)}”，各项目自评表的执行数合计为 {shown}"
                place = replace(position, column=match.start(1) + 1)
                where = f"{report.name if report else ''}/{_around(line, match)}"
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
    quotas = [by_role(cells, Role.STAFF_QUOTA) for cells in baseline.lines()] if baseline else []
    known = next((cell for cell in quotas if cell and cell.value.number is not None), None)
    for match in _QUOTA.finditer(line):
        if known and number_of(match[1]) != known.value.number:
            message = f"“{match[0]}”，基础数据表的“{known.spec.key}”是 {known.filed}"
            place = replace(position, column=match.start(1) + 1)
            where = f"{report.name}/{match[0]}"
            yield Finding(place, message, "请核对后统一", where, match[1], known.filed)


def _budget(
    line: str, report: Record, overall: Record | None, position: Position
) -> Iterator[Finding]:
    row = rate_row(overall) if overall else None
    cells = [by_role(row, role) for role in (Role.INITIAL, Role.ADJUSTED)] if row else []
    known = [cell for cell in cells if cell and cell.value.number is not None]
    worth = MONEY[overall.form.money] if overall else Decimal(1)
    for match in _BUDGET.finditer(line):
        filed = number_of(match[1]) * MONEY[match[2]]
        if known and all((cell.value.number or 0) * worth != filed for cell in known):
            message = f"“{match[0]}”，部门整体自评表的“{known[0].spec.key}”是 {known[0].filed}"
            place = replace(position, column=match.start(1) + 1)
            where = f"{report.name}/{_around(line, match)}"
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
    place = _at(position, quantity)
    return Finding(place, message, "请核对后统一", where, quantity.text, other)


def _plain_name(name: str) -> str:
    return re.sub(r"\s|^(?:县级|市级|省级|中央|计划生育|计生)", "", name)


def clause(line: str, quantity: Quantity) -> str:
    """The words before a figure, from the last punctuation on, with the figure."""
    before = re.split(r"[，。；：、,;:]", line[: quantity.column])[-1].strip()
    return f"{before}{quantity.text}"


def _around(line: str, match: re.Match[str]) -> str:
    before = re.split(r"[，。；：、,;:]", line[: match.start()])[-1].strip()
    return f"{before}{match[0]}"


def _at(position: Position, quantity: Quantity) -> Position:
    return replace(position, column=quantity.column + 1)


def _money(quantity: Quantity) -> bool:
    return quantity.base == "元"


def _in_unit(worth: Decimal, like: Quantity) -> str:
    scale = like.worth / like.number if like.number else MONEY.get(like.unit, Decimal(1))
    return f"{plain((worth / scale).normalize())}{like.unit}"


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= _SHOWN else f"{sentence[:_SHOWN]}…"
