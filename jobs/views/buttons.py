"""Buttons: each hands one action to jobs.actions and shows what became of it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from jobs import actions
from jobs.models import Job
from jobs.views.fragments import state_context
from jobs.views.types import Request


@require_GET
def confirm(request: Request, pk: int, verb: str) -> HttpResponse:
    """What the action would do, and the form that asks for it: a dialog, or a page without script."""
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    offer = offer_of(job, verb)
    template = "jobs/_confirm.html" if request.htmx else "jobs/confirm.html"
    return render(request, template, {"job": job, "offer": offer})


@require_POST
def ask(request: Request, pk: int, verb: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    offer = offer_of(job, verb)
    try:
        action = offer.ask(job, by=request.user, why=request.POST.get("why", ""))
    except actions.Busy as busy:
        messages.warning(request, str(busy))
    else:
        messages.add_message(request, *actions.tell(action))
    if not request.htmx:
        return redirect(job)
    return render(request, "jobs/_job_state.html", state_context(job) | {"is_alone": True})


def offer_of(job: Job, verb: str) -> actions.Offer:
    offer = actions.offers(job).get(verb)
    if offer is None:
        raise Http404(f"There is no action “{verb}”.")
    return offer
