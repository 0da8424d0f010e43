"""The table VALUES in SQLite: what recurs is kept once, and the view "values" shows it whole.

As one table it would be five times as large.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from generator.opendata.columns import DOCUMENTS, VALUES
from generator.opendata.packing import read_rows
from generator.opendata.rows import Row

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
