"""Values of a disclosure as rows of the table VALUES."""

import datetime as dt
from decimal import Decimal

from gongkai.exports.open_data.tables import VALUES
from gongkai.exports.open_data.values import TEXT_FIELD, ValueRow, iter_document_rows
from gongkai.reading.dataset import Dataset, read_dataset
from gongkai.reading.front_matter import split_paragraphs
from tests.folders import ROOT


def _read_seed() -> Dataset:
    return read_dataset(ROOT / "data", "data", dt.date(2026, 11, 25))


def test_row_fields_equal_the_columns() -> None:
    assert ValueRow._fields == tuple(column.name for column in VALUES.columns)


def test_every_cell_has_a_row_that_names_its_position() -> None:
    (disclosure,) = _read_seed().disclosures
    cells = [cell for record in disclosure.all_records for cell in record.cells]
    rows = [
        (document.record.name, row)
        for document in iter_document_rows(disclosure)
        for row in document.rows
        if row.field != TEXT_FIELD
    ]
    assert len(cells) == len(rows) > 300
    for cell, (name, row) in zip(cells, rows, strict=True):
        assert "/".join(part for part in (name, row.item, row.field) if part) == cell.where
        assert row.filed == cell.filed
        assert (Decimal(row.number) if row.number else None) == cell.value.number


def test_rows_are_numbered_over_the_disclosure() -> None:
    (disclosure,) = _read_seed().disclosures
    numbers = [row.sequence for document in iter_document_rows(disclosure) for row in document.rows]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_report_has_a_row_per_paragraph() -> None:
    assert split_paragraphs("甲\n\n乙\n丙\n \n\n丁\n") == ["甲", "乙\n丙", "丁"]
    (disclosure,) = _read_seed().disclosures
    bodies = [
        document.record.body for document in iter_document_rows(disclosure) if document.record.body
    ]
    texts = [
        row.filed
        for document in iter_document_rows(disclosure)
        for row in document.rows
        if row.field == TEXT_FIELD
    ]
    assert texts == [paragraph for body in bodies for paragraph in split_paragraphs(body)]
    assert len(texts) > 40
