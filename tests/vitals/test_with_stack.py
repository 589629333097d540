"""Signs of life of the real processes, with a real broker."""

import pytest

from tests.stack import Stack

pytestmark = pytest.mark.faults

LIVING = "SELECT kind FROM jobs_process WHERE kind != 'former' AND ended_at IS NULL"


def test_every_process_gives_signs_of_life_and_says_when_it_worked(stack: Stack):
    parts = {kind: stack.pids[kind] for kind in ("web", "worker", "beat")}
    sql = f"{LIVING} AND pid = ? AND (worked_at IS NOT NULL OR kind = 'web')"

    def living() -> dict[str, int]:
        return {kind: pid for pid in parts.values() for (kind,) in stack.rows(sql, pid)}

    assert stack.wait_until(lambda: living() == parts, "all are at work")
