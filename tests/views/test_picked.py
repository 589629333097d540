import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from jobs.models import Action, Job
from tests.making import make_account, make_job
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db(transaction=True)


def do(browser: Client, deed: str, *jobs: Job, **given: str) -> str:
    """Press a button of the list's form; where it leads."""
    form = {"deed": deed, "jobs": [job.pk for job in jobs], **given}
    reply = browser.post(reverse("picked"), form)
    assert reply.status_code == 302
    return reply.headers["Location"]


def ask(browser: Client, verb: str, *jobs: Job, why: str = "") -> str:
    form = {"jobs": [job.pk for job in jobs], "why": why}
    return browser.post(reverse("together_ask", args=[verb]), form).content.decode()


def test_every_row_has_a_box_of_one_form(browser: Client):
    job = make_job()

    page = browser.get(reverse("job_list")).content.decode()

    assert f'name="jobs" value="{job.pk}" form="picked"' in page
    assert f'<form id="picked" method="post" action="{reverse("picked")}">' in page


def test_picked_jobs_are_compared_in_their_order(browser: Client):
    jobs = [make_job() for _ in range(3)]

    address = urlsplit(do(browser, "compare", jobs[2], jobs[0]))

    assert address.path == reverse("compare")
    assert parse_qs(address.query) == {"jobs": [f"{jobs[2].pk},{jobs[0].pk}"]}


def test_nothing_picked_is_told_on_the_list_as_it_was(browser: Client):
    address = do(browser, "cancel", back="state=running&next=//evil.test")

    assert address == "/?state=running&next=%2F%2Fevil.test"
    assert "No job is selected" in browser.get(address).content.decode()


@pytest.mark.parametrize("number", [2, 30])
def test_the_question_costs_the_same_for_any_number_of_jobs(
    browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries, number: int
):
    given = {"hyperparameters": {"n_epochs": 3}, "training_file": "file-train", "step": 3}
    jobs = [make_job(**given) for _ in range(number)]
    address = do(browser, "cancel", *jobs)

    with django_assert_max_num_queries(10):
        page = browser.get(address).content.decode()

    assert jobs[-1].name in page


def test_an_action_says_beforehand_what_becomes_of_which_job(browser: Client):
    goes_on, ended = make_job(name="goes-on"), make_job(name="done", state=Job.State.SUCCEEDED)

    page = browser.get(do(browser, "cancel", goes_on, ended)).content.decode()

    assert "Cancel 1 job?" in page
    assert f'name="jobs" value="{goes_on.pk}"' in page
    assert f'name="jobs" value="{ended.pk}"' not in page
    assert "The job has ended already." in page
    assert not Action.objects.exists()


def test_each_job_has_an_action_of_its_own_with_the_one_reason(
    browser: Client, alice: User, upstream: FakeUpstream
):
    jobs = [make_job(upstream_id=upstream.add(f"ftjob-{n}")["id"]) for n in (1, 2)]

    page = ask(browser, "cancel", *jobs, why="wrong dataset")

    told = Action.objects.values_list("job", "asked_by", "why", "outcome")
    assert sorted(told) == [(job.pk, alice.pk, "wrong dataset", "accepted") for job in jobs]
    assert page.count("accepted") == 2


def test_a_job_that_ended_meanwhile_is_not_asked(browser: Client, upstream: FakeUpstream):
    job = make_job(state=Job.State.FAILED)

    page = ask(browser, "cancel", job)

    assert "Not sent: The job has ended already." in page
    assert upstream.asked == []


def test_one_refusal_keeps_no_other_job_from_its_action(browser: Client, upstream: FakeUpstream):
    jobs = [make_job(upstream_id=upstream.add(f"ftjob-{n}")["id"]) for n in (1, 2)]
    body = {"error": {"message": "Job has already completed", "code": None}}
    upstream.broken_paths["fine_tuning/jobs/ftjob-1/cancel"] = httpx.Response(400, json=body)

    page = ask(browser, "cancel", *jobs)

    assert "Job has already completed" in page
    assert [each.outcome for each in Action.objects.order_by("pk")] == ["refused", "accepted"]


def test_a_silent_service_is_waited_for_once(browser: Client, upstream: FakeUpstream):
    jobs = [make_job(upstream_id=upstream.add(f"ftjob-{n}")["id"]) for n in (1, 2, 3)]
    other = make_job(account=make_account(name="Other"), state=Job.State.RUNNING)
    upstream.broken = httpx.ReadTimeout("timed out")

    page = ask(browser, "cancel", *jobs, other)

    assert page.count("its service has just given no answer") == 2
    assert set(Action.objects.values_list("job", flat=True)) == {jobs[0].pk, other.pk}


@pytest.mark.parametrize("deed", ["cancel", "tag"])
def test_every_page_on_the_way_leads_back_to_the_list_as_it_was(
    browser: Client, upstream: FakeUpstream, deed: str
):
    job = make_job(upstream_id=upstream.add()["id"])
    form = {"deed": deed, "jobs": [job.pk], "back": "q=hp.x%3E1&next=//evil.test"}
    back = 'href="/?q=hp.x%3E1&amp;next=%2F%2Fevil.test"'

    asked = browser.post(reverse("picked"), form, follow=True).content.decode()
    action, query = re.findall(
        r'action="(/jobs/tog[^"]*)".*?name="back" value="([^"]*)"', asked, re.S
    )[0]
    answer = {"jobs": job.pk, "back": unescape(query), "names": "prod"}
    told = browser.post(action, answer).content.decode()

    assert asked.count(back) == 2
    assert told.count(back) == 2


@pytest.mark.parametrize("verb", ["delete_file", "explode"])
def test_only_what_can_be_asked_of_many_has_a_page(browser: Client, verb: str):
    assert browser.get(reverse("together", args=[verb]), {"jobs": "1"}).status_code == 404
    assert browser.post(reverse("together_ask", args=[verb]), {"jobs": "1"}).status_code == 404


@pytest.mark.parametrize("named", ["", "x", "1" * 40, "-1", "²", "999999"])
def test_an_address_that_names_no_job_has_a_page_that_says_so(browser: Client, named: str):
    page = browser.get(reverse("together", args=["cancel"]), {"jobs": named})

    assert page.status_code == 200
    assert "No such job is known" in page.content.decode()
