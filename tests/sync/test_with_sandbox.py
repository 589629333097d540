"""The whole way in, over a real socket: a job that really trains, listened to while it does."""

import json
import time
from collections.abc import Callable, Iterator

import openai
import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from jobs import actions
from jobs.models import Account, Job
from tests.listening import listened
from tests.making import make_account

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLES = "\n".join(
    json.dumps(
        {
            "messages": [
                {"role": "user", "content": f"Where is order {number}?"},
                {"role": "assistant", "content": f"Order {number} is on its way to you."},
            ]
        }
    )
    for number in range(20)
)
MANY = "\n".join([EXAMPLES] * 5)  # a job on them outlasts what is asked of it on a busy machine


@pytest.fixture
def official(sandbox: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=sandbox, api_key="sk-test", max_retries=0) as client:
        yield client


@pytest.fixture
def account(sandbox: str) -> Account:
    return make_account(base_url=sandbox, dialect="generic")


def train(official: openai.OpenAI, n_epochs: int = 3, examples: str = EXAMPLES) -> str:
    """A job on these examples, with as many for validation; gives its id."""
    files = [
        official.files.create(file=(f"{name}.jsonl", examples.encode()), purpose="fine-tune").id
        for name in ("train", "valid")
    ]
    job = official.fine_tuning.jobs.create(
        model="gpt-4o-mini",
        training_file=files[0],
        validation_file=files[1],
        suffix="orders",
        method={
            "type": "supervised",
            "supervised": {"hyperparameters": {"n_epochs": n_epochs, "batch_size": 2}},
        },
    )
    return job.id


def listen(account: Account, until: Callable[[Job], bool], seconds: float = 30) -> Job:
    """What the clock does, until the one job is as it should be."""
    ends = time.monotonic() + seconds
    while True:
        Job.objects.exclude(next_poll_at=None).update(next_poll_at=timezone.now())
        listened(account)
        job = Job.objects.filter(account=account).first()
        if job and until(job):
            return job
        assert time.monotonic() < ends, f"the job never came so far: {job and job.raw}"
        time.sleep(0.02)


def test_every_event_is_stored_once_with_the_losses_that_the_service_gave(official, account):
    job_id = train(official)
    listen(account, lambda job: job.has_ended)
    job = listen(account, lambda job: job.events.filter(message__contains="successfully").exists())

    told = list(official.fine_tuning.jobs.list_events(job_id, limit=100))
    stored = list(job.events.newest_first())
    assert [e.upstream_id for e in stored] == [e.id for e in told]
    assert [e.message for e in stored] == [e.message for e in told]
    for name in ("train_loss", "valid_loss", "full_valid_loss", "train_mean_token_accuracy"):
        points = {e.data["step"]: e.data[name] for e in told if e.data and name in e.data}
        assert job.series.points(name) == dict(sorted(points.items()))
        assert points


def test_a_job_is_known_as_the_service_knows_it_when_it_has_succeeded(official, account):
    job_id = train(official)
    listen(account, lambda job: job.has_ended)
    job = listen(account, lambda job: bool(job.fine_tuned_model) and job.checkpoints.count() == 3)

    told = official.fine_tuning.jobs.retrieve(job_id)
    marks = official.fine_tuning.jobs.checkpoints.list(job_id)
    assert job.state == Job.State.SUCCEEDED
    assert (job.fine_tuned_model, job.trained_tokens) == (
        told.fine_tuned_model,
        told.trained_tokens,
    )
    assert (job.step, job.progress, job.name) == (job.total_steps, 100, "orders")
    assert {c.model for c in job.checkpoints.all()} == {
        mark.fine_tuned_model_checkpoint for mark in marks
    }
    assert [file.filename for _, _, file, _ in job.files() if file][:2] == [
        "train.jsonl",
        "valid.jsonl",
    ]


def test_a_person_pauses_resumes_and_cancels_it(official, account, alice: User):
    train(official, n_epochs=50, examples=MANY)
    job = listen(account, lambda job: (job.step or 0) > 1)

    paused = actions.pause(job, by=alice)
    job = listen(account, lambda job: job.state == Job.State.PAUSED)
    rested_at = job.step
    resumed = actions.resume(job, by=alice)
    job = listen(account, lambda job: (job.step or 0) > (rested_at or 0))
    cancelled = actions.cancel(job, by=alice, why="seen enough")
    job = listen(account, lambda job: job.state == Job.State.CANCELLED)

    outcomes = {action.outcome for action in (paused, resumed, cancelled)}
    assert outcomes == {"accepted"}
    assert [action.verb for action in job.actions.all()] == ["cancel", "resume", "pause"]
    assert (job.step or 0) < (job.total_steps or 0)


def test_an_action_in_the_wrong_state_is_refused_in_the_words_of_the_service(
    official, account, alice: User
):
    train(official)
    job = listen(account, lambda job: job.has_ended)

    action = actions.cancel(job, by=alice)

    assert action.outcome == "refused"
    assert "succeeded" in action.detail
