"""What is done with the jobs that somebody picked from the list."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jobs import actions, costs
from jobs.models import Action
from jobs.models.selection import Selection
from jobs.views.buttons import reason
from jobs.views.types import Request

ASKED_FIRST = ("cancel", "pause", "resume")


@require_POST
def picked(request: Request) -> HttpResponse:
    """The form that the list's boxes belong to: each of its buttons is a deed."""
    selection, deed = Selection.read(request.POST), request.POST.get("deed", "")
    if not selection:
        messages.warning(request, "No job is selected: tick the boxes of some first.")
        return redirect(back_to(request))
    if deed == "compare":
        return redirect(f"{reverse('compare')}?jobs={selection}")
    if deed in ASKED_FIRST:
        return redirect(f"{reverse('together', args=[deed])}?jobs={selection}")
    raise Http404(f"Nothing is known of “{deed}”.")


@require_GET
def together(request: Request, verb: str) -> HttpResponse:
    """What the action would do to each of the jobs, and the form that asks for it."""
    label = known(verb)
    offers = [(job, actions.offers(job)[verb]) for job in Selection.read(request.GET).jobs()]
    context = {
        "verb": verb,
        "label": label,
        "legal": [(job, offer, costs.of_job(job)) for job, offer in offers if offer.is_legal],
        "others": [(job, offer) for job, offer in offers if not offer.is_legal],
    }
    return render(request, "jobs/together.html", context)


@require_POST
def together_ask(request: Request, verb: str) -> HttpResponse:
    """Ask it of each job, and show what became of each."""
    label, jobs = known(verb), Selection.read(request.POST).jobs()
    told = list(actions.ask_together(jobs, verb, by=request.user, why=reason(request)))
    return render(request, "jobs/together.html", {"verb": verb, "label": label, "told": told})


def known(verb: str) -> str:
    """What the action is called; 404 where it cannot be asked of many jobs."""
    if verb not in ASKED_FIRST:
        raise Http404(f"There is no action “{verb}”.")
    return Action.Verb(verb).label


def back_to(request: Request) -> str:
    """The list as it was, whatever somebody made of the form."""
    query = QueryDict(request.POST.get("back", "")).urlencode()
    return f"{reverse('job_list')}?{query}".removesuffix("?")
