"""Webhooks: from the endpoint that is made to the event that arrives."""

import openai
import pytest

from tests.sandbox.openai_client.conftest import order, upload
from tests.sandbox.receiver import Receiver

ENDS = ["fine_tuning.job.succeeded", "fine_tuning.job.failed", "fine_tuning.job.cancelled"]


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def endpoint(client, receiver):
    made = client.webhooks.create(name="mine", url=receiver.url, event_types=ENDS)
    yield made
    client.webhooks.delete(made.id)


def unwrapped(client, heard, secret):
    return client.webhooks.unwrap(heard.body, heard.headers, secret=secret)


def test_every_end_of_a_job_arrives(client, endpoint, receiver):
    failed = order(client, training_file=upload(client, b"{}\n"))
    succeeded, cancelled = order(client), order(client)
    client.fine_tuning.jobs.cancel(cancelled.id)
    heard = receiver.wait(lambda heard: len(heard) == 3)

    events = [unwrapped(client, each, endpoint.signing_secret) for each in heard]

    jobs = dict(zip(ENDS, [succeeded.id, failed.id, cancelled.id], strict=True))
    assert {event.type: event.data.id for event in events} == jobs
    assert {type(event).__name__ for event in events} == {
        "FineTuningJobSucceededWebhookEvent",
        "FineTuningJobFailedWebhookEvent",
        "FineTuningJobCancelledWebhookEvent",
    }


def test_a_webhook_that_was_tampered_with_is_refused(client, endpoint, receiver):
    client.webhooks.test(endpoint.id, event_type=ENDS[0])
    (heard,) = receiver.heard

    with pytest.raises(openai.InvalidWebhookSignatureError):
        client.webhooks.unwrap(heard.body + b" ", heard.headers, secret=endpoint.signing_secret)
    with pytest.raises(openai.InvalidWebhookSignatureError):
        unwrapped(client, heard, secret="whsec_b3RoZXI=")


def test_an_endpoint_is_made_changed_listed_and_deleted(client):
    hooks = client.webhooks
    made = hooks.create(name="mine", url="http://127.0.0.1:9/hook", event_types=ENDS[:1])
    other = hooks.create(name="other", url="http://127.0.0.1:9/hook", event_types=ENDS)

    changed = hooks.update(made.id, name="ours", event_types=ENDS[1:])

    assert made.signing_secret.endswith(made.signing_secret_hint.removeprefix("..."))
    assert (changed.name, changed.url, changed.event_types) == ("ours", made.url, ENDS[1:])
    assert hooks.retrieve(made.id) == changed
    assert [each.id for each in hooks.list(limit=1)][:2] == [other.id, made.id]
    assert [each.id for each in hooks.list(after=other.id)][:1] == [made.id]
    gone = hooks.delete(made.id)
    assert (gone.id, gone.object, gone.deleted) == (made.id, "webhook_endpoint.deleted", True)
    with pytest.raises(openai.NotFoundError):
        hooks.retrieve(made.id)
    hooks.delete(other.id)


@pytest.mark.parametrize("keep", [True, False])
def test_a_secret_is_changed_with_or_without_a_delay(client, endpoint, receiver, keep):
    rotated = client.webhooks.rotate_secret(endpoint.id, keep_old_secret_active_for_24_hours=keep)

    tested = client.webhooks.test(endpoint.id, event_type=ENDS[1])

    (heard,) = receiver.heard
    assert (tested.status_code, tested.success, tested.event_type) == (200, True, ENDS[1])
    assert unwrapped(client, heard, rotated.signing_secret).type == ENDS[1]
    if keep:
        assert unwrapped(client, heard, endpoint.signing_secret).type == ENDS[1]
    else:
        with pytest.raises(openai.InvalidWebhookSignatureError):
            unwrapped(client, heard, endpoint.signing_secret)


def test_the_types_of_events_are_told(client):
    assert sorted(client.webhooks.event_types.list().data) == sorted(ENDS)
