"""Checks of the 基础数据表 (ZJ): staff, 三公经费, changes since last year, buildings."""

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.amounts import SUMMED_KINDS, check_row_sums
from gongkai.checks.base import Finding, check, finding_at
from gongkai.checks.texts.passages import find_passages
from gongkai.model.documents import Cells, Record, Row, Table, cell_with_role
from gongkai.model.outcomes import cell_number
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.scores import rate_tolerance
from gongkai.model.terms import Role
from gongkai.model.values import format_decimal, round_half_up

_THREE_PUBLIC = frozenset({Role.THREE_PUBLIC, Role.VEHICLES})
_W = Level.W
_NO_SUBJECT = re.compile(r"^部门|小计$|金额$|[“”]")
"""What a row's key has besides the words of texts."""
_COMPARED = re.compile(r"上年|去年|上一年|同比")
_REASON = re.compile(r"原因|由于|因为|主要是|主要系|主要用于|[，,]因")
_REASON_FOLLOWS = re.compile(
    r"\s*(?:主要|增[加长]|减少|变[动化])?(?:的)?(?:主要)?原因|\s*主要是|\s*由于"
)


@check("ZJ-07", "控制率", Level.E, Level.W, of=Record)
def control_rate_differs(record: Record) -> Iterator[Finding]:
    """财政供养人员控制率 = 在职人数 ÷ 编制数；超过 100% 提出警告。

    为什么：超编意味着多占财政资金。
    来源：部门整体支出绩效评价基础数据表。
    怎么改：核对编制数、在职人数与控制率。
    """
    for cells in record.iter_cell_groups(Role.CONTROL_RATE):
        yield from _check_ratio(cells, Role.STAFF, Role.STAFF_QUOTA, Role.CONTROL_RATE)


@check("ZJ-13", "楼堂馆所", Level.E, Level.W, of=Record)
def building_rate_differs(record: Record) -> Iterator[Finding]:
    """规模控制率 = 实际规模 ÷ 批复规模，投资概算控制率 = 实际投资 ÷ 预算投资；超过 100% 提出警告。

    为什么：楼堂馆所严禁超规模、超概算。
    来源：部门整体支出绩效评价基础数据表。
    怎么改：核对三个数。
    """
    for cells in record.iter_cell_groups(Role.SIZE_RATE):
        yield from _check_ratio(cells, Role.ACTUAL_SIZE, Role.APPROVED_SIZE, Role.SIZE_RATE)
    for cells in record.iter_cell_groups(Role.INVESTMENT_RATE):
        part, whole = Role.ACTUAL_INVESTMENT, Role.PLANNED_INVESTMENT
        yield from _check_ratio(cells, part, whole, Role.INVESTMENT_RATE)


def _check_ratio(cells: Cells, part: Role, whole: Role, rate: Role) -> Iterator[Finding]:
    """Compare a rate with part ÷ whole, and warn if it exceeds 100%."""
    rate_cell = cell_with_role(cells, rate)
    if rate_cell is None:
        return
    part_cell, whole_cell = cell_with_role(cells, part), cell_with_role(cells, whole)
    part_number, whole_number = cell_number(part_cell), cell_number(whole_cell)
    if part_cell is None or whole_cell is None or part_number is None or not whole_number:
        return
    computed = part_number / whole_number * 100
    shown = f"{format_decimal(round_half_up(computed, 2))}%"
    declared = rate_cell.value.number
    name = f"{part_cell.spec.key}÷{whole_cell.spec.key}"
    if declared is not None and abs(computed - declared) > rate_tolerance(declared):
        message = f"“{rate_cell.spec.key}”填报 {rate_cell.filed}，{name} 计算为 {shown}"
        yield finding_at(rate_cell, message, "请核对三个数", computed=shown)
    if computed > 100:  # noqa: PLR2004 - percent
        message = f"{name} 为 {shown}，超过 100%"
        yield finding_at(part_cell, message, "请核对，或写明原因", level=_W)


