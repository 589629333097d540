"""The page on which a reader chooses the list's columns. It changes nothing but the list's address."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jobs.models import Listing
from jobs.models.columns import FIELDS, STANDARD, STAYS, columns_of, moved
from jobs.models.vocabulary import known
from jobs.search.fields import WAYS
from jobs.views.types import Request


@require_GET
def columns(request: Request) -> HttpResponse:
    """What is ticked comes first, in its order, each with buttons that move it."""
    names = moved(",".join(request.GET.getlist("columns")).split(","), request.GET.get("move", ""))
    listing = Listing.read(request.GET.dict() | {"columns": ",".join(names)})
    if "show" in request.GET:
        return redirect(f"{reverse('job_list')}?{listing.query()}".removesuffix("?"))
    shown = listing.columns or tuple(STANDARD)
    context = {"listing": listing, "shown": columns_of(shown), "moved": request.GET.get("move")}
    context["others"] = columns_of(name for name in (*STANDARD, *FIELDS) if name not in shown)
    context |= {"offers": offers(), "plain": replace(listing, columns=(), stay=0, problems=())}
    context["stays"] = [(at, words, at == listing.stay) for at, words in enumerate(STAYS)]
    return render(request, "jobs/columns.html", context)


def offers() -> list[str]:
    """Hyperparameters and metrics that jobs have, as columns are named."""
    parameters = [f"hp.{name}" for name in known("hp")]
    return parameters + [f"{way}({name})" for name in known("metric") for way in WAYS]
