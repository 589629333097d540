"""What a job has cost when somebody is about to stop it: by tokens, by the hour, or honestly unknown."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobs import costs
from jobs.costs import Length, bill
from jobs.models import Job, Price
from tests.making import make_job, make_order, make_upload

LENGTH = Length(tokens=40_000, examples=80, epochs=None, source="counted")
BY_TOKENS = Price(prefix="gpt", method="supervised", per_million=Decimal(3), source="a page")
BY_HOURS = Price(prefix="o4", method="reinforcement", per_hour=Decimal(100))


def running(**given) -> Job:
    """A quarter of it is done: 100 of 400 steps, in four epochs."""
    usual = {
        "state": Job.State.RUNNING,
        "method": "supervised",
        "hyperparameters": {"n_epochs": 4},
        "step": 100,
        "total_steps": 400,
        "started_at": timezone.now() - timedelta(hours=1),
    }
    return Job(**usual | given)


def test_a_quarter_of_the_steps_is_a_quarter_of_the_tokens():
    told = bill(running(), BY_TOKENS, LENGTH)

    assert told.tokens == 40_000
    assert (told.so_far, told.rest) == (Decimal("0.12"), Decimal("0.36"))
    assert not told.is_exact
    assert told.formula.startswith("40,000 tokens")
    assert told.formula.endswith("$3.00 per million")


def test_tokens_that_the_service_tells_are_exact_and_say_what_the_rest_takes():
    told = bill(running(trained_tokens=50_000), BY_TOKENS, None)

    assert told.is_exact
    assert (told.so_far, told.rest) == (Decimal("0.15"), Decimal("0.45"))


def test_epochs_that_are_not_known_yet_are_those_of_the_earlier_job():
    told = bill(running(hyperparameters={}), BY_TOKENS, LENGTH._replace(epochs=4))

    assert told.so_far == Decimal("0.12")


@pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.VALIDATING])
def test_a_job_that_waits_has_cost_nothing(state: Job.State):
    told = bill(running(state=state, step=None, started_at=None), None, None)

    assert told.so_far == 0
    assert told.is_exact


@pytest.mark.parametrize(
    ("job", "price", "length", "missing"),
    [
        (running(), None, LENGTH, costs.UNPRICED),
        (running(), BY_TOKENS, None, costs.UNREAD),
        (running(hyperparameters={}), BY_TOKENS, LENGTH, costs.UNREAD),
        (running(total_steps=None), BY_TOKENS, LENGTH, costs.UNTOLD),
        (running(started_at=None), BY_HOURS, None, "It is not known when it began."),
    ],
)
def test_what_is_not_known_is_said_and_not_guessed(job, price, length, missing):
    told = bill(job, price, length)

    assert told.so_far is None
    assert told.rest is None
    assert told.missing == missing


def test_tokens_are_told_even_where_no_price_is_known():
    assert bill(running(), None, LENGTH).tokens == 40_000


def test_by_the_hour_the_clock_counts():
    now = timezone.now()
    job = running(pace_at=now - timedelta(minutes=50), pace_step=0, stepped_at=now)

    told = bill(job, BY_HOURS, None)

    assert float(told.so_far or 0) == pytest.approx(100, abs=0.1)
    assert float(told.rest or 0) == pytest.approx(250, abs=0.1)  # 300 steps of half a minute
    assert "1.00 hours" in told.formula


def test_by_the_hour_the_rest_needs_a_pace():
    assert bill(running(), BY_HOURS, None).rest is None


@pytest.mark.parametrize("given", [{"step": 500}, {"total_steps": None, "trained_tokens": 500_000}])
def test_more_than_was_to_be_expected_leaves_nothing(given: dict[str, int | None]):
    assert bill(running(**given), BY_TOKENS, LENGTH).rest == 0


@pytest.mark.django_db
def test_a_job_is_reckoned_by_the_file_of_its_order():
    Price.objects.all().delete()
    Price.objects.create(prefix="gpt-4o-mini", method="supervised", per_million=3)
    report = {"tokens": {"charged": 40_000, "basis": "counted"}, "examples": 80}
    job = running()
    job = make_job(**{name: getattr(job, name) for name in ("step", "total_steps", "started_at")})
    Job.objects.update(hyperparameters={"n_epochs": 4})
    job.refresh_from_db()
    order = make_order(training_file="", training_upload=make_upload(report=report))
    type(order).objects.update(upstream_id=job.upstream_id)

    assert costs.of_job(job).so_far == Decimal("0.12")


@pytest.mark.django_db
def test_the_question_before_a_cancel_says_what_it_has_cost(browser: Client):
    Price.objects.all().delete()
    Price.objects.create(prefix="gpt-4o-mini", method="supervised", per_million=3)
    job = make_job(step=100, total_steps=400, trained_tokens=50_000, started_at=timezone.now())

    html = browser.get(reverse("confirm", args=[job.pk, "cancel"])).content.decode()

    assert "100 of 400 steps (25\u202f%), 50\u202f000 tokens" in html
    assert "<dd>$0.15</dd>" in html
    assert "≈&nbsp;$0.45, not spent if it is cancelled" in html


@pytest.mark.django_db
def test_the_question_says_why_the_cost_is_not_known(browser: Client):
    Price.objects.all().delete()
    job = make_job(step=100, started_at=timezone.now())

    html = browser.get(reverse("confirm", args=[job.pk, "pause"])).content.decode()

    assert f"not known. {costs.UNPRICED}" in html
