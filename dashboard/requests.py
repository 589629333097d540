"""Every request has an id, which its answer and all that is logged for it carry; its time is counted.

Paths are not logged, only which page it was: one that signs somebody in is a secret.
"""

import logging
import re
from collections.abc import Callable
from secrets import token_hex
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from dashboard.logs import about, begin
from jobs import counting

OURS = re.compile(r"[\w.-]{1,64}", re.ASCII)  # an id that a proxy in front of us may have given
UNCHANGED = 304

GetResponse = Callable[[HttpRequest], HttpResponse]

log = logging.getLogger(__name__)


def watched_requests(get_response: GetResponse) -> GetResponse:
    def respond(request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if OURS.fullmatch(given) else token_hex(16)
        begin(request=request_id)
        began = perf_counter()
        response = get_response(request)
        note(request, response.status_code, perf_counter() - began)
        response.headers["X-Request-ID"] = request_id
        return response

    return respond


def note(request: HttpRequest, status: int, seconds: float) -> None:
    page = page_of(request, status)
    counting.here.worked()
    counting.here.took(seconds, "page_seconds", page, f"{status // 100}xx")
    if log.isEnabledFor(logging.INFO):
        with about(method=request.method, page=page, status=status, seconds=round(seconds, 4)):
            log.info("Answered")


def page_of(request: HttpRequest, status: int) -> str:
    """The name of its address. Who asks for what there is not must not make new names."""
    if request.resolver_match:
        return request.resolver_match.url_name or "other"
    if request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
        return "static"
    return "unchanged" if status == UNCHANGED else "none"
