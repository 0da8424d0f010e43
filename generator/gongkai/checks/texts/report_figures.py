"""Checks of figures in a report (GJ): sums, units, changes."""

from collections.abc import Iterator, Sequence

from gongkai.checks.base import Finding, additional_check, check
from gongkai.checks.sentences.arithmetic import (
    StatedResult,
    find_wrong_balances,
    find_wrong_equations,
)
from gongkai.checks.sentences.averages import find_wrong_averages
from gongkai.checks.sentences.changes import ChangeFault, find_wrong_changes
from gongkai.checks.sentences.named_shares import find_wrong_named_shares
from gongkai.checks.sentences.products import find_wrong_products
from gongkai.checks.sentences.prose import TextBlock, text_blocks
from gongkai.checks.sentences.quantities import Quantity, format_in_unit
from gongkai.checks.sentences.quotes import quote_figure, quote_span, shorten
from gongkai.checks.sentences.shares import find_wrong_shares
from gongkai.checks.sentences.shares_of_wholes import find_wrong_shares_of_wholes
from gongkai.checks.sentences.statements import itemized_totals
from gongkai.checks.texts.text_vs_funds import compare_with_funds
from gongkai.model.documents import Record
from gongkai.model.problems import Level, Position
from gongkai.model.publication import Disclosure
from gongkai.model.terms import DocumentKind
from gongkai.model.values import format_decimal


@check("GJ-01", "合计—明细", Level.E, Level.W, of=Record)
def parts_do_not_come_to_the_total(record: Record) -> Iterator[Finding]:
    """文字里的合计须等于各项之和，算式、余额、占比须算得对：报告、完成情况、说明等各处文字都查。

    查哪些写法：“共计……，其中／包括／分别为……”“由……组成”“……如下：1.……；2.……”“……（……、……）”“……，合计……”，
    没有“其中”而名称一看便是各部分的（左岸、右岸，男、女，上半年、下半年，各镇，各标段），相加多于合计、或只差一点的也提（警告）；
    “A＋B＝C”“收……支……结余……”“……，占……的……%”“发放……，收回……，收回率……%”“举办42场（计划40场，完成率……%）”“预算……，决算……，完成预算的……%”“2400人次，其中合格……人次，合格率……%”“38批次、214人次，平均每批次……人”，占比的两个数写在同一份文件别处、词相同的也算，“未支出……”与表中预算数减执行数。
    不判断的：以“等”“主要”列举的（超过合计的除外），“其中”只列一部分的，约数，读不懂的句子。
    容许的差：单位不同的按写出的末位四舍五入；注明“四舍五入”的不查。
    为什么：读者会自己加一遍。
    怎么改：核对各项与合计；确为原件如此的，写“差异说明”。
    """
    for block, itemized in itemized_totals(record):
        total, parts = itemized.total, [part.quantity for part in itemized.parts]
        if total is None or _units_mixed_up(total, parts) or itemized.adds_up:
            continue
        if not itemized.is_faulty(total.base_value):
            continue
        computed = itemized.part_sum
        shown = format_in_unit(computed, total)
        message = (
            f"“{shorten(itemized.sentence)}”合计写的是 {total.text}，各项相加为 {shown}，"
            f"相差 {format_in_unit(abs(computed - total.base_value), total)}"
        )
        is_sure = itemized.kind.is_stated and not itemized.is_open and len(parts) > 1
        where = f"{block.where}/{quote_figure(block.text, total)}/{itemized.parts[0].name}"
        yield Finding(
            block.position_at(total.column),
            message,
            "请核对各项与合计",
            where,
            total.text,
            shown,
            Level.E if is_sure else Level.W,
        )


@check("GJ-04", "单位突变", of=Record)
def unit_changes(record: Record) -> Iterator[Finding]:
    """同一句里，同一个数不能一处写“元”、一处写“万元”：差一万倍。

    为什么：1.81 元和 1.81 万元差一万倍。
    怎么改：核对单位。
    """
    for block, itemized in itemized_totals(record):
        total, parts = itemized.total, [part.quantity for part in itemized.parts]
        if total and _units_mixed_up(total, parts):
            same = next(part for part in parts if _differ_by_wan(part, total))
            computed = f"{format_decimal(total.number)}{same.unit}"
            message = f"“{shorten(itemized.sentence)}”合计写的是 {total.text}，其中却有 {same.text}"
            where = f"{block.where}/{quote_figure(block.text, total)}/{itemized.parts[0].name}"
            place = block.position_at(total.column)
            yield Finding(place, message, "请核对单位", where, total.text, computed)


