"""The bulk download: reading it back gives the model's values, character by character."""

import csv
import datetime as dt
import hashlib
import io
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from gongkai.build.bulk_download import (
    SUMS,
    DownloadInputs,
    download_offers,
    write_bulk_files,
)
from gongkai.exports.open_data.about import BULK_FOLDER, DatasetMetadata
from gongkai.exports.open_data.dcat import CATALOGUE_PATH, schema_org_dataset
from gongkai.exports.open_data.packed_rows import pack_rows, read_rows
from gongkai.exports.open_data.rows import Row, RowsByTable
from gongkai.exports.open_data.tables import TABLES, VALUES, Column, ColumnType, DataTable
from gongkai.release.privacy_scan import scan_for_personal_data
from gongkai.runtime.workers import Workers
from gongkai.runtime.writing import OutputFile
from tests.exports.test_open_rows import read_unit_rows
from tests.folders import PERSONAL_NUMBERS, ROOT, example_data

FORMATS = ("CSV", "SQLite", "Parquet")
ABOUT = DatasetMetadata(
    "示例站点", "示例县财政局", "示例许可", "https://gongkai.example/", (2021, 2023), "2024-06-01"
)
ODD = (
    "=1+1",
    '引“号”"',
    "甲,乙",
    "一\n二\r\n三",
    " 空 ",
    "\t",
    "NULL",
    "NaN",
    "𠮷",
    "'; DROP TABLE units; --",
)
"""Texts that are hard to escape."""
NUMBERS = ("292.30", "0.10", "0", "12345678901234567890.123456789", "-0.50", "1000")


def _with_odd_values(slug: str, rows: RowsByTable) -> RowsByTable:
    """Return the rows under another slug, with odd texts and numbers."""

    def odd_row(table: DataTable, row: Row) -> Row:
        return tuple(
            slug if column.name == "unit" else odd_value(column, value, place)
            for place, (column, value) in enumerate(zip(table.columns, row, strict=True))
        )

    def odd_value(column: Column, value: str | int, place: int) -> str | int:
        if column.type is ColumnType.DECIMAL:
            return NUMBERS[place % len(NUMBERS)]
        return ODD[place % len(ODD)] if column.name in {"filed", "reason", "abstract"} else value

    return {table.name: [odd_row(table, row) for row in rows[table.name]] for table in TABLES}


def _inputs(folder: Path, units: list[RowsByTable]) -> DownloadInputs:
    """Write row files of units, as workers do."""
    for name in ("index", "pending", "parts"):
        (folder / name).mkdir(parents=True)
    paths = [folder / "index" / f"{number}.rows" for number in range(len(units))]
    for path, rows in zip(paths, units, strict=True):
        path.write_bytes(pack_rows(rows))
    return DownloadInputs(tuple(paths), folder / "pending", {}, ())


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> list[RowsByTable]:
    seed, another = (
        read_unit_rows(ROOT / "data"),
        read_unit_rows(example_data(tmp_path_factory.mktemp("example"))),
    )
    empty: RowsByTable = {table.name: [] for table in TABLES}
    corrected = ("odd", "单位", 2022, 1, "总分/得分", "", "1", "示例", "2024-05-01")
    odd = dict(_with_odd_values("odd", seed))
    return [seed, empty, another, odd | {"corrections": [corrected]}]


