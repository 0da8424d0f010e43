"""Checks of money: sums and rates (ZJ)."""

from collections.abc import Iterator
from decimal import Decimal

from generator.checks.frame import Finding, at, check
from generator.model import Cells, Record, Row, Table, by_role
from generator.terms import Role
from generator.values import Kind, State, plain, rounded

_FINEST = Decimal("0.01")
"""Percentage points by which a rate may differ when it is filed with two decimals or more."""


@check("ZJ-02", "资金分行合计", of=Record)
def sum_differs(record: Record) -> Iterator[Finding]:
    """合计行须等于各分项之和，逐列核对；空白按 0 计，分项全空则不查。

    为什么：总额与分项对不上，读者无从知道哪个数是真的。
    来源：财预〔2020〕10号附表；哪一行是哪些行的合计，由表式规定。
    怎么改：核对该列各行金额；确为原件如此的，写“差异说明”。
    """
    for table in record.tables():
        for row in table.rows:
            if row.spec.parts:
                yield from _sums(table, row)


def _sums(table: Table, row: Row) -> Iterator[Finding]:
    parts = [part for part in table.rows if part.spec.key in row.spec.parts]
    for key, cell in row.cells.items():
        filed = [part.cells[key].value for part in parts]
        if cell.spec.kind is not Kind.AMOUNT or all(value.number is None for value in filed):
            continue
        if cell.value.state is State.NOT_APPLICABLE or cell.value.unread:
            continue
        if any(value.unread for value in filed):
            continue
        total = sum((value.or_zero for value in filed), Decimal(0))
        if total != cell.value.or_zero:
            difference = plain(abs(total - cell.value.or_zero))
            message = (
                f"“{row.spec.key}”的{key}填报 {cell.filed or '空白'}，"
                f"各分项合计为 {plain(total)}，相差 {difference}"
            )
            yield at(cell, message, "请核对各分项", computed=plain(total))


@check("ZJ-04", "执行率", of=Record)
def execution_rate_differs(record: Record) -> Iterator[Finding]:
    """执行率须等于 全年执行数 ÷ 全年预算数；预算为 0 时须留空或填“—”。

    为什么：执行率直接决定得分。
    容许的差：整数百分比 ±0.5 个百分点，一位小数 ±0.05，两位及以上 ±0.01。
    怎么改：按 执行数÷预算数 重算；确为原件如此的，写“差异说明”。
    """
    for table in record.tables():
        for row in table.rows:
            yield from _rate(row.cells)


def _rate(cells: Cells) -> Iterator[Finding]:
    rate, spent = by_role(cells, Role.EXECUTION_RATE), by_role(cells, Role.SPENT)
    budget = by_role(cells, Role.ADJUSTED) or by_role(cells, Role.INITIAL)
    if rate is None or spent is None or budget is None:
        return
    declared, paid, planned = rate.value.number, spent.value.number, budget.value.number
    if declared is None or paid is None or planned is None:
        return
    if planned == 0:
        message = f"全年预算数为 0，执行率填报 {rate.filed}"
        yield at(rate, message, "预算为 0 时请留空或填“—”")
        return
    computed = paid / planned * 100
    if abs(computed - declared) > _tolerance(declared):
        shown = f"{plain(rounded(computed, 2))}%"
        message = f"执行率填报 {rate.filed}，按 {plain(paid)}÷{plain(planned)} 计算为 {shown}"
        yield at(rate, message, "请核对执行数、预算数或执行率", computed=shown)


def _tolerance(declared: Decimal) -> Decimal:
    """Half of the last digit filed, but never less than a hundredth."""
    exponent = declared.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return max(_FINEST, Decimal(5).scaleb(-places - 1))
