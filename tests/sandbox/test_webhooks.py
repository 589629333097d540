"""Webhooks: every end of a job is told, signed, until somebody has taken it."""

import asyncio
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from sandbox import courier, lifecycle, webhooks
from sandbox.courier import Courier
from sandbox.records import Checkpoint, Delivery, Endpoint, Event, File, Job, Model
from sandbox.store import Store
from tests.sandbox.conftest import call
from tests.sandbox.receiver import Receiver
from tests.sandbox_server import ROOT, Server

SECRET = "whsec_" + "c2FuZGJveC1zYW5kYm94LXNhbmRib3g="


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@contextmanager
def telling(folder, receiver):
    """A sandbox that tells the receiver, and is not patient."""
    flags = ("--webhook", receiver.url, "--webhook-secret", SECRET, "--webhook-patience", "0.05")
    with Server(folder, "--pace", "0", *flags) as server, call(server.url) as api:
        yield api


def a_job():
    return Job(
        id="ftjob-1",
        created_at=1,
        status="running",
        model="tiny-byte-lm",
        base="tiny-byte-lm",
        method="supervised",
        hyperparameters={},
        training_file="file-1",
        seed=1,
    )


def an_endpoint(name, url, event_types):
    return Endpoint(
        id=name,
        created_at=1,
        updated_at=1,
        name=name,
        url=url,
        event_types=list(event_types),
        secret=SECRET,
    )


def cancelled(api):
    job_id = api.order()["id"]
    assert api.act(job_id, "cancel").status_code == 200
    return job_id


def rows(folder, query, *values):
    with closing(sqlite3.connect(folder / "sandbox.sqlite3")) as db, db:
        return db.execute(query, values).fetchall()


def deliveries(folder):
    return [delivery_id for (delivery_id,) in rows(folder, "SELECT id FROM deliveries")]


def until(fits):
    give_up = time.monotonic() + 30
    while not fits():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def test_every_kind_of_end_is_told_once_and_signed(folder, receiver):
    with telling(folder, receiver) as api:
        jobs = {
            "fine_tuning.job.succeeded": api.wait(api.order()["id"], "succeeded")["id"],
            "fine_tuning.job.failed": api.wait(api.order(b"{}\n")["id"], "failed")["id"],
            "fine_tuning.job.cancelled": cancelled(api),
        }
        heard = receiver.wait(lambda heard: len(heard) == 3)
        until(lambda: not deliveries(folder))

    events = [each.event(SECRET) for each in heard]
    assert {event.type: event.data.id for event in events} == jobs
    assert len({event.id for event in events}) == len({each.id for each in heard}) == 3
    assert all(re.fullmatch(r"evt_\w+", event.id) for event in events)
    assert all(event.object == "event" for event in events)


def test_a_webhook_looks_as_the_services(folder, receiver):
    with telling(folder, receiver) as api:
        cancelled(api)
        (heard,) = receiver.wait(bool)

    assert heard.path == "/hook"
    assert re.fullmatch(r"wh_\w+", heard.id)
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["user-agent"] == "OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)"
    assert re.fullmatch(r"v1,[A-Za-z0-9+/=]+", heard.headers["webhook-signature"])
    assert abs(int(heard.headers["webhook-timestamp"]) - time.time()) < 300


def test_what_is_not_taken_is_sent_again_under_the_same_id(folder, receiver):
    receiver.answers = [500, 302, 0, 204]
    with telling(folder, receiver) as api:
        job_id = cancelled(api)
        heard = receiver.wait(lambda heard: len(heard) == 4)
        until(lambda: not deliveries(folder))

    assert len({each.id for each in heard}) == len({each.body for each in heard}) == 1
    assert {each.path for each in heard} == {"/hook"}
    assert {each.event(SECRET).data.id for each in heard} == {job_id}
    assert receiver.heard == heard


@pytest.mark.faults
def test_a_killed_sandbox_loses_no_webhook(folder):
    with Receiver() as gone:
        pass
    with telling(folder, gone) as api:
        jobs = {cancelled(api) for _ in range(3)}
        before = deliveries(folder)
    with Receiver(port=gone.port) as back, telling(folder, back):
        heard = back.wait(lambda heard: len(heard) >= 3)

    assert sorted({each.id for each in heard}) == sorted(before)
    assert {each.event(SECRET).data.id for each in heard} == jobs


