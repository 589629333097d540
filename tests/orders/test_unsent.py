"""The request for the job never left: nothing was created, so it is simply tried again for a while."""

from itertools import pairwise

import httpx
import pytest
from django.utils import timezone

from jobs import orders
from tests.ordering import carry
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db

POST_JOB = "POST fine_tuning/jobs"
NO_CONNECTION = httpx.ConnectError("[Errno 111] Connection refused")


def test_what_never_left_is_not_unknown_and_is_sent_again(upstream: FakeUpstream, asked):
    upstream.broken_paths[POST_JOB] = NO_CONNECTION

    order = carry(asked())
    assert (order.state, order.sent_at, order.attempts) == ("waiting", None, 1)
    assert order.detail == "Not sent: No connection to api.test: Connection refused."
    upstream.broken_paths.clear()

    assert carry(order).state == "created"
    assert len(upstream.ordered) == 1


def test_it_is_tried_at_growing_intervals(upstream: FakeUpstream, asked):
    upstream.broken_paths[POST_JOB] = NO_CONNECTION
    order, waits = asked(), []

    for _ in range(4):
        order = carry(order)
        waits.append(order.next_at - timezone.now())

    assert all(shorter < longer for shorter, longer in pairwise(waits))


def test_it_is_given_up_after_a_while(upstream: FakeUpstream, asked):
    upstream.broken_paths[POST_JOB] = NO_CONNECTION

    order = carry(carry(asked()), hours=1)

    assert (order.state, order.sent_at, order.next_at) == ("refused", None, None)
    assert order.detail.startswith("Given up, nothing was created. Not sent: No connection")


def test_it_may_be_taken_back_meanwhile(upstream: FakeUpstream, asked, alice):
    upstream.broken_paths[POST_JOB] = NO_CONNECTION
    order = carry(asked())

    assert orders.recall(order, by=alice)

    assert carry(order).state == "draft"
    assert upstream.ordered == []


def test_what_may_have_left_is_unknown_all_the_same(upstream: FakeUpstream, asked):
    upstream.broken_paths[POST_JOB] = httpx.ReadError("reset")

    order = carry(asked())

    assert (order.state, order.sent_at is None) == ("unknown", False)
