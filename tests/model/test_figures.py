"""The table of figures: complete, named in every place that shows them, exact."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.exports.open_data.list_tables import UNITS
from gongkai.exports.open_data.tables import DISCLOSURES, PROJECTS
from gongkai.model import figures as table
from gongkai.model.documents import Record
from gongkai.model.figures import (
    BUDGET,
    CARD_FIGURES,
    EXPORTED_FIGURES,
    FIGURES,
    INITIAL,
    LISTED_FIGURES,
    MONEY,
    POINTS,
    RATE,
    SCORE,
    EvaluationFigures,
    Figure,
    FigureKind,
    figures_of,
    filed_figures,
)
from gongkai.reading.dataset import read_dataset
from tests.folders import ROOT, example_data

_FUNDS = "{年初预算数: 300, 全年预算数: 300, 全年执行数: 300, 分值: 10, 执行率: 100%, 得分: 10}"
_DIFFERENCE_UNITS = {
    FigureKind.POINTS: "分",
    FigureKind.GRADE: "",
    FigureKind.MONEY: "万元",
    FigureKind.RATE: "个百分点",
    FigureKind.COUNT: "项",
}
_FIGURE_COLUMNS = ("score", "points", "grade", "initial", "budget", "spent", "rate", "money")


def read_overall(folder: Path, funds: str) -> Record:
    """Return the evaluation of the synthetic unit, its funds filed as given."""
    data = example_data(folder, {"units/shili/2022/overall.yml": {_FUNDS: funds}})
    (disclosure,) = read_dataset(data, "data", dt.date(2026, 1, 1), drafts=True).disclosures
    return next(record for record in disclosure.records if record.name == "部门整体自评表")


def read_figures(folder: Path, funds: str) -> EvaluationFigures:
    """Return the figures of the synthetic unit, its funds filed as given."""
    return figures_of(read_overall(folder, funds))


def test_every_figure_is_in_the_table() -> None:
    declared = {name: value for name, value in vars(table).items() if isinstance(value, Figure)}
    assert [name for name, figure in declared.items() if figure not in FIGURES] == []
    assert len({figure.name for figure in FIGURES}) == len(FIGURES) == len(declared)


def test_figures_are_described_where_they_are_shown() -> None:
    glossary = (ROOT / "content/glossary.md").read_text("utf-8")
    shown = (*CARD_FIGURES, *LISTED_FIGURES)
    missing = {
        "description": [figure.name for figure in EXPORTED_FIGURES if not figure.description],
        "list_note": [figure.name for figure in LISTED_FIGURES if not figure.list_note],
        "meaning": [figure.name for figure in shown if not figure.meaning],
        "anchor in content/glossary.md": [
            figure.name for figure in shown if f"{{#{figure.anchor}}}" not in glossary
        ],
    }
    assert {place: names for place, names in missing.items() if names} == {}


def test_the_comparison_shows_all_figures() -> None:
    script = (ROOT / "overrides/assets/compare.js").read_text("utf-8")
    rows = re.findall(r'^  \["(\w+)", "(.+)", "(.*)"\],$', script, re.MULTILINE)
    shown = [figure for figure in FIGURES if figure not in {POINTS, MONEY}]
    labels = {figure.name: figure.title for figure in shown} | {SCORE.name: "总分"}
    units = {figure.name: _DIFFERENCE_UNITS[figure.kind] for figure in shown}
    assert {name: (label, unit) for name, label, unit in rows} == {
        name: (label, units[name]) for name, label in labels.items()
    }


def test_published_columns_keep_their_order() -> None:
    unit = ("unit", "unit_name", "year")
    catalogue = (
        *("title", "index_number", "abstract", "created", "published", "publisher"),
        *("document_number", "subject", "genre", "manner", "audience", "validity"),
    )
    disclosures = (*unit, *catalogue, "form", *_FIGURE_COLUMNS, "projects", "url")
    assert DISCLOSURES.column_names[: len(disclosures)] == disclosures
    projects = (*unit, "project", "project_name", "form", *_FIGURE_COLUMNS, "url")
    assert PROJECTS.column_names[: len(projects)] == projects
    units = (
        *("unit_name", "department", "level", "year", "score", "computed", "grade", "budget"),
        *("spent", "rate", "missed", "projects", "score_number", "budget_number", "spent_number"),
        "url",
    )
    assert UNITS.column_names[: len(units)] == units


@pytest.mark.parametrize(
    ("adjusted", "budget", "amount"),
    [
        ("310.50", "310.50万元", "310.50"),
        ("", "300万元", "300"),
        ("0", "0万元", "0"),
        ("——", "——", ""),
    ],
)
def test_the_budget_is_the_adjusted_one_if_filed(
    adjusted: str, budget: str, amount: str, tmp_path: Path
) -> None:
    funds = _FUNDS.replace("全年预算数: 300", f"全年预算数: {adjusted}")
    record = read_overall(tmp_path, funds)
    figures = figures_of(record)
    assert figures.filed_text(BUDGET) == budget
    assert figures.exact_value(BUDGET) == amount
    assert figures.amount(figures.budget) == (Decimal(amount) if amount else None)
    cells = dict(filed_figures(record))
    assert (BUDGET in cells) is bool(adjusted)
    assert cells[INITIAL].filed == "300"


def test_rates_are_numbers_in_tables_and_as_filed_in_json(tmp_path: Path) -> None:
    figures = read_figures(tmp_path, _FUNDS.replace("100%", "99.50%"))
    assert (figures.exact_value(RATE), figures.json_value(RATE)) == ("99.50", "99.50%")
    assert figures.score_percent == Decimal(98)
