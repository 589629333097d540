"""The log: part of the job page, a page of its own where all of it can be read, and single events.

A page of the log is `?before=` or `?after=` an event, or around the one that a permalink names (`?at=`).
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jobs.models import Event, Job
from jobs.models.log import Log, later, newest_of
from jobs.views.caching import unchanged
from jobs.views.types import Request

LONGEST_KEY = 18  # digits


def log_context(job: Job, log: Log) -> dict[str, Any]:
    """Its newest page, and the event behind which news are looked for."""
    newest = newest_of(job)  # first: what comes in between is for the next look
    page = log.page(job)
    reached = later(newest, *page.events[:1])
    return {"log": log, "newest": reached, "is_head": True} | page._asdict()


@require_GET
def log(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    asked = Log.read(request.GET.dict())
    context = {"job": job} | log_context(job, asked) | place(request, job, asked)
    return render(request, "jobs/log.html", context)


@require_GET
def event(request: Request, pk: int, event_pk: int) -> HttpResponse:
    """The address of one event: it leads to its place in the log."""
    found = get_object_or_404(Event, job=pk, pk=event_pk)
    return redirect(f"{reverse('log', args=[pk])}?at={found.pk}#event-{found.pk}")


@require_GET
def newer_events(request: Request, pk: int, event_pk: int) -> HttpResponse:
    """What was logged since this event (0: since ever), and the place to which the next news go."""
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    since = get_object_or_404(Event, job=job, pk=event_pk) if event_pk else None
    asked = Log.read(request.GET.dict())
    events, newest = asked.news(job, since)
    if newest == since:
        return unchanged()
    context = {"job": job, "log": asked, "events": events, "newest": newest}
    return render(request, "jobs/_newer_events.html", context)


@require_GET
def older_events(request: Request, pk: int, event_pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    asked = Log.read(request.GET.dict())
    before = get_object_or_404(Event, job=job, pk=event_pk)
    context = {"job": job, "log": asked} | asked.page(job, before)._asdict()
    return render(request, "jobs/_older_events.html", context)


def place(request: Request, job: Job, log: Log) -> dict[str, Any]:
    """The page that the address means, where it is not the newest one."""
    at, before, after = (named(request, job, name) for name in ("at", "before", "after"))
    if at:
        above, page = log.around(job, at)
        there = {"above": above, "marked": at, "newer": above[0] if above else at}
    elif before:
        page = log.page(job, before)
        there = {"newer": page.events[0] if page.events else before}
    elif after and (newer := log.newer_page(job, after)):
        page, there = newer, {"newer": newer.events[0]}
    else:
        return {}
    return {"is_head": False} | there | page._asdict()


def named(request: Request, job: Job, name: str) -> Event | None:
    """The event that the address names so; None where it is none of this job's."""
    key = request.GET.get(name, "")
    is_key = key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY
    return job.events.named(int(key)) if is_key else None