@pytest.fixture(scope="module")
def folder(units: list[RowsByTable], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bulk download of `units`."""
    folder = tmp_path_factory.mktemp("whole")
    write_bulk_files(FORMATS, ABOUT, _inputs(folder, units), Workers(2))
    return folder / "pending"


def rows_of_table(units: list[RowsByTable], table: DataTable) -> list[Row]:
    return [row for rows in units for row in rows[table.name]]


def test_row_files_read_back_are_the_model(units: list[RowsByTable], tmp_path: Path) -> None:
    inputs = _inputs(tmp_path, units)
    for table in TABLES:
        assert [
            row for rows in read_rows(inputs.row_files, table) for row in rows
        ] == rows_of_table(units, table)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_csv_read_back_is_the_model(
    folder: Path, units: list[RowsByTable], table: DataTable
) -> None:
    with zipfile.ZipFile(folder / BULK_FOLDER / "gongkai.zip") as package:
        text = package.read(f"{table.name}.csv").decode()
    heading, *rows = csv.reader(io.StringIO(text, newline=""))
    assert heading == [column.name for column in table.columns]
    assert rows == [[f"{value}" for value in row] for row in rows_of_table(units, table)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_sqlite_read_back_is_the_model(
    folder: Path, units: list[RowsByTable], table: DataTable
) -> None:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    keys = ", ".join(table.key)
    with closing(sqlite3.connect(folder / BULK_FOLDER / "gongkai.sqlite")) as database:
        query = f'SELECT {columns} FROM "{table.name}" ORDER BY {keys}'  # noqa: S608 - our own names
        rows = database.execute(query).fetchall()
    assert rows == [
        _with_nulls(table, row) for row in sorted(rows_of_table(units, table), key=_key(table))
    ]


def _key(table: DataTable) -> Callable[[Row], Any]:
    return itemgetter(
        *([column.name for column in table.columns].index(name) for name in table.key)
    )


def _with_nulls(table: DataTable, row: Row) -> tuple[str | int | None, ...]:
    """Return a row with None in place of empty optional values."""
    return tuple(
        None if value == "" and not column.required else value
        for column, value in zip(table.columns, row, strict=True)
    )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_parquet_read_back_is_the_model(
    folder: Path, units: list[RowsByTable], table: DataTable
) -> None:
    parquet = pyarrow.parquet.read_table(folder / BULK_FOLDER / f"{table.name}.parquet")
    assert parquet.schema.names == [column.name for column in table.columns]
    titles = [
        parquet.schema.field(column.name).metadata[b"title"].decode() for column in table.columns
    ]
    assert titles == [column.title for column in table.columns]
    rows = list(zip(*(column.to_pylist() for column in parquet.columns), strict=True))
    assert rows == [
        tuple(
            dt.date.fromisoformat(f"{value}") if column.type is ColumnType.DATE and value else value
            for column, value in zip(table.columns, _with_nulls(table, row), strict=True)
        )
        for row in rows_of_table(units, table)
    ]


def test_the_database_is_intact_indexed_and_documented(folder: Path) -> None:
    with closing(sqlite3.connect(folder / BULK_FOLDER / "gongkai.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        columns = database.execute("SELECT table_name, column_name, title FROM about_columns")
        assert set(columns) == {(t.name, c.name, c.title) for t in TABLES for c in t.columns}
        plan = database.execute(
            'EXPLAIN QUERY PLAN SELECT * FROM "values" WHERE unit = ? AND year = ?', ("a", 2022)
        ).fetchall()
        assert not [step for *_, step in plan if step.startswith("SCAN")]


def test_the_package_is_valid(folder: Path, tmp_path: Path) -> None:
    """The validator of the specification's authors accepts types, keys and hashes."""
    report = _validation_report(folder / BULK_FOLDER / "gongkai.zip")
    assert (report["valid"], report["stats"]["tasks"], report["stats"]["warnings"]) == (True, 7, 0)
    broken = tmp_path / "broken.zip"
    with (
        zipfile.ZipFile(folder / BULK_FOLDER / "gongkai.zip") as package,
        zipfile.ZipFile(broken, "w") as broken_package,
    ):
        for name in package.namelist():
            data = package.read(name)
            broken_package.writestr(
                name, data.replace(b",2022,", b",MMXXII,") if "values" in name else data
            )
    assert not _validation_report(broken)["valid"]


def _validation_report(package: Path) -> Any:
    command = [
        sys.executable,
        "-m",
        "frictionless",
        "validate",
        "--json",
        "--trusted",
        str(package),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(done.stdout)


def test_the_package_describes_every_column_in_chinese(folder: Path) -> None:
    with zipfile.ZipFile(folder / BULK_FOLDER / "gongkai.zip") as package:
        descriptor = json.loads(package.read("datapackage.json"))
        read_me = package.read("README.txt").decode()
        days = {entry.date_time[0] for entry in package.infolist()}
    assert days == {1980}
    fields = [
        (resource["name"], field["name"], field["title"])
        for resource in descriptor["resources"]
        for field in resource["schema"]["fields"]
    ]
    assert fields == [(t.name, c.name, c.title) for t in TABLES for c in t.columns]
    assert descriptor["licenses"] == [{"path": "README.txt", "title": "示例许可"}]
    assert "许可：示例许可" in read_me
    assert all(f"{table.name}.csv" in read_me for table in TABLES)


def test_hash_list_and_catalogue_describe_the_files(folder: Path) -> None:
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    names = {path.name for path in (folder / BULK_FOLDER).iterdir()} - {"SHA256SUMS"}
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert sums == {
        name: hashlib.sha256((folder / BULK_FOLDER / name).read_bytes()).hexdigest()
        for name in names
    }
    files = [
        OutputFile(f"{BULK_FOLDER}{name}", digest, (folder / BULK_FOLDER / name).stat().st_size)
        for name, digest in sums.items()
    ]
    offers = download_offers(files)
    (catalogued,) = json.loads((folder / CATALOGUE_PATH).read_text("utf-8"))["dcat:dataset"]
    assert catalogued["dct:license"] == {
        "@type": "dct:LicenseDocument",
        "dct:title": {"@value": "示例许可", "@language": "zh-CN"},
    }
    assert [
        (
            distribution["dcat:downloadURL"]["@id"],
            distribution["dcat:byteSize"]["@value"],
            distribution["spdx:checksum"]["spdx:checksumValue"]["@value"],
        )
        for distribution in catalogued["dcat:distribution"]
    ] == [
        (f"https://gongkai.example/{offer.path}", f"{offer.size}", offer.sha256) for offer in offers
    ]
    page = schema_org_dataset(ABOUT, offers)
    assert page["temporalCoverage"] == "2021/2023"
    assert [file["sha256"] for file in page["distribution"]] == [offer.sha256 for offer in offers]
    assert [file["contentSize"] for file in page["distribution"]] == [
        f"{offer.size} B" for offer in offers
    ]


def test_the_bytes_do_not_depend_on_the_number_of_workers(
    folder: Path, units: list[RowsByTable], tmp_path: Path
) -> None:
    write_bulk_files(FORMATS, ABOUT, _inputs(tmp_path, units), Workers(1))
    files = list(_files(folder))
    assert len(files) == 2 + len(TABLES) + 2
    assert list(_files(tmp_path / "pending")) == files


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def test_personal_data_is_found_in_every_format(tmp_path: Path, units: list[RowsByTable]) -> None:
    seed = {**units[0]}
    place = [column.name for column in VALUES.columns].index("filed")
    rows = list(seed["values"])
    rows[100] = (*rows[100][:place], f"电话{PERSONAL_NUMBERS['MOBILE']}", *rows[100][place + 1 :])
    write_bulk_files(FORMATS, ABOUT, _inputs(tmp_path, [seed | {"values": rows}]), Workers(1))
    result = scan_for_personal_data(tmp_path / "pending")
    assert [leak.file for leak in result.leaks] == [
        f"{BULK_FOLDER}gongkai.sqlite!value_cells",
        f"{BULK_FOLDER}gongkai.zip!values.csv",
        f"{BULK_FOLDER}values.parquet",
    ]
    assert result.unread == ()


def test_a_licence_with_a_url_is_linked() -> None:
    about = DatasetMetadata(
        "示", "示", "知识共享 CC BY 4.0（https://example.org/by/4.0/）。", "", (), ""
    )
    assert about.licence_url == "https://example.org/by/4.0/"
    assert schema_org_dataset(about, [])["license"] == "https://example.org/by/4.0/"
    assert about.resolve_url("data/whole/a.zip") == "whole/a.zip"


def test_the_guides_examples_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The examples of content/guide/whole.md run, and it lists every table."""
    guide = (ROOT / "content" / "guide" / "whole.md").read_text("utf-8")
    examples = re.findall(r"```(sql|python)\n(.*?)```", guide, re.DOTALL)
    assert [language for language, _ in examples] == ["sql", "python"]
    (_, sql), (_, python) = examples
    with closing(sqlite3.connect(folder / BULK_FOLDER / "gongkai.sqlite")) as database:
        results = [
            database.execute(statement).fetchall()
            for statement in sql.split(";")
            if statement.strip()
        ]
    assert all(results)
    monkeypatch.chdir(folder / BULK_FOLDER)
    exec(python, {})  # noqa: S102 - our own
    assert "新田县计划生育协会 2022 292.31 万元" in capsys.readouterr().out
    assert all(f"| `{table.name}` |" in guide for table in TABLES)
