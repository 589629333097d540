"""The tables of the data folder: as schema.sql has them, also in a file that an older sandbox made.

An older file gets the tables, columns and indexes that it lacks when it is opened; rows that it
has take the new columns' defaults. Nothing is renamed, changed or removed: an index that is to
be another one takes another name.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

SCHEMA = Path(__file__).with_name("schema.sql")

sqlite3.register_converter("JSON", msgspec.json.decode)


def open_database(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    catch_up(db, SCHEMA.read_text())
    return db


def catch_up(db: sqlite3.Connection, schema: str) -> None:
    """Columns first: the schema's own statements may make indexes of them."""
    for table, column in _missing_columns(db, schema):
        db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    db.executescript(schema)


def _missing_columns(db: sqlite3.Connection, schema: str) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:")) as wanted:
        wanted.executescript(schema)
        tables = wanted.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for (table,) in tables.fetchall():
            if there := _columns(db, table):
                declared = _columns(wanted, table)
                yield from ((table, declared[name]) for name in declared if name not in there)


def _columns(db: sqlite3.Connection, table: str) -> dict[str, str]:
    """A column's name -> its declaration; nothing if there is no such table."""
    query = 'SELECT name, type, "notnull", dflt_value FROM pragma_table_info(?)'
    return {
        name: f"{name} {kind}"
        + (" NOT NULL" if is_needed else "")
        + ("" if default is None else f" DEFAULT {default}")
        for name, kind, is_needed, default in db.execute(query, [table])
    }
