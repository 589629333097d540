"""Result files that cannot be read, or not be had: told on the job, and nothing waits for them."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone

from jobs.models import Account, Job, ResultFile
from tests.listening import caught_up, listened
from tests.making import make_account
from tests.wire import BORN, FakeUpstream

pytestmark = pytest.mark.django_db

TABLE = b"step,train_loss\n1,2.5\n2,1.25\n"
CONTENT = "files/file-result/content"
ENDED: dict[str, Any] = {
    "status": "succeeded",
    "finished_at": BORN + 600,
    "result_files": ["file-result"],
}


@pytest.fixture
def account() -> Account:
    return make_account()


def just_now() -> int:
    return int(timezone.now().timestamp())


def content_of(job: Job) -> bytes:
    return b"".join(job.results.get().pieces())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>Sign in</html>", "no table of steps"),
        (b"", "no table of steps"),
        (b"\xff\xfe\x00binary", "no table of steps"),
        (b"step,train_loss\n1,\n", "no number"),
        (b'step,train_loss\n1,2.5\n2,"' + b"x" * 200_000, "not to its end"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_and_is_kept(account, upstream, content, words):
    upstream.add(**ENDED)
    upstream.contents["file-result"] = content

    job = caught_up(account)

    result = job.results.get()
    assert result.problem.startswith("The result file could not be read: ")
    assert words in result.problem
    assert content_of(job) == content
    assert (result.is_here, result.is_awaited, job.next_poll_at) == (True, False, None)


def test_what_was_read_of_a_broken_file_is_drawn(account, upstream: FakeUpstream):
    upstream.add(**ENDED)
    upstream.contents["file-result"] = b'step,train_loss\n1,2.5\n2,"' + b"x" * 200_000

    assert caught_up(account).series.points("train_loss") == {1: 2.5}


def test_a_service_that_does_not_answer_is_asked_again_and_in_the_end_no_more(account, upstream):
    upstream.add(**ENDED)
    upstream.broken_paths[CONTENT] = httpx.Response(502, text="<html>Bad gateway</html>")
    job = caught_up(account)
    assert job.results.get().is_awaited
    assert job.next_poll_at == job.results.get().next_try_at
    assert (job.failures, job.last_error) == (0, "")

    ResultFile.objects.update(asked_at=timezone.now() - timedelta(minutes=3))
    job = caught_up(account)

    result = job.results.get()
    assert (result.is_awaited, job.next_poll_at) == (False, None)
    assert "could not be fetched" in result.problem
    assert "502" in result.problem


def test_a_file_that_comes_at_the_second_try_leaves_no_trace_of_the_first(account, upstream):
    upstream.add(**ENDED)
    upstream.broken_paths[CONTENT] = httpx.Response(503)
    revision = caught_up(account).revision
    upstream.broken_paths.clear()
    upstream.contents["file-result"] = TABLE

    job = caught_up(account)

    assert (job.results.get().problem, content_of(job)) == ("", TABLE)
    assert job.revision > revision


def test_a_refusal_stands_once_the_end_has_settled(account, upstream: FakeUpstream):
    body = {"error": {"message": "You have insufficient permissions"}}
    upstream.broken_paths[CONTENT] = httpx.Response(403, json=body)
    upstream.add(**ENDED | {"finished_at": just_now()})

    assert caught_up(account).results.get().is_awaited
    Job.objects.update(end_seen_at=timezone.now() - timedelta(minutes=3))
    job = caught_up(account)

    result = job.results.get()
    assert (result.is_awaited, job.next_poll_at) == (False, None)
    assert "insufficient permissions" in result.problem


def test_history_is_refused_once(account, upstream: FakeUpstream):
    upstream.add(**ENDED)

    job = caught_up(account)
    caught_up(account)

    assert upstream.count("/content") == 1  # 404
    assert (job.results.get().is_awaited, job.next_poll_at) == (False, None)


def test_a_rate_limit_on_files_holds_up_no_telemetry(account, upstream: FakeUpstream):
    upstream.add(**ENDED)
    upstream.log(1, train_loss=2.5)
    upstream.add("ftjob-2")
    upstream.log(1, "ftjob-2", train_loss=2.5)
    slow = httpx.Response(429, headers={"retry-after": "90"}, json={"error": {"message": "Slow"}})
    upstream.broken_paths[CONTENT] = slow
    before = timezone.now()

    account = listened(account)

    assert [job.series.count() for job in Job.objects.all()] == [1, 1]
    assert ResultFile.objects.get().next_try_at >= before + timedelta(seconds=90)
    assert not account.is_failing


def test_a_file_is_not_given_up_while_the_service_is_down(account, upstream: FakeUpstream):
    down = httpx.Response(500)
    upstream.add(**ENDED)
    upstream.broken_paths["fine_tuning/jobs/ftjob-1/events"] = down
    upstream.broken_paths[CONTENT] = down

    job = caught_up(account)

    assert upstream.count("/content") == 0
    assert (job.results.get().asked_at, job.failures) == (None, 1)


def test_a_person_may_have_a_file_asked_for_as_patiently_as_at_first(account, upstream):
    upstream.add(**ENDED)
    upstream.broken_paths[CONTENT] = httpx.Response(502)
    caught_up(account)
    ResultFile.objects.update(asked_at=timezone.now() - timedelta(minutes=3))
    result = caught_up(account).results.get()
    assert not result.is_awaited

    result.ask_again()
    assert caught_up(account).results.get().is_awaited
    upstream.broken_paths.clear()
    upstream.contents["file-result"] = TABLE
    job = caught_up(account)

    assert content_of(job) == TABLE
    assert job.next_poll_at is None


def test_a_file_that_no_second_try_can_mend_is_given_up_at_once(account, upstream: FakeUpstream):
    broken = httpx.Response(200, headers={"content-encoding": "gzip"}, content=iter([b"not gzip"]))
    upstream.add(**ENDED | {"finished_at": just_now()})
    upstream.broken_paths[CONTENT] = broken

    job = caught_up(account)

    assert not job.results.get().is_awaited
    assert "not validly compressed" in job.results.get().problem
