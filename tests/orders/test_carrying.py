"""What becomes of an order: each outcome once, and never two jobs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from jobs import orders
from jobs.models import Account, Order
from jobs.models.upload import PART_SIZE
from jobs.orders import sending
from tests.making import make_account, make_job, make_order, make_upload
from tests.ordering import carry, error, once
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db

POST_JOB = "POST fine_tuning/jobs"
LINE = b'{"messages": [{"role": "user", "content": "Where is it?"}]}\n'


def test_an_order_on_known_files_becomes_a_job(upstream: FakeUpstream, asked):
    order = carry(asked(validation_file="file-valid"))

    assert (order.state, order.upstream_id, order.next_at) == ("created", "ftjob-1", None)
    assert upstream.ordered == [order.body()]
    assert [words for _, words in order.log] == [
        "Asked for by alice.",
        "The service looks at the files.",
        "The job is asked for.",
        "Created as ftjob-1.",
    ]


def test_the_account_is_listened_to_at_once(upstream: FakeUpstream, asked):
    account = make_account(next_poll_at=timezone.now() + timedelta(hours=1))

    carry(asked(account=account))

    assert Account.objects.get().next_poll_at <= timezone.now()


def test_files_that_a_person_brought_go_first_and_are_then_forgotten(upstream, asked):
    training, validation = make_upload(LINE * 40_000), make_upload(LINE)

    order = carry(asked(training_upload=training, validation_upload=validation))

    assert order.state == "created"
    assert [len(content) for content in upstream.contents.values()] == [
        len(LINE) * 40_000,
        len(LINE),
    ]
    assert (upstream.ordered[0]["training_file"], upstream.ordered[0]["validation_file"]) == (
        "file-1",
        "file-2",
    )
    assert training.size > 2 * PART_SIZE
    assert not training.parts.exists()
    training.refresh_from_db()
    assert (training.account, training.file_id) == (order.account, "file-1")


def test_a_large_file_goes_in_parts(upstream: FakeUpstream, asked, monkeypatch):
    monkeypatch.setattr(sending, "WHOLE", 1000)
    monkeypatch.setattr(sending, "CHUNKS_A_PART", 4)
    content = LINE * 40_000

    order = carry(asked(training_upload=make_upload(content)))

    assert order.state == "created"
    assert upstream.contents == {"file-1": content}
    assert len(upstream.parts) == 3
    assert upstream.asked[:2] == ["POST uploads", "POST uploads/upload-1/parts"]


def test_a_service_without_parts_gets_a_large_file_whole(upstream, asked, monkeypatch):
    monkeypatch.setattr(sending, "WHOLE", 1000)
    account = make_account(dialect="nebius")

    order = carry(asked(account=account, training_upload=make_upload(LINE * 100)))

    assert order.state == "created"
    assert upstream.asked[0] == "POST files"


def test_an_upload_shows_how_far_it_is(upstream: FakeUpstream, asked, monkeypatch):
    monkeypatch.setattr(sending, "RENEWED_EVERY", 0)
    order = asked(training_upload=make_upload(LINE * 40_000))
    seen = []

    def look(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("SELECT") and '"content"' in sql:
            seen.append(Order.objects.get().progress)
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        order = carry(order)

    assert seen == sorted(seen)
    assert len(seen) == 10
    assert order.progress == 100


def test_a_file_is_brought_once_though_the_order_is_refused_and_sent_again(upstream, asked, alice):
    upstream.broken_paths[POST_JOB] = error(400, "No such model.", param="model")
    order = carry(asked(training_upload=make_upload()))
    assert order.state == "refused"
    upstream.broken_paths.clear()

    order.edit(base_model="gpt-4.1-nano")
    orders.submit(order, by=alice)
    order = carry(order)

    assert order.state == "created"
    assert upstream.count("POST files") == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error(400, "Bad suffix.", param="suffix"), "Bad suffix (about suffix)."),
        (error(401, "Incorrect key."), "Incorrect key. The key is wrong or revoked"),
        (error(403, "Fine-tuning is no longer offered."), "while it winds fine-tuning down"),
        (
            error(
                429, "Ten a day.", code="daily_rate_limit_exceeded", type="invalid_request_error"
            ),
            "Ten a day. It is useless to try again before tomorrow.",
        ),
        (error(429, "No money.", code="insufficient_quota"), "budget is used up"),
    ],
)
def test_a_refusal_is_told_in_the_words_of_the_service(upstream, asked, answer, words):
    upstream.broken_paths[POST_JOB] = answer

    order = carry(asked())

    assert (order.state, order.sent_at, order.next_at) == ("refused", None, None)
    assert words in order.detail
    assert order.can_edit
    assert upstream.count(POST_JOB) == 1


def test_a_busy_service_is_asked_again_because_it_has_said_no(upstream: FakeUpstream, asked):
    busy = error(429, "Please try again in 8s.", code="rate_limit_exceeded")
    upstream.broken_paths[POST_JOB] = busy
    order = carry(asked())
    assert (order.state, order.sent_at) == ("waiting", None)
    assert "busy (Please try again in 8s)" in order.detail
    assert order.next_at > timezone.now() + timedelta(seconds=10)

    upstream.broken_paths.clear()
    assert carry(order).state == "created"
    assert len(upstream.jobs) == 1


def test_a_service_that_stays_busy_is_given_up(upstream: FakeUpstream, asked):
    upstream.broken_paths[POST_JOB] = error(429, "Busy.", code="rate_limit_exceeded")

    order = carry(carry(asked()), hours=1)

    assert order.state == "refused"
    assert order.detail == "Busy. The service was busy for too long: send it later."


def test_a_file_that_is_not_ready_is_waited_for(upstream: FakeUpstream, asked):
    upstream.files.append({"id": "file-train", "status": "uploaded"})

    order = carry(asked())
    assert (order.state, upstream.ordered) == ("waiting", [])
    upstream.files[0]["status"] = "processed"

    assert carry(order).state == "created"


def test_a_status_that_never_changes_is_not_waited_for_for_ever(upstream: FakeUpstream, asked):
    upstream.files.append({"id": "file-train", "status": "uploaded"})

    order = carry(carry(asked()), hours=0.1)

    assert order.state == "created"


def test_a_file_that_the_service_cannot_use_ends_it(upstream: FakeUpstream, asked):
    upstream.files.append({"id": "file-train", "status": "error", "status_details": "Line 3"})

    order = carry(asked())

    assert (order.state, upstream.ordered) == ("refused", [])
    assert order.detail == "The service cannot use file-train: Line 3."


def test_a_file_that_is_gone_ends_it_and_one_that_may_not_be_seen_does_not(upstream, asked):
    upstream.broken_paths["files/file-train"] = error(404, "No such File object: file-train")
    assert carry(asked()).state == "refused"

    upstream.broken_paths["files/file-train"] = error(403, "You may not read files.")
    assert carry(asked()).state == "created"


def test_an_order_taken_back_during_the_upload_is_not_sent(upstream, asked, alice):
    order = asked(training_upload=make_upload(LINE * 40_000))
    once(upstream, lambda: orders.recall(Order.objects.get(), by=alice))

    order = carry(order)

    assert (order.state, upstream.ordered) == ("draft", [])
    assert order.next_at is None


def test_two_workers_with_the_same_order_make_one_job(upstream: FakeUpstream, asked):
    order = asked()
    once(upstream, lambda: orders.carry_out(order.pk))

    carry(order)

    assert len(upstream.ordered) == 1
    assert Order.objects.get().state == "created"


def test_an_order_that_is_gone_or_done_is_left_alone(upstream: FakeUpstream):
    order = make_order(state=Order.State.CREATED)

    orders.carry_out(order.pk)
    orders.carry_out(order.pk + 1)

    assert upstream.asked == []


def test_nothing_is_sent_for_an_account_that_was_left(upstream: FakeUpstream, asked):
    order = asked()
    make_job(account=order.account)
    order.account.leave()

    order = carry(order)

    assert (order.state, upstream.ordered) == ("refused", [])
    assert "no longer listens to this account" in order.detail
