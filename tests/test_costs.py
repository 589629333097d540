"""What an order will cost: the price table, the file, the epochs; and what is missing to know it."""

from decimal import Decimal
from typing import Any

import pytest

from jobs import costs
from jobs.models import Job, Order, Price
from tests.making import make_account, make_job, make_order, make_upload

pytestmark = pytest.mark.django_db

CHARGED: dict[str, Any] = {
    "state": Job.State.SUCCEEDED,
    "training_file": "file-train",
    "trained_tokens": 90_000,
    "hyperparameters": {"n_epochs": 3},
}
REPORT = {"tokens": {"charged": 40_000, "basis": "counted with o200k_base"}, "examples": 80}


@pytest.fixture(autouse=True)
def price() -> Price:
    Price.objects.all().delete()
    return Price.objects.create(prefix="gpt-4o-mini", method="supervised", per_million=3)


def brought(**given: object) -> Order:
    """An order with a file that was counted here."""
    upload = make_upload(report=REPORT)
    return make_order(training_file="", training_upload=upload, **given)


def test_tokens_times_epochs_times_the_price():
    cost = costs.of_order(brought(hyperparameters={"n_epochs": 2}))

    assert cost.estimate.amount == Decimal("0.24")
    assert cost.estimate.formula.startswith("40,000 tokens")
    assert cost.estimate.formula.endswith("$3.00 per million = $0.24")
    assert cost.length.source == "counted with o200k_base"
    assert cost.estimate.note == ""


@pytest.mark.parametrize("asked", [{}, {"n_epochs": "auto"}])
def test_epochs_that_are_left_to_the_service_are_guessed_and_said_to_be(asked: dict[str, str]):
    cost = costs.of_order(brought(hyperparameters=asked))

    assert cost.estimate.epochs == 3
    assert "auto is taken to be 3 epochs" in cost.estimate.note


def test_a_file_of_the_service_costs_what_an_earlier_job_was_charged_for_it():
    make_job(**CHARGED)

    cost = costs.of_order(make_order(hyperparameters={"n_epochs": 2}))

    assert cost.estimate.amount == Decimal("0.18")
    assert "was charged, in 3 epochs" in cost.length.source


def test_a_file_that_came_by_us_costs_what_was_counted_in_it():
    order = make_order(hyperparameters={"n_epochs": 2})
    upload = make_upload(report=REPORT)
    assert costs.of_order(order).estimate is None

    upload.lies_at(order.account, "file-train")

    assert costs.of_order(order).estimate.amount == Decimal("0.24")
    make_job(**CHARGED)
    assert costs.of_order(order).estimate.amount == Decimal("0.18")


def test_epochs_left_to_the_service_are_those_of_the_earlier_job():
    make_job(**CHARGED | {"hyperparameters": {"n_epochs": 5}})

    assert costs.of_order(make_order()).estimate.epochs == 5


def test_jobs_of_other_accounts_and_files_tell_nothing():
    elsewhere = make_account(name="Other")
    make_job(**CHARGED | {"account": elsewhere})
    make_job(**CHARGED | {"training_file": "file-other"})
    make_job(**CHARGED | {"training_file": ""})
    make_job(**CHARGED | {"trained_tokens": None})
    make_job(**CHARGED | {"state": Job.State.CANCELLED})  # for a part

    cost = costs.of_order(make_order())

    assert cost.estimate is None
    assert "has not read this training file" in cost.missing


def test_without_a_price_the_page_says_so_and_keeps_the_length():
    cost = costs.of_order(brought(base_model="tiny-byte-lm"))

    assert cost.estimate is None
    assert "no price for this model" in cost.missing
    assert cost.length.tokens == 40_000


def test_a_file_that_is_not_checked_yet_has_no_length():
    upload = make_upload(state="checking", report=REPORT)

    cost = costs.of_order(make_order(training_file="", training_upload=upload))

    assert cost.length is None


def test_a_price_by_the_hour_is_a_formula_without_an_amount():
    Price.objects.create(prefix="o4-mini", method="reinforcement", per_hour=100)

    cost = costs.of_order(make_order(base_model="o4-mini-2025-04-16", method="reinforcement"))

    assert cost.estimate.amount is None
    assert cost.length is None
    assert "$100.00 per hour" in cost.estimate.formula


def test_training_that_costs_nothing_costs_nothing():
    Price.objects.update(per_million=0)

    assert costs.of_order(brought()).estimate.amount == 0