@check("ZJ-08", "大幅变动", Level.W, of=Disclosure)
def changed_much(disclosure: Disclosure) -> Iterator[Finding]:
    """决算数比上年增减 30% 以上的，要说明原因；文字里说到这一项与上年相比、写了原因的，不提。

    为什么：钱突然多了或少了，读者会问为什么。
    来源：部门决算说明的惯例；界限见表式的“提醒”。
    怎么改：核对两年的数；属实的，在报告里写明原因。
    """
    for record in disclosure.records:
        for table in record.tables():
            for row in table.rows:
                final = cell_with_role(row.cells, Role.FINAL)
                old, new = (
                    cell_number(cell_with_role(row.cells, Role.PRIOR_FINAL)),
                    cell_number(final),
                )
                if final is None or not old or new is None:
                    continue
                change = (new - old) / old * 100
                if abs(change) <= record.form.alerts.change or _is_explained(row, disclosure):
                    continue
                word = "增加" if change > 0 else "减少"
                message = (
                    f"“{row.label.strip()}”由上年的 {format_decimal(old)} 变为 {format_decimal(new)}，"
                    f"{word} {format_decimal(round_half_up(abs(change), 2))}%"
                )
                yield finding_at(final, message, "请核对，属实的在报告里写明原因", level=_W)


def _is_explained(row: Row, disclosure: Disclosure) -> bool:
    """Tell whether a text compares a row with the year before and says why it differs."""
    name = row.cells["名称"].filed if "名称" in row.cells else row.spec.key
    subjects = [_NO_SUBJECT.sub("", part) for part in name.split("、")]
    last_year = f"{disclosure.year - 1}年"
    for record in disclosure.records:
        for passage in find_passages(record):
            sentences = re.split(r"[。；\n]", passage.text)
            for sentence, following in zip(sentences, [*sentences[1:], ""], strict=True):
                is_compared = _COMPARED.search(sentence) or last_year in sentence
                is_about_row = any(subject and subject in sentence for subject in subjects)
                has_reason = _REASON.search(sentence) or _REASON_FOLLOWS.match(following)
                if is_compared and is_about_row and has_reason:
                    return True
    return False


@check("ZJ-09", "三公合计", of=Record)
def three_public_differs(record: Record) -> Iterator[Finding]:
    """三公经费 = 公务用车购置及运行 + 因公出国（境）+ 公务接待；公务用车 = 购置 + 运行维护。

    为什么：三公经费是公众最关心的数，不能加错。
    来源：部门预算、决算公开的统一口径；哪些行相加由表式规定。
    怎么改：核对各项。
    """
    for table in record.tables():
        for row in table.rows:
            if row.spec.parts and row.spec.role in _THREE_PUBLIC:
                yield from check_row_sums(table, row)


@check("ZJ-10", "从属不超", of=Record)
def parts_exceed_the_whole(record: Record) -> Iterator[Finding]:
    """“其中”各项之和不得超过上级的数（公用经费明细 ≤ 公用经费 ≤ 基本支出）。

    为什么：部分比全部还多，必有一处写错。
    怎么改：核对各项与上级的数。
    """
    for table in record.tables():
        for row in table.rows:
            if not row.spec.parts:
                yield from _check_parts(table, row)


def _check_parts(table: Table, row: Row) -> Iterator[Finding]:
    parts = [part for part in table.rows if part.spec.parent == row.spec.key]
    for key, cell in row.cells.items():
        whole = cell.value.number
        if cell.spec.kind not in SUMMED_KINDS or whole is None:
            continue
        values = [part.cells[key].value for part in parts]
        if any(value.is_unparsed for value in values):
            continue
        total = sum((value.or_zero for value in values), Decimal(0))
        if total > whole:
            message = (
                f"“{row.spec.key}”的{key}填报 {cell.filed}，其中各项合计为 {format_decimal(total)}"
            )
            yield finding_at(cell, message, "请核对各项", computed=format_decimal(total))


@check("ZJ-12", "三公不增", Level.W, of=Record)
def three_public_rises(record: Record) -> Iterator[Finding]:
    """三公经费决算数不超过预算数，也不比上年增加。

    为什么：厉行节约，三公经费只减不增。
    来源：党政机关厉行节约反对浪费条例。
    怎么改：核对；属实的写明原因。
    """
    row = record.row_with_role(Role.THREE_PUBLIC)
    final = cell_with_role(row.cells, Role.FINAL) if row else None
    number = cell_number(final)
    if row is None or final is None or number is None:
        return
    for role, word in ((Role.BUDGET, "预算数"), (Role.PRIOR_FINAL, "上年决算数")):
        other = cell_number(cell_with_role(row.cells, role))
        if other is not None and number > other:
            message = f"三公经费决算数 {format_decimal(number)} 大于{word} {format_decimal(other)}"
            yield finding_at(final, message, "请核对，属实的写明原因", level=_W)
