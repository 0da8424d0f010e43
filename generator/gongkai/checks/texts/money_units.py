"""Check for amounts in the wrong unit: ten thousand times what the texts say (GJ-14)."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from gongkai.checks.base import Finding, check, finding_at
from gongkai.checks.texts.labelled_amounts import MONEY
from gongkai.checks.texts.passages import Passage, find_passages
from gongkai.model.documents import Cell, Record, cell_with_role
from gongkai.model.problems import Level
from gongkai.model.publication import Disclosure
from gongkai.model.scores import rate_row
from gongkai.model.terms import Role
from gongkai.model.values import MONEY_UNITS, format_decimal, parse_decimal

_ROLES = (Role.SPENT, Role.ADJUSTED, Role.INITIAL)
_FACTOR = MONEY_UNITS["万元"] / MONEY_UNITS["元"]
_IMPOSSIBLE = 1_000
"""How many times another of its row an amount cannot be."""
_EXACT_DIGITS = 3
"""Fewest digits of an amount that two texts do not share by chance."""


@check("GJ-14", "金额差一万倍", Level.W, of=Disclosure, needs_complete=True)
def amounts_in_the_wrong_unit(disclosure: Disclosure) -> Iterator[Finding]:
    """资金表的预算数、执行数与文字里写的金额，数字相同而正好差一万倍的，是把“元”和“万元”弄混了。

    文字里也写了与表相同的金额的，不提。每张表只提一次，表和文字两处都提。同一行的年初预算、全年预算、执行数相差一千倍以上的，也提。

    为什么：差一万倍，读者看到的就是另一笔钱。
    怎么改：核对这张表的金额单位，再核对每一个数。
    """
    scopes = [disclosure.records, *(project.records for project in disclosure.projects)]
    for records in scopes:
        stated = _stated_amounts(records)
        for record in records:
            found = list(_compare_amounts(record, stated)) if stated else []
            yield from found or _compare_columns(record)


def _compare_columns(record: Record) -> Iterator[Finding]:
    """Find an amount of a row that is a thousand times another."""
    for cells in (
        rate_row(record),
        *(row.cells for table in record.tables() for row in table.rows),
    ):
        known = [
            cell for role in _ROLES if (cell := cell_with_role(cells, role)) and cell.value.number
        ]
        if len(known) < len(_ROLES) - 1:
            continue
        known.sort(key=lambda cell: cell.value.or_zero)
        least, most = known[0], known[-1]
        if least.value.or_zero > 0 and most.value.or_zero >= least.value.or_zero * _IMPOSSIBLE:
            message = f"“{most.spec.key}”是 {most.filed}，同一行的“{least.spec.key}”是 {least.filed}，相差一千倍以上"
            yield finding_at(most, message, "请核对单位和位数", computed=least.filed, level=Level.W)
            return


_Stated = tuple[Passage, re.Match[str]]


def _stated_amounts(records: Iterable[Record]) -> dict[Decimal, _Stated]:
    """Return the amounts in the texts, in 元, with their places."""
    return {
        parse_decimal(match[1]) * MONEY_UNITS[match[2]]: (passage, match)
        for record in records
        for passage in find_passages(record)
        if "元" in passage.text
        for match in MONEY.finditer(passage.text)
    }


def _compare_amounts(record: Record, stated: dict[Decimal, _Stated]) -> Iterator[Finding]:
    row = rate_row(record)
    cells = [cell for role in _ROLES if row and (cell := cell_with_role(row, role))]
    amounts = [(cell, _in_yuan(cell, record)) for cell in cells]
    if any(amount in stated for _, amount in amounts):
        return
    for cell, amount in amounts:
        other = next(
            (found for factor in (_FACTOR, 1 / _FACTOR) if (found := amount * factor) in stated),
            None,
        )
        if other is not None and len(amount.normalize().as_tuple().digits) >= _EXACT_DIGITS:
            unit = cell.spec.money or record.form.money
            passage, match = stated[other]
            message = (
                f"“{cell.spec.key}”是 {cell.filed}（{unit}），文字里写的是“{match[0]}”，"
                f"正好{'小' if other > amount else '大'}了一万倍"
            )
            advice = "请核对这张表的金额单位是“元”还是“万元”"
            shown = format_decimal(other / MONEY_UNITS[unit])
            yield finding_at(cell, message, advice, computed=shown, level=Level.W)
            yield Finding(
                passage.position_at(match.start()),
                f"写的是“{match[0]}”，{record.name}的“{cell.spec.key}”是 {cell.filed}（{unit}），正好差一万倍",
                "请核对单位是“元”还是“万元”",
                passage.where_at(match[0]),
                match[0],
                cell.filed,
                Level.W,
            )
            return


def _in_yuan(cell: Cell, record: Record) -> Decimal:
    return cell.value.or_zero * MONEY_UNITS[record.form.money]
