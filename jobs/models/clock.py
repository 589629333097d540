"""When the steps of a job were made, and when it rested: what a chart by time needs.

The log knows: a step has the moment of its event. Of a long job some of its moments are enough, between
which time passes evenly, except around its rests, whose edges are told exactly.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from jobs.models.action import Action
from jobs.models.job import Job
from jobs.models.telemetry import Event

MOMENTS = 1000  # of a job, about
RESTED = re.compile(r"\bpaused\b", re.IGNORECASE)
Moment = tuple[int, float]  # step, seconds since 1970
Turn = tuple[datetime, bool]  # when, and whether it paused there or went on
Rest = tuple[float, float | None]  # from, until; None while it lasts


class Clock(NamedTuple):
    """`started` is where elapsed time begins; no moments where the log tells none."""

    moments: list[Moment]
    rests: list[Rest]
    started: float | None


def clock_of(job: Job) -> Clock:
    steps = job.events.filter(step__isnull=False).order_by("created_at", "pk")
    every = 1 + (job.step or 0) // MOMENTS
    rests = rests_of(job)
    some = steps.annotate(rest=F("step") % every).filter(rest=0)
    told = [*some.values_list("step", "created_at"), *edges(steps, rests)]
    moments = in_order((step or 0, at.timestamp()) for step, at in told)
    started = job.started_at.timestamp() if job.started_at else None
    return Clock(
        moments, [(a.timestamp(), b.timestamp() if b else None) for a, b in rests], started
    )


def in_order(told: Iterable[Moment]) -> list[Moment]:
    """Each step once, and each moment: services tell whole seconds, in which many steps are made."""
    kept: list[Moment] = []
    for step, at in sorted(set(told)):
        if not kept or (step > kept[-1][0] and at > kept[-1][1]):
            kept.append((step, at))
    return kept


def edges(
    steps: QuerySet[Event], rests: list[tuple[datetime, datetime | None]]
) -> list[tuple[int | None, datetime]]:
    """The first step and the last, and those on both sides of each rest."""
    sides = [steps.first(), steps.last()]
    for since, until in rests:
        sides.append(steps.filter(created_at__lte=since).last())
        sides.append(steps.filter(created_at__gte=until).first() if until else None)
    return [(event.step, event.created_at) for event in sides if event]


def rests_of(job: Job) -> list[tuple[datetime, datetime | None]]:
    """From “paused” to what came next in the log; of a service that logs no pause, as it was asked."""
    return alternating(logged(job) or asked(job))


def resumed_at(job: Job) -> datetime | None:
    """When it was resumed last, if that was since its newest step."""
    if job.stepped_at is None:
        return None
    turns = [*logged(job, since=job.stepped_at), *asked(job)]
    return max((at for at, rests in turns if not rests and at >= job.stepped_at), default=None)


def logged(job: Job, since: datetime | None = None) -> list[Turn]:
    said = job.events.filter(step__isnull=True).exclude(type="metrics")
    said = said.filter(created_at__gte=since) if since else said
    turns = said.filter(Q(message__icontains="paused") | Q(message__icontains="resumed"))
    rows = turns.order_by("created_at", "pk").values_list("created_at", "message")
    return [(at, bool(RESTED.search(message))) for at, message in rows]


def asked(job: Job) -> list[Turn]:
    verbs = [Action.Verb.PAUSE, Action.Verb.RESUME]
    done = job.actions.filter(outcome=Action.Outcome.ACCEPTED, verb__in=verbs).order_by("asked_at")
    return [(at, verb == Action.Verb.PAUSE) for at, verb in done.values_list("asked_at", "verb")]


def alternating(turns: list[Turn]) -> list[tuple[datetime, datetime | None]]:
    """Each pause with the resumption after it, whatever is told twice."""
    changes = [b for a, b in pairwise([(None, False), *turns]) if a[1] != b[1]]
    begins = [at for at, rests in changes if rests and at]
    ends: list[datetime | None] = [at for at, rests in changes if not rests and at]
    return list(zip(begins, [*ends, None], strict=False))
