"""Fills an empty data folder of ours with the work; run as a program, as DATA_DIR in the environment says.

It goes through our models, in bulk, and prints what a client needs: the key of a signed-in session.
Nothing polls: no account and no job is ever due.
"""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import islice

import django

from bench import work

AT_ONCE = 1000
NEVER = datetime(2100, 1, 1, tzinfo=UTC)
LOGGED = 200  # events of the charted job; its page shows the newest hundred


def account() -> int:
    from jobs.models import Account
    from jobs.models.seal import seal

    nobody = "http://127.0.0.1:9/v1"
    made = Account.objects.create(
        name="Bench", base_url=nobody, sealed_key=seal("sk-bench"), next_poll_at=NEVER
    )
    return made.pk


def jobs(account: int, count: int) -> None:
    from jobs import charts
    from jobs.models import Job, Pulse

    states = (Job.State.SUCCEEDED, Job.State.SUCCEEDED, Job.State.FAILED, Job.State.CANCELLED)
    rows = []
    for number in range(count):
        state = states[number % len(states)]
        began = datetime.fromtimestamp(work.began(number), UTC)
        row = Job(
            account_id=account,
            upstream_id=f"ftjob-{number:024}",
            name=work.name(number),
            status=state.value,
            state=state,
            base_model="gpt-4o-mini-2024-07-18",
            fine_tuned_model=f"ft:gpt-4o-mini-2024-07-18:org::{number:08}",
            method="supervised",
            hyperparameters=work.parameters(number),
            metadata=work.tags(number),
            created_at=began,
            started_at=began,
            ended_at=began + timedelta(minutes=30),
            finished_at=began + timedelta(minutes=30),
            step=work.STEPS,
            total_steps=work.STEPS,
            best_loss=work.best_loss(number),
            best_loss_name="valid_loss",
            best_step=work.STEPS,
            sparkline=charts.sparkline(work.losses(number)),
            revision=1,
            next_poll_at=None,
        )
        rows.append(row)
    Job.objects.bulk_create(rows, batch_size=500)
    known()
    Pulse.raise_version()


def known() -> None:
    """What searches read of the jobs: in batches, as there may be a hundred thousand."""
    from jobs.models import Job, MetricSummary, searched

    jobs = Job.objects.iterator(chunk_size=AT_ONCE)
    while batch := list(islice(jobs, AT_ONCE)):
        searched.remember(batch)
        MetricSummary.objects.bulk_create(
            MetricSummary.of(job, job.best_loss_name, {work.STEPS: job.best_loss or 0.0})
            for job in batch
        )


def history() -> int:
    from jobs.models import Event, Job, Series

    job = Job.objects.get(name=work.name(work.CHARTED))
    Series.objects.add(job, {metric: dict(work.curve(metric)) for metric in work.METRICS})
    Event.objects.bulk_create(
        Event(
            job=job,
            upstream_id=f"ftevent-{step}",
            created_at=job.created_at + timedelta(seconds=step),
            level="info",
            type="metrics",
            message=f"Step {step}/{work.STEPS}: training loss=0.52",
            step=step,
        )
        for step in range(work.STEPS - LOGGED, work.STEPS)
    )
    return job.pk


def compared() -> list[int]:
    """Jobs with a shorter history, and checkpoints, as each page of a comparison tells the best."""
    from jobs.models import Checkpoint, Job, MetricSummary, Series

    named = Job.objects.filter(name__in=[work.name(job) for job in work.COMPARED])
    jobs = sorted(named, key=lambda job: job.created_at)
    for number, job in zip(work.COMPARED, jobs, strict=True):
        curves = {metric: dict(work.curve(metric, number, work.SHORT)) for metric in work.METRICS}
        Series.objects.add(job, curves)
        MetricSummary.objects.follow(job, curves, in_order=False)
        Checkpoint.objects.bulk_create(
            Checkpoint(
                job=job,
                upstream_id=f"ftckpt-{step}",
                step=step,
                model=f"{job.fine_tuned_model}:ckpt-step-{step}",
                metrics={metric: curve[step] for metric, curve in curves.items()},
            )
            for step in range(work.SHORT // 4, work.SHORT + 1, work.SHORT // 4)
        )
    return [job.pk for job in jobs]


def session() -> str:
    """What the sign-in leaves behind in a cookie."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User

    user = User.objects.create_superuser("bench", password="a long password of the bench")  # noqa: S106
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    django.setup()
    jobs(account(), int(sys.argv[1]))
    print(json.dumps({"charted": history(), "compared": compared(), "session": session()}))


if __name__ == "__main__":
    main()
