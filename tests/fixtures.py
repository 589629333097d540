"""Fixtures of the domain: a person, a signed-in client, an API at the other end of the wire."""

from functools import partial

import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client

from jobs import gateway
from jobs.upstream import FineTuningClient
from jobs.views import counts, job_list, rows
from tests.wire import FakeUpstream


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    rows.kept.clear()
    rows.lists.pieces.clear()
    counts.counts.pieces.clear()
    rows.desks.pieces.clear()
    job_list.tops.pieces.clear()
    rows.healths.pieces.clear()


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> FakeUpstream:
    """The API that every account's client reaches, whatever its base URL."""
    fake = FakeUpstream()
    transport = httpx.MockTransport(fake)
    client = partial(FineTuningClient, transport=transport, sleep=lambda seconds: None)
    monkeypatch.setattr(gateway, "FineTuningClient", client)
    return fake


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice", password="correct horse battery")


@pytest.fixture
def browser(alice: User, client: Client) -> Client:
    client.force_login(alice)
    return client
