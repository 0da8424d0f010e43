"""Every value of a disclosure as a row of the open data."""

import datetime as dt
from decimal import Decimal

from gongkai.exports.open_data.tables import VALUES
from gongkai.exports.open_data.values import TEXT_FIELD, ValueRow, documents
from gongkai.reading.dataset import Dataset, read_dataset
from gongkai.reading.front_matter import paragraphs
from tests.folders import ROOT


def _seed() -> Dataset:
    return read_dataset(ROOT / "data", "data", dt.date(2026, 11, 25))


def test_the_columns_are_those_that_are_told_of() -> None:
    assert ValueRow._fields == tuple(each.name for each in VALUES.columns)


def test_every_cell_is_a_row_and_can_be_found_again() -> None:
    (disclosure,) = _seed().disclosures
    cells = [cell for record in disclosure.all_records for cell in record.cells()]
    found = [
        (document.record.name, row)
        for document in documents(disclosure)
        for row in document.rows
        if row.field != TEXT_FIELD
    ]
    assert len(cells) == len(found) > 300
    for cell, (name, row) in zip(cells, found, strict=True):
        assert "/".join(part for part in (name, row.item, row.field) if part) == cell.where
        assert row.filed == cell.filed
        assert (Decimal(row.number) if row.number else None) == cell.value.number


def test_rows_are_numbered_over_the_disclosure() -> None:
    (disclosure,) = _seed().disclosures
    numbers = [row.sequence for document in documents(disclosure) for row in document.rows]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_report_is_told_by_paragraphs() -> None:
    assert paragraphs("甲\n\n乙\n丙\n \n\n丁\n") == ["甲", "乙\n丙", "丁"]
    (disclosure,) = _seed().disclosures
    bodies = [each.record.body for each in documents(disclosure) if each.record.body]
    told = [
        row.filed for each in documents(disclosure) for row in each.rows if row.field == TEXT_FIELD
    ]
    assert told == [part for body in bodies for part in paragraphs(body)]
    assert len(told) > 40
