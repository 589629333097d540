"""What must hold before anything starts: each failure is one sentence on stderr, and exit code 1."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack import ROOT, Stack, free_ports

pytestmark = pytest.mark.faults


@pytest.fixture
def refusal(tmp_path: Path):
    """Start it with this environment; give the sentence with which it refuses."""

    def start(**environment: str) -> str:
        stack = Stack(tmp_path / "var", **environment)
        done = subprocess.run(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=stack.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1, "it must be one sentence"
        return done.stderr

    return start


@pytest.mark.parametrize("name", ["PORT", "SANDBOX_PORT"])
def test_a_taken_port_is_said_with_its_name(refusal, name):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        assert f"{name} {port} on 127.0.0.1 cannot be used" in refusal(**{name: port})


def test_one_port_cannot_serve_both(refusal):
    port = str(free_ports(1)[0])

    assert f"both {port}" in refusal(PORT=port, SANDBOX_PORT=port)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "http", "PORT must be a whole number"),
        ("SANDBOX", "perhaps", "SANDBOX must be 1 or 0"),
        ("DATABASE_URL", "mysterious://host", "DATABASE_URL must look like"),
        ("ENCRYPTION_KEYS", "too-short", "ENCRYPTION_KEYS holds a word that is no key"),
        ("PUBLIC_URL", "tuneboard", "PUBLIC_URL must look like"),
        ("SECRET_KEY_FILE", "/nowhere/key", "SECRET_KEY_FILE names /nowhere/key"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL must be one of"),
        ("REDIS_URL", "localhost:6379", "REDIS_URL must look like"),
        ("REDIS_URL", "redis://:s3cret@127.0.0.1:9/0", "REDIS_URL cannot be reached"),
        ("HOST", "no.such.host.invalid", "on no.such.host.invalid cannot be used"),
        ("DATABASE_URL", "postgres://u:s3cret@127.0.0.1:9/db", "The database cannot be used"),
    ],
)
def test_a_wrong_value_is_said_with_its_name(refusal, name, value, sentence):
    said = refusal(**{name: value})

    assert sentence in said
    assert "s3cret" not in said


def test_a_data_folder_that_cannot_be_written_is_said(refusal, tmp_path):
    (tmp_path / "file").touch()

    assert "DATA_DIR" in refusal(DATA_DIR=str(tmp_path / "file" / "var"))


def test_a_second_start_on_one_data_folder_is_refused(tmp_path):
    with Stack(tmp_path, SANDBOX="0") as first:
        second = Stack(tmp_path, SANDBOX="0")
        second.start()

        assert second.process.wait(timeout=30) == 1

        second.listener.join(timeout=5)
        assert second.lines == [
            f"Tuneboard already runs on DATA_DIR {tmp_path} (process {first.process.pid}):"
            " stop it first, or name another folder in DATA_DIR."
        ]
        assert first.process.poll() is None


def test_in_a_folder_that_all_can_read_nothing_of_ours_is_for_others(tmp_path):
    tmp_path.chmod(0o755)

    with Stack(tmp_path) as stack:
        stack.stop()

    kept = {path: path.stat().st_mode & 0o077 for path in tmp_path.rglob("*")}
    assert {"lock", "tuneboard.sqlite3", "sandbox", "valkey"} <= {path.name for path in kept}
    assert [str(path) for path, others in kept.items() if others] == []
