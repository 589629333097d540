"""Buttons: each hands one action to jobs.actions and shows what became of it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from jobs import actions, costs
from jobs.models import Action, Job
from jobs.views.fragments import state_context
from jobs.views.types import Request


@require_GET
def confirm(request: Request, pk: int, verb: str) -> HttpResponse:
    """What the action would do, and the form that asks for it: a dialog, or a page without script."""
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    offer = offer_of(job, verb)
    template = "jobs/_confirm.html" if request.htmx else "jobs/confirm.html"
    return render(request, template, {"job": job, "offer": offer, "bill": costs.of_job(job)})


@require_POST
def ask(request: Request, pk: int, verb: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    messages.add_message(request, *outcome(request, job, offer_of(job, verb)))
    if not request.htmx:
        return redirect(job)
    return render(request, "jobs/_job_state.html", state_context(job) | {"is_alone": True})


def outcome(request: Request, job: Job, offer: actions.Offer) -> tuple[int, str]:
    """Ask, if the job's state allows it; say what became of it."""
    if not offer.is_legal:
        return messages.WARNING, f"{offer.verb.label} {job}: not sent. {offer.why_not}"
    try:
        action = offer.ask(job, by=request.user, why=reason(request))
    except actions.Busy as busy:
        return messages.WARNING, str(busy)
    return actions.tell(action)


def reason(request: Request) -> str:
    """Why, as far as the ledger has room. Browsers count a line's end once and send it as two."""
    typed = request.POST.get("why", "").replace("\r\n", "\n").replace("\0", "")
    return typed[: Action._meta.get_field("why").max_length]


def offer_of(job: Job, verb: str) -> actions.Offer:
    offer = actions.offers(job).get(verb)
    if offer is None:
        raise Http404(f"There is no action “{verb}”.")
    return offer
