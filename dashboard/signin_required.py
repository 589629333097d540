"""Nobody sees anything without signing in; a part of a page sends the whole page to the sign-in."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect


class SigninRequiredMiddleware(LoginRequiredMiddleware):
    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseBase:  # type: ignore[override]
        if not getattr(request, "htmx", False):
            return super().handle_no_permission(request, view_func)
        page = urlsplit(request.headers.get("HX-Current-URL", "/"))
        back = urlencode({"next": f"{page.path}?{page.query}" if page.query else page.path})
        return HttpResponseClientRedirect(f"{resolve_url('sign_in')}?{back}")
