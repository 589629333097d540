"""Answers for readers who have the newest state already: 204 for fragments, 304 for pages."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from uuid import uuid4

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse

from dashboard.sessions import could_be_ours
from jobs.models import Job, Standing
from jobs.models.listing import minute_of
from jobs.search import parse
from jobs.views.types import Request

NOTHING_NEW = 204  # htmx swaps nothing
NOT_MODIFIED = 304
CACHE = "private, no-cache"  # keep it, but ask each time
TAG = re.compile(r'(W/)?(?P<tag>"(?P<pk>\d{1,18})-[0-9a-f]{32}")')  # whose it is, and of what
PROGRAM = uuid4().hex  # another start may be another program, and show the same differently

View = Callable[[Request], HttpResponse]
GetResponse = Callable[[HttpRequest], HttpResponse]


def is_unchanged(request: Request, job: Job) -> bool:
    return request.GET.get("revision") == str(job.revision)


def unchanged() -> HttpResponse:
    return HttpResponse(status=NOTHING_NEW)


def tagged(view: View) -> View:
    """Give a page of jobs a tag by which `unchanged_pages` knows it again."""

    @wraps(view)
    def answer(request: Request) -> HttpResponse:
        standing = Standing.find(request.session.session_key or "", request.user.pk)
        has_news = len(get_messages(request)) > 0  # a toast is not for a second time
        response = view(request)
        if standing and standing.is_of(request.user) and not has_news:
            response.headers["ETag"] = tag(request, request.user.pk, standing)
            response.headers["Cache-Control"] = CACHE
        return response

    return answer


def unchanged_pages(get_response: GetResponse) -> GetResponse:
    """Answer 304 while all is as it was when the reader got the page, before anything else is done.

    Only who got a page signed in has its tag. It says whose it is, and is a digest of all that let them
    in and all that the page shows: if it is right now, they would be let in again and see the same.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        known = TAG.fullmatch(request.headers.get("If-None-Match", ""))
        if known and request.method == "GET" and "messages" not in request.COOKIES:
            pk = int(known["pk"])
            key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
            standing = Standing.find(key, pk) if could_be_ours(key) else None
            if standing and known["tag"] == tag(request, pk, standing):
                headers = {"ETag": known[0], "Cache-Control": CACHE, "Vary": "Cookie"}
                return HttpResponse(status=NOT_MODIFIED, headers=headers)
        return get_response(request)

    return respond


def tag(request: HttpRequest, pk: int, standing: Standing) -> str:
    """What the page's forms hold, the token of this reader, is part of it."""
    token = request.META.get("CSRF_COOKIE") or request.COOKIES.get(settings.CSRF_COOKIE_NAME)
    minute = minute_of(parse(request.GET.get("q", "")))
    parts = (PROGRAM, request.get_full_path(), minute, token, pk, *standing)
    return f'"{pk}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
