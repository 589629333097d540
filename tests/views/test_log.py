"""The log: filtered and searched by its address, followed live, read whole both ways, and saved."""

import csv
import json
import re
from datetime import timedelta
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Event, Job
from jobs.models.log import PAGE
from tests.making import BORN, make_event, make_job

pytestmark = pytest.mark.django_db


def make_log(job: Job, length: int) -> list[Event]:
    return [
        make_event(job, f"event {number};", created_at=BORN + timedelta(seconds=number))
        for number in range(length)
    ]


def make_mixed_log(job: Job) -> None:
    make_event(job, "Step 1/2: loss=2.5", type="metrics", step=1)
    make_event(job, "The job has begun", type="message")
    make_event(job, "Slow DISK at 100%", level="warning")
    make_event(job, "It broke", level="error")


def shown(html: str) -> list[str]:
    """The messages, as they stand."""
    return re.findall(r'class="event [^>]*>.*?(?:</span>)?([^<>]+)</span></li>', html)


def read(browser: Client, address: str, **query: str) -> str:
    reply = browser.get(address, query)
    assert reply.status_code == 200
    return reply.content.decode()


@pytest.mark.parametrize("name", ["log", "job_detail"])
@pytest.mark.parametrize(
    ("query", "messages"),
    [
        ({}, ["It broke", "Slow DISK at 100%", "The job has begun", "Step 1/2: loss=2.5"]),
        ({"level": "warn"}, ["It broke", "Slow DISK at 100%"]),
        ({"level": "error"}, ["It broke"]),
        ({"steps": "no"}, ["It broke", "Slow DISK at 100%", "The job has begun"]),
        ({"find": "disk"}, ["Slow DISK at 100%"]),
        ({"find": "0%"}, ["Slow DISK at 100%"]),
        ({"find": "%"}, ["Slow DISK at 100%"]),
        ({"find": "begun", "level": "warn"}, []),
        ({"level": "<b>", "steps": "perhaps", "find": " \0 "}, ["It broke"]),
    ],
)
def test_the_address_says_what_of_the_log_is_shown(browser, name, query, messages):
    job = make_job()
    make_mixed_log(job)
    make_event(make_job(), "disk of another job")

    html = read(browser, reverse(name, args=[job.pk]), **query)

    assert shown(html)[: len(messages) or None] == messages


def test_a_filter_that_nothing_fits_says_so(browser: Client):
    job = make_job()
    make_mixed_log(job)

    html = read(browser, reverse("log", args=[job.pk]), find="nowhere")

    assert "Nothing in the log fits." in html
    assert 'value="nowhere"' in html


def test_what_is_looked_for_is_never_markup(browser: Client):
    html = read(browser, reverse("log", args=[make_job().pk]), find='"><script>alert(1)</script>')

    assert "<script>alert(1)" not in html


def test_the_whole_log_can_be_paged_down_and_up_again(browser: Client):
    job = make_job()
    events = make_log(job, 2 * PAGE + 50)
    down, address = [], reverse("log", args=[job.pk])
    while address:
        html = browser.get(address).content.decode()
        down.append(shown(html))
        older = re.search(r'class="older"><a class="button" href="([^"]*before=[^"]*)"', html)
        address = older[1].replace("&amp;", "&") if older else ""

    assert [len(page) for page in down] == [PAGE, PAGE, 50]
    assert [each for page in down for each in page] == [each.message for each in events[::-1]]

    newer = re.search(r'href="([^"]*after=[^"]*)"', html)
    assert newer
    up = shown(browser.get(newer[1].replace("&amp;", "&")).content.decode())
    assert up == down[1]


def test_above_the_second_page_is_the_newest_one_and_it_is_live(browser: Client):
    job = make_job()
    events = make_log(job, PAGE + 50)

    html = read(browser, reverse("log", args=[job.pk]), after=str(events[50].pk))

    assert shown(html)[0] == events[-1].message
    assert "data-sentinel" in html


def test_a_permalink_leads_to_its_event_among_its_neighbours_and_marks_it(browser: Client):
    job = make_job()
    events = make_log(job, 3 * PAGE)
    middle = events[150]

    reply = browser.get(reverse("event", args=[job.pk, middle.pk]))

    assert reply.status_code == 302
    assert urlsplit(reply["Location"]).fragment == f"event-{middle.pk}"
    html = browser.get(reply["Location"]).content.decode()
    assert re.search(rf'id="event-{middle.pk}" class="[^"]*" aria-current="true"', html)
    assert html.count('aria-current="true"') == 1
    messages = shown(html)
    assert messages[0] == events[200].message
    assert messages.index(middle.message) == 50
    assert len(messages) == 50 + 1 + PAGE


