"""Answers for readers who have the newest state already: 204 for fragments, 304 for pages."""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse

from jobs.models import Job, Pulse
from jobs.views.types import Request

NOTHING_NEW = 204  # htmx swaps nothing
NOT_MODIFIED = 304

PageView = Callable[[Request, Pulse], HttpResponse]


def is_unchanged(request: Request, job: Job) -> bool:
    return request.GET.get("revision") == str(job.revision)


def unchanged() -> HttpResponse:
    return HttpResponse(status=NOTHING_NEW)


def unless_unchanged(view: PageView) -> Callable[[Request], HttpResponse]:
    """Answer 304 while nothing changed that a page of jobs shows, to this session."""

    @wraps(view)
    def answer(request: Request) -> HttpResponse:
        pulse = Pulse.read()
        tag = etag(request, pulse)
        if request.headers.get("If-None-Match") == tag and not get_messages(request):
            response = HttpResponse(status=NOT_MODIFIED)
        else:
            response = view(request, pulse)
            tag = etag(request, pulse)  # rendering may have made the cookie of the form tokens
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    return answer


def etag(request: Request, pulse: Pulse) -> str:
    """One mark for what a page shows, in which files, for whom: the session, the secret of its forms."""
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    files = getattr(staticfiles_storage, "manifest_hash", "")
    parts = [pulse.version, pulse.has_stopped, files, session, request.META.get("CSRF_COOKIE")]
    return f'"{hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]}"'
