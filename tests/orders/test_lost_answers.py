"""What breaks on the way, before the request has left and after it: never two jobs."""

import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone

from jobs import orders
from jobs.models import Account, Order
from tests.making import make_account, make_order, make_upload
from tests.ordering import carry, error
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db

POST_JOB = "POST fine_tuning/jobs"
LIST = "GET fine_tuning/jobs"


def test_what_breaks_before_it_is_sent_is_tried_again(upstream: FakeUpstream, asked):
    upstream.broken = httpx.ConnectError("refused")
    order = carry(asked(training_upload=make_upload()))
    assert (order.state, order.attempts) == ("asked", 1)
    assert "No connection" in order.detail

    upstream.broken = None

    assert carry(order).state == "created"
    assert len(upstream.jobs) == 1


def test_a_service_that_stays_away_is_given_up(upstream: FakeUpstream, asked):
    upstream.broken = httpx.ConnectError("refused")

    order = carry(carry(asked()), hours=1)

    assert order.state == "refused"
    assert order.detail.startswith("Given up, nothing was created.")


@pytest.fixture
def lost(upstream: FakeUpstream, asked):
    """An order that the service has heard, though its answer did not come."""

    def lose(**given: Any) -> Order:
        upstream.lost_answers.add(POST_JOB)
        order = carry(asked(**given))
        upstream.lost_answers.clear()
        assert order.state == "unknown"
        return order

    return lose


def test_a_lost_answer_is_settled_by_the_list(upstream: FakeUpstream, lost):
    order = lost()
    assert "may have been created or not" in order.detail

    order = carry(order)

    assert (order.state, order.upstream_id) == ("created", "ftjob-1")
    assert order.detail == "Found as ftjob-1: the request had been heard."
    assert len(upstream.ordered) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500, json={"error": {"message": "Sorry"}}),
        httpx.Response(502, html="<h1>Bad gateway</h1>"),
        httpx.Response(200, text="{"),
        httpx.Response(200, json={"object": "fine_tuning.job"}),
    ],
)
def test_an_answer_that_says_neither_yes_nor_no_is_looked_into(upstream, asked, answer):
    upstream.broken_paths[POST_JOB] = answer

    order = carry(asked())

    assert (order.state, order.sent_at is None) == ("unknown", False)


def test_a_worker_that_was_killed_after_it_wrote_and_before_it_heard_sends_nothing(upstream, asked):
    order = asked()
    Order.objects.update(state=Order.State.CREATING, sent_at=timezone.now())
    upstream.create(order.body())

    order = carry(order)

    assert order.state == "created"
    assert upstream.count(POST_JOB) == 0


def test_the_job_of_another_order_is_not_taken_for_it(upstream: FakeUpstream, lost):
    order = lost()
    upstream.jobs.clear()
    upstream.create(make_order().body())

    assert carry(order).state == "unknown"


def test_a_service_without_metadata_is_searched_for_what_is_trained(upstream: FakeUpstream, lost):
    upstream.keeps_metadata = False
    account = make_account(dialect="azure", base_url="https://api.test")
    upstream.prefix = "/openai/"

    order = lost(account=account)
    upstream.add("ftjob-older", training_file="file-train")
    now = int(time.time())
    upstream.add("ftjob-other", training_file="file-other", created_at=now)
    upstream.add("ftjob-alien", training_file="file-train", created_at=now, model="gpt-4.1")

    assert carry(order).upstream_id == "ftjob-1"


def test_of_two_orders_alike_each_finds_its_own_job(upstream: FakeUpstream, lost):
    upstream.keeps_metadata = False
    account = make_account(dialect="generic")

    first, second = lost(account=account), lost(account=account)
    found = {carry(order).upstream_id for order in (first, second)}

    assert found == {"ftjob-1", "ftjob-2"}


@pytest.mark.parametrize("other", [{"user_provided_suffix": "other"}, {"seed": 8}])
def test_a_job_of_the_same_file_with_another_suffix_or_seed_is_another_order_s(
    upstream: FakeUpstream, asked, other
):
    upstream.broken_paths["POST fine_tuning/jobs"] = httpx.ReadTimeout("timed out")
    order = carry(asked(account=make_account(dialect="generic"), seed=7))
    upstream.keeps_metadata = False
    now = int(time.time())
    upstream.add("ftjob-other", training_file="file-train", created_at=now, **other)

    assert carry(order).state == "unknown"
    upstream.add("ftjob-ours", training_file="file-train", created_at=now, seed=7)
    assert carry(order).upstream_id == "ftjob-ours"


def test_a_service_that_knows_no_filter_is_read_through(upstream: FakeUpstream, lost):
    order = lost()
    upstream.refuses_filters = True

    assert carry(order).state == "created"


def test_a_service_that_cannot_be_asked_leaves_it_open(upstream: FakeUpstream, lost):
    order = lost()
    upstream.broken = error(401, "Incorrect key.")

    order = carry(order, hours=5)

    assert order.state == "unknown"
    assert "cannot be looked through: Incorrect key." in order.detail
    upstream.broken = None
    assert carry(order).state == "created"


def test_a_key_that_we_cannot_read_any_more_is_no_refusal(upstream: FakeUpstream, lost):
    order = lost()
    Account.objects.update(sealed_key="broken")

    assert carry(order).state == "unknown"


def test_a_job_that_is_surely_not_there_is_a_persons_decision(upstream, lost, alice):
    order = lost()
    upstream.jobs.clear()
    for _ in range(3):
        order = carry(order)
    assert (order.state, order.attempts) == ("unknown", 3)
    assert order.next_at > timezone.now() + timedelta(seconds=5)

    order = carry(order, hours=0.1)
    assert order.state == "missing"
    assert "Send it again, or abandon it" in order.detail
    assert upstream.count(POST_JOB) == 1

    orders.send_again(order, by=alice)
    order = carry(order)

    assert (order.state, upstream.count(POST_JOB)) == ("created", 2)
    assert list(upstream.jobs) == [order.upstream_id]


def test_a_job_that_turns_up_at_last_is_not_made_twice(upstream: FakeUpstream, lost, alice):
    order = lost()
    jobs = dict(upstream.jobs)
    upstream.jobs.clear()
    order = carry(carry(order), hours=0.1)
    upstream.jobs |= jobs

    orders.send_again(order, by=alice)

    assert carry(order).state == "created"
    assert upstream.count(POST_JOB) == 1


def test_what_is_missing_is_looked_for_until_a_day_has_gone_by(upstream: FakeUpstream, lost):
    order = lost()
    upstream.jobs.clear()
    order = carry(carry(order), hours=0.1)
    assert order.next_at > timezone.now() + timedelta(minutes=5)

    order = carry(order, hours=25)

    assert (order.state, order.next_at) == ("missing", None)


def test_who_loses_the_order_while_it_asks_leaves_the_answer_to_the_list(upstream, asked):
    order = asked()

    def overtake() -> None:
        if upstream.asked[-1] == POST_JOB:
            upstream.meanwhile = lambda: None
            orders.carry_out(order.pk)

    upstream.meanwhile = overtake
    order = carry(order)
    assert order.state == "unknown"

    assert carry(order).upstream_id == "ftjob-1"
    assert len(upstream.ordered) == 1


def test_a_fault_of_our_own_is_told_and_tried_again(upstream: FakeUpstream, asked):
    upload = make_upload()
    order = asked(training_upload=upload)
    upload.parts.all().delete()

    order = carry(order)

    assert "Tuneboard itself failed" in order.detail
    assert order.state in Order.RECALLABLE
