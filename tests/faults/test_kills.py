"""kill -9 in the middle of a running job: within a minute all goes on, and nothing is lost or doubled."""

import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.stack import PARTS, ROOT, Stack

pytestmark = pytest.mark.faults

DATASET = ROOT / "sandbox" / "datasets" / "support-train.jsonl"


class Training:
    """A job of the sandbox that trains longer than any test here takes."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        with stack.sandbox() as api:
            for job in api.get("fine_tuning/jobs").json()["data"]:
                api.post(f"fine_tuning/jobs/{job['id']}/cancel")
            given = {"file": (DATASET.name, DATASET.read_bytes())}
            file = api.post("files", data={"purpose": "fine-tune"}, files=given).json()
            order = {
                "model": "gpt-4o-mini",
                "training_file": file["id"],
                "method": {
                    "type": "supervised",
                    "supervised": {"hyperparameters": {"n_epochs": 50, "batch_size": 1}},
                },
            }
            self.id = api.post("fine_tuning/jobs", json=order).json()["id"]
        stack.wait_until(lambda: len(self.stored()) > 5, "the job's first events are stored")

    @property
    def pk(self) -> int:
        return int(self.stack.rows("SELECT id FROM jobs_job WHERE upstream_id = ?", self.id)[0][0])

    def stored(self, job: str = "") -> list[str]:
        sql = """SELECT event.upstream_id FROM jobs_event event JOIN jobs_job job
                 ON event.job_id = job.id WHERE job.upstream_id = ?"""
        return [row[0] for row in self.stack.rows(sql, job or self.id)]

    def logged(self, job: str = "") -> list[str]:
        """The ids of every event, as the sandbox lists them."""
        found: list[str] = []
        more = True
        with self.stack.sandbox() as api:
            while more:
                query = {"limit": "100", **({"after": found[-1]} if found else {})}
                path = f"fine_tuning/jobs/{job or self.id}/events"
                page = api.get(path, params=query).raise_for_status().json()
                found += [event["id"] for event in page["data"]]
                more = page["has_more"]
        return found

    def goes_on(self) -> None:
        """Wait until steps that are taken from now on have come through."""
        known = self.stored()
        self.stack.wait_until(lambda: len(self.stored()) > len(known) + 3, "new events are stored")

    def is_mirrored(self) -> bool:
        """Wait until all that is logged now is stored, and see that it is there once."""
        logged = self.logged()
        self.stack.wait_until(lambda: set(logged) <= set(self.stored()), "every event is stored")
        stored = self.stored()
        assert len(stored) == len(set(stored))
        assert set(stored) <= set(self.logged()), "nothing is stored that was never logged"
        return True

    def is_seen_to(self, state: str) -> None:
        """Wait until pages show this state, and so offer what can be asked in it."""
        sql = "SELECT state FROM jobs_job WHERE id = ?"
        seen = lambda: self.stack.rows(sql, self.pk)[0][0] == state  # noqa: E731
        self.stack.wait_until(seen, f"the job is seen to be {state}")

    def status(self) -> str:
        with self.stack.sandbox() as api:
            return str(api.get(f"fine_tuning/jobs/{self.id}").json()["status"])

    def actions(self) -> list[tuple[str, str]]:
        sql = "SELECT verb, outcome FROM jobs_action WHERE job_id = ? ORDER BY id"
        return [(verb, outcome) for verb, outcome in self.stack.rows(sql, self.pk)]


@pytest.fixture(scope="module")
def running() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(prefix="tb-") as folder, Stack(Path(folder)) as stack:
        yield stack


@pytest.fixture(scope="module")
def training(running: Stack) -> Training:
    return Training(running)


def ask(visitor: httpx.Client, training: Training, verb: str) -> httpx.Response:
    path = f"/jobs/{training.pk}/ask/{verb}"
    if "tuneboard_csrf" not in visitor.cookies:
        visitor.get(f"{path}/confirm").raise_for_status()
    token = visitor.cookies["tuneboard_csrf"]
    return visitor.post(path, data={"csrfmiddlewaretoken": token, "why": "a test"})


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_is_back_and_every_event_is_stored_once(running, training, part):
    killed = running.kill(part)

    running.wait_until(lambda: running.is_back(part, killed), f"{part} is back")
    training.goes_on()

    assert training.is_mirrored()


def test_all_parts_at_once_may_die(running, training):
    killed = {part: running.kill(part) for part in PARTS}

    for part, pid in killed.items():
        running.wait_until(lambda part=part, pid=pid: running.is_back(part, pid), f"{part} is back")
    training.goes_on()

    assert training.is_mirrored()


def test_a_whole_tree_that_died_goes_on_where_it_was(tmp_path):
    with Stack(tmp_path) as stack:
        training = Training(stack)

        stack.process.kill()
        stack.process.wait()
        stack.start()
        stack.wait_until(lambda: stack.link, "the address is printed")

        training.goes_on()
        assert training.is_mirrored()


def test_an_action_works_while_the_broker_is_dead(running, training):
    with running.visitor() as visitor:
        training.is_seen_to("running")
        os.kill(running.pids["valkey"], signal.SIGSTOP)
        try:
            ask(visitor, training, "pause")
            seen = training.status()
        finally:
            os.kill(running.pids["valkey"], signal.SIGCONT)

        assert seen in {"pausing", "paused"}
        training.is_seen_to("paused")
        ask(visitor, training, "resume")
    assert training.actions()[-2:] == [("pause", "accepted"), ("resume", "accepted")]
    training.goes_on()


def test_an_action_whose_web_process_was_killed_is_settled(running, training):
    """The sandbox holds its answer back until the web process that waits for it is dead. Whether it
    still takes the order is chance, so another one follows: the next polls tell the ledger."""
    sandbox, web = running.pids["sandbox"], running.pids["web"]
    count = len(training.actions())
    training.is_seen_to("running")
    with running.visitor() as visitor:
        visitor.get(f"/jobs/{training.pk}/ask/pause/confirm").raise_for_status()
        os.kill(sandbox, signal.SIGSTOP)
        try:
            click = threading.Thread(target=ask_in_vain, args=(visitor, training))
            click.start()
            running.wait_until(lambda: len(training.actions()) > count, "the action is recorded")
            running.kill("web")
        finally:
            os.kill(sandbox, signal.SIGCONT)
        click.join(timeout=30)
    running.wait_until(lambda: running.is_back("web", web), "web is back")
    with running.sandbox() as api:
        api.post(f"fine_tuning/jobs/{training.id}/pause")

    running.wait_until(lambda: training.actions()[-1][1] != "asked", "the action is settled")

    verb, outcome = training.actions()[-1]
    assert (verb, outcome) == ("pause", "accepted")
    with running.visitor() as visitor:
        training.is_seen_to("paused")
        ask(visitor, training, "resume")
    training.goes_on()


def ask_in_vain(visitor: httpx.Client, training: Training) -> None:
    with suppress(httpx.TransportError):
        ask(visitor, training, "pause")


def test_a_worker_that_hears_nothing_starts_anew(running, training):
    """A stopped process looks alive: only its silence tells."""
    worker = running.pids["worker"]

    os.kill(worker, signal.SIGSTOP)

    running.wait_until(lambda: running.is_back("worker", worker), "the worker is back", within=90)
    training.goes_on()
    assert training.is_mirrored()
