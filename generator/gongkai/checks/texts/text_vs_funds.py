"""Comparison of what a project's texts say of its spending with its funds table (GJ-01)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.checks.base import Finding
from gongkai.checks.sentences.arithmetic import find_unspent
from gongkai.checks.sentences.itemized import ItemizedTotal
from gongkai.checks.sentences.prose import TextBlock, text_blocks
from gongkai.checks.sentences.quantities import Quantity, format_in_unit
from gongkai.checks.sentences.quotes import quote_figure, shorten
from gongkai.checks.sentences.statements import itemized_totals
from gongkai.model.documents import Cell, Record
from gongkai.model.figures import budget_cells
from gongkai.model.problems import Level
from gongkai.model.scores import rate_row
from gongkai.model.terms import Role
from gongkai.model.values import MONEY_UNITS

_UNSPENT = re.compile(r"未支出|未支付|未执行|未使用|未拨付|结转|结余")
_FUNDS = re.compile(r"项目|资金|预算|财政|经费|拨款")


@dataclass(frozen=True, slots=True)
class _Funds:
    """A row of a funds table: the budgets and what was spent."""

    label: str
    budgets: tuple[Cell, ...]
    """The preferred one first."""
    spent: Cell

    def unspent(self, budget: Cell) -> Decimal:
        """Return a budget less what was spent."""
        return budget.value.or_zero - self.spent.value.or_zero


def compare_with_funds(record: Record, table: Record) -> Iterator[Finding]:
    """Compare a document of a project with the funds in its table."""
    lists = [pair for pair in itemized_totals(record) if pair[1].total is None]
    unspent = [
        (block, figure, subject)
        for block in text_blocks(record)
        if _UNSPENT.search(block.text)
        for sentence in block.sentences
        for figure, subject in find_unspent(sentence)
    ]
    rows = list(_funds_rows(table)) if lists or unspent else []
    if rows:
        scale = MONEY_UNITS[table.form.money]
        yield from _check_spending(lists, rows, scale)
        yield from _check_unspent(unspent, rows, scale)


def _funds_rows(table: Record) -> Iterator[_Funds]:
    """Yield the rows with budget and spending, the one with the execution rate first."""
    groups = [("", rate_row(table))]
    groups += [(row.spec.key, row.cells) for part in table.tables() for row in part.rows]
    for label, cells in groups:
        spent = cells.with_role(Role.SPENT) if cells else None
        budgets = [cell for cell in budget_cells(cells) if cell.value.number is not None]
        if spent and spent.value.number is not None and budgets:
            yield _Funds(label, tuple(budgets), spent)


def _check_spending(
    lists: Sequence[tuple[TextBlock, ItemizedTotal]], rows: Sequence[_Funds], scale: Decimal
) -> Iterator[Finding]:
    """Check lists of what was spent (支出包括……) that do not state the sum themselves."""
    cells = [cell for row in rows for cell in (row.spent, *row.budgets)]
    known = {cell.value.or_zero * scale for cell in cells}
    spent = rows[0].spent
    for block, itemized in lists:
        computed, total = itemized.part_sum, spent.value.or_zero * scale
        if computed in known or not itemized.is_faulty(total):
            continue
        first = itemized.parts[0].quantity
        shown = format_in_unit(computed, first)
        message = (
            f"“{shorten(itemized.sentence)}”各项相加为 {shown}，"
            f"自评表的“{spent.spec.key}”是 {spent.filed}"
        )
        where = f"{block.where}/{quote_figure(block.text, first)}"
        place = block.position_at(first.column)
        yield Finding(place, message, "请核对各项", where, shown, spent.filed, Level.W)


def _check_unspent(
    unspent: Sequence[tuple[TextBlock, Quantity, str]], rows: Sequence[_Funds], scale: Decimal
) -> Iterator[Finding]:
    """Check what a text says was not spent (结余) against the budget less what was spent."""
    results = {row.unspent(budget) * scale for row in rows for budget in row.budgets}
    for block, figure, subject in unspent:
        named = [row for row in rows if row.label and row.label in subject]
        is_of_project = named or not subject or _FUNDS.search(subject)
        if figure.base_value in results or not is_of_project:
            continue
        row = (named or rows)[0]
        budget = row.budgets[0]
        shown = format_in_unit(row.unspent(budget) * scale, figure)
        quote = quote_figure(block.text, figure)
        message = (
            f"“{quote}”，自评表里{row.label}的预算数 {budget.filed}"
            f" 减执行数 {row.spent.filed} 为 {shown}"
        )
        where, place = f"{block.where}/{quote}", block.position_at(figure.column)
        yield Finding(place, message, "请核对", where, figure.text, shown, Level.W)
