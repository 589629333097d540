"""Parts of a page that refresh alone. Each has one address and renders one `_name.html`."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from jobs import actions
from jobs.models import Account, Job, Listing, Order, Pulse
from jobs.views.caching import is_unchanged, unchanged
from jobs.views.checkpoints import checkpoints_context
from jobs.views.counts import counted
from jobs.views.rows import desk_of, render_list, render_rows
from jobs.views.types import Request


def state_context(job: Job) -> dict[str, Any]:
    ledger = list(job.actions.for_ledger())
    return {
        "job": job,
        "actions": ledger,
        "is_cancelled_elsewhere": actions.was_cancelled_elsewhere(job, ledger),
        "offers": actions.offers(job).values(),
        "order": Order.objects.for_job(job),
    }


@require_GET
def job_rows(request: Request) -> HttpResponse:
    """The table and the counts above it, as the query string asks for them. Only scripts ask."""
    pulse = Pulse.read()
    if request.GET.get("version") == str(pulse.version):
        return unchanged()
    reader = desk_of(request.user, pulse).reader
    listing = Listing.read(request.GET.dict()).seen_by(reader)
    return HttpResponse(render_list(listing, pulse, reader.pins, may_ask=True))


@require_GET
def job_counts(request: Request) -> HttpResponse:
    """The counts above the table, where they follow it."""
    pulse = Pulse.read()
    listing = Listing.read(request.GET.dict()).seen_by(desk_of(request.user, pulse).reader)
    context = {"listing": listing, "counts": counted(listing, pulse)}
    return render(request, "jobs/_job_counts.html", context)


@require_GET
def job_row(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    if is_unchanged(request, job):
        return unchanged()
    columns = Listing.read(request.GET.dict()).columns
    return HttpResponse(render_rows([(job.pk, job.revision)], columns))


@require_GET
def job_state(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    if is_unchanged(request, job):
        return unchanged()
    return render(request, "jobs/_job_state.html", state_context(job) | {"is_alone": True})


@require_GET
def job_freshness(request: Request, pk: int) -> HttpResponse:
    """When the service last confirmed this job, and what is wrong if it does not answer."""
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    return render(request, "jobs/_job_freshness.html", {"job": job, "pulse": Pulse.read()})


@require_GET
def job_checkpoints(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    if is_unchanged(request, job):
        return unchanged()
    context = checkpoints_context(job) | {"is_alone": True}
    return render(request, "jobs/_job_checkpoints.html", context)


@require_GET
def health(request: Request) -> HttpResponse:
    """What is wrong with listening, for every page's head; nothing when all is well."""
    context = {"pulse": Pulse.read(), "failing": Account.objects.failing()}
    return render(request, "jobs/_health.html", context)
