"""Checks of amounts: sums and execution rates (ZJ)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.checks.base import Finding, check, finding_at
from gongkai.model.documents import Cell, Cells, Record, Row, Table, cell_with_role
from gongkai.model.figures import budget_cells
from gongkai.model.outcomes import states_reason
from gongkai.model.problems import Level
from gongkai.model.scores import rate_points, rate_row, rate_tolerance
from gongkai.model.terms import Role
from gongkai.model.values import Kind, ValueState, decimals_of, format_decimal, round_half_up

SUMMED_KINDS = frozenset({Kind.AMOUNT, Kind.NUMBER})
"""Kinds of columns of which rows can be added up."""
"""Tolerance, in percentage points, of a rate filed with two or more decimals."""
_DECIMALS = {"元": 2, "万元": 6, "亿元": 6}
"""Most decimals of an amount whose unit is not the form's."""
_THREE_PUBLIC = frozenset({Role.THREE_PUBLIC, Role.VEHICLES})
"""Rows that ZJ-09 checks."""
_ROUNDING = Decimal("0.05")
"""Largest difference of a score that rounding explains."""
_NOTABLE = Decimal("0.025")
"""Smallest shortfall of a score that is a warning, as a share of the points."""
_NOTABLE_EXCESS = Decimal("0.01")
"""Smallest excess of a score that is a warning, as a share of the points."""


@check("ZJ-01", "金额格式", of=Record)
def amount_ill_formed(record: Record) -> Iterator[Finding]:
    """金额不得为负；小数位数不得超过表式规定（万元至多 6 位，元至多 2 位）。

    为什么：元以下只有角、分；多出的小数多半是单位写错。
    来源：表式的“金额单位”与“小数位”。
    怎么改：核对金额与单位。
    """
    for cell in record.amounts:
        number, scale, money = cell.value.or_zero, cell.value.scale, cell.value.filed_money
        number = number if scale == 1 else (number * scale).normalize()
        decimals = record.form.decimals if money == record.form.money else _DECIMALS[money]
        if number < 0:
            yield finding_at(cell, f"“{cell.spec.key}”填报 {cell.filed}，金额不得为负", "请核对")
        elif decimals_of(number) > decimals:
            limit = f"{'本表' if money == record.form.money else '这里'}以{money}为单位，至多 {decimals} 位小数"
            message = f"“{cell.spec.key}”填报 {cell.filed}，{limit}"
            yield finding_at(cell, message, "请核对金额与单位")


@check("ZJ-02", "资金分行合计", of=Record)
def sum_differs(record: Record) -> Iterator[Finding]:
    """合计行须等于各分项之和，金额与数量逐列核对；空白按 0 计，分项全空则不查。

    表式写明一列是另几列的合计的（如“合计 = 中央 + 省 + 本级 + 其他”），同样核对。

    为什么：总额与分项对不上，读者无从知道哪个数是真的。
    来源：财预〔2020〕10号附表；哪一行是哪些行的合计，由表式规定。
    怎么改：核对该列各行金额；确为原件如此的，写“差异说明”。
    """
    for table in record.tables():
        for row in table.rows:
            if row.spec.parts and row.spec.role not in _THREE_PUBLIC:
                yield from check_row_sums(table, row)
    for cells in record.iter_cell_groups():
        for cell in cells.values():
            if cell.spec.parts:
                parts = [cells[key] for key in cell.spec.parts]
                yield from _check_sum(cell, parts, f"“{cell.spec.key}”")


def check_row_sums(table: Table, row: Row) -> Iterator[Finding]:
    """Compare a row with the sum of its parts, column by column."""
    parts = [part for part in table.rows if part.spec.key in row.spec.parts]
    for key, cell in row.cells.items():
        if cell.spec.kind in SUMMED_KINDS:
            cells = [part.cells[key] for part in parts]
            yield from _check_sum(cell, cells, f"“{row.spec.key}”的{key}")


