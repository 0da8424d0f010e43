"""All tables of the open data: what the rows hold."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

from gongkai.checks.registry import judged_units
from gongkai.exports.open_data.rows import Row, Rows, unit_rows
from gongkai.exports.open_data.tables import TABLES, Table, Type
from gongkai.reading.dataset import read_dataset
from tests.folders import ROOT, example

DAY = dt.date(2026, 11, 25)


def rows_of(data: Path) -> Rows:
    """The rows of the one unit of a data folder."""
    dataset = read_dataset(data, "data", DAY)
    judged = judged_units(dataset)
    (unit,) = dataset.units
    return unit_rows(unit, dataset.disclosures, judged.by_disclosure)


def told(table: Table, row: Row) -> dict[str, str | int]:
    """A row by the names of its columns."""
    return dict(zip((each.name for each in table.columns), row, strict=True))


def the(name: str) -> Table:
    return next(each for each in TABLES if each.name == name)


def test_every_row_fits_its_columns(tmp_path: Path) -> None:
    for rows in (rows_of(ROOT / "data"), rows_of(example(tmp_path))):
        assert list(rows) == [each.name for each in (*TABLES,)]
        for table in TABLES:
            keys = [tuple(told(table, row)[key] for key in table.key) for row in rows[table.name]]
            assert len(set(keys)) == len(keys), table.name
            for row in rows[table.name]:
                for column, value in zip(table.columns, row, strict=True):
                    assert type(value) is (int if column.type is Type.WHOLE else str), column.name
                    assert value != "" or not column.required, column.name
                    if column.type is Type.DECIMAL and value:
                        assert Decimal(value).is_finite()
                    if column.type is Type.DATE and value:
                        assert dt.date.fromisoformat(f"{value}")


def test_the_figures_are_those_that_were_filed() -> None:
    rows = rows_of(ROOT / "data")
    (disclosure,) = (told(the("disclosures"), row) for row in rows["disclosures"])
    shown = ("year", "score", "points", "grade", "initial", "budget", "spent", "rate", "money")
    assert [disclosure[name] for name in shown] == [
        *(2022, "97", "100", "优", "292.31", "292.31", "292.31", "100", "万元")
    ]
    projects = [told(the("projects"), row) for row in rows["projects"]]
    assert disclosure["projects"] == len(projects) == 2
    assert [(each["score"], each["spent"]) for each in projects] == [("99", "18"), ("98", "34.5")]
    assert {each["url"] for each in projects} == {
        f"{disclosure['url']}projects/{each['project']}/" for each in projects
    }


def test_explanations_are_those_that_hold() -> None:
    rows = rows_of(ROOT / "data")
    found = [told(the("explanations"), row) for row in rows["explanations"]]
    (total,) = (each for each in found if each["rule"] == "DF-03")
    assert (total["filed"], total["computed"], total["rule_name"]) == ("99", "89", "得分合计")
    assert [each["sequence"] for each in found] == list(range(1, len(found) + 1))
    (unit,) = read_dataset(ROOT / "data", "data", DAY).disclosures
    assert {each["reason"] for each in found} == {each.reason for each in unit.explanations}


def test_every_value_belongs_to_a_document() -> None:
    rows = rows_of(ROOT / "data")
    known = {
        (each["kind"], each["project"])
        for each in (told(the("documents"), r) for r in rows["documents"])
    }
    values = [told(the("values"), row) for row in rows["values"]]
    assert {(each["kind"], each["project"]) for each in values} == known
