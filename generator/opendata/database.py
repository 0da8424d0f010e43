"""The whole as an SQLite file: typed columns, keys, indexes; exact decimals are text."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path

from generator.opendata.about import About
from generator.opendata.cells import write_cells
from generator.opendata.columns import DOCUMENTS, TABLES, VALUES, Column, Table, Type
from generator.opendata.packing import read_rows

_TYPES = {Type.TEXT: "TEXT", Type.WHOLE: "INTEGER", Type.DECIMAL: "TEXT", Type.DATE: "TEXT"}
_INDEXES = (("disclosures", ("year",)), ("projects", ("year",)))
"""What is often looked for, beside the keys."""
_NUMBER = "id"
"""The documents' own number, by which values refer to them."""
_QUIET = ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE")
"""The file is made at one go, and thrown away where that fails."""


def write_database(parts: Sequence[Path], about: About, target: Path) -> None:
    """Write the database of the rows of these parts, at most one part in memory."""
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        for pragma in _QUIET:
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")
        for table in TABLES:
            if table is VALUES:
                write_cells(database, parts, [_TYPES[each.type] for each in table.columns])
                continue
            database.execute(_created(table))
            rows = chain.from_iterable(read_rows(parts, table))
            database.executemany(_inserted(table), rows)
        for name, columns in _INDEXES:
            listed = _names(columns)
            database.execute(f'CREATE INDEX "{name}_{"_".join(columns)}" ON "{name}" ({listed})')
        _tell(database, about)
        database.execute("COMMIT")


def _created(table: Table) -> str:
    parts = [*map(_column, table.columns)]
    if table is DOCUMENTS:
        parts += [f"{_NUMBER} INTEGER PRIMARY KEY", f"UNIQUE ({_names(table.key)})"]
    else:
        parts.append(f"PRIMARY KEY ({_names(table.key)})")
    if table.parent:
        key = _names(next(each.key for each in TABLES if each.name == table.parent))
        parts.append(f'FOREIGN KEY ({key}) REFERENCES "{table.parent}" ({key})')
    return f'CREATE TABLE "{table.name}" (\n  {_lines(parts)}\n)'


def _lines(parts: Sequence[str]) -> str:
    return ",\n  ".join(parts)


def _column(column: Column) -> str:
    return f'"{column.name}" {_TYPES[column.type]}{" NOT NULL" if column.required else ""}'


def _inserted(table: Table) -> str:
    """Where nothing is filed, nothing stands (NULL)."""
    values = ("?" if each.required else "NULLIF(?, '')" for each in table.columns)
    columns = _names([each.name for each in table.columns])
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({", ".join(values)})'  # noqa: S608 - our own names


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{each}"' for each in columns)


def _tell(database: sqlite3.Connection, about: About) -> None:
    """The tables that tell of the others."""
    database.execute(
        "CREATE TABLE about_columns (table_name TEXT NOT NULL, table_title TEXT NOT NULL, "
        "column_name TEXT NOT NULL, title TEXT NOT NULL, about TEXT NOT NULL, "
        "type TEXT NOT NULL, PRIMARY KEY (table_name, column_name))"
    )
    database.executemany("INSERT INTO about_columns VALUES (?, ?, ?, ?, ?, ?)", _described())
    database.execute("CREATE TABLE about (name TEXT NOT NULL PRIMARY KEY, told TEXT NOT NULL)")
    facts = {
        "名称": about.title,
        "说明": about.description,
        "主办单位": about.organiser,
        "许可": about.licence,
        "网址": about.site_url,
        "数字": "decimal 类的列是文本，保留填报的零；计算时写 CAST(列 AS REAL)",
    }
    database.executemany("INSERT INTO about VALUES (?, ?)", facts.items())


def _described() -> Iterator[tuple[str, ...]]:
    for table in TABLES:
        for each in table.columns:
            yield table.name, table.title, each.name, each.title, each.about, each.type.value
