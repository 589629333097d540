"""What new points say of a job's steps, its pace, its losses. Gives fields; writes nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from jobs import charts
from jobs.models import Job
from jobs.models.series import Points
from jobs.models.telemetry import LOSSES
from jobs.upstream import EventReply

STARTED = "job started"  # "Fine-tuning job started" at OpenAI, "Job started." at Azure
Losses = Mapping[str, Iterable[tuple[float, int]]]  # by name: (loss, step)


def after(job: Job, events: list[EventReply]) -> dict[str, Any]:
    """The job's derived fields after these events, which are stored, oldest first."""
    steps = [event for event in events if event.step is not None and event.metrics]
    fields = started(job, events)
    if steps:
        fields |= stepped(job, steps)
        fields |= seen(job, {name: in_events(steps, name) for name in LOSSES})
    return fields


def filled(job: Job, points: Mapping[str, Points]) -> dict[str, Any]:
    """The job's derived fields after these points of a result file, which are stored.

    A file tells no times. It is complete when the job has succeeded.
    """
    last = max(max(series) for series in points.values())
    fields: dict[str, Any] = {}
    if job.step is None or last > job.step:
        fields |= {"step": last, "stepped_at": None}
        if job.state == Job.State.SUCCEEDED:
            fields["total_steps"] = max(last, job.total_steps or 0)
    losses = {name: [(v, s) for s, v in points[name].items()] for name in LOSSES if name in points}
    return fields | seen(job, losses)


def in_events(steps: list[EventReply], name: str) -> list[tuple[float, int]]:
    return [(event.metrics[name], event.step or 0) for event in steps if name in event.metrics]


def seen(job: Job, losses: Losses) -> dict[str, Any]:
    """What these losses change in a row of the list. The curve of a job by reward is its reward's."""
    values = job.series.values_of("train_mean_reward") or job.series.values_of("train_loss")
    return best(job, losses) | {"sparkline": charts.sparkline(values)}


def started(job: Job, events: list[EventReply]) -> dict[str, Any]:
    """When training began: the event that says so, else the first step."""
    moments = [
        event.created_at
        for event in events
        if event.created_at and (event.step is not None or STARTED in event.message.lower())
    ]
    earliest = min([*moments, *([job.started_at] if job.started_at else [])], default=None)
    return {"started_at": earliest}


def stepped(job: Job, steps: list[EventReply]) -> dict[str, Any]:
    newest = max(steps, key=lambda event: event.step or 0)
    totals = [event.total_steps for event in steps if event.total_steps]
    if job.step is not None and (newest.step or 0) <= job.step and not goes_over(job, steps):
        return {}
    fields: dict[str, Any] = {"step": newest.step, "stepped_at": newest.created_at}
    if totals:
        fields["total_steps"] = max(totals)
    first = steps[0]
    if begins_a_stretch(job, first.created_at):
        fields |= {"pace_step": first.step, "pace_at": first.created_at}
    return fields


def goes_over(job: Job, steps: list[EventReply]) -> bool:
    """Whether it makes steps again: services resume from a checkpoint. What comes late is no training."""
    at = steps[0].created_at
    trains = any("train_loss" in event.metrics for event in steps)
    return trains and bool(job.stepped_at and at) and begins_a_stretch(job, at)


def begins_a_stretch(job: Job, at: datetime | None) -> bool:
    """Whether the job's steps begin here, or begin again after a pause."""
    if job.pace_at is None or job.stepped_at is None or at is None:
        return True
    pace = job.seconds_per_step or 0
    return (at - job.stepped_at).total_seconds() > max(30.0, 20 * pace)


def best(job: Job, losses: Losses) -> dict[str, Any]:
    """The lowest value of the most telling loss that the job reports, and its step."""
    for name in LOSSES:
        found = list(losses.get(name, ()))
        if job.best_loss is not None and job.best_loss_name == name:
            found.append((job.best_loss, job.best_step or 0))
        if found:
            loss, step = min(found)
            return {"best_loss": loss, "best_loss_name": name, "best_step": step}
    return {}
