"""Jobs of the sandbox for the browser to look at. They train longer than any test here takes."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page

from tests.chromium import OpenPage
from tests.stack import ROOT, Stack

DATASETS = ROOT / "sandbox" / "datasets"
StartJob = Callable[..., "Training"]


class Training:
    """A job as the sandbox has it, and where the program shows it."""

    def __init__(self, stack: Stack, job_id: str) -> None:
        self.stack = stack
        self.id = job_id
        row = stack.wait_until(
            lambda: stack.rows("SELECT id FROM jobs_job WHERE upstream_id = ?", job_id),
            "the job is found",
        )
        self.pk = row[0][0]
        self.path = f"/jobs/{self.pk}"

    def losses(self) -> dict[int, float]:
        """train_loss by step, as the sandbox's own log has it. Only its newest hundred events."""
        with self.stack.sandbox() as api:
            events = api.get(f"fine_tuning/jobs/{self.id}/events", params={"limit": 100}).json()
        steps = [event["data"] for event in events["data"] if event["type"] == "metrics"]
        return {step["step"]: step["train_loss"] for step in steps}

    def let_alone(self, *others: "Training") -> None:
        """Cancel what else the sandbox trains or queues, so that it is this one's turn."""
        kept = {self.id, *(other.id for other in others)}
        with self.stack.sandbox() as api:
            for job in api.get("fine_tuning/jobs", params={"limit": 100}).json()["data"]:
                if job["id"] not in kept:
                    api.post(f"fine_tuning/jobs/{job['id']}/cancel")

    def has_steps(self, count: int) -> bool:
        done = self.stack.rows("SELECT step FROM jobs_job WHERE id = ?", self.pk)[0][0]
        return done is not None and done >= count

    def comes_to(self, state: str) -> None:
        sql = "SELECT 1 FROM jobs_job WHERE id = ? AND state = ?"
        self.stack.wait_until(lambda: self.stack.rows(sql, self.pk, state), f"it has {state}")

    def has_checkpoint(self) -> None:
        self.stack.wait_until(
            lambda: self.stack.rows("SELECT 1 FROM jobs_checkpoint WHERE job_id = ?", self.pk),
            "a checkpoint is stored",
        )


class Cast(NamedTuple):
    """The jobs that every test finds, beside those that the sandbox trained at its start."""

    training: Training
    ended: Training
    failed: Training


def begin(
    stack: Stack, suffix: str, n_epochs: int = 50, batch_size: int = 1, examples: bytes = b""
) -> Training:
    with stack.sandbox() as api:
        files = []
        for part in ("train", "validation"):
            path = DATASETS / f"support-{part}.jsonl"
            given = {"file": (path.name, examples or path.read_bytes())}
            files.append(api.post("files", data={"purpose": "fine-tune"}, files=given).json())
        order = {
            "model": "gpt-4o-mini",
            "training_file": files[0]["id"],
            "validation_file": files[1]["id"],
            "suffix": suffix,
            "method": {
                "type": "supervised",
                "supervised": {"hyperparameters": {"n_epochs": n_epochs, "batch_size": batch_size}},
            },
        }
        reply = api.post("fine_tuning/jobs", json=order).raise_for_status().json()
    return Training(stack, reply["id"])


@pytest.fixture(scope="session")
def cast(stack: Stack) -> Cast:
    """All at once, so that no test sees another list than the others, in whichever order they run."""
    failed = begin(stack, "with-a-typo", examples=b'{"messages": [{"role": "user"}]}\n' * 12)
    ended = begin(stack, "to-be-shared", n_epochs=1, batch_size=64)
    training = begin(stack, "ticket-triage")
    training.let_alone(ended, failed)
    failed.comes_to("failed")
    ended.comes_to("succeeded")
    stack.wait_until(lambda: training.has_steps(12), "the first steps are stored")
    return Cast(training, ended, failed)


@pytest.fixture
def training(cast: Cast) -> Training:
    """A running job that has made its first steps. It is looked at only: ask nothing of it."""
    return cast.training


@pytest.fixture
def ended(cast: Cast) -> Training:
    """A job that has succeeded: it has checkpoints and a model."""
    return cast.ended


@pytest.fixture
def failed(cast: Cast) -> Training:
    """A job whose file is no good."""
    return cast.failed


@pytest.fixture
def other(cast: Cast) -> int:
    """A job with a curve, beside the training one."""
    return cast.ended.pk


@pytest.fixture
def start_job(stack: Stack, cast: Cast) -> Iterator[StartJob]:
    """Start jobs of one's own. They leave the list and the queue with the test."""
    own: list[Training] = []

    def start(suffix: str, **given: Any) -> Training:
        own.append(begin(stack, suffix, **given))
        return own[-1]

    yield start
    cast.training.let_alone()
    put_away = f"Job.objects.filter(pk__in={[job.pk for job in own]}).update(archived_at=now())"
    imports = "from django.utils.timezone import now; from jobs.models import Job"
    stack.manage("shell", "-c", f"{imports}; {put_away}")


@pytest.fixture
def page(cast: Cast, page: Page) -> Page:
    """Signed in, and nothing is missing yet."""
    return page


@pytest.fixture(params=["light", "dark"])
def reader(request: pytest.FixtureRequest, stack: Stack, cast: Cast, open_page: OpenPage) -> Page:
    """Somebody signed in who prefers this theme."""
    page = open_page(stack.url, color_scheme=request.param)
    page.goto(stack.manage("signin_link", "--create").replace("localhost", "127.0.0.1"))
    return page
