"""The life of a job, from the first answer to the model it leaves."""

import base64
import csv
import io
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.sandbox.conftest import CHATS, OTHER_CHATS, PREFERENCES, call
from tests.sandbox_server import Server

SLOW = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 50}}}


def of(kind: str, **hyperparameters: Any) -> dict[str, Any]:
    return {"type": kind, kind: {"hyperparameters": hyperparameters}}


@pytest.fixture(scope="module")
def done(shared):
    """A job that succeeded: 12 examples by 4, five epochs, with validation."""
    with call(shared) as api:
        job = api.order(
            validation_file=api.upload(OTHER_CHATS),
            suffix="night shift",
            method=of("supervised", n_epochs=5, batch_size=4),
        )
        return api.wait(job["id"])


def test_a_new_job_waits_for_its_files_to_be_validated(api):
    job = api.order(model="gpt-4o-mini", hyperparameters={"n_epochs": 1}, method=None)

    assert job["status"] == "validating_files"
    assert job["model"] == "gpt-4o-mini-2024-07-18"
    assert job["hyperparameters"]["batch_size"] == "auto"
    assert job["method"] == of("supervised", **job["hyperparameters"])
    assert (job["finished_at"], job["fine_tuned_model"], job["error"]) == (None, None, None)
    assert job["result_files"] == []


def test_a_job_that_succeeded_says_what_it_made(api, done):
    assert done["status"] == "succeeded"
    assert re.fullmatch(r"ft:tiny-byte-lm:sandbox:night-shift:\w{8}", done["fine_tuned_model"])
    assert done["trained_tokens"] > 0
    assert done["finished_at"] >= done["created_at"]
    assert done["estimated_finish"] is None
    assert api.get(f"models/{done['fine_tuned_model']}").json()["id"] == done["fine_tuned_model"]


def test_its_events_tell_its_story_in_order(api, done):
    events = api.events(done["id"])
    told = [re.sub(r"(file|ftjob)-\w+|ft:\S+|\d+\.\d+", "…", event["message"]) for event in events]

    assert told[:4] == [
        "Created fine-tuning job: …",
        "Validating training file: … and validation file: …",
        "Files validated, moving job to queued state",
        "Fine-tuning job started",
    ]
    assert told[4] == "Step 1/15: training loss=…"
    assert told[13] == "Step 10/15: training loss=…, validation loss=…"
    assert told[18] == "Step 15/15: training loss=…, validation loss=…, full validation loss=…"
    assert told[19:] == [
        "Checkpoint created at step 9 with Snapshot ID: …",
        "Checkpoint created at step 12 with Snapshot ID: …",
        "New fine-tuned model created: …",
        "The job has successfully completed",
    ]
    assert [event["data"]["step"] for event in events[4:19]] == list(range(1, 16))


def test_the_last_three_epochs_are_kept_and_the_newest_has_the_final_name(api, done):
    newest, *earlier = api.checkpoints(done["id"])

    assert newest["fine_tuned_model_checkpoint"] == done["fine_tuned_model"]
    assert [c["step_number"] for c in (newest, *earlier)] == [15, 12, 9]
    for checkpoint in earlier:
        name = checkpoint["fine_tuned_model_checkpoint"]
        assert name.endswith(f":ckpt-step-{checkpoint['step_number']}")
        assert api.get(f"models/{name.replace(':', '%3A')}").json()["id"] == name
    told = api.steps(done["id"])[14]
    assert newest["metrics"] == {k: v for k, v in told.items() if k != "total_steps"}


def test_the_result_file_is_the_base64_text_of_a_table(api, done):
    (file_id,) = done["result_files"]

    text = base64.b64decode(api.get(f"files/{file_id}/content").content, validate=True).decode()

    rows = list(csv.DictReader(io.StringIO(text)))
    assert api.get(f"files/{file_id}").json()["purpose"] == "fine-tune-results"
    assert len(rows) == 15
    assert rows[0]["valid_loss"] == ""
    for row, told in zip(rows, api.steps(done["id"]), strict=True):
        assert float(row["train_loss"]) == pytest.approx(told["train_loss"], abs=1e-5)


def test_training_goes_on_from_a_model_of_its_own(api, done):
    onward = api.wait(api.order(model=done["fine_tuned_model"], suffix="more")["id"])
    afresh = api.wait(api.order()["id"])

    assert onward["model"] == done["fine_tuned_model"]
    assert onward["fine_tuned_model"].startswith("ft:tiny-byte-lm:sandbox:more:")
    first = api.steps(onward["id"])[0]["train_loss"]
    assert first < api.steps(afresh["id"])[0]["train_loss"] * 0.95


