"""Who is told of a job's end: endpoints, their secrets, and a test of the way."""

import openai
import pytest

from tests.sandbox.conftest import call
from tests.sandbox.receiver import Receiver
from tests.sandbox_server import Server

TYPES = ["fine_tuning.job.succeeded", "fine_tuning.job.failed", "fine_tuning.job.cancelled"]
URL = "http://127.0.0.1:9/hook"


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


def make(api, **given):
    body = {"name": "mine", "url": URL, "event_types": TYPES, **given}
    return api.post("webhook_endpoints", json=body)


def cancelled(api):
    job_id = api.order()["id"]
    api.act(job_id, "cancel")
    return job_id


def test_a_secret_is_answered_when_it_is_made_and_never_again(api):
    made = make(api).json()
    path = f"webhook_endpoints/{made['id']}"

    later = [
        api.get(path).text,
        api.post(path, json={"name": "other"}).text,
        api.get("webhook_endpoints").text,
    ]

    assert not any(made["signing_secret"] in answer for answer in later)
    assert not any('"signing_secret"' in answer for answer in later)
    assert '"signing_secret"' in api.post(f"{path}/rotate_secret").text


def test_endpoints_are_told_what_they_asked_for(api, receiver):
    with Receiver() as other:
        wants = make(api, url=receiver.url, event_types=["fine_tuning.job.cancelled"]).json()
        make(api, url=other.url, event_types=["fine_tuning.job.succeeded"])
        cancelled(api)
        done = api.wait(api.order()["id"], "succeeded")["id"]
        (heard,) = receiver.wait(bool)
        (also_heard,) = other.wait(bool)

    assert heard.event(wants["signing_secret"]).type == "fine_tuning.job.cancelled"
    assert done.encode() in also_heard.body


@pytest.mark.parametrize(("keep", "signatures"), [(True, 2), (False, 1), (None, 1)])
def test_a_rotated_secret_may_stay_valid_beside_the_new_one(api, receiver, keep, signatures):
    made = make(api, url=receiver.url).json()
    path = f"webhook_endpoints/{made['id']}"

    given = {} if keep is None else {"keep_old_secret_active_for_24_hours": keep}
    rotated = api.post(f"{path}/rotate_secret", json=given).json()
    api.post(f"{path}/test", json={"event_type": TYPES[1]})

    (heard,) = receiver.heard
    assert len(heard.headers["webhook-signature"].split()) == signatures
    assert heard.event(rotated["signing_secret"]).type == TYPES[1]
    if keep:
        assert heard.event(made["signing_secret"]).type == TYPES[1]
    else:
        with pytest.raises(openai.InvalidWebhookSignatureError):
            heard.event(made["signing_secret"])


def test_a_test_tells_what_the_receiver_answered_and_is_not_repeated(api, receiver):
    receiver.answers = [503]
    made = make(api, url=receiver.url).json()

    result = api.post(f"webhook_endpoints/{made['id']}/test", json={"event_type": TYPES[0]}).json()

    assert result == {
        "object": "webhook_endpoint.test",
        "webhook_endpoint_id": made["id"],
        "event_type": TYPES[0],
        "status_code": 503,
        "success": True,
    }
    cancelled(api)
    first, second = receiver.wait(lambda heard: len(heard) == 2)
    assert first.id != second.id


def test_a_test_without_an_answer_is_refused(api):
    with Receiver() as gone:
        pass
    made = make(api, url=gone.url).json()

    answer = api.post(f"webhook_endpoints/{made['id']}/test", json={"event_type": TYPES[0]})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "url")


def test_a_name_that_cannot_be_spelt_does_not_answer(api):
    made = make(api, url="http://xn--?.example").json()

    answer = api.post(f"webhook_endpoints/{made['id']}/test", json={"event_type": TYPES[0]})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "url")


def test_a_deleted_endpoint_is_told_nothing_more(folder, receiver):
    receiver.answers = [500] * 100
    patience = ("--webhook-patience", "0.1")
    with Server(folder, "--pace", "0", *patience) as server, call(server.url) as api:
        made = make(api, url=receiver.url).json()
        cancelled(api)
        receiver.wait(bool)

        api.delete(f"webhook_endpoints/{made['id']}")

        receiver.answers = []
        with Receiver() as other:
            make(api, url=other.url)
            last = cancelled(api)
            other.wait(bool)
    assert not any(last.encode() in heard.body for heard in receiver.heard)


def test_a_change_that_changes_nothing_is_none(api):
    made = make(api).json()
    path = f"webhook_endpoints/{made['id']}"

    same = api.post(path, json={"name": "mine", "url": URL}).json()
    empty = api.post(path, json={}).json()

    assert same == empty == {k: v for k, v in made.items() if k != "signing_secret"}


def test_endpoints_are_listed_newest_first_by_pages_of_twenty(api):
    made = [make(api, name=str(number)).json()["id"] for number in range(21)]

    page = api.get("webhook_endpoints").json()
    rest = api.get("webhook_endpoints", params={"after": page["last_id"]}).json()

    assert [endpoint["id"] for endpoint in page["data"]] == made[:0:-1]
    assert (page["first_id"], page["last_id"], page["has_more"]) == (made[-1], made[1], True)
    assert rest["data"][0]["id"] == made[0]


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"url": None}, "url"),
        ({"url": "hook"}, "url"),
        ({"url": "ftp://127.0.0.1/hook"}, "url"),
        ({"url": "http://"}, "url"),
        ({"url": "http://127.0.0.1:port/"}, "url"),
        ({"event_types": None}, "event_types"),
        ({"event_types": []}, "event_types"),
        ({"event_types": ["batch.completed"]}, "event_types"),
        ({"secret": "mine"}, "secret"),
    ],
)
def test_a_wrong_endpoint_is_refused(api, given, param):
    made = make(api).json()

    refusals = [make(api, **given)]
    if given[param] is not None:
        refusals.append(api.post(f"webhook_endpoints/{made['id']}", json=given))

    assert {refusal.status_code for refusal in refusals} == {400}
    assert {refusal.json()["error"]["param"] for refusal in refusals} == {param}


@pytest.mark.parametrize(
    ("action", "body", "param"),
    [
        ("rotate_secret", {"keep_old_secret_active_for_24_hours": 1}, None),
        ("rotate_secret", {"keep": True}, "keep"),
        ("test", {}, "event_type"),
        ("test", {"event_type": "video.failed"}, "event_type"),
    ],
)
def test_a_wrong_wish_is_refused(api, action, body, param):
    made = make(api).json()

    answer = api.post(f"webhook_endpoints/{made['id']}/{action}", json=body)

    expected = param or next(iter(body))
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, expected)
