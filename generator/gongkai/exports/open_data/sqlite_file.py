"""The table VALUES in SQLite: what recurs is kept once, and the view "values" shows it whole.

As one table it would be five times as large.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain
from operator import itemgetter
from pathlib import Path

from gongkai.exports.open_data.about import About
from gongkai.exports.open_data.packed_rows import read_rows
from gongkai.exports.open_data.rows import Row
from gongkai.exports.open_data.tables import DOCUMENTS, TABLES, VALUES, Column, Table, Type

_PLACES = {column.name: place for place, column in enumerate(VALUES.columns)}
_DOCUMENT = tuple(name for name in _PLACES if name in {each.name for each in DOCUMENTS.columns})
"""What the document tells of a value."""
_ITEM = "item"
_FIELD = ("field", "row_role", "role")
_NUMBER = "sequence"
_OWN = tuple(name for name in _PLACES if name not in {*_DOCUMENT, _NUMBER, _ITEM, *_FIELD})
"""What is a value's own."""
_NAMED = ("year", "kind", "form", "project")
"""What tells the document of a value within a unit."""
_TABLES = (
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
_ADD_ITEM = "INSERT INTO value_items VALUES (?, NULLIF(?, ''))"
_ADD_FIELD = "INSERT INTO value_fields VALUES (?, ?, NULLIF(?, ''), NULLIF(?, ''))"


def write_cells(database: sqlite3.Connection, parts: Sequence[Path], types: Sequence[str]) -> None:
    """Write the values of these parts; `types` are those of the columns in SQLite."""
    for statement in (*_TABLES, _cells_table(types), _view()):
        database.execute(statement)
    values = ", ".join(["?", "?", "?", "?", *("NULLIF(?, '')" for _ in _OWN)])
    adding = f"INSERT INTO value_cells VALUES ({values})"  # noqa: S608 - our own names
    fields: dict[tuple[str | int, ...], int] = {}
    documents = items = 0
    pairs = zip(read_rows(parts, DOCUMENTS), read_rows(parts, VALUES), strict=True)
    for told, rows in pairs:
        numbers = _numbered(told, documents + 1)
        texts = {
            text: place for place, text in enumerate(dict.fromkeys(map(_item, rows)), items + 1)
        }
        new = [each for each in dict.fromkeys(map(_field, rows)) if each not in fields]
        fields |= {each: place for place, each in enumerate(new, len(fields) + 1)}
        database.executemany(_ADD_ITEM, ((place, text) for text, place in texts.items()))
        database.executemany(_ADD_FIELD, ((fields[each], *each) for each in new))
        database.executemany(
            adding,
            (
                (numbers[_named(r)], _number(r), texts[_item(r)], fields[_field(r)], *_own(r))
                for r in rows
            ),
        )
        documents, items = documents + len(told), items + len(texts)


_number = itemgetter(_PLACES[_NUMBER])
_item = itemgetter(_PLACES[_ITEM])
_field = itemgetter(*(_PLACES[each] for each in _FIELD))
_own = itemgetter(*(_PLACES[each] for each in _OWN))
_named = itemgetter(*(_PLACES[each] for each in _NAMED))


def _numbered(documents: Sequence[Row], first: int) -> dict[tuple[str | int, ...], int]:
    """The numbers of a unit's documents, which are numbered as they come."""
    columns = [each.name for each in DOCUMENTS.columns]
    name = itemgetter(*(columns.index(each) for each in _NAMED))
    return {name(row): number for number, row in enumerate(documents, first)}


def _cells_table(types: Sequence[str]) -> str:
    """The key comes first: else integrity_check of SQLite 3.40 finds fault with a sound table."""
    own = ",\n  ".join(_column(each, types) for each in _OWN)
    return (
        "CREATE TABLE value_cells (\n"
        "  document INTEGER NOT NULL REFERENCES documents (id),\n"
        f"  {_NUMBER} INTEGER NOT NULL,\n"
        "  item INTEGER NOT NULL REFERENCES value_items (id),\n"
        "  field INTEGER NOT NULL REFERENCES value_fields (id),\n"
        f"  {own},\n  PRIMARY KEY (document, {_NUMBER})\n) WITHOUT ROWID"
    )


def _column(name: str, types: Sequence[str]) -> str:
    column = VALUES.columns[_PLACES[name]]
    return f"{name} {types[_PLACES[name]]}{' NOT NULL' if column.required else ''}"


def _view() -> str:
    shown = ",\n  ".join(_shown())
    return (
        f'CREATE VIEW "values" AS SELECT\n  {shown}\nFROM value_cells\n'
        "JOIN documents ON documents.id = value_cells.document\n"
        "JOIN value_items ON value_items.id = value_cells.item\n"
        "JOIN value_fields ON value_fields.id = value_cells.field"
    )


def _shown() -> Iterator[str]:
    holders = dict.fromkeys(_DOCUMENT, "documents") | dict.fromkeys(_FIELD, "value_fields")
    holders[_ITEM] = "value_items"
    return (f"{holders.get(each, 'value_cells')}.{each}" for each in _PLACES)


_TYPES = {Type.TEXT: "TEXT", Type.WHOLE: "INTEGER", Type.DECIMAL: "TEXT", Type.DATE: "TEXT"}
_INDEXES = (("disclosures", ("year",)), ("projects", ("year",)))
"""What is often looked for, beside the keys."""
_ROW_ID = "id"
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
    parts = [*map(_column_sql, table.columns)]
    if table is DOCUMENTS:
        parts += [f"{_ROW_ID} INTEGER PRIMARY KEY", f"UNIQUE ({_names(table.key)})"]
    else:
        parts.append(f"PRIMARY KEY ({_names(table.key)})")
    if table.parent:
        key = _names(next(each.key for each in TABLES if each.name == table.parent))
        parts.append(f'FOREIGN KEY ({key}) REFERENCES "{table.parent}" ({key})')
    return f'CREATE TABLE "{table.name}" (\n  {_lines(parts)}\n)'


def _lines(parts: Sequence[str]) -> str:
    return ",\n  ".join(parts)


def _column_sql(column: Column) -> str:
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
