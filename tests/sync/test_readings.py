"""Many jobs of one account at once: how many are asked about, and what becomes of what came."""

import threading
from contextlib import suppress

import httpx
import pytest

from jobs.models import Account, Event, Job, Pulse
from jobs.sync import readings
from tests.listening import listened
from tests.making import make_account
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db
ENDED = {"status": "succeeded", "finished_at": 1_790_000_000}
DOWN = httpx.Response(500, json={"error": {"message": "The server had an error"}})
SLOW_DOWN = httpx.Response(429, headers={"retry-after": "600"})


@pytest.fixture
def account() -> Account:
    return make_account()


def import_of(upstream: FakeUpstream, jobs: int, steps: int = 3) -> None:
    """So many jobs that ended long ago; the last one is the newest."""
    for number in range(jobs):
        upstream.add(f"ftjob-{number}", **ENDED)
        for step in range(1, steps + 1):
            upstream.log(step, f"ftjob-{number}", train_loss=1 / step)


class Crowd:
    """Holds questions about events back until so many are asked at once."""

    def __init__(self, upstream: FakeUpstream, size: int) -> None:
        self.most = self.here = 0
        self.lock = threading.Lock()
        self.barrier = threading.Barrier(size)
        self.answer = upstream.about
        upstream.about = self.about  # type: ignore[method-assign]

    def about(self, request: httpx.Request, job_id: str, what: str = "") -> httpx.Response:
        if what != "events" or threading.current_thread() is threading.main_thread():
            return self.answer(request, job_id, what)
        with self.lock:
            self.here += 1
            self.most = max(self.most, self.here)
        with suppress(threading.BrokenBarrierError):
            self.barrier.wait(timeout=1)
        with self.lock:
            self.here -= 1
        return self.answer(request, job_id, what)


def test_a_history_is_read_many_jobs_at_once_and_each_once(account, upstream: FakeUpstream):
    import_of(upstream, jobs=40)
    crowd = Crowd(upstream, size=4)

    listened(account)

    assert 4 <= crowd.most <= readings.MOST_AT_ONCE
    assert upstream.count("/events") == 40
    assert Event.objects.count() == 120
    assert not Job.objects.exclude(next_poll_at=None).exists()


def test_what_came_together_raises_the_version_together(account, upstream: FakeUpstream):
    import_of(upstream, jobs=40)
    Crowd(upstream, size=4)

    listened(account)

    assert Job.objects.filter(revision__gte=1).count() == 40
    assert Pulse.read().version < 40


def test_the_newest_of_a_history_is_read_first(account, upstream: FakeUpstream):
    import_of(upstream, jobs=5)

    listened(account)

    first = next(path for path in upstream.asked if path.endswith("/events"))
    assert "ftjob-4" in first


def test_a_rate_limit_amid_many_keeps_what_came_and_asks_for_no_more(account, upstream):
    import_of(upstream, jobs=60)
    upstream.broken_paths["fine_tuning/jobs/ftjob-50/events"] = SLOW_DOWN

    listened(account)

    read = Job.objects.filter(next_poll_at=None)
    assert 1 <= read.count() < 10 + readings.MOST_AT_ONCE
    assert all(job.events.count() == 3 for job in read)
    assert account.is_failing


def test_trouble_with_some_is_written_on_them_and_spares_the_others(account, upstream):
    import_of(upstream, jobs=9)
    upstream.broken_paths["fine_tuning/jobs/ftjob-3/events"] = DOWN

    listened(account)

    assert Job.objects.get(upstream_id="ftjob-3").last_error
    assert Job.objects.filter(next_poll_at=None, last_error="").count() == 8


def test_a_reading_that_cannot_be_written_undoes_none_that_came_with_it(account, upstream):
    import_of(upstream, jobs=9)
    upstream.events["ftjob-5"][0]["created_at"] = 10**10  # in the year 2286
    upstream.events["ftjob-5"][0]["data"]["step"] = 2**63 - 1
    upstream.events["ftjob-5"][0]["data"]["total_steps"] = 2**63 - 1

    listened(account)

    assert Event.objects.count() == 27
    assert not Job.objects.exclude(upstream_id="ftjob-5").exclude(next_poll_at=None).exists()