def _check_sum(cell: Cell, parts: Sequence[Cell], label: str) -> Iterator[Finding]:
    values = [part.value for part in parts]
    if all(value.number is None for value in values) or any(value.is_unparsed for value in values):
        return
    if cell.value.state is ValueState.NOT_APPLICABLE or cell.value.is_unparsed:
        return
    if cell.is_blank and cell.is_struck_out:
        return
    total = sum((value.or_zero for value in values), Decimal(0))
    if total != cell.value.or_zero:
        shown, difference = (
            format_decimal(amount * cell.value.scale)
            for amount in (total, abs(total - cell.value.or_zero))
        )
        message = f"{label}填报 {cell.filed or '空白'}，各分项合计为 {shown}，相差 {difference}"
        advice = "请核对各分项" if cell.value.number else "请填上合计，或核对各分项"
        yield finding_at(cell, message, advice, computed=shown)


@check("ZJ-03", "双口径分解", of=Record)
def breakdown_differs(record: Record) -> Iterator[Finding]:
    """按收入性质、按支出性质等分解的各组，合计须彼此相等，并等于资金总额的一个数。

    为什么：同一笔钱分两次，加起来应当一样多。
    来源：有“按收入性质分、按支出性质分”的部门整体自评表。
    怎么改：核对各组金额；一组全空的不查。
    """
    for table in record.tables():
        total_row = next((row for row in table.rows if row.spec.role is Role.TOTAL), None)
        totals = (
            [cell for cell in total_row.cells.values() if _is_amount(cell)] if total_row else []
        )
        for block in table.blocks:
            cells = list(block.cells.values())
            if any(cell.value.is_unparsed for cell in cells) or not any(map(_is_amount, cells)):
                continue
            computed = sum((cell.value.or_zero for cell in cells), Decimal(0))
            if totals and all(cell.value.number != computed for cell in totals):
                filed = "、".join(dict.fromkeys(cell.filed for cell in totals))
                shown = format_decimal(computed * totals[0].value.scale)
                message = f"“{block.spec.key}”合计为 {shown}，资金总额填报 {filed}"
                yield finding_at(cells[0], message, "请核对这一组的各项金额", computed=shown)


def _is_amount(cell: Cell) -> bool:
    return cell.spec.kind is Kind.AMOUNT and cell.value.number is not None


@check("ZJ-04", "执行率", of=Record)
def execution_rate_differs(record: Record) -> Iterator[Finding]:
    """执行率须等于 全年执行数 ÷ 全年预算数；写成比值（0.95、1）的，与百分比（95%、100%）相同。

    预算与执行都是 0 的，执行率填 0、0.00%、“—”或留空都可以；没有预算，就没有 100% 的执行率。

    为什么：执行率直接决定得分。
    容许的差：整数百分比 ±0.5 个百分点，一位小数 ±0.05，两位及以上 ±0.01。
    怎么改：按 执行数÷预算数 重算；确为原件如此的，写“差异说明”。
    """
    for cells in record.iter_cell_groups(Role.EXECUTION_RATE):
        yield from _check_rate(cells)


def _check_rate(cells: Cells) -> Iterator[Finding]:
    rate, spent = cell_with_role(cells, Role.EXECUTION_RATE), cell_with_role(cells, Role.SPENT)
    budget = next(budget_cells(cells), None)
    if rate is None or spent is None or budget is None:
        return
    declared, paid, planned = rate.value.number, spent.value.number, budget.value.number
    if declared is None or paid is None or planned is None:
        return
    if planned == 0:
        if declared or paid:
            message = (
                f"全年预算数为 0，全年执行数为 {format_decimal(paid)}，执行率却填报 {rate.filed}"
            )
            yield finding_at(rate, message, "请核对预算数与执行数；确实没有预算的，执行率填“—”")
        return
    computed = paid / planned * 100
    if abs(computed - declared) > rate_tolerance(declared):
        shown = f"{format_decimal(round_half_up(computed, 2))}%"
        message = f"执行率填报 {rate.filed}，按 {format_decimal(paid)}÷{format_decimal(planned)} 计算为 {shown}"
        yield finding_at(rate, message, "请核对执行数、预算数或执行率", computed=shown)


