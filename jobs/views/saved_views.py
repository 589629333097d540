"""Saved views: lists of jobs under names of their own, personal or the team's."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jobs.models import Desk, Listing, Pulse, SavedView
from jobs.views.rows import desk_of
from jobs.views.types import Request

WORDS = {
    "q": "search “{}”",
    "state": "state {}",
    "sort": "sorted by {}",
    "columns": "columns {}",
}


@require_GET
def view_list(request: Request) -> HttpResponse:
    """The views that the reader may open, and a form to save the list that they come from."""
    views = SavedView.objects.seen_by(request.user)
    query = Listing.read(request.GET.dict()).query(view="")
    context = {
        "rows": rows(request, views),
        "query": query,
        "keeps": kept(query),
        "opened": next((view for view in views if str(view.pk) == request.GET.get("view")), None),
    }
    return render(request, "jobs/view_list.html", context)


def rows(request: Request, views: list[SavedView]) -> list[tuple[SavedView, str, str, bool, bool]]:
    """(view, what it keeps, its link, whether it opens by itself, whether it is the reader's own)."""
    first = desk_of(request.user, Pulse.read()).view
    return [
        (each, kept(each.query), link(request, each), each == first, each.owner == request.user)
        for each in views
    ]


def link(request: Request, view: SavedView) -> str:
    """What whoever shares it sends."""
    return request.build_absolute_uri(f"{reverse('job_list')}?{view.address}")


def kept(query: str) -> str:
    """What a view keeps, in words."""
    told = [
        WORDS[name].format(value.removeprefix("-").replace(",", ", "))
        for name, value in parse_qsl(query)
        if name in WORDS
    ]
    return ", ".join(told) or "all jobs"


@require_POST
def view_save(request: Request) -> HttpResponse:
    name = " ".join(request.POST.get("name", "").replace("\0", "").split())[:60]
    query = Listing.read(QueryDict(request.POST.get("query", "")).dict()).query(view="")
    if not name:
        messages.error(request, "A view needs a name.")
        return redirect(f"{reverse('view_list')}?{query}")
    is_team = "team" in request.POST
    view = SavedView.keep(request.user, name, query, is_team=is_team)
    shared = " for the whole team: this page's address is the link to it" if is_team else ""
    messages.success(request, f"Saved as “{view}”{shared}.")
    return redirect(f"{reverse('job_list')}?{view.address}")


@require_POST
def view_deed(request: Request, pk: int, deed: str) -> HttpResponse:
    """Delete one's own; open one first, or again none."""
    view = get_object_or_404(SavedView, pk=pk)
    if deed == "delete" and view.owner == request.user:
        view.forget()
    elif deed in ("first", "usual") and view.is_for(request.user):
        Desk.open_first(request.user, view if deed == "first" else None)
    else:
        raise Http404(f"Nothing is known of “{deed}” for this view.")
    return redirect("view_list")
