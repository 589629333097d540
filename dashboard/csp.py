"""The Content-Security-Policy of every page: our own files, nothing inline, nothing from elsewhere."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Plotly adds one empty <style> element and fills it by script: this is the hash of the empty string.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {EMPTY_STYLE}",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

# Of these a policy says nothing: a page's own is what holds for them, and a page has thirty.
FETCHED = ("text/javascript", "text/css")

GetResponse = Callable[[HttpRequest], HttpResponse]


def csp_middleware(get_response: GetResponse) -> GetResponse:
    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.headers.get("Content-Type", "").startswith(FETCHED):
            response.headers["Content-Security-Policy"] = POLICY
            response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response

    return respond
