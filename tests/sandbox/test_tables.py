"""A folder that an older sandbox made is opened as if it were new.

`folder-0.1.0.sql` is the database that the first release left after two jobs.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.tables import catch_up, open_database
from tests.sandbox.conftest import call
from tests.sandbox_server import Server

OLD = Path(__file__).with_name("folder-0.1.0.sql")


@pytest.fixture
def old(folder):
    """The folder as the first release left it."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "sandbox.sqlite3")) as db:
        db.executescript(OLD.read_text())
    return folder


def shape(path: Path) -> set[tuple[str, ...]]:
    """Every column and index of a database."""
    query = """
        SELECT t.name, c.name, c.type, c."notnull", c.dflt_value
            FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'
        UNION ALL SELECT tbl_name, name, sql, '', '' FROM sqlite_schema WHERE type = 'index'
    """
    with closing(open_database(path)) as db:
        return {tuple(row) for row in db.execute(query)}


def test_an_old_database_gets_all_that_a_new_one_has(old, tmp_path):
    assert shape(old / "sandbox.sqlite3") == shape(tmp_path / "new.sqlite3")


def test_an_old_folder_shows_its_jobs_and_takes_new_ones(old):
    with Server(old) as server, call(server.url) as api:
        failed, succeeded = api.every("fine_tuning/jobs")

        assert (failed["status"], succeeded["status"]) == ("failed", "succeeded")
        assert [step["step"] for step in api.steps(succeeded["id"])] == [1, 2, 3, 4]
        assert [each["step_number"] for each in api.checkpoints(succeeded["id"])] == [4, 2]
        assert api.wait(api.order()["id"])["status"] == "succeeded"


def test_old_jobs_are_found_by_their_metadata(old):
    with Server(old) as server, call(server.url) as api:
        found = api.get("fine_tuning/jobs", params={"metadata[team]": "support"}).json()["data"]
        without = api.get("fine_tuning/jobs", params={"metadata": "null"}).json()["data"]

        assert [job["user_provided_suffix"] for job in found] == ["old"]
        assert [job["status"] for job in without] == ["failed"]


def test_what_an_older_table_lacks_is_added_and_old_rows_take_the_default():
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript("CREATE TABLE pets (name TEXT NOT NULL); INSERT INTO pets VALUES ('Rex')")
        schema = """
            CREATE TABLE IF NOT EXISTS pets (
                name TEXT NOT NULL, legs INTEGER NOT NULL DEFAULT 4, tail JSON, kind TEXT DEFAULT 'dog'
            );
            CREATE INDEX IF NOT EXISTS pets_by_legs ON pets (legs);
            CREATE TABLE IF NOT EXISTS owners (name TEXT);
        """

        for _ in range(2):  # the second time finds nothing to do
            catch_up(db, schema)

        assert db.execute("SELECT * FROM pets").fetchall() == [("Rex", 4, None, "dog")]
        assert db.execute("SELECT name FROM pragma_index_list('pets')").fetchall() == [
            ("pets_by_legs",)
        ]
        assert db.execute("SELECT * FROM owners").fetchall() == []