@pytest.mark.parametrize(
    "end",
    [
        lambda store, job: lifecycle.succeed(store, job, trained_tokens=1),
        lambda store, job: lifecycle.fail(
            store, job, dict.fromkeys(("code", "message", "param"), "")
        ),
        lambda store, job: lifecycle.cancel(store, job),
    ],
)
def test_a_job_does_not_end_without_its_webhook(folder, end):
    with closing(Store(folder)) as store:
        job = store.add(a_job())
        store.add(Model(id="ft:a", created_at=1, job_id=job.id, step=1, base=job.base))
        last = Checkpoint(id="a", created_at=1, job_id=job.id, step=1, model="ft:a", metrics={})
        store.add(last)
        store.add(an_endpoint("mine", "http://127.0.0.1:9", webhooks.EVENT_TYPES))
        full = "CREATE TRIGGER full BEFORE INSERT ON deliveries BEGIN SELECT RAISE(FAIL, 'x'); END"
        rows(folder, full)

        with pytest.raises(sqlite3.IntegrityError):
            end(store, job)

        assert store.get(Job, job.id) == replace(job, seq=1)
        assert (store.all(Event), store.all(File)) == ([], [])


def test_after_three_days_a_webhook_is_given_up(folder, receiver):
    receiver.answers = [500] * 100
    with telling(folder, receiver) as api:
        cancelled(api)
        receiver.wait(bool)

        rows(folder, "UPDATE deliveries SET created_at = created_at - 259200")

        until(lambda: not deliveries(folder))
    assert len(receiver.heard) < 100


def test_without_the_flag_nothing_is_told_any_more(folder, receiver):
    receiver.answers = [500] * 100
    with telling(folder, receiver) as api:
        cancelled(api)
        listed = api.get("webhook_endpoints").json()["data"]
    with Server(folder) as server, call(server.url) as api:
        assert [endpoint["name"] for endpoint in listed] == ["--webhook"]
        assert api.get("webhook_endpoints").json()["data"] == []
        assert deliveries(folder) == []


def test_a_receiver_that_hangs_holds_up_nobody_else(folder, receiver, monkeypatch):
    monkeypatch.setattr(courier, "TIMEOUT", 0.3)
    receiver.answers = [-1]

    async def drive(store):
        task = asyncio.create_task(Courier(store, patience=0.1).run())
        while store.all(Delivery):
            await asyncio.sleep(0.02)
        task.cancel()

    with closing(Store(folder)) as store, Receiver() as other:
        for name, url in (("hangs", receiver.url), ("other", other.url)):
            store.add(an_endpoint(name, url, ["fine_tuning.job.failed"]))
        webhooks.note(store, "ftjob-1", "succeeded")
        webhooks.note(store, "ftjob-1", "failed")
        asyncio.run(asyncio.wait_for(drive(store), 30))

        assert len(other.heard) == 1
        first, second = receiver.heard
        assert first.id == second.id != other.heard[0].id
        assert first.event(SECRET).type == other.heard[0].event(SECRET).type


@pytest.mark.parametrize(
    "flags",
    [
        ["--webhook", "http://127.0.0.1:9"],
        ["--webhook-secret", "secret"],
        ["--webhook", "hook", "--webhook-secret", "secret"],
        ["--webhook", "http://127.0.0.1:9", "--webhook-secret", "whsec_no base64"],
        ["--webhook", "http://127.0.0.1:9", "--webhook-secret", "whsec_größe"],
        [
            "--webhook",
            "http://127.0.0.1:9",
            "--webhook-secret",
            "secret",
            "--webhook-patience",
            "0",
        ],
    ],
)
def test_flags_that_make_no_sense_are_refused_at_the_start(folder, flags):
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--data", str(folder), *flags]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)

    assert ended.returncode == 2
    assert "--webhook" in ended.stderr.splitlines()[-1]
