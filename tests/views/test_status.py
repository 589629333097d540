"""The page for administrators: what is wrong, since when, and what to do."""

import re
from datetime import timedelta
from html import unescape

import pytest
import redis
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jobs.models import Account, Process, Pulse
from tests.making import make_account, make_job

pytestmark = pytest.mark.django_db

STATUS = reverse("status")
NO = "\N{EN DASH}"  # a value that there is not


@pytest.fixture
def staff(alice: User, browser: Client) -> Client:
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    return browser


def make_process(kind: Process.Kind = Process.Kind.BEAT, **given: object) -> Process:
    usual = {"host": "web-1", "pid": 71, "version": "0.1.0", "worked_at": timezone.now()}
    return Process.objects.create(kind=kind, **usual | given)


def rows(page: str, part: str) -> list[str]:
    """The words of each row of a table."""
    table = page.split(f'id="{part}"')[1].split("</tbody>")[0].split("<tbody>")[1]
    plain = [re.sub(r"<svg.*?</svg>|<[^>]+>", " ", row) for row in table.split("</tr>")]
    return [" ".join(unescape(row).split()) for row in plain if row.strip()]


def seen(staff: Client) -> str:
    reply = staff.get(STATUS)
    assert reply.status_code == 200
    return reply.text


def test_it_is_for_administrators(browser: Client):
    assert browser.get(STATUS).status_code == 404
    assert STATUS not in browser.get(reverse("account_list")).text


def test_administrators_find_it_in_their_menu(staff: Client):
    assert f'href="{STATUS}"' in staff.get(reverse("account_list")).text


def test_all_is_well_when_everything_is_there(staff: Client, valkey: redis.Redis):
    make_process()
    Pulse.beat(timezone.now())
    make_account(confirmed_at=timezone.now(), next_poll_at=timezone.now() + timedelta(seconds=5))
    valkey.rpush("celery", "{}")

    page = seen(staff)

    assert "All is well" in page
    assert "<dt>Tasks that wait</dt><dd>1</dd>" in page
    assert "Answers" in rows(page, "lags")[0]


def test_what_is_missing_is_told_with_what_to_do(staff: Client):
    page = seen(staff)

    assert "Something is wrong" in page
    assert "It has never run. Start beat again." in page
    assert "nothing is polled until it is back" in page
    assert "No process has given a sign of life yet" in page
    assert "There is no account yet" in page


def test_each_process_says_whether_it_lives(staff: Client):
    silent = {"seen_at": timezone.now() - timedelta(minutes=2)}
    make_process(Process.Kind.BEAT)
    make_process(Process.Kind.WEB, host="<b>web-2</b>", **silent, worked_at=None)
    make_process(Process.Kind.WORKER, pid=4711, **silent, ended_at=silent["seen_at"])
    make_process(Process.Kind.WORKER, pid=4712)
    make_process(Process.Kind.FORMER, host="")

    page = seen(staff)

    assert "<b>web-2</b>" not in page
    beat, web, living, worker = rows(page, "processes")
    assert beat.startswith("Beat Alive web-1 71 0.1.0 ")
    assert web.startswith("Web server Silent <b>web-2</b> ")
    assert web.endswith(NO)
    assert living.startswith("Worker Alive web-1 4712 ")
    assert worker.startswith("Worker Ended web-1 4711 ")


def test_each_account_says_how_it_does_and_what_to_do(staff: Client):
    now = timezone.now()
    failing = {"last_error": "The key is revoked.", "failing_since": now - timedelta(hours=2)}
    make_account(name="a", **failing, failures=7, next_poll_at=now + timedelta(minutes=5))
    late = make_account(name="b", next_poll_at=now - timedelta(minutes=3))
    make_job(account=late, next_poll_at=now - timedelta(minutes=4))
    make_account(name="c", next_poll_at=None)
    told = now.timestamp()
    levels = {f"budget_limit|{late.pk}|requests": [told, 60]}
    levels[f"budget_remaining|{late.pk}|requests"] = [told, 12]
    make_process(tally={"numbers": {}, "times": {}, "levels": levels})

    broken, behind, left = rows(seen(staff), "lags")

    assert "The key is revoked." in broken
    assert f" 7 {NO} 0 {NO} {NO} Test the connection at the account" in broken
    assert re.search(r" 0 3 min.* 1 4 min.* 12 of 60 requests Nobody takes it up", behind)
    assert left.startswith("c Not listened to by choice")
    assert left.endswith(f"0 {NO} 0 {NO} {NO} {NO}")


def test_many_accounts_cost_as_few_queries_as_one(
    staff: Client, django_assert_num_queries: DjangoAssertNumQueries
):
    queries = 9
    for number in (1, 30):
        for each in range(number):
            make_job(account=make_account(name=f"{number}-{each}"))
            make_process(pid=each)
        with django_assert_num_queries(queries):
            seen(staff)


def test_everybody_is_told_that_polling_has_stopped_and_who_can_help(alice: User, browser: Client):
    assert not Account.objects.exists()
    for address in (reverse("health"), reverse("job_list")):
        assert "Listening has stopped" in browser.get(address).text
        assert "An administrator can start" in browser.get(address).text

    User.objects.filter(pk=alice.pk).update(is_staff=True)

    for address in (reverse("health"), reverse("job_list")):
        words = browser.get(address).text.split('id="health"')[1].split("</div>")[0]
        assert f'href="{STATUS}"' in words
        assert "An administrator" not in words
