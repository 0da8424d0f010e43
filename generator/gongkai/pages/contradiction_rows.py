"""Figures of a disclosure that contradict what is recomputed, as rows of a list."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.model.documents import Cell, Record
from gongkai.model.problems import Level, Problem
from gongkai.model.publication import Disclosure
from gongkai.model.recomputed import recomputed_cell
from gongkai.model.terms import DocumentKind
from gongkai.model.values import MONEY_UNITS, Kind, Value, ValueState, value_parser
from gongkai.pages.links import disclosure_link, project_link
from gongkai.pages.note_groups import NoteGroup, plain_sentence
from gongkai.pages.notes import figure_difference, group_of_problem
from gongkai.pages.views.common import ContradictionRow, Link

_GROUPS = {NoteGroup.MONEY, NoteGroup.FIGURES}
_FIGURE = re.compile(r"[-+]?[0-9][0-9,.]*\s*[^0-9\s]{0,4}")
"""A figure with its unit or measure."""
_parse_amount = value_parser(Kind.AMOUNT, "元")


def contradiction_rows(
    disclosure: Disclosure, problems: Sequence[Problem], *, shows_warnings: bool
) -> tuple[ContradictionRow, ...]:
    """Return the contradictions of a disclosure: the certain ones first, then by amount.

    Warnings are doubtful ones; they are left out unless readers see warnings.
    """
    levels = {Level.E, Level.W} if shows_warnings else {Level.E}
    candidates = [problem for problem in problems if problem.computed and problem.level in levels]
    if not candidates:
        return ()
    candidates.sort(key=lambda problem: problem.level is not Level.E)
    rows = list(_iter_rows(disclosure, candidates))
    rows.sort(key=lambda row: (not row.is_certain, row.difference is None, -(row.difference or 0)))
    return tuple(rows)


def _iter_rows(disclosure: Disclosure, problems: Sequence[Problem]) -> Iterator[ContradictionRow]:
    """Yield the row of each problem with two figures; a doubt that another row states once only."""
    cells = disclosure.cells_by_path()
    records = {record.name: record for record in disclosure.all_records}
    stated: set[tuple[str, str, str]] = set()
    for problem in problems:
        cell, record = cells.get(problem.where), records.get(problem.where.partition("/")[0])
        rule, filed, computed = problem.rule.id, problem.filed, problem.computed
        is_certain = problem.level is Level.E
        if record is None or not _is_about_figures(problem, cell):
            continue
        if not is_certain and (rule, computed, filed) in stated:
            continue
        stated.add((rule, filed, computed))
        if cell:
            filed = _filed_text(cell, record.form.money) or "空白"
            computed = recomputed_cell(cell, problem, record.form.money).text
        yield ContradictionRow(
            page=_page_of(disclosure, record),
            rule=rule,
            meaning=plain_sentence(rule, problem.rule.name),
            place=problem.where.partition("/")[2].strip("/").replace("/", " › "),
            filed=filed,
            computed=computed,
            difference=_difference(problem, cell),
            is_certain=is_certain,
            explanation=_explanation_text(problem),
        )


def _is_about_figures(problem: Problem, cell: Cell | None) -> bool:
    """Whether figures contradict each other, not words; figures in texts stand in no cell."""
    group = group_of_problem(problem, cell)
    if cell is None and group is NoteGroup.STATEMENTS:
        return all(map(_FIGURE.fullmatch, (problem.filed, problem.computed)))
    return group in _GROUPS


def _difference(problem: Problem, cell: Cell | None) -> Decimal | None:
    """Return by how much two amounts differ, in 万元; None if one of them is no amount."""
    if cell is None:
        difference = _text_difference(problem.filed, problem.computed)
    elif cell.spec.kind is Kind.AMOUNT:
        difference = figure_difference(problem, cell)
    else:
        return None
    return difference / MONEY_UNITS["万元"] if difference else None


def _text_difference(filed: str, computed: str) -> Decimal | None:
    """Return by how much two amounts in a text differ, in 元; None unless both have their unit."""
    if not (filed.endswith("元") and computed.endswith("元")):
        return None
    one, other = _parse_amount(filed), _parse_amount(computed)
    if not (isinstance(one, Value) and isinstance(other, Value)):
        return None
    if one.number is None or other.number is None:
        return None
    return abs(one.number - other.number)


def _page_of(disclosure: Disclosure, record: Record) -> Link:
    """Return the page that shows a document."""
    projects = {project.slug: project for project in disclosure.projects}
    if project := projects.get(record.project):
        return project_link(disclosure, project)
    folder = "report/" if record.form.kind is DocumentKind.REPORT else ""
    return Link(record.title, f"{disclosure_link(disclosure).url}{folder}")


def _filed_text(cell: Cell, money: str) -> str:
    is_amount = cell.spec.kind is Kind.AMOUNT and cell.value.state is ValueState.FILED
    has_unit = cell.filed.endswith(("元", "万", "亿"))
    return f"{cell.filed}{cell.spec.money or money}" if is_amount and not has_unit else cell.filed


def _explanation_text(problem: Problem) -> str:
    explanation = problem.explanation
    return f"{explanation.reason}（{explanation.author}）" if explanation else ""
