"""Where fixtures come from, and what a run says of itself.

fixtures  the domain: a person, a signed-in client, an API at the other end of the wire
stack     the real program in a data folder of its own
chromium  a browser that forgives no error
sandbox_server, valkey  the one program or the other, without the rest
"""

from collections import Counter
from typing import Any

import pytest
from django.conf import settings

pytest_plugins = [
    "tests.fixtures",
    "tests.sandbox_server",
    "tests.stack",
    "tests.chromium",
    "tests.valkey",
]

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def is_on_postgres() -> bool:
    return "postgresql" in settings.DATABASES["default"]["ENGINE"]


def needs_database(item: Any) -> bool:
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On Postgres run what uses the database. What drives the whole stack shares one process."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))
    if is_on_postgres():
        apart = [item for item in items if is_whole(item) or not needs_database(item)]
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if item not in set(apart)]


def is_whole(item: pytest.Item) -> bool:
    """Whether it brings a program and a database of its own."""
    return any(item.get_closest_marker(name) for name in ("browser", "faults"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what really ran: a database or a browser that quietly took no part would look green."""
    passed = Counter(kind_of(report) for report in terminalreporter.stats.get("passed", []))
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(passed.items()))
    terminalreporter.write_line(f"Ran: {counts or 'nothing'}")


def kind_of(report: Any) -> str:
    if "browser" in report.keywords:
        return "in Chromium"
    if "faults" in report.keywords:
        return "with kill -9"
    return "on Postgres" if is_on_postgres() else "on SQLite"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A skipped test is a test that nobody runs."""
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
