"""The jobs list as a page, with what the reader keeps on top of it: pins, views, news."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from jobs.models import Desk, Listing, Pulse, SavedView
from jobs.models.news import news_since
from jobs.views.caching import tagged
from jobs.views.kept import Kept
from jobs.views.rows import desk_of, render_health, render_list
from jobs.views.types import Request

tops: Kept[SafeString] = Kept(500)


@require_GET
@tagged
def job_list(request: Request) -> HttpResponse:
    """Without a query, the view that the reader has chosen to open first."""
    pulse = Pulse.read()
    desk = desk_of(request.user, pulse)
    if desk.view and not request.GET:
        return redirect(f"{reverse('job_list')}?{desk.view.address}")
    listing = Listing.read(request.GET.dict()).seen_by(desk.reader)
    context = {"listing": listing, "health": render_health(pulse, request.user)}
    context["list"] = render_list(listing, pulse, desk.reader.pins, may_ask=bool(request.htmx))
    context["top"] = render_top(desk, listing, pulse)
    return render(request, "jobs/job_list.html", context)


@require_POST
def looked(request: Request) -> HttpResponse:
    """The reader has seen the news that were shown: up to then, and not what came since."""
    try:
        at = datetime.fromtimestamp(float(request.POST.get("at", "")), UTC)
    except (ValueError, OverflowError, OSError):
        at = datetime.now(UTC)
    Desk.look(request.user, min(at, datetime.now(UTC)))
    return redirect("job_list")


def render_top(desk: Desk, listing: Listing, pulse: Pulse) -> SafeString:
    """The reader's views and news, without the token of the form that dismisses them."""

    def render() -> SafeString:
        views = SavedView.objects.seen_by(desk.user)
        context = {
            "desk": desk,
            "listing": listing,
            "views": [(view, str(view.pk) == listing.view) for view in views],
            "news": news_since(desk.looked_at),
            "now": str(datetime.now(UTC).timestamp()),
        }
        return render_to_string("jobs/_list_top.html", context)

    return tops.piece((desk.user_id, listing.view), pulse, render)
