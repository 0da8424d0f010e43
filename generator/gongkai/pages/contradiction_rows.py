"""Figures of a disclosure that contradict what is recomputed, as rows of a list."""

from collections.abc import Iterator, Sequence

from gongkai.model.documents import Cell
from gongkai.model.problems import Level, Problem
from gongkai.model.publication import Disclosure
from gongkai.model.recomputed import recomputed_cell
from gongkai.model.values import MONEY_UNITS, Kind, ValueState
from gongkai.pages.links import disclosure_link, project_link
from gongkai.pages.note_groups import NoteGroup, plain_sentence
from gongkai.pages.notes import figure_difference, group_of_problem
from gongkai.pages.views.common import ContradictionRow, Link

_GROUPS = {NoteGroup.MONEY, NoteGroup.FIGURES}


def contradiction_rows(
    disclosure: Disclosure, problems: Sequence[Problem]
) -> tuple[ContradictionRow, ...]:
    """Return the contradictions of a disclosure, the largest amounts first."""
    candidates = [problem for problem in problems if problem.computed and _is_shown(problem)]
    if not candidates:
        return ()
    rows = list(_iter_rows(disclosure, candidates))
    rows.sort(key=lambda row: (row.difference is None, -(row.difference or 0)))
    return tuple(rows)


def _is_shown(problem: Problem) -> bool:
    return problem.level is Level.E


def _iter_rows(disclosure: Disclosure, problems: Sequence[Problem]) -> Iterator[ContradictionRow]:
    cells, moneys = disclosure.cells_by_path(), _moneys(disclosure)
    for problem in problems:
        cell, document = cells.get(problem.where), problem.where.partition("/")[0]
        if cell is None or group_of_problem(problem, cell) not in _GROUPS:
            continue
        difference = figure_difference(problem, cell)
        is_money = cell.spec.kind is Kind.AMOUNT and difference is not None
        yield ContradictionRow(
            page=_page_of(disclosure, document),
            rule=problem.rule.id,
            meaning=plain_sentence(problem.rule.id, problem.rule.name),
            place=problem.where.partition("/")[2].replace("/", " › "),
            filed=_filed_text(cell, moneys[document]) or "空白",
            computed=recomputed_cell(cell, problem, moneys[document]).text,
            difference=difference / MONEY_UNITS["万元"] if is_money and difference else None,
            explanation=_explanation_text(problem),
        )


def _moneys(disclosure: Disclosure) -> dict[str, str]:
    return {record.name: record.form.money for record in disclosure.all_records}


def _page_of(disclosure: Disclosure, document: str) -> Link:
    """Return the page that shows a document."""
    projects = {project.slug: project for project in disclosure.projects}
    record = next(record for record in disclosure.all_records if record.name == document)
    project = projects.get(record.project)
    if project:
        return project_link(disclosure, project)
    return Link(record.title, disclosure_link(disclosure).url)


def _filed_text(cell: Cell, money: str) -> str:
    is_amount = cell.spec.kind is Kind.AMOUNT and cell.value.state is ValueState.FILED
    has_unit = cell.filed.endswith(("元", "万", "亿"))
    return f"{cell.filed}{cell.spec.money or money}" if is_amount and not has_unit else cell.filed


def _explanation_text(problem: Problem) -> str:
    explanation = problem.explanation
    return f"{explanation.reason}（{explanation.author}）" if explanation else ""
