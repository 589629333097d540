"""Starting, stopping, dying: what was written stays, and nothing is written twice."""

import signal
import socket
import subprocess
import sys
from contextlib import closing

import psutil
import pytest

from sandbox.store import Store, new_id
from tests.sandbox.conftest import CHATS, call
from tests.sandbox_server import ROOT, Server

LONG = {
    "type": "supervised",
    "supervised": {"hyperparameters": {"n_epochs": 10, "batch_size": 2}},
}


@pytest.mark.faults
def test_a_killed_server_loses_nothing_and_doubles_nothing(folder):
    with Server(folder, "--pace", "60") as server, call(server.url) as api:
        job = api.order(method=LONG)["id"]
        api.until(lambda: api.steps(job), lambda steps: len(steps) >= 20)
        before = api.events(job)
    with Server(folder, "--pace", "0") as server, call(server.url) as api:
        api.wait(job)
        events, steps = api.events(job), api.steps(job)
        whole = api.order(method=LONG)["id"]
        api.wait(whole)

        assert events[: len(before)] == before
        assert [step["step"] for step in steps] == list(range(1, 61))
        assert steps == api.steps(whole)
        assert [c["step_number"] for c in api.checkpoints(job)] == [60, 54, 48]
        assert [e["message"] for e in events].count("Fine-tuning job started") == 1


@pytest.mark.faults
def test_a_killed_server_leaves_no_orphans(folder):
    with Server(folder, "--pace", "0.05") as server, call(server.url) as api:
        job = api.order(method=LONG)["id"]
        api.until(lambda: api.steps(job), bool)
        trainers = psutil.Process(server.process.pid).children()

        server.process.kill()

        assert trainers
        gone, alive = psutil.wait_procs(trainers, timeout=5)
        assert (len(gone), alive) == (len(trainers), [])


@pytest.mark.faults
def test_a_paused_job_stays_paused_over_a_restart(folder):
    with Server(folder, "--pace", "60") as server, call(server.url) as api:
        job = api.order(method=LONG)["id"]
        api.until(lambda: api.steps(job), lambda steps: len(steps) >= 3)
        api.act(job, "pause")
        api.wait(job, "paused")
        events = api.events(job)
    with Server(folder, "--pace", "0") as server, call(server.url) as api:
        assert api.job(job)["status"] == "paused"
        assert api.events(job) == events

        api.act(job, "resume")

        assert api.wait(job)["status"] == "succeeded"
        assert [step["step"] for step in api.steps(job)] == list(range(1, 61))


@pytest.mark.faults
def test_a_trainer_that_dies_alone_fails_its_job(folder):
    with Server(folder, "--pace", "20") as server, call(server.url) as api:
        job = api.order(method=LONG)["id"]
        api.until(lambda: api.steps(job), bool)

        for trainer in psutil.Process(server.process.pid).children():
            trainer.kill()

        assert api.wait(job)["error"]["code"] == "server_error"


def test_what_a_kill_left_without_a_row_is_swept_at_the_next_start(folder):
    with Server(folder, "--pace", "0") as server, call(server.url) as api:
        job = api.wait(api.order()["id"])
    with closing(Store(folder)) as store:
        known = [store.content(job["training_file"]), store.weights(job["id"], 6)]
        file, draft, upload, unborn = (
            folder / place
            for place in (
                *(f"files/{new_id('file-')}", f"files/{new_id('file-')}.draft"),
                *(f"uploads/{new_id('upload_')}", f"jobs/{new_id('ftjob-')}"),
            )
        )
        snapshot = store.job_folder(job["id"]) / "step-7.draft"
        for left in (file, draft, snapshot, folder / "files" / "file-notes.txt"):
            left.write_bytes(b"x")
        for left in (upload, unborn, folder / "uploads" / "holidays"):
            left.mkdir()
            (left / "inside").touch()

    with Server(folder, "--pace", "0") as server, call(server.url) as api:
        assert not any(left.exists() for left in (file, draft, snapshot, upload, unborn))
        assert api.get(f"files/{job['training_file']}/content").content == CHATS

    assert all(path.exists() for path in known)
    assert (folder / "files" / "file-notes.txt").exists()
    assert (folder / "uploads" / "holidays" / "inside").exists()


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_the_server_stops_when_told_to(folder, word):
    with Server(folder, "--pace", "20") as server, call(server.url) as api:
        job = api.order(method=LONG)["id"]
        api.until(lambda: api.steps(job), bool)

        server.process.send_signal(word)

        assert server.process.wait(timeout=5) in (0, -word)  # uvicorn hands the signal on


def start(*flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sandbox", *flags]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)


def test_a_taken_port_is_said_in_one_sentence(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        ended = start("--port", port, "--data", str(folder))

    assert ended.returncode == 1
    assert ended.stderr == f"The address 127.0.0.1:{port} cannot be used: Address already in use.\n"


def test_a_folder_that_is_a_file_is_said_in_one_sentence(tmp_path):
    (tmp_path / "file").touch()

    ended = start("--port", "0", "--data", str(tmp_path / "file"))

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"The folder {tmp_path / 'file'} cannot be used: ")
    assert ended.stderr.count("\n") == 1


def test_a_folder_where_nothing_can_be_made_is_said_in_one_sentence():
    ended = start("--port", "0", "--data", "/proc/inside")  # not even root may write there

    assert ended.returncode == 1
    assert "/proc/inside" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_two_sandboxes_do_not_share_a_folder(folder):
    with Server(folder):
        ended = start("--port", "0", "--data", str(folder))

    assert ended.returncode == 1
    assert "another sandbox works in it" in ended.stderr
