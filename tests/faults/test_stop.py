"""However it ends, nothing of it stays."""

import signal
import stat
import sys

import psutil
import pytest

from dashboard import broker
from tests.stack import PARTS, Stack

pytestmark = pytest.mark.faults


@pytest.fixture
def running(tmp_path):
    with Stack(tmp_path / "var") as stack:
        yield stack


def test_each_part_is_named_and_the_address_comes_last(running):
    assert set(running.pids) == set(PARTS)
    assert running.lines[-1] == f"Tuneboard is at {running.link.replace('127.0.0.1', 'localhost')}"
    assert len(running.lines) == len(PARTS) + 1, "it says nothing else when all is well"


def test_the_link_signs_in_once(running):
    with running.visitor() as visitor:
        assert visitor.get(running.link).status_code == 410, "a newer link replaced it"
        assert visitor.get("/accounts").status_code == 200


def test_nobody_else_can_read_the_data_folder(running):
    private = [running.folder / name for name in ("run", "valkey", "secret_key", "encryption_keys")]

    for path in [running.folder, *private]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_no_process_and_no_error(running, number):
    tree = running.tree()
    assert len(tree) >= len(PARTS)

    assert running.stop(number) == 0

    assert not [each for each in tree if each.is_running()]
    assert "Traceback" not in "\n".join(running.lines)


def test_it_starts_again_on_what_it_left(running):
    running.stop()

    running.start()
    running.wait_until(lambda: running.link, "the address is printed")

    assert running.rows("SELECT count(*) FROM jobs_account") == [(1,)]
    assert running.rows("SELECT count(*) FROM auth_user") == [(1,)]


def test_a_moved_sandbox_is_followed(running):
    running.stop()
    moved = Stack(running.folder)

    with moved:
        assert running.rows("SELECT base_url FROM jobs_account") == [(moved.sandbox_url,)]


if sys.platform == "linux":  # nowhere else is a child's life bound to its parent's

    def test_kill_9_leaves_no_process(running):
        tree = running.tree()

        running.process.kill()

        _, alive = psutil.wait_procs(tree, timeout=20)
        assert alive == []


@pytest.mark.parametrize("name", ["with blanks & 100% more", "d" * 120])
def test_any_data_folder_will_do(tmp_path, name):
    with Stack(tmp_path / name) as stack:
        assert stack.rows("SELECT count(*) FROM jobs_account") == [(1,)]
        assert stack.stop() == 0
        assert not broker.folder(stack.folder).exists()