def test_an_event_of_another_job_has_no_place_here(browser: Client):
    job, other = make_job(), make_event(make_job(), "elsewhere")
    make_event(job, "here")

    assert browser.get(reverse("event", args=[job.pk, other.pk])).status_code == 404
    for place in ("at", "before", "after"):
        html = read(browser, reverse("log", args=[job.pk]), **{place: str(other.pk)})
        assert shown(html) == ["here"]


@pytest.mark.parametrize("place", ["x", "-1", "9" * 40, "٣", ""])
def test_a_place_that_is_none_shows_the_newest(browser: Client, place: str):
    job = make_job()
    make_event(job, "here")

    assert shown(read(browser, reverse("log", args=[job.pk]), at=place)) == ["here"]


def test_news_keep_to_the_filter(browser: Client):
    job = make_job()
    first = make_event(job, "begun")
    make_mixed_log(job)

    address = reverse("newer_events", args=[job.pk, first.pk])

    assert shown(read(browser, address, level="error")) == ["It broke"]
    assert "level=error" in read(browser, address, level="error")


def test_what_the_filter_hides_is_not_looked_at_again(browser: Client):
    job = make_job()
    first = make_event(job, "begun")
    step = make_event(job, "Step 2", type="metrics", step=2)

    html = read(browser, reverse("newer_events", args=[job.pk, first.pk]), steps="no")

    assert shown(html) == []
    assert reverse("newer_events", args=[job.pk, step.pk]) in html
    again = browser.get(reverse("newer_events", args=[job.pk, step.pk]), {"steps": "no"})
    assert again.status_code == 204


def test_a_filtered_page_waits_for_what_comes_after_all_that_there_is(browser: Client):
    job = make_job()
    make_event(job, "an error", level="error")
    last = make_event(job, "Step 2", type="metrics", step=2)

    html = read(browser, reverse("log", args=[job.pk]), level="error")

    assert f"{reverse('newer_events', args=[job.pk, last.pk])}?level=error" in html


def saved(browser: Client, job: Job, ending: str, **query: str) -> str:
    reply = browser.get(reverse("log_file", args=[job.pk, ending]), query)
    assert reply.status_code == 200
    assert f'-log.{ending}"' in reply.headers["Content-Disposition"]
    return b"".join(reply.streaming_content).decode()  # type: ignore[attr-defined]


def test_the_log_is_saved_as_text_oldest_first(browser: Client):
    job = make_job()
    make_event(job, "begun")
    make_event(job, "two\nlines", level="error")

    assert saved(browser, job, "txt") == (
        "2026-09-21 14:13:20Z  info   begun\n2026-09-21 14:13:20Z  error  two\n    lines\n"
    )


def test_the_log_is_saved_as_csv_without_formulas(browser: Client):
    job = make_job()
    make_event(job, "=HYPERLINK(1)", level="@warn", type="message", upstream_id="e1", step=3)

    head, row = csv.reader(StringIO(saved(browser, job, "csv")))

    assert head == ["time", "level", "type", "step", "message", "id"]
    assert row == ["2026-09-21T14:13:20Z", "'@warn", "message", "3", "'=HYPERLINK(1)", "e1"]


def test_the_log_is_saved_as_jsonl_with_what_the_service_sent_along(browser: Client):
    job = make_job()
    make_event(job, "größer", type="metrics", step=3, payload={"train_loss": 2.5}, upstream_id="e1")

    (line,) = saved(browser, job, "jsonl").splitlines()

    assert json.loads(line) == {
        "id": "e1",
        "created_at": "2026-09-21T14:13:20Z",
        "level": "info",
        "type": "metrics",
        "step": 3,
        "message": "größer",
        "data": {"train_loss": 2.5},
    }


def test_a_saved_log_keeps_to_the_filter_and_is_whole(browser: Client, monkeypatch):
    monkeypatch.setattr("jobs.models.log.STRETCH", 10)
    job = make_job()
    make_log(job, 25)
    make_event(job, "an error", level="error")

    told = saved(browser, job, "jsonl").splitlines()

    assert [json.loads(line)["message"] for line in told][-1] == "event 24;"
    assert len(told) == 26
    assert len(saved(browser, job, "txt", level="error").splitlines()) == 1


def test_a_log_cannot_be_saved_as_anything(browser: Client):
    assert browser.get(reverse("log_file", args=[make_job().pk, "exe"])).status_code == 404
