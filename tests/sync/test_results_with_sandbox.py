"""A service whose events hold no number, over a real socket: the curve comes from the result file."""

import csv
import json
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobs import gateway
from jobs.models import Account, Job, ResultFile
from tests.listening import listened
from tests.making import make_account
from tests.sandbox_server import Server

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLE = {
    "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
}
TRAINING = json.dumps(EXAMPLE).encode() + b"\n"


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    """At a service that pretends to be Azure."""
    with Server(tmp_path / "sandbox", "--pace", "0", "--dialect", "azure") as server:
        yield make_account(base_url=server.url.removesuffix("/v1"), dialect="azure")


def trained(account: Account) -> str:
    """Order a job on twelve examples; give the id of its result file when it has ended."""
    with gateway.connect(account) as client:
        file = client.upload("train.jsonl", [TRAINING] * 12, 12 * len(TRAINING))
        job = client.create({"model": client.models()[0].id, "training_file": file.id})
        ends = time.monotonic() + 60
        while not job.result_files:
            assert time.monotonic() < ends, job
            time.sleep(0.1)
            job = client.job(job.id)
        return job.result_files[0]


def test_a_curve_that_only_the_file_knows_is_drawn_from_it(account: Account, browser: Client):
    file_id = trained(account)
    with gateway.connect(account) as client:
        table = client.file_content(file_id).decode()
    losses = {
        int(row["step"]): float(row["train_loss"])
        for row in csv.DictReader(StringIO(table, newline=""))
    }

    ends = time.monotonic() + 30
    while not ResultFile.objects.exclude(read_at=None).exists():
        assert time.monotonic() < ends
        Job.objects.exclude(next_poll_at=None).update(next_poll_at=timezone.now())
        listened(account)

    job = Job.objects.get()
    assert not job.events.exclude(step=None).exists()
    assert job.series.points("train_loss") == losses
    assert (job.step, job.total_steps, job.progress) == (max(losses), max(losses), 100)
    assert job.best_loss == min(losses.values())
    assert job.sparkline
    assert job.started_at is not None
    page = browser.get(job.get_absolute_url()).content.decode()
    assert reverse("chart", args=[job.pk, "loss"]) in page
    saved = browser.get(job.results.get().get_absolute_url())
    assert b"".join(saved.streaming_content).decode() == table  # type: ignore[attr-defined]
