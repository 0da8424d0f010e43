"""Checks of figures in a report (GJ): sums, units, changes."""

from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.base import Finding, check
from gongkai.checks.quotes import figure_position, format_in_unit, quote_figure, shorten
from gongkai.checks.statements import Quantity, StatedChange, find_changes, find_itemized_totals
from gongkai.model.documents import Record, body_lines
from gongkai.model.problems import Level, Position
from gongkai.model.values import format_decimal, round_half_up


@check("GJ-01", "合计—明细", Level.E, Level.W, of=Record)
def parts_do_not_come_to_the_total(record: Record) -> Iterator[Finding]:
    """报告里“共计……，其中／具体情况如下／分别为……”的合计，须等于各项之和；列举以“等”结尾的只提醒。

    为什么：读者会自己加一遍。
    怎么改：核对各项与合计；确为原件如此的，写“差异说明”。程序读不懂的句子不作判断。
    """
    for position, line in body_lines(record):
        for itemized in find_itemized_totals(line):
            total, parts = itemized.total, [part.quantity for part in itemized.parts]
            units = {part.base_unit for part in parts}
            if units != {total.base_unit} or _units_mixed_up(total, parts):
                continue
            computed = sum((part.base_value for part in parts), Decimal(0))
            if itemized.adds_up or (itemized.is_open and not _is_money(total)):
                continue
            shown = format_in_unit(computed, total)
            message = (
                f"“{shorten(itemized.sentence)}”合计写的是 {total.text}，各项相加为 {shown}，"
                f"相差 {format_in_unit(abs(computed - total.base_value), total)}"
            )
            level = Level.W if itemized.is_open else Level.E
            where = f"{record.name}/{quote_figure(line, total)}/{itemized.parts[0].name}"
            place = figure_position(position, total)
            yield Finding(place, message, "请核对各项与合计", where, total.text, shown, level)


@check("GJ-04", "单位突变", of=Record)
def unit_changes(record: Record) -> Iterator[Finding]:
    """同一句里，同一个数不能一处写“元”、一处写“万元”：差一万倍。

    为什么：1.81 元和 1.81 万元差一万倍。
    怎么改：核对单位。
    """
    for position, line in body_lines(record):
        for itemized in find_itemized_totals(line):
            total, parts = itemized.total, [part.quantity for part in itemized.parts]
            if _units_mixed_up(total, parts):
                same = next(part for part in parts if _differ_by_wan(part, total))
                computed = f"{format_decimal(total.number)}{same.unit}"
                message = (
                    f"“{shorten(itemized.sentence)}”合计写的是 {total.text}，其中却有 {same.text}"
                )
                where = f"{record.name}/{quote_figure(line, total)}/{itemized.parts[0].name}"
                place = figure_position(position, total)
                yield Finding(place, message, "请核对单位", where, total.text, computed)


def _units_mixed_up(total: Quantity, parts: list[Quantity]) -> bool:
    return any(_differ_by_wan(part, total) for part in parts)


def _differ_by_wan(one: Quantity, other: Quantity) -> bool:
    """Whether two figures are the same number, one in 元 and one in 万元."""
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
        for change in find_changes(line):
            yield from _check_change(change, line, record, position)


def _check_change(
    change: StatedChange, line: str, record: Record, position: Position
) -> Iterator[Finding]:
    current, amount = change.current.base_value, change.amount.base_value
    place = figure_position(position, change.amount)
    where = f"{record.name}/{quote_figure(line, change.amount)}"
    quote = f"“{shorten(change.sentence)}”"
    if change.previous:
        computed = current - change.previous.base_value
        if abs(computed) != amount:
            shown = format_in_unit(abs(computed), change.amount)
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
    previous = current - amount if change.rises else current + amount
    exponent = change.rate.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    if previous > 0 and round_half_up(amount / previous * 100, decimals) != change.rate:
        shown = f"{format_decimal(round_half_up(amount / previous * 100, decimals))}%"
        message = f"{quote}变动率写的是 {change.rate_text}，按变动额计算为 {shown}"
        yield Finding(place, message, "请重算", where, change.rate_text, shown, Level.W)


def _is_money(quantity: Quantity) -> bool:
    return quantity.base_unit == "元"
