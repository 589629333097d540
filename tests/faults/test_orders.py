"""kill -9 while a job is being created: it is created once, and the order finds it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.stack import ROOT, Stack

pytestmark = pytest.mark.faults

DATASET = ROOT / "sandbox" / "datasets" / "support-train.jsonl"
ORDER = f"""
from django.contrib.auth.models import User
from pathlib import Path
from jobs import orders
from jobs.models import Account, Order, Upload
from jobs.models.upload import PART_SIZE
content = Path({str(DATASET)!r}).read_bytes()
by, _ = User.objects.get_or_create(username="alice")
upload = Upload.objects.begin("train.jsonl", len(content), by=by)
for number in range(upload.part_count):
    upload.take(number, content[number * PART_SIZE:(number + 1) * PART_SIZE])
account = Account.objects.get()
Order.objects.create(
    account=account, by=by, base_model="gpt-4o-mini", training_upload=upload, suffix="once"
)
"""
SUBMIT = """
from jobs import orders
from jobs.models import Order
order = Order.objects.get()
print(orders.submit(order, by=order.by))
"""


@pytest.fixture
def running() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(prefix="tb-") as folder, Stack(Path(folder)) as stack:
        yield stack


def run(stack: Stack, code: str) -> str:
    return stack.manage("shell", "--no-imports", "-c", code)


def test_a_worker_that_is_killed_while_it_creates_a_job_leaves_exactly_one(running: Stack):
    state = lambda: running.rows("SELECT state FROM jobs_order")[0][0]  # noqa: E731
    checked = "SELECT 1 FROM jobs_upload WHERE state = 'checked'"
    fault = {"name": "hang", "method": "POST", "path": "/fine_tuning/jobs$", "carried_out": True}
    run(running, ORDER)
    running.wait_until(lambda: running.rows(checked), "the file is checked")
    with running.sandbox() as api:
        control = running.sandbox_url.removesuffix("/v1") + "/_sandbox/faults"
        api.put(control, json={"faults": [fault]}).raise_for_status()
        assert run(running, SUBMIT) == "{}"
        running.wait_until(lambda: state() == "creating", "the request has left")
        running.wait_until(lambda: named(api), "the service has heard it")

        killed = running.kill("worker")
        api.delete(control).raise_for_status()

        running.wait_until(lambda: running.is_back("worker", killed), "the worker is back")
        running.wait_until(lambda: state() == "created", "the job is found")
        assert len(named(api)) == 1
        assert running.rows("SELECT upstream_id FROM jobs_order") == [(named(api)[0],)]


def named(api: httpx.Client) -> list[str]:
    jobs = api.get("fine_tuning/jobs").json()["data"]
    return [job["id"] for job in jobs if job["metadata"] and "tuneboard_order" in job["metadata"]]
