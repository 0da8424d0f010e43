"""Agreement of tables that are to be filled in with one form: the labels that only some have."""

from collections.abc import Iterator, Sequence

from gongkai.authoring.form_drafts.drafting import TableFile
from gongkai.authoring.form_drafts.layout import PageCell
from gongkai.authoring.form_drafts.parts import (
    FieldColumns,
    FieldRows,
    FigureTable,
    IndicatorRows,
    TotalLine,
)
from gongkai.authoring.office.cells import clean_value, normalize_label

_MOST_NAMES = 3
"""Most files that a sentence names."""


def table_labels(table: TableFile) -> set[str]:
    """Return the labels of a table, normalized."""
    return {normalize_label(cell.text) for cell in _label_cells(table) if not cell.is_blank}


def _label_cells(table: TableFile) -> Iterator[PageCell]:
    for part in table.parts.parts:
        match part:
            case FieldRows():
                yield from (
                    pair.label for pairs in part.rows for pair in pairs if pair.label is not None
                )
            case FieldColumns() | IndicatorRows():
                yield from (column.label for column in part.columns)
            case FigureTable():
                yield from (column.label for column in part.columns)
                if not (part.corner and part.corner.text.strip().endswith("名称")):
                    yield from (row.cells[0] for row in part.rows if part.corner is not None)
            case TotalLine():
                yield part.label


def find_disagreements(tables: Sequence[TableFile]) -> list[str]:
    """Return the labels that only some of the tables have, in Chinese."""
    if len(tables) < 2:  # noqa: PLR2004 - a single one agrees with itself
        return []
    labels = {id(table): table_labels(table) for table in tables}
    texts = {
        normalize_label(cell.text): clean_value(cell.text)
        for table in tables
        for cell in _label_cells(table)
    }
    sentences: list[str] = []
    for label, text in texts.items():
        having = [table for table in tables if label in labels[id(table)]]
        if label and len(having) < len(tables):
            names = "、".join(table.name for table in having[:_MOST_NAMES])
            more = f"等 {len(having)} 个文件" if len(having) > _MOST_NAMES else ""
            sentences.append(f"“{text}”只有 {names}{more} 有")
    return sentences
