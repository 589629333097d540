"""The load set: as many jobs and events as asked for, and a server that takes them for its own."""

import base64
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.records import Event, Job
from sandbox.seed import TooFewEvents, fill
from sandbox.store import Store
from tests.sandbox.conftest import call
from tests.sandbox_server import ROOT, Server

JOBS, EVENTS = 60, 3000


def seed(folder: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sandbox.seed", "--data", str(folder), *flags]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeded") / "sandbox"
    told = seed(folder, "--jobs", str(JOBS), "--events", str(EVENTS))
    assert told.stdout.startswith("60 jobs and 3,000 events in "), told.stderr
    return folder


@pytest.fixture(scope="module")
def shared(seeded):
    """A server that has no time to train."""
    with Server(seeded, "--pace", "0.001", "--slots", "1") as server:
        yield server.url


def pasts(store: Store) -> list[tuple[str, int, list[tuple[str, object]]]]:
    """All that does not depend on the time of day nor on the names of files."""
    return [
        (job.id, job.seed, [(event.id, event.data) for event in events_of(store, job)])
        for job in store.all(Job)
    ]


def events_of(store: Store, job: Job) -> list[Event]:
    return store.all(Event, "job_id = ?", [job.id])


def test_there_are_as_many_as_were_asked_for(folder):
    with closing(Store(folder)) as store:
        fill(store, jobs=JOBS, events=EVENTS, seed=1)

        jobs = store.all(Job)

        assert len(jobs) == JOBS
        assert sum(len(events_of(store, job)) for job in jobs) == EVENTS
        assert [job.created_at for job in jobs] == sorted(job.created_at for job in jobs)
        assert {job.status for job in jobs} == {
            *("validating_files", "queued", "running", "paused"),
            *("succeeded", "failed", "cancelled"),
        }
        assert {job.method for job in jobs} == {"supervised", "dpo", "reinforcement"}


def test_the_same_seed_invents_the_same_pasts(tmp_path):
    told = []
    for name, number in (("a", 3), ("b", 3), ("c", 4)):
        with closing(Store(tmp_path / name)) as store:
            fill(store, jobs=20, events=400, seed=number)
            told.append(pasts(store))

    assert told[0] == told[1] != told[2]


def test_fewer_events_than_jobs_have_at_least_are_refused(folder):
    with closing(Store(folder)) as store, pytest.raises(TooFewEvents, match="at least"):
        fill(store, jobs=JOBS, events=JOBS, seed=1)


def test_a_folder_that_has_a_past_is_left_alone(folder):
    seed(folder, "--jobs", "1", "--events", "20")

    told = seed(folder)

    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "has a past already" in told.stderr


def test_a_server_lists_them_all(api):
    jobs = api.every("fine_tuning/jobs", limit=7)
    teams = Counter(job["metadata"] and job["metadata"]["team"] for job in jobs)
    team, count = next((team, count) for team, count in teams.items() if team)

    found = api.get("fine_tuning/jobs", params={"metadata[team]": team, "limit": 100}).json()

    assert len({job["id"] for job in jobs}) == JOBS
    assert len(found["data"]) == count


def test_an_ended_job_tells_what_one_tells_that_ran(api):
    jobs = api.every("fine_tuning/jobs")
    done = next(job for job in jobs if job["status"] == "succeeded")
    messages = [event["message"] for event in api.events(done["id"])]
    checkpoints = api.checkpoints(done["id"])
    steps = api.steps(done["id"])

    table = base64.b64decode(api.get(f"files/{done['result_files'][0]}/content").content)

    assert messages[0] == f"Created fine-tuning job: {done['id']}"
    assert messages[-1] == "The job has successfully completed"
    assert [step["step"] for step in steps] == list(range(1, len(steps) + 1))
    assert checkpoints[0]["fine_tuned_model_checkpoint"] == done["fine_tuned_model"]
    assert checkpoints[0]["step_number"] == steps[-1]["total_steps"] == len(steps)
    assert table.count(b"\n") == len(steps) + 1


def test_a_job_that_was_under_way_goes_on_for_real(folder):
    with closing(Store(folder)) as store:
        fill(store, jobs=20, events=1000, seed=2)
        running = store.all(Job, "status = 'running'")[0]
        told = [event.data for event in events_of(store, running) if event.step]
    with Server(folder, "--pace", "0", "--slots", "1") as server, call(server.url) as api:
        assert api.wait(running.id)["status"] == "succeeded"

        steps = api.steps(running.id)

        assert len(told) == 50
        assert steps[:50] == told
        assert [step["step"] for step in steps] == list(range(1, 226))
