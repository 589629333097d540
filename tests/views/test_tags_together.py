"""Tags of many jobs at once: the selected ones of the list, each with its own outcome."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.models import Job, Pulse, Tag
from jobs.models.tag import MOST
from tests.making import make_job

pytestmark = pytest.mark.django_db


def tagged(*names: str, **given) -> Job:
    job = make_job(**given)
    Tag.objects.bulk_create(Tag(job=job, name=name) for name in names)
    return job


def names_of(job: Job) -> list[str]:
    return list(job.tags.order_by("pk").values_list("name", flat=True))


def asked(browser: Client, *jobs: Job) -> str:
    form = {"deed": "tag", "jobs": [job.pk for job in jobs]}
    return browser.post(reverse("picked"), form, follow=True).content.decode()


def change(browser: Client, *jobs: Job, on: str = "", off: tuple[str, ...] = ()) -> str:
    form = {"jobs": [job.pk for job in jobs], "names": on, "off": off}
    return browser.post(reverse("tags_change"), form).content.decode()


def outcomes(page: str) -> list[str]:
    return re.findall(r"<br>([^<]*)</span></li>", page)


def test_the_list_leads_to_a_question_that_keeps_its_order(browser: Client):
    jobs = [make_job() for _ in range(3)]
    form = {"deed": "tag", "jobs": [jobs[2].pk, jobs[0].pk]}

    address = urlsplit(browser.post(reverse("picked"), form).headers["Location"])

    assert address.path == reverse("tags_together")
    assert parse_qs(address.query) == {"jobs": [f"{jobs[2].pk},{jobs[0].pk}"]}


def test_the_question_shows_which_tags_there_are_and_on_how_many(browser: Client):
    tagged("elsewhere")
    first, second = tagged("prod", "eval"), tagged("eval")

    page = asked(browser, first, second)

    assert "Tag 2 jobs" in page
    assert re.findall(r'name="off" value="(\w+)".*?muted">([^<]*)<', page) == [
        ("eval", "on all"),
        ("prod", "on 1 of 2"),
    ]
    assert re.findall(r'<option value="(\w+)"></option>', page) == ["elsewhere"]


def test_each_job_tells_what_became_of_its_own_tags(browser: Client):
    bare, both, done = make_job(), tagged("prod", "old"), tagged("prod")

    page = change(browser, bare, both, done, on="prod", off=("old",))

    assert outcomes(page) == [
        "Put on: prod.",
        "Taken off: old.",
        "As it was: there was nothing to change.",
    ]
    assert [names_of(job) for job in (bare, both, done)] == [["prod"]] * 3


def test_only_jobs_that_changed_are_shown_anew(browser: Client):
    bare, done, other = make_job(), tagged("prod"), make_job()
    before = Pulse.read().version

    change(browser, bare, done, on="prod")

    assert [Job.objects.get(pk=job.pk).revision for job in (bare, done, other)] == [1, 0, 0]
    assert Pulse.read().version == before + 1


def test_what_a_job_has_no_room_for_is_left_out_of_it_alone(browser: Client):
    full, bare = tagged(*(f"tag-{number}" for number in range(MOST))), make_job()

    page = change(browser, full, bare, on="one,two", off=("tag-0",))

    assert outcomes(page) == [
        "Put on: one. Taken off: tag-0. Left out: two. A job bears 30 tags at most.",
        "Put on: one, two.",
    ]
    assert len(names_of(full)) == MOST


def test_what_is_put_on_and_taken_off_at_once_stays(browser: Client):
    job = tagged("prod")

    assert outcomes(change(browser, job, on="prod", off=("prod",))) == [
        "As it was: there was nothing to change."
    ]
    assert names_of(job) == ["prod"]


@pytest.mark.parametrize(("on", "words"), [("", "Name a tag"), ("x" * 51, "at most 50")])
def test_what_cannot_be_done_is_said_and_keeps_the_selection(browser: Client, on: str, words: str):
    job = tagged("prod")

    page = change(browser, job, on=on)

    assert words in page
    assert f'name="jobs" value="{job.pk}"' in page
    assert names_of(job) == ["prod"]


@pytest.mark.parametrize("off", ["never-there", "\0"])
def test_a_tag_that_is_gone_meanwhile_is_nothing_to_take_off(browser: Client, off: str):
    job = tagged("prod")

    page = change(browser, job, off=(off,))

    assert outcomes(page) == ["As it was: there was nothing to change."]
    assert names_of(job) == ["prod"]


def test_jobs_that_nobody_knows_are_said_to_be_none(browser: Client):
    assert "No such job is known" in browser.get(reverse("tags_together")).content.decode()
    assert "No such job is known" in change(browser, on="prod")


def test_many_jobs_are_tagged_with_as_many_queries_as_one(browser: Client):
    counts = []
    for number in (1, 2, 20):  # the first finds nobody known yet
        jobs = [tagged(f"old-{number}") for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            change(browser, *jobs, on=f"new-{number}", off=(f"old-{number}",))
        counts.append(len(queries))

    assert counts[1] == counts[2]
