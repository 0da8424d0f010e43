"""The complete dataset as an SQLite database.

The table VALUES is normalised, which makes the file five times smaller; the view "values" joins it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain
from operator import itemgetter
from pathlib import Path

from gongkai.exports.open_data.about import DatasetMetadata
from gongkai.exports.open_data.packed_rows import read_rows
from gongkai.exports.open_data.rows import Row
from gongkai.exports.open_data.tables import (
    DOCUMENTS,
    TABLES,
    VALUES,
    Column,
    ColumnType,
    DataTable,
)

_POSITIONS = {column.name: index for index, column in enumerate(VALUES.columns)}
_DOCUMENT_COLUMNS = tuple(
    name for name in _POSITIONS if name in {column.name for column in DOCUMENTS.columns}
)
"""Columns of VALUES that the table DOCUMENTS holds."""
_ITEM = "item"
_FIELD_COLUMNS = ("field", "row_role", "role")
_SEQUENCE = "sequence"
_CELL_COLUMNS = tuple(
    name
    for name in _POSITIONS
    if name not in {*_DOCUMENT_COLUMNS, _SEQUENCE, _ITEM, *_FIELD_COLUMNS}
)
"""Columns that only value_cells holds."""
_DOCUMENT_KEY = ("year", "kind", "form", "project")
"""Columns that identify the document of a value within a unit."""
_VALUE_TABLES = (
    """CREATE TABLE value_items (
  id INTEGER PRIMARY KEY,
  item TEXT
)""",
    """CREATE TABLE value_fields (
  id INTEGER PRIMARY KEY,
  field TEXT NOT NULL,
  row_role TEXT,
  role TEXT
)""",
)
_INSERT_ITEM = "INSERT INTO value_items VALUES (?, NULLIF(?, ''))"
_INSERT_FIELD = "INSERT INTO value_fields VALUES (?, ?, NULLIF(?, ''), NULLIF(?, ''))"


def write_value_tables(
    database: sqlite3.Connection, parts: Sequence[Path], types: Sequence[str]
) -> None:
    """Write the values in `parts`; `types` are the SQLite types of the columns of VALUES."""
    for statement in (*_VALUE_TABLES, _cells_table(types), _values_view()):
        database.execute(statement)
    placeholders = ", ".join(["?", "?", "?", "?", *("NULLIF(?, '')" for _ in _CELL_COLUMNS)])
    insert_cell = f"INSERT INTO value_cells VALUES ({placeholders})"  # noqa: S608 - our own names
    field_ids: dict[tuple[str | int, ...], int] = {}
    document_count = item_count = 0
    pairs = zip(read_rows(parts, DOCUMENTS), read_rows(parts, VALUES), strict=True)
    for documents, rows in pairs:
        document_ids = _document_ids(documents, document_count + 1)
        item_ids = {
            text: number
            for number, text in enumerate(dict.fromkeys(map(_item, rows)), item_count + 1)
        }
        new_fields = [field for field in dict.fromkeys(map(_field, rows)) if field not in field_ids]
        field_ids |= {field: number for number, field in enumerate(new_fields, len(field_ids) + 1)}
        database.executemany(_INSERT_ITEM, ((number, text) for text, number in item_ids.items()))
        database.executemany(_INSERT_FIELD, ((field_ids[field], *field) for field in new_fields))
        database.executemany(
            insert_cell,
            (
                (
                    document_ids[_document_key(row)],
                    _sequence(row),
                    item_ids[_item(row)],
                    field_ids[_field(row)],
                    *_cell(row),
                )
                for row in rows
            ),
        )
        document_count += len(documents)
        item_count += len(item_ids)


_sequence = itemgetter(_POSITIONS[_SEQUENCE])
_item = itemgetter(_POSITIONS[_ITEM])
_field = itemgetter(*(_POSITIONS[name] for name in _FIELD_COLUMNS))
_cell = itemgetter(*(_POSITIONS[name] for name in _CELL_COLUMNS))
_document_key = itemgetter(*(_POSITIONS[name] for name in _DOCUMENT_KEY))


def _document_ids(documents: Sequence[Row], first: int) -> dict[tuple[str | int, ...], int]:
    """Return the id of every document of a unit; ids follow the order of insertion."""
    columns = [column.name for column in DOCUMENTS.columns]
    document_key = itemgetter(*(columns.index(name) for name in _DOCUMENT_KEY))
    return {document_key(row): number for number, row in enumerate(documents, first)}


def _cells_table(types: Sequence[str]) -> str:
    """Return the statement that creates value_cells.

    The key columns come first: integrity_check of SQLite 3.40 rejects a sound table otherwise.
    """
    cell_columns = ",\n  ".join(_cell_column_sql(name, types) for name in _CELL_COLUMNS)
    return (
        "CREATE TABLE value_cells (\n"
        "  document INTEGER NOT NULL REFERENCES documents (id),\n"
        f"  {_SEQUENCE} INTEGER NOT NULL,\n"
        "  item INTEGER NOT NULL REFERENCES value_items (id),\n"
        "  field INTEGER NOT NULL REFERENCES value_fields (id),\n"
        f"  {cell_columns},\n  PRIMARY KEY (document, {_SEQUENCE})\n) WITHOUT ROWID"
    )


def _cell_column_sql(name: str, types: Sequence[str]) -> str:
    column = VALUES.columns[_POSITIONS[name]]
    return f"{name} {types[_POSITIONS[name]]}{' NOT NULL' if column.required else ''}"


def _values_view() -> str:
    columns = ",\n  ".join(_view_columns())
    return (
        f'CREATE VIEW "values" AS SELECT\n  {columns}\nFROM value_cells\n'
        "JOIN documents ON documents.id = value_cells.document\n"
        "JOIN value_items ON value_items.id = value_cells.item\n"
        "JOIN value_fields ON value_fields.id = value_cells.field"
    )


def _view_columns() -> Iterator[str]:
    tables = dict.fromkeys(_DOCUMENT_COLUMNS, "documents")
    tables |= dict.fromkeys(_FIELD_COLUMNS, "value_fields")
    tables[_ITEM] = "value_items"
    return (f"{tables.get(name, 'value_cells')}.{name}" for name in _POSITIONS)


_TYPES = {
    ColumnType.TEXT: "TEXT",
    ColumnType.WHOLE: "INTEGER",
    ColumnType.DECIMAL: "TEXT",
    ColumnType.DATE: "TEXT",
}
_INDEXES = (("disclosures", ("year",)), ("projects", ("year",)))
"""Indexes for frequent queries, in addition to the keys."""
_ROW_ID = "id"
"""Integer key of a document, which value_cells references."""
_PRAGMAS = (
    "page_size = 4096",
    "journal_mode = OFF",
    "synchronous = OFF",
    "locking_mode = EXCLUSIVE",
)
"""No journal: the file is written in one transaction and discarded on failure."""


def write_database(parts: Sequence[Path], metadata: DatasetMetadata, target: Path) -> None:
    """Write the database of the rows in `parts`; at most one part is in memory."""
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        for pragma in _PRAGMAS:
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")
        for table in TABLES:
            if table is VALUES:
                write_value_tables(
                    database, parts, [_TYPES[column.type] for column in table.columns]
                )
                continue
            database.execute(_create_table(table))
            rows = chain.from_iterable(read_rows(parts, table))
            database.executemany(_insert_row(table), rows)
        for name, columns in _INDEXES:
            index = f"{name}_{'_'.join(columns)}"
            database.execute(f'CREATE INDEX "{index}" ON "{name}" ({_quote_names(columns)})')
        _write_about_tables(database, metadata)
        database.execute("COMMIT")


def _create_table(table: DataTable) -> str:
    clauses = [*map(_column_sql, table.columns)]
    if table is DOCUMENTS:
        clauses += [f"{_ROW_ID} INTEGER PRIMARY KEY", f"UNIQUE ({_quote_names(table.key)})"]
    else:
        clauses.append(f"PRIMARY KEY ({_quote_names(table.key)})")
    if table.parent:
        key = _quote_names(next(other.key for other in TABLES if other.name == table.parent))
        clauses.append(f'FOREIGN KEY ({key}) REFERENCES "{table.parent}" ({key})')
    return f'CREATE TABLE "{table.name}" (\n  {_join_clauses(clauses)}\n)'


def _join_clauses(clauses: Sequence[str]) -> str:
    return ",\n  ".join(clauses)


def _column_sql(column: Column) -> str:
    return f'"{column.name}" {_TYPES[column.type]}{" NOT NULL" if column.required else ""}'


def _insert_row(table: DataTable) -> str:
    """Return the statement that inserts a row; empty text becomes NULL."""
    values = ("?" if column.required else "NULLIF(?, '')" for column in table.columns)
    columns = _quote_names([column.name for column in table.columns])
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({", ".join(values)})'  # noqa: S608 - our own names


def _quote_names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _write_about_tables(database: sqlite3.Connection, metadata: DatasetMetadata) -> None:
    """Write the tables that describe the dataset and the columns of the other tables."""
    database.execute(
        "CREATE TABLE about_columns (table_name TEXT NOT NULL, table_title TEXT NOT NULL, "
        "column_name TEXT NOT NULL, title TEXT NOT NULL, about TEXT NOT NULL, "
        "type TEXT NOT NULL, PRIMARY KEY (table_name, column_name))"
    )
    database.executemany(
        "INSERT INTO about_columns VALUES (?, ?, ?, ?, ?, ?)", _column_descriptions()
    )
    database.execute("CREATE TABLE about (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)")
    facts = {
        "名称": metadata.title,
        "说明": metadata.description,
        "主办单位": metadata.organiser,
        "许可": metadata.licence,
        "网址": metadata.site_url,
        "数字": "decimal 类的列是文本，保留填报的零；计算时写 CAST(列 AS REAL)",
    }
    database.executemany("INSERT INTO about VALUES (?, ?)", facts.items())


def _column_descriptions() -> Iterator[tuple[str, ...]]:
    for table in TABLES:
        for column in table.columns:
            yield (
                table.name,
                table.title,
                column.name,
                column.title,
                column.description,
                column.type.value,
            )
