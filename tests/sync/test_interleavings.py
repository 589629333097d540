"""Whatever happens while a job is read, the rows become those of one clean reading of its whole log."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

import httpx
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from jobs.models import Job
from jobs.sync import events, known
from tests.listening import refreshed
from tests.making import make_account, make_job
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db

READINGS = 40  # after which a log of this length must have been read, gaps and all
TROUBLES: dict[str, Exception | httpx.Response] = {
    "down": httpx.Response(500, json={"error": {"message": "The server had an error"}}),
    "reset": httpx.ReadError("Connection reset by peer"),
    "cut off": httpx.Response(200, content=b'{"data": [{"id": "ftev'),
}

ahead = st.integers(0, 3)  # of the step before; 0 corrects it
moves = st.one_of(
    st.tuples(st.just("steps"), st.lists(ahead, min_size=1, max_size=9)),
    st.tuples(st.just("message"), st.none()),
    st.tuples(st.just("reading"), st.none()),
    st.tuples(st.just("reading while steps come"), st.lists(ahead, min_size=1, max_size=4)),
    st.tuples(st.just("trouble"), st.tuples(st.sampled_from(sorted(TROUBLES)), st.integers(0, 6))),
    st.tuples(st.just("crash"), st.integers(0, 60)),
)


class Crash(BaseException):
    """The process is gone: what was not committed never was."""


class Play:
    """A job at the other end of the wire, our rows of it, and what happens to both."""

    def __init__(self, upstream: FakeUpstream, *, newest_first: bool) -> None:
        self.upstream = upstream
        upstream.jobs.clear()
        upstream.events.clear()
        upstream.newest_first = newest_first
        upstream.longest_page = 3
        upstream.add()
        self.job = make_job(upstream_id="ftjob-1")
        self.told = self.step = 0

    def make(self, move: str, given: Any) -> None:
        match move:
            case "steps":
                self.train(given)
            case "message":
                self.say("message", None)
            case "reading":
                refreshed(self.job)
            case "reading while steps come":
                coming = iter(given)
                self.read_while(lambda: self.train(list(islice(coming, 1))))
            case "trouble":
                self.read_in_trouble(*given)
            case "crash":
                with suppress(Crash), crash_at(given):
                    refreshed(self.job)

    def train(self, strides: list[int]) -> None:
        for ahead in strides:
            self.step += ahead
            self.say("metrics", self.step)

    def say(self, kind: str, step: int | None) -> None:
        """Each event is of another moment and, where a step comes again, of another value."""
        self.told += 1
        event: dict[str, Any] = {"id": f"ftevent-{self.told}", "type": kind}
        if step is not None:
            event["data"] = {"step": step, "train_loss": self.told / 8}
        self.upstream.say(f"It was told {self.told}.", **event)

    def read_while(self, meanwhile: Any) -> None:
        self.upstream.meanwhile = meanwhile
        refreshed(self.job)
        self.upstream.meanwhile = lambda: None

    def read_in_trouble(self, kind: str, after: int) -> None:
        """The first requests are answered, then nothing is as it should be."""
        asked = len(self.upstream.asked)

        def break_off() -> None:
            if len(self.upstream.asked) - asked > after:
                self.upstream.broken = TROUBLES[kind]

        with suppress(Exception):
            self.read_while(break_off)
        self.upstream.meanwhile = lambda: None
        self.upstream.broken = None

    def settle(self) -> None:
        for _ in range(READINGS):
            refreshed(self.job)
            if not self.job.gap_after and self.job.events.count() == self.told:
                return


@contextmanager
def crash_at(statement: int) -> Iterator[None]:
    """With this statement; what was begun is rolled back, as the database does for who is gone."""
    left = statement

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0 and not sql.startswith("ROLLBACK"):
            raise Crash
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


def rows_of(job: Job) -> dict[str, Any]:
    job.refresh_from_db()
    metrics = job.metrics.order_by("name")
    return {
        "events": list(job.events.newest_first().values_list("upstream_id", "step", "message")),
        "points": job.series.points("train_loss"),
        "metrics": list(metrics.values_list("name", "last", "last_step", "min", "max", "count")),
        "job": (job.state, job.step, job.gap_after),
    }


@pytest.mark.parametrize("stretch", [7, 1000])
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(script=st.lists(moves, max_size=12), newest_first=st.booleans())
def test_any_order_of_news_troubles_and_crashes_comes_to_the_rows_of_one_clean_reading(
    upstream: FakeUpstream,
    monkeypatch: pytest.MonkeyPatch,
    script: list[tuple[str, Any]],
    newest_first: bool,
    stretch: int,
):
    monkeypatch.setattr(events, "PAGE", 3)
    monkeypatch.setattr(known, "NEWEST", 3)
    monkeypatch.setattr(events, "MOST_EVENTS", stretch)
    with transaction.atomic():
        play = Play(upstream, newest_first=newest_first)
        for move, given_ in script:
            play.make(move, given_)
        play.settle()

        monkeypatch.setattr(events, "MOST_EVENTS", 1000)
        clean = make_job(upstream_id="ftjob-1", account=make_account(name="Read once"))
        refreshed(clean)

        assert rows_of(play.job) == rows_of(clean)
        transaction.set_rollback(True)
