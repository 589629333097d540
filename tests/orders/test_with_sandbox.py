"""The whole way out and in again, over a real socket: a file becomes a job that is listed and linked."""

import json
import time
from collections.abc import Callable

import httpx
import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from jobs import gateway, orders
from jobs.models import Account, Job, Order, Upload
from jobs.upstream import FineTuningClient
from tests.listening import listened
from tests.making import make_account, make_order, make_upload

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLES = "\n".join(
    json.dumps(
        {
            "messages": [
                {"role": "user", "content": f"Where is order {number}?"},
                {"role": "assistant", "content": f"Order {number} is on its way to you."},
            ]
        }
    )
    for number in range(20)
).encode()


@pytest.fixture
def account(sandbox: str) -> Account:
    return make_account(base_url=sandbox, dialect="generic")


@pytest.fixture
def order(alice: User, account: Account) -> Order:
    """A draft with a file that has just arrived."""
    upload = make_upload(EXAMPLES, state=Upload.State.WAITING, model="gpt-4o-mini")
    return make_order(
        account=account,
        training_file="",
        training_upload=upload,
        hyperparameters={"n_epochs": 1},
        metadata={"team": "support"},
    )


def tick(order: Order, until: Callable[[Order], bool], seconds: float = 30) -> Order:
    """What the clock does with files and orders, until the order is as it should be."""
    ends = time.monotonic() + seconds
    while True:
        for pk in Upload.objects.claim_due(timezone.now()):
            orders.look_after(pk)
        Order.objects.exclude(next_at=None).update(next_at=timezone.now())
        for pk in Order.objects.claim_due(timezone.now()):
            orders.carry_out(pk)
        order = Order.objects.for_list().get(pk=order.pk)
        if until(order):
            return order
        assert time.monotonic() < ends, f"the order never came so far: {order.state} {order.detail}"
        time.sleep(0.02)


def created(account: Account) -> list[str]:
    with gateway.connect(account) as client:
        return [job.id for job in client.jobs()]


def test_a_file_is_checked_and_sent_and_becomes_a_job_that_knows_its_order(order, account, alice):
    order = tick(order, lambda order: bool(order.training_upload.is_checked))
    assert orders.submit(order, by=alice, why="the new shop") == {}

    order = tick(order, lambda order: order.state == "created")
    listened(account)

    job = Job.objects.get(upstream_id=order.upstream_id)
    assert (job.suffix, job.n_epochs) == ("support-bot", 1)
    assert job.metadata == {"team": "support", "tuneboard_order": str(order.key)}
    found = Order.objects.for_job(job)
    assert (found, found.asked_by, order.job) == (order, alice, job)
    with gateway.connect(account) as client:
        assert client.file_content(job.training_file) == EXAMPLES
    assert not order.training_upload.parts.exists()


def test_a_duplicate_trains_the_same_again(order, account, alice):
    tick(order, lambda order: bool(order.training_upload.is_checked))
    orders.submit(Order.objects.get(), by=alice)
    first = tick(order, lambda order: order.state == "created")
    listened(account)

    again = Order.duplicate(Job.objects.get(), by=alice)
    assert orders.submit(again, by=alice) == {}
    again = tick(again, lambda order: order.state == "created")

    listened(account)
    jobs = Job.objects.order_by("created_at", "pk")
    assert [job.upstream_id for job in jobs] == [first.upstream_id, again.upstream_id]
    assert jobs[0].training_file == jobs[1].training_file
    assert jobs[0].seed == jobs[1].seed


class Deaf(httpx.HTTPTransport):
    """The service hears the order for a job; nobody hears its answer."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if (request.method, request.url.path) == ("POST", "/v1/fine_tuning/jobs"):
            response.read()
            raise httpx.ReadError("the connection broke")
        return response


def test_an_answer_that_got_lost_ends_with_exactly_one_job(order, account, alice, monkeypatch):
    tick(order, lambda order: bool(order.training_upload.is_checked))
    orders.submit(Order.objects.get(), by=alice)
    with monkeypatch.context() as broken:
        deaf = lambda *args, **given: FineTuningClient(*args, **given, transport=Deaf())  # noqa: E731
        broken.setattr(gateway, "FineTuningClient", deaf)
        order = tick(order, lambda order: order.state in ("unknown", "created"))
        assert order.upstream_id == ""

    order = tick(order, lambda order: order.state == "created")

    assert created(account) == [order.upstream_id]
    assert "had been heard" in order.detail


def test_what_the_service_refuses_can_be_mended_and_sent_again(order, account, alice):
    tick(order, lambda order: bool(order.training_upload.is_checked))
    Order.objects.get().edit(base_model="no-such-model")
    orders.submit(Order.objects.get(), by=alice)
    order = tick(order, lambda order: order.state == "refused")
    assert "no-such-model" in order.detail

    order.edit(base_model="gpt-4o-mini")
    orders.submit(order, by=alice)

    order = tick(order, lambda order: order.state == "created")
    assert created(account) == [order.upstream_id]
