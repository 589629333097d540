"""How Tuneboard itself does: for programs that watch it, and for administrators."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET

from jobs import live, vitals
from jobs.views.types import Request
from jobs.vitals.exposition import CONTENT_TYPE

NOT_READY = 503
CLOSED = "Metrics are for whoever has METRICS_TOKEN, or comes from one of METRICS_NETWORKS.\n"


@require_GET
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether all that polling needs is there. It says no names, addresses or versions."""
    found = vitals.checks(live.queue())
    is_ready = all(each.is_well for each in found)
    told = {each.name: {"ok": each.is_well, "says": each.says} for each in found}
    return JsonResponse({"ready": is_ready, "checks": told}, status=200 if is_ready else NOT_READY)


@require_GET
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    if not (has_token(request) or is_near(request)):
        return HttpResponse(CLOSED, status=403, content_type="text/plain")
    return HttpResponse(vitals.exposition(timezone.now()), content_type=CONTENT_TYPE)


@require_GET
def status(request: Request) -> HttpResponse:
    """For administrators: every process, the queue and every account, and what to do."""
    if not request.user.is_staff:
        raise Http404
    return render(request, "jobs/status.html", {"overview": vitals.overview(timezone.now())})


def has_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    return bool(token) and constant_time_compare(given, f"Bearer {token}")


def is_near(request: HttpRequest) -> bool:
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in network for network in settings.METRICS_NETWORKS)
