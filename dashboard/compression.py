"""Pages travel compressed. Secrets in them (form tokens) are masked anew by Django with each answer, and
the length of the answer is blurred, so that compression tells nothing about them.
"""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressTextMiddleware(GZipMiddleware):
    """Leaves the packed numbers of charts alone: they hardly shrink, and it would take its time."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith("text/"):
            return super().process_response(request, response)
        return response