@check("ZJ-06", "执行超预算", Level.W, of=Record)
def spent_beyond_budget(record: Record) -> Iterator[Finding]:
    """全年执行数一般不超过全年预算数。

    为什么：超预算支出要有依据。
    来源：预算法；财预〔2020〕10号。
    怎么改：核对两个数；确有追加的，全年预算数填追加以后的数。
    """
    for cells in record.iter_cell_groups(Role.SPENT):
        budget, spent = cell_with_role(cells, Role.ADJUSTED), cell_with_role(cells, Role.SPENT)
        planned = budget.value.number if budget else None
        paid = spent.value.number if spent else None
        if spent and planned is not None and paid is not None and paid > planned:
            message = f"全年执行数 {format_decimal(paid)} 大于全年预算数 {format_decimal(planned)}"
            yield finding_at(spent, message, "请核对，或写明原因", level=Level.W)


@check("ZJ-11", "低执行率说明", Level.W, of=Record)
def low_rate_unexplained(record: Record) -> Iterator[Finding]:
    """执行率低于 90%，或年中调整了预算，资金表上有“原因”一栏的要写明原因；没有这一栏的，在别处写明。

    没有这一栏的表，只有各附件的文字和偏差原因都没有一句说到的才提；预算的调整不到 1% 的不提。

    为什么：钱没有花出去、预算改了，读者要知道为什么。
    来源：资金表有“原因”一栏的表的填表说明；界限见表式的“提醒”。
    怎么改：在“原因”一栏写明；没有这一栏的，在完成情况、偏差原因或报告里写明。
    """
    cells = rate_row(record)
    reason, rate = cell_with_role(cells, Role.DEVIATION), cell_with_role(cells, Role.EXECUTION_RATE)
    if reason is None or states_reason(reason):
        return
    percent = rate.value.number if rate else None
    initial, adjusted = cell_with_role(cells, Role.INITIAL), cell_with_role(cells, Role.ADJUSTED)
    before = initial.value.number if initial else None
    after = adjusted.value.number if adjusted else None
    if percent is not None and percent < record.form.alerts.low_rate:
        message = f"预算执行率 {rate.filed if rate else ''}，没有写原因"
        yield finding_at(reason, message, f"请填写“{reason.spec.key}”", level=Level.W)
    elif before is not None and after is not None and before != after:
        message = f"年中预算由 {format_decimal(before)} 调整为 {format_decimal(after)}，没有写原因"
        yield finding_at(reason, message, f"请填写“{reason.spec.key}”", level=Level.W)


@check("ZJ-05", "执行率得分", Level.W, Level.I, of=Record)
def rate_score_differs(record: Record) -> Iterator[Finding]:
    """预算执行的得分须按执行率计算：按比例的为 执行率（至多 100%）× 分值，分档的照表式的档。

    为什么：执行率得分是公式算出来的，不该有出入。
    容许的差：0.05 以内不提；多得的不到分值的 1%、少得的不到 2.5% 为提示，再多为警告；超出分值的见 DF-07。
    来源：财预〔2020〕10号；计分方式见表式的“执行率”。
    怎么改：核对执行率与得分。
    """
    cells, execution = rate_row(record), record.form.execution
    score, rate = cell_with_role(cells, Role.SCORE), cell_with_role(cells, Role.EXECUTION_RATE)
    if score is None or rate is None or execution is None:
        return
    filed, percent, points = score.value.number, rate.value.number, rate_points(record)
    if filed is None or percent is None or not points or filed > points:
        return
    share = execution.share_of(percent)
    computed = None if share is None else round_half_up(points * share / 100, 2)
    if computed is None or abs(computed - filed) <= _ROUNDING:
        return
    notable = _NOTABLE_EXCESS if filed > computed else _NOTABLE
    level = Level.I if abs(computed - filed) < points * notable else Level.W
    message = (
        f"执行率得分填报 {score.filed}，按执行率 {rate.filed} 计算为 {format_decimal(computed)}"
    )
    yield finding_at(
        score, message, "请核对执行率与得分", computed=format_decimal(computed), level=level
    )
