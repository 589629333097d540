"""Tags: words on a job, put on and taken off on its page, shown in the list and found by its search."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Job, Pulse, Tag
from jobs.models.tag import LONGEST, MOST
from tests.making import make_job

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def put_on(browser: Client, job: Job, names: str, **given):
    return browser.post(reverse("tag_add", args=[job.pk]), {"names": names}, **given)


def names_of(job: Job) -> list[str]:
    return list(job.tags.order_by("pk").values_list("name", flat=True))


def test_tags_are_put_on_and_shown_on_page_and_list(browser: Client):
    job = make_job()
    browser.get(reverse("job_list"))

    reply = put_on(browser, job, " prod, needs   review,prod ")

    assert reply.headers["Location"] == f"{job.get_absolute_url()}#tags"
    assert names_of(job) == ["prod", "needs review"]
    html = browser.get(job.get_absolute_url()).content.decode()
    assert "Take off needs review" in html
    assert '<small class="tagged">prod</small>' in browser.get(reverse("job_list")).content.decode()


def test_a_tag_leads_to_all_jobs_that_have_it(browser: Client):
    job = make_job(name="with-it")
    make_job(name="without-it")
    put_on(browser, job, "needs review, prod")
    html = browser.get(job.get_absolute_url()).content.decode()

    for address in re.findall(r'<span class="tag">.*?href="([^"]*)"', html, re.DOTALL):
        found = browser.get(address.replace("&amp;", "&")).content.decode()
        assert "with-it" in found
        assert "without-it" not in found


def test_a_tag_is_taken_off(browser: Client):
    job = make_job()
    put_on(browser, job, "prod, <b>")

    browser.post(reverse("tag_remove", args=[job.pk]), {"name": "<b>"})

    assert names_of(job) == ["prod"]


@pytest.mark.parametrize("name", ["nothing", "", "\0"])
def test_what_is_not_on_it_cannot_be_taken_off(browser: Client, name: str):
    job = make_job()
    put_on(browser, job, "prod")

    browser.post(reverse("tag_remove", args=[job.pk]), {"name": name})

    assert names_of(job) == ["prod"]


def test_a_tag_is_spelled_as_it_is_elsewhere(browser: Client):
    job = make_job()
    put_on(browser, make_job(), "Prod")

    put_on(browser, job, "prod")

    assert names_of(job) == ["Prod"]


def test_what_other_jobs_have_is_suggested_the_most_usual_first(browser: Client):
    for names in ("rare", "usual", "usual", "mine"):
        put_on(browser, make_job(), names)
    job = make_job()
    put_on(browser, job, "mine")

    html = browser.get(job.get_absolute_url()).content.decode()

    assert re.findall(r'<option value="(\w+)"></option>', html) == ["usual", "rare"]


@pytest.mark.parametrize(
    ("names", "words"),
    [(" , ", "Name a tag."), ('"', "Name a tag."), ("x" * (LONGEST + 1), "at most 50 characters")],
)
def test_what_is_no_tag_is_said_to_be_none(browser: Client, names: str, words: str):
    job = make_job()

    with_script = put_on(browser, job, names, headers=HTMX).content.decode()
    without = put_on(browser, job, names, follow=True).content.decode()

    assert words in with_script
    assert "<html" not in with_script
    assert words in without
    assert names_of(job) == []


def test_a_job_bears_only_so_many(browser: Client):
    job = make_job()

    put_on(browser, job, ",".join(f"tag-{number}" for number in range(MOST + 5)))
    put_on(browser, job, "one more")

    assert len(names_of(job)) == MOST


def test_readers_learn_of_a_tag_at_once(browser: Client):
    job = make_job()
    before = Pulse.read().version

    put_on(browser, job, "prod")

    job.refresh_from_db()
    assert job.revision == 1
    assert Pulse.read().version > before


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("prod", "tag:prod"),
        ("a b", 'tag:"a b"'),
        ("a\\b", r'tag:"a\\b"'),
        ("x:y", "tag:x:y"),
        ("50*", 'tag:"50*"'),
    ],
)
def test_a_tag_is_found_by_its_own_term(name: str, term: str):
    assert Tag(name=name).term == term
