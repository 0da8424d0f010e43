"""Rows of the open data tables."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

from gongkai.checks.registry import check_units
from gongkai.exports.open_data.rows import Row, RowsByTable, unit_rows
from gongkai.exports.open_data.tables import TABLES, ColumnType, DataTable
from gongkai.reading.dataset import read_dataset
from tests.folders import ROOT, example_data

DAY = dt.date(2026, 11, 25)


def read_unit_rows(data: Path) -> RowsByTable:
    """Return the rows of the only unit of a data folder."""
    dataset = read_dataset(data, "data", DAY)
    checked = check_units(dataset)
    (unit,) = dataset.units
    return unit_rows(unit, dataset.disclosures, checked.by_disclosure)


def as_dict(table: DataTable, row: Row) -> dict[str, str | int]:
    """Return a row by column name."""
    return dict(zip((column.name for column in table.columns), row, strict=True))


def dict_rows(rows: RowsByTable, name: str) -> list[dict[str, str | int]]:
    """Return the rows of the table of that name by column name."""
    table = next(table for table in TABLES if table.name == name)
    return [as_dict(table, row) for row in rows[name]]


def test_every_row_matches_its_columns(tmp_path: Path) -> None:
    for rows in (read_unit_rows(ROOT / "data"), read_unit_rows(example_data(tmp_path))):
        assert list(rows) == [table.name for table in TABLES]
        for table in TABLES:
            keys = [
                tuple(as_dict(table, row)[name] for name in table.key) for row in rows[table.name]
            ]
            assert len(set(keys)) == len(keys), table.name
            for row in rows[table.name]:
                for column, value in zip(table.columns, row, strict=True):
                    assert type(value) is (int if column.type is ColumnType.WHOLE else str), (
                        column.name
                    )
                    assert value != "" or not column.required, column.name
                    if column.type is ColumnType.DECIMAL and value:
                        assert Decimal(value).is_finite()
                    if column.type is ColumnType.DATE and value:
                        assert dt.date.fromisoformat(f"{value}")


def test_figures_equal_the_filed_ones() -> None:
    rows = read_unit_rows(ROOT / "data")
    (disclosure,) = dict_rows(rows, "disclosures")
    names = ("year", "score", "points", "grade", "initial", "budget", "spent", "rate", "money")
    assert [disclosure[name] for name in names] == [
        *(2022, "97", "100", "优", "292.31", "292.31", "292.31", "100", "万元")
    ]
    projects = dict_rows(rows, "projects")
    assert disclosure["projects"] == len(projects) == 2
    assert [(project["score"], project["spent"]) for project in projects] == [
        ("99", "18"),
        ("98", "34.5"),
    ]
    assert {project["url"] for project in projects} == {
        f"{disclosure['url']}projects/{project['project']}/" for project in projects
    }


def test_explanations_are_those_that_match_a_problem() -> None:
    explanations = dict_rows(read_unit_rows(ROOT / "data"), "explanations")
    (total,) = (row for row in explanations if row["rule"] == "DF-03")
    assert (total["filed"], total["computed"], total["rule_name"]) == ("99", "89", "得分合计")
    assert [row["sequence"] for row in explanations] == list(range(1, len(explanations) + 1))
    (disclosure,) = read_dataset(ROOT / "data", "data", DAY).disclosures
    merged = "ZB-11"  # A missed target is a second ground of DF-04, whose explanation is shown.
    assert {row["reason"] for row in explanations} == {
        explanation.reason for explanation in disclosure.explanations if explanation.rule != merged
    }


def test_every_value_belongs_to_a_document() -> None:
    rows = read_unit_rows(ROOT / "data")
    documents = {(row["kind"], row["project"]) for row in dict_rows(rows, "documents")}
    values = dict_rows(rows, "values")
    assert {(row["kind"], row["project"]) for row in values} == documents