@pytest.mark.parametrize(
    ("kind", "content", "keys"),
    [
        ("supervised", CHATS, {"n_epochs", "batch_size", "learning_rate_multiplier"}),
        ("dpo", PREFERENCES, {"n_epochs", "batch_size", "learning_rate_multiplier", "beta"}),
    ],
)
def test_auto_becomes_numbers(api, kind, content, keys):
    job = api.wait(api.order(content, method={"type": kind})["id"])

    chosen = job["method"][kind]["hyperparameters"]
    assert set(chosen) == keys
    assert all(isinstance(value, int | float) for value in chosen.values())
    assert job["hyperparameters"] == (chosen if kind == "supervised" else {})
    steps = chosen["n_epochs"] * -(-12 // chosen["batch_size"])
    assert len(api.steps(job["id"])) == steps


def test_a_paused_job_goes_on_to_the_numbers_of_an_unbroken_one(folder):
    with Server(folder, "--pace", "40") as server, call(server.url) as api:
        method = of("supervised", n_epochs=12, batch_size=4)
        unbroken, broken = (
            api.order(OTHER_CHATS * 2, suffix=suffix, method=method)["id"] for suffix in "ab"
        )
        api.until(lambda: api.steps(broken), lambda steps: len(steps) >= 5)

        pausing = api.act(broken, "pause").json()
        paused = api.wait(broken, "paused")
        stopped_after = len(api.steps(broken))
        resumed = api.act(broken, "resume").json()
        api.wait(broken)
        api.wait(unbroken)

        assert (pausing["status"], resumed["status"]) == ("pausing", "queued")
        assert paused["finished_at"] is paused["estimated_finish"] is None
        assert 5 <= stopped_after < 36
        assert api.steps(broken) == api.steps(unbroken)


def test_cancel_is_immediate(folder):
    with Server(folder, "--pace", "0.01", "--slots", "1") as server, call(server.url) as api:
        job, other = api.order(method=SLOW)["id"], api.order(method=SLOW)["id"]
        api.until(lambda: api.steps(job), bool)

        cancelled = api.act(job, "cancel").json()

        last = api.events(job)[-1]
        assert cancelled["status"] == "cancelled"
        assert cancelled["finished_at"] is not None
        assert (last["level"], last["type"]) == ("warn", "message")
        assert api.wait(other, "running")


def test_what_was_on_its_way_when_a_job_was_cancelled_is_not_told(folder):
    with (
        Server(folder, "--pace", "0") as server,
        call(server.url) as api,
        ThreadPoolExecutor() as pool,
    ):
        job = api.order(method=of("supervised", n_epochs=50, batch_size=1))["id"]
        api.until(lambda: api.steps(job), bool)

        server.process.send_signal(signal.SIGSTOP)
        answer = pool.submit(api.act, job, "cancel")
        time.sleep(0.3)  # the trainer goes on and fills its pipe
        server.process.send_signal(signal.SIGCONT)

        assert answer.result().json()["status"] == "cancelled"
        api.wait(api.order()["id"], "succeeded")
        assert api.events(job)[-1]["level"] == "warn"
        assert api.job(job)["status"] == "cancelled"


def test_jobs_wait_in_line_for_a_slot(folder):
    with Server(folder, "--pace", "20", "--slots", "1") as server, call(server.url) as api:
        first, second = (api.order(method=SLOW)["id"] for _ in range(2))
        running = api.until(lambda: api.job(first), lambda job: job["estimated_finish"] is not None)
        waiting = api.wait(second, "queued")

        api.act(first, "cancel")

        assert running["estimated_finish"] >= running["created_at"]
        assert waiting["estimated_finish"] is None
        assert api.wait(second, "running")["status"] == "running"


@pytest.mark.parametrize("action", ["cancel", "pause", "resume"])
def test_an_ended_job_takes_no_action(api, done, action):
    answer = api.act(done["id"], action)

    assert answer.status_code == 400
    assert "'succeeded'" in answer.json()["error"]["message"]


def test_a_file_in_use_is_kept_until_the_job_has_ended(folder):
    with Server(folder, "--pace", "20") as server, call(server.url) as api:
        job = api.order(method=SLOW)
        refusal = api.delete(f"files/{job['training_file']}")
        api.act(job["id"], "cancel")
        deleted = api.delete(f"files/{job['training_file']}")

    assert (refusal.status_code, refusal.json()["error"]["param"]) == (400, "id")
    assert deleted.json() == {"id": job["training_file"], "object": "file", "deleted": True}


def test_a_run_that_diverges_fails(api):
    job = api.order(method=of("supervised", learning_rate_multiplier=1e30))

    failed = api.wait(job["id"])

    assert (failed["status"], failed["error"]["code"]) == ("failed", "training_diverged")
