"""Checks of blanks (ZB-16, ZJ-14): cells of indicators and columns of funds that were left out."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from gongkai.checks.amounts import SUMMED_KINDS
from gongkai.checks.base import Assessment, Finding, check, finding_at
from gongkai.model.documents import Cell, Record, cell_with_role
from gongkai.model.figures import BUDGET_ROLES
from gongkai.model.outcomes import IndicatorOutcome
from gongkai.model.problems import Level
from gongkai.model.scores import rate_points, rate_row
from gongkai.model.terms import DocumentKind, Role

_SELF_EVALUATIONS = frozenset({DocumentKind.OVERALL, DocumentKind.RUBRIC, DocumentKind.PROJECT})
_FUNDS_ROLES = (Role.INITIAL, Role.ADJUSTED, Role.SPENT, Role.EXECUTION_RATE, Role.SCORE)
_FILL_IN = "请补上；不适用的填“—”，原件没有的填“原件未载”"
_PLACEHOLDER = re.compile(
    r"[….·/—\-\s]*|无|没有|不适用|(?:三级)?指标\s*[0-9一二三四五六七八九十]*\s*[:：]?"
)


@check("ZB-16", "指标填全", of=Assessment, needs_complete=True)
def indicator_incomplete(assessment: Assessment) -> Iterator[Finding]:
    """一个指标要填全：表上有的目标值、完成值、得分，不能别的指标都填了，只有这一个空着；只有名称的也算空着。

    共用一个得分的（得分组）只填一处；没有分值的指标不必有得分；整栏都没有填的，只提一次；指标有得分的，总分也要有。
    完成值、得分、执行数、完成情况都没有填的表是只有目标的表，只看目标值；绩效目标表也是。

    为什么：没有完成值，得分没有依据；没有得分，总分也加不对。
    来源：财预〔2020〕10号“内容完整”。
    怎么改：补上；不适用的填“—”；原件就没有的填“原件未载”，或写“差异说明”。
    """
    record = assessment.record
    rows = [outcome for outcome in assessment.outcomes if _is_filled(outcome)]
    if record.form.kind.has_targets_only:
        yield from _blank_targets(rows)
    elif record.form.kind in _SELF_EVALUATIONS:
        yield from _blanks_of_evaluation(record, rows)


def _blank_targets(rows: list[IndicatorOutcome]) -> Iterator[Finding]:
    targets = _column(rows, "target", set())
    for number, cell in targets.blanks if targets.is_filled else ():
        yield finding_at(cell, f"“{rows[number].name}”没有填{_list_keys([cell])}", _FILL_IN)


def _blanks_of_evaluation(record: Record, rows: list[IndicatorOutcome]) -> Iterator[Finding]:
    grouped = {
        row.indicator.score_group for row in rows if row.score and not row.score.is_blank
    } - {""}
    columns = [_column(rows, name, grouped) for name in ("target", "actual", "score")]
    if not (columns[1].is_filled or columns[2].is_filled or _states_results(record, rows)):
        return
    blank_cells: dict[int, list[Cell]] = {}
    blank_columns: list[Cell] = []
    for column in columns:
        if column.is_filled:
            for number, cell in column.blanks:
                blank_cells.setdefault(number, []).append(cell)
        elif column.blanks and column is not columns[0]:
            blank_columns.append(column.blanks[0][1])
    if blank_columns:
        message = f"没有一个指标填了{_list_keys(blank_columns)}"
        yield finding_at(blank_columns[0], message, "请补上")
    for number, cells in sorted(blank_cells.items()):
        message = f"“{rows[number].name}”没有填{_list_keys(cells)}"
        yield finding_at(cells[0], message, _FILL_IN)
    total = record.overall_cell(Role.SCORE)
    if columns[2].is_filled and total and total.is_blank and not total.is_struck_out:
        yield finding_at(total, f"各指标都有得分，总分的“{total.spec.key}”却没有填", _FILL_IN)


def _states_results(record: Record, rows: list[IndicatorOutcome]) -> bool:
    """Tell whether a table without actual values and scores is more than a list of targets."""
    if all(row.target is None and row.actual is None for row in rows):
        return True  # Nothing but scores can be filed in it.
    cells = (
        cell_with_role(rate_row(record), Role.SPENT),
        record.field_with_role(Role.ACHIEVEMENT),
        record.overall_cell(Role.SCORE),
    )
    return any(cell and not cell.is_blank for cell in cells)


def _list_keys(cells: list[Cell]) -> str:
    return "、".join(f"“{cell.spec.key}”" for cell in cells)


class _Column(NamedTuple):
    """A column of the indicators, and its blank cells."""

    blanks: tuple[tuple[int, Cell], ...]
    """With the number of their row."""
    is_filled: bool
    """Whether any indicator has a value in it."""


def _is_filled(outcome: IndicatorOutcome) -> bool:
    """Tell whether a row is an indicator, and no row that the form prints (……, 指标2：)."""
    cells = (outcome.target, outcome.actual, outcome.score, outcome.points)
    is_placeholder = _PLACEHOLDER.fullmatch(outcome.indicator.name.filed)
    return not is_placeholder or any(cell and not cell.is_blank for cell in cells)


def _column(rows: list[IndicatorOutcome], name: str, grouped: set[str]) -> _Column:
    cells: list[tuple[int, Cell]] = []
    for number, row in enumerate(rows):
        cell: Cell | None = getattr(row, name)
        if cell and not cell.is_struck_out:
            cells.append((number, cell))
    blanks = [
        (number, cell)
        for number, cell in cells
        if cell.is_blank and not (name == "score" and _needs_no_score(rows[number], grouped))
    ]
    return _Column(tuple(blanks), any(not cell.is_blank for _, cell in cells))


def _needs_no_score(row: IndicatorOutcome, grouped: set[str]) -> bool:
    has_no_points = row.points is not None and not row.points.value.number
    return has_no_points or row.indicator.score_group in grouped


@check("ZJ-14", "资金填全", Level.E, Level.W, of=Record, needs_complete=True)
def funds_incomplete(record: Record) -> Iterator[Finding]:
    """资金总额一行要填全：预算数、执行数、执行率、得分，表上有的都要填。

    预算是 0 或没有填的，不必有执行率；执行率没有分值的，不必有得分；只有年初预算数空着的，是警告；
    分项填了、只缺合计的，见 ZJ-02。

    为什么：少了执行数，读者不知道花了多少；少了预算数，执行率无从核对。
    来源：财预〔2020〕10号附表。
    怎么改：补上；没有的填 0，不适用的填“—”，原件就没有的填“原件未载”。
    """
    cells = rate_row(record)
    if cells is None or record.form.kind not in _SELF_EVALUATIONS:
        return
    funds = [cell for role in _FUNDS_ROLES if (cell := cells.with_role(role))]
    if all(cell.is_blank for cell in funds):
        return
    budgets = [cell_with_role(cells, role) for role in BUDGET_ROLES]
    has_budget = any(cell and cell.value.number for cell in budgets)
    summed = _summed_keys(record)
    blanks = [
        cell
        for cell in funds
        if cell.is_blank
        and not cell.is_struck_out
        and cell.spec.key not in summed
        and (has_budget or cell.spec.role is not Role.EXECUTION_RATE)
        and (rate_points(record) or cell.spec.role is not Role.SCORE)
    ]
    if blanks:
        adjusted = cells.with_role(Role.ADJUSTED)
        roles = {cell.spec.role for cell in blanks}
        is_minor = roles == {Role.INITIAL} and adjusted is not None
        message = f"资金总额一行没有填{_list_keys(blanks)}"
        advice = "请补上；没有的填 0，不适用的填“—”"
        yield finding_at(blanks[0], message, advice, level=Level.W if is_minor else Level.E)


def _summed_keys(record: Record) -> set[str]:
    """Return the columns of amounts in which a part of the total is filled (see ZJ-02)."""
    rows = [
        row
        for table in record.tables()
        for row in table.rows
        if any(row.spec.key in total.spec.parts for total in table.rows)
    ]
    cells = [cell for row in rows for cell in row.cells.values() if cell.value.number is not None]
    return {cell.spec.key for cell in cells if cell.spec.kind in SUMMED_KINDS}
