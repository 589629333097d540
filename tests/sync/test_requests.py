"""How much is asked for, and how much is written: no more than what moved is worth."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Account, Checkpoint, Event, Job, MetricSummary, Pulse, Series
from tests.listening import listened
from tests.making import make_account
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db
ENDED = {"status": "succeeded", "finished_at": 1_790_000_000}
BOOKKEEPING = {"confirmed_at", "next_poll_at", "checkpoints_at"}


@pytest.fixture
def account() -> Account:
    return make_account()


def kinds(upstream: FakeUpstream) -> Counter[str]:
    """What was asked for, by the last word of its address."""
    return Counter(path.split()[1].rpartition("/")[2] for path in upstream.asked)


def stored() -> list[list[dict[str, Any]]]:
    jobs = [
        {name: value for name, value in row.items() if name not in BOOKKEEPING}
        for row in Job.objects.order_by("pk").values()
    ]
    rows = (Event.objects, Series.objects, Checkpoint.objects, MetricSummary.objects)
    return [jobs, *([dict(row) for row in kind.order_by("pk").values()] for kind in rows)]


def test_an_import_asks_for_every_page_once(account: Account, upstream: FakeUpstream):
    upstream.files = [{"id": "file-train", "filename": "train.jsonl"}]
    for number in range(150):
        upstream.add(f"ftjob-{number}", **ENDED, result_files=[f"file-{number}"])
        upstream.files.append({"id": f"file-{number}", "filename": "step_metrics.csv"})
        upstream.contents[f"file-{number}"] = b"step,train_loss\n1,2.5\n"

    listened(account)

    assert not Job.objects.exclude(next_poll_at=None).exists()
    asked = {"jobs": 2, "models": 1, "files": 2, "events": 150, "checkpoints": 150, "content": 150}
    assert kinds(upstream) == asked


def test_what_ended_is_never_asked_for_again(account: Account, upstream: FakeUpstream):
    for number in range(250):
        upstream.add(f"ftjob-{number}", **ENDED)
    listened(account)
    upstream.asked.clear()

    for _ in range(3):
        listened(account)

    assert kinds(upstream) == {"jobs": 3}


def test_a_step_of_some_costs_a_page_of_events_of_each_of_them(account, upstream: FakeUpstream):
    for number in range(250):
        upstream.add(f"ftjob-{number}", created_at=1_790_000_000 + number)
    listened(account)
    Job.objects.update(next_poll_at=timezone.now() + timedelta(hours=1))
    due = Job.objects.order_by("pk")[:30].values_list("pk", flat=True)
    Job.objects.filter(pk__in=list(due)).update(next_poll_at=timezone.now())
    for number in range(250):
        upstream.log(1, f"ftjob-{number}", train_loss=2.5)
    upstream.asked.clear()

    listened(account)

    assert kinds(upstream) == {"jobs": 3, "events": 30}


def test_where_nothing_moved_nothing_is_written(account: Account, upstream: FakeUpstream):
    for number in range(5):
        upstream.add(f"ftjob-{number}", **({} if number else ENDED))
        upstream.log(1, f"ftjob-{number}", train_loss=2.5)
        upstream.save(1, f"ftjob-{number}", train_loss=2.5)
    listened(account)
    known, version = stored(), Pulse.read().version
    Job.objects.exclude(next_poll_at=None).update(next_poll_at=timezone.now())

    with CaptureQueriesContext(
        connection,
    ) as queries:
        listened(account)

    assert (stored(), Pulse.read().version) == (known, version)
    written = {each["sql"].split()[0] for each in queries} - {"SELECT", "SAVEPOINT", "RELEASE"}
    assert written == {"UPDATE"}


class Allowance:
    """Tells with every answer how many requests are left of so many, as services do."""

    def __init__(self, upstream: FakeUpstream, limit: int, left: int) -> None:
        self.limit, self.left = limit, left
        self.page: Callable[..., httpx.Response] = upstream.page
        upstream.page = self.counted  # type: ignore[method-assign]

    def counted(self, request: httpx.Request, rows: list[dict[str, Any]]) -> httpx.Response:
        answer = self.page(request, rows)
        self.left -= 1
        for what, told in (("limit", self.limit), ("remaining", self.left), ("reset", "300s")):
            answer.headers[f"x-ratelimit-{what}-requests"] = str(told)
        return answer


def test_a_share_of_what_the_service_allows_is_left_for_people(account, upstream: FakeUpstream):
    for number in range(80):
        upstream.add(f"ftjob-{number}", **ENDED)
    allowance = Allowance(upstream, limit=200, left=60)

    listened(account)

    assert 15 <= allowance.left <= 20
    assert Job.objects.filter(next_poll_at=None).count() > 10
    assert not account.is_failing
    assert account.next_poll_at > timezone.now() + timedelta(seconds=25)


def test_who_allows_a_lot_is_asked_until_all_is_read(account, upstream: FakeUpstream):
    for number in range(40):
        upstream.add(f"ftjob-{number}", **ENDED)
    Allowance(upstream, limit=5000, left=4000)

    listened(account)

    assert not Job.objects.exclude(next_poll_at=None).exists()
    assert account.next_poll_at < timezone.now() + timedelta(seconds=31)
