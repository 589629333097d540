"""What a process has counted is written down, whatever happens between two beats."""

import os
import socket
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from jobs.counting import Counts
from jobs.models import Process
from jobs.vitals import Heart

pytestmark = pytest.mark.django_db(transaction=True)

KIND = Process.Kind.WORKER


@pytest.fixture
def counts() -> Counts:
    return Counts()


@pytest.fixture
def heart(counts: Counts) -> Heart:
    return Heart(KIND, counts)


def counted() -> float:
    return float(Process.objects.tally()["numbers"].get("polls", 0))


def make_process(**given: object) -> Process:
    usual = {"kind": KIND, "host": "elsewhere", "pid": 7, "tally": {"numbers": {"polls": 5}}}
    return Process.objects.create(**usual | given)


def test_a_beat_says_who_lives_and_what_it_has_counted(heart: Heart, counts: Counts):
    counts.add("polls")
    counts.worked()

    heart.beat()

    row = Process.objects.get()
    assert (row.kind, row.host, row.pid) == (KIND, socket.gethostname(), os.getpid())
    assert row.worked_at is not None
    assert not row.is_silent
    assert counted() == 1


def test_a_beat_that_comes_twice_counts_once(heart: Heart, counts: Counts):
    counts.add("polls")

    heart.beat()
    heart.beat()

    assert counted() == 1


@pytest.mark.parametrize("trouble", [OperationalError, InterfaceError])
def test_what_was_counted_while_the_database_was_away_is_told_later(
    heart: Heart, counts: Counts, caplog: pytest.LogCaptureFixture, trouble: type[Exception]
):
    heart.beat()
    counts.add("polls")

    def gone(*_: object) -> None:
        raise trouble("the server closed the connection")

    with connection.execute_wrapper(gone):
        heart.beat()
        heart.beat()
    assert caplog.messages == [
        "The worker cannot write its sign of life: the server closed the connection"
    ]
    counts.add("polls")
    heart.beat()

    assert counted() == 2


def test_the_last_beat_notes_the_end(heart: Heart):
    heart.beat(is_last=True)

    assert Process.objects.get().ended_at is not None


def test_silent_processes_are_known():
    now = timezone.now()
    make_process(seen_at=now - timedelta(minutes=1))
    ended = make_process(ended_at=now - timedelta(minutes=2), seen_at=now - timedelta(minutes=2))

    assert [each.is_silent for each in Process.objects.order_by("pk")] == [True, False]
    assert not Process.objects.alive(KIND, now)
    assert ended.ended_at


def test_counts_outlive_their_processes(heart: Heart, counts: Counts):
    now = timezone.now()
    make_process(seen_at=now - timedelta(hours=2))
    make_process(ended_at=now - timedelta(minutes=20))
    counts.add("polls")
    heart.beat()

    Process.objects.gather(now)
    Process.objects.gather(now)

    assert counted() == 11
    assert Process.objects.count() == 2, "the one that lives, and those of former times"
    assert [each.pid for each in Process.objects.for_status()] == [os.getpid()]


def test_a_process_that_comes_back_from_a_long_sleep_counts_nothing_twice(
    heart: Heart, counts: Counts
):
    counts.add("polls")
    heart.beat()
    Process.objects.gather(timezone.now() + timedelta(hours=2))
    assert counted() == 1

    counts.add("polls")
    heart.beat()
    heart.beat()

    assert counted() == 2
    assert Process.objects.for_status().get().pid == os.getpid()


def test_a_killed_process_of_this_host_is_known_to_be_gone(heart: Heart):
    host = socket.gethostname()
    killed = make_process(host=host, pid=99_999_999)
    living = make_process(host=host, pid=os.getppid())
    elsewhere = make_process(pid=99_999_999)

    heart.beat()

    ends = dict(Process.objects.values_list("pk", "ended_at"))
    assert ends[killed.pk] == killed.seen_at
    assert ends[living.pk] is ends[elsewhere.pk] is None


def test_a_heart_beats_until_its_end(heart: Heart, counts: Counts):
    with patch("jobs.vitals.heart.EVERY", 0.01):
        heart.begin()
        counts.add("polls")
        heart.end()

    assert not heart.thread.is_alive()
    assert counted() == 1
    assert Process.objects.get().ended_at is not None