def _units_mixed_up(total: Quantity, parts: list[Quantity]) -> bool:
    return any(_differ_by_wan(part, total) for part in parts)


def _differ_by_wan(one: Quantity, other: Quantity) -> bool:
    """Whether two figures are the same number, one in 元 and one in 万元."""
    return (
        bool(one.number) and one.number == other.number and {one.unit, other.unit} == {"元", "万元"}
    )


_FINDERS = (
    find_wrong_equations,
    find_wrong_balances,
    find_wrong_products,
    find_wrong_averages,
    find_wrong_shares,
)


@additional_check(parts_do_not_come_to_the_total.rule, of=Record)
def result_differs(record: Record) -> Iterator[Finding]:
    """Find equations, balances, shares and rates that are worked out wrongly."""
    found: set[Position] = set()
    for block, result, is_sure in _wrong_results(text_blocks(record)):
        place = block.position_at(result.column)
        if place in found:
            continue
        found.add(place)
        message = (
            f"“{shorten(result.sentence)}”{result.label}写的是 {result.filed}，"
            f"按文中的数计算为 {result.computed}"
        )
        yield Finding(
            place,
            message,
            "请重算",
            f"{block.where}/{result.sentence}",
            result.filed,
            result.computed,
            Level.E if is_sure else Level.W,
        )


def _wrong_results(
    blocks: Sequence[TextBlock],
) -> Iterator[tuple[TextBlock, StatedResult, bool]]:
    """Yield results that are worked out wrongly, and whether that is sure."""
    for block in blocks:
        for sentence in block.sentences:
            for find in _FINDERS:
                is_sure = find is find_wrong_equations
                for result in find(sentence, block.text):
                    yield block, result, is_sure
    for find_in_document in (find_wrong_named_shares, find_wrong_shares_of_wholes):
        for block, result in find_in_document(blocks):
            yield block, result, False


@additional_check(parts_do_not_come_to_the_total.rule, of=Disclosure)
def text_differs_from_funds(disclosure: Disclosure) -> Iterator[Finding]:
    """Find sums and unspent amounts in a project's texts that its funds table contradicts."""
    for project in disclosure.projects:
        table = project.record(DocumentKind.PROJECT)
        if table:
            for record in project.records:
                yield from compare_with_funds(record, table)


@check("GJ-05", "变动额与变动率", Level.W, Level.E, of=Record)
def change_differs(record: Record) -> Iterator[Finding]:
    """变动的额、率、增减的词要与前后两个数相符：报告、完成情况、说明等各处文字都查。

    额 = 本年 − 上年，率 = 额 ÷ 上年；两个百分数之差用“个百分点”，不用“%”；金额、数量的增减幅度用“%”，不用“个百分点”。
    查哪些写法：“……，比上年的……减少……，下降……%”“由……增至……，增长……%”“预算……，决算……，增加……”“2021年……，2022年……，提高……”“与上年的……相比，多支出……，增幅……”“在上年……的基础上又……”；增、减、多、少、压降、增幅、降幅等词都算。
    不判断的：约数，找不到前后两个数的，读不懂的句子。
    为什么：变动率是读者判断好坏的依据。
    容许的差：按写出的小数位四舍五入。
    怎么改：重算变动额与变动率。
    """
    for block in text_blocks(record):
        for sentence in block.sentences:
            for change in find_wrong_changes(sentence, block.text):
                quote = quote_span(block.text, change.start, change.end)
                yield Finding(
                    block.position_at(change.figure.column),
                    f"“{quote}”{change.message}",
                    "请重算" if change.fault is ChangeFault.RATE else "请核对",
                    f"{block.where}/{quote_figure(block.text, change.figure)}",
                    change.figure.text,
                    change.computed,
                    Level.E if change.fault is ChangeFault.DIRECTION else Level.W,
                )
