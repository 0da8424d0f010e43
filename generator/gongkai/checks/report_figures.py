"""Checks of what a report states in figures (GJ): sums, units, changes, the score."""

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Finding, check
from gongkai.checks.quotes import at_figure, clause, in_unit, short
from gongkai.checks.statements import Change, Quantity, changes_in, lists_in
from gongkai.model.documents import Record, body_lines
from gongkai.model.problems import Level, Position
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import number_of, plain, rounded

_SELF_SCORE = re.compile(
    r"(项目)?(?:支出)?(?:绩效)?自评(得分|总分|分数?|结果)?\D{0,6}?([0-9]+(?:\.[0-9]+)?)\s*分"
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
            if listed.adds_up or (listed.open and not _money(total)):
                continue
            shown = in_unit(computed, total)
            message = (
                f"“{short(listed.sentence)}”合计写的是 {total.text}，各项相加为 {shown}，"
                f"相差 {in_unit(abs(computed - total.worth), total)}"
            )
            level = Level.W if listed.open else Level.E
            where = f"{record.name}/{clause(line, total)}/{listed.parts[0].name}"
            place = at_figure(position, total)
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
                message = f"“{short(listed.sentence)}”合计写的是 {total.text}，其中却有 {same.text}"
                where = f"{record.name}/{clause(line, total)}/{listed.parts[0].name}"
                place = at_figure(position, total)
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
    place, where = (
        at_figure(position, change.amount),
        f"{record.name}/{clause(line, change.amount)}",
    )
    quote = f"“{short(change.sentence)}”"
    if change.before:
        computed = now - change.before.worth
        if abs(computed) != amount:
            shown = in_unit(abs(computed), change.amount)
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
            told = number_of(match[3])
            full = match[2] != "得分" and told == report_points(tables[0])
            if told != total.value.number and not full and not match[1]:
                message = f"“{match[0]}”，自评表的总分是 {total.filed}"
                place = position._replace(column=match.start(3) + 1)
                where = f"{report.name}/{match[0]}"
                yield Finding(place, message, "请核对后统一", where, match[3], total.filed)


def report_points(record: Record) -> Decimal | None:
    """The points of the whole, which a report may tell beside the score."""
    cell = record.overall(Role.POINTS)
    return cell.value.number if cell else record.form.total_points


def _money(quantity: Quantity) -> bool:
    return quantity.base == "元"
