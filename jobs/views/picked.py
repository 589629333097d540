"""What is done with the jobs that somebody picked from the list."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jobs import actions, costs
from jobs.models import Action, Desk, Job
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
    if page := page_of(deed):
        return redirect(f"{page}?{urlencode(asked_with(request, selection), safe=',')}")
    messages.success(request, at_once(deed, selection, request.user))
    return redirect(back_to(request))


@require_GET
def together(request: Request, verb: str) -> HttpResponse:
    """What the action would do to each of the jobs, and the form that asks for it."""
    context = {"verb": verb, "label": known(verb), "back": list_of(request)}
    context |= offered(Selection.read(request.GET).jobs(), verb)
    return render(request, "jobs/together.html", context)


@require_POST
def together_ask(request: Request, verb: str) -> HttpResponse:
    """Ask it of each job, and show what became of each."""
    label, jobs = known(verb), Selection.read(request.POST).jobs()
    told = list(actions.ask_together(jobs, verb, by=request.user, why=reason(request)))
    context = {"verb": verb, "label": label, "told": told, "back": list_of(request)}
    return render(request, "jobs/together.html", context)


def offered(jobs: Sequence[Job], verb: str) -> dict[str, Any]:
    """Of which jobs it can be asked, with what each has cost; and of which it cannot."""
    offers = [(job, actions.offers(job)[verb]) for job in jobs]
    bills = costs.of_jobs([job for job, offer in offers if offer.is_legal])
    return {
        "legal": [(job, offer, bills[job.pk]) for job, offer in offers if offer.is_legal],
        "others": [(job, offer) for job, offer in offers if not offer.is_legal],
    }


def page_of(deed: str) -> str:
    """Where it is asked for, unless it is done at once."""
    if deed == "tag":
        return reverse("tags_together")
    return reverse("together", args=[deed]) if deed in ASKED_FIRST else ""


def asked_with(request: Request, selection: Selection) -> dict[str, str]:
    """What such a page is told: of which jobs, and from which list."""
    back = request.POST.get("back", "")
    return {"jobs": str(selection)} | ({"back": back} if back else {})


def at_once(deed: str, selection: Selection, user: User) -> str:
    """What is Tuneboard's own, and can be undone, is done without a question; what was done."""
    count = len(selection.keys)
    match deed:
        case "archive":
            done = selection.archive()
            left = f" {counted(count - done)} not ended yet: left here." if done < count else ""
            return f"{counted(done)} archived.{left}"
        case "restore":
            return f"{counted(selection.restore())} back in the list."
        case "pin":
            return f"{counted(count)} {'pinned' if Desk.pin(user, selection.keys) else 'unpinned'}."
    raise Http404(f"Nothing is known of “{deed}”.")


def counted(count: int) -> str:
    return f"{count} job{pluralize(count)}"


def known(verb: str) -> str:
    """What the action is called; 404 where it cannot be asked of many jobs."""
    if verb not in ASKED_FIRST:
        raise Http404(f"There is no action “{verb}”.")
    return Action.Verb(verb).label


def back_to(request: Request) -> str:
    return f"{reverse('job_list')}?{list_of(request)}".removesuffix("?")


def list_of(request: Request) -> str:
    """The query string of the list as it was, whatever somebody made of it."""
    return QueryDict((request.POST or request.GET).get("back", "")).urlencode()
