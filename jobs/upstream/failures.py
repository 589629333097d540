"""From what went wrong on the wire to the error that says what to do about it, in a sentence."""

import html
import re
from collections.abc import Callable

import httpx

from jobs.upstream.decoding import Json, decode, storable
from jobs.upstream.errors import RateLimited, Rejected, Unreachable, Unsent, UpstreamError
from jobs.upstream.fields import mapping, sequence, text
from jobs.upstream.limits import until_more
from jobs.upstream.retries import asked_wait

LONGEST_MESSAGE = 1000
LONGEST_EXCERPT = 200
SAYS_NOTHING = {b"", b"{}", b"[]", b"null"}
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)


def of_transport(error: httpx.TransportError, host: str) -> Unreachable:
    """No answer came. Only before there is a connection is it sure that the request never left."""
    if isinstance(error, httpx.ConnectTimeout):
        return Unsent(f"{host} did not accept a connection in time.")
    if isinstance(error, httpx.TimeoutException):
        return Unreachable(f"{host} did not answer in time.")
    if isinstance(error, httpx.UnsupportedProtocol):
        return Unsent("The base URL must begin with http:// or https://.")
    if isinstance(error, httpx.LocalProtocolError):
        return Unsent("No request was sent: the key or another header holds forbidden characters.")
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        reason = re.sub(r"^\[Errno -?\d+\] ", "", str(error)).rstrip(".")
        return Unsent(f"No connection to {host}: {reason or 'it was refused'}.")
    return Unreachable(f"{host} broke the connection before the answer was whole.")


def of_answer(
    response: httpx.Response, content: bytes, scrub: Callable[[str], str]
) -> UpstreamError:
    """An answer came, and it is no success. `scrub` takes the key out of the API's words."""
    status = response.status_code
    if response.has_redirect_location:
        target = scrub(response.headers["location"])[:LONGEST_EXCERPT]
        return Rejected(
            status, "redirect", f"The API answered {status}, a redirect to {target}: not followed."
        )
    words = _words_of(content)
    code, param = scrub(text(words.get("code"))), scrub(text(words.get("param")))
    message = scrub(text(words.get("message")))[:LONGEST_MESSAGE]
    wait = asked_wait(response.headers)
    if status >= 500 or status == 408:
        reason = message or _reason(response, content, scrub)
        return Unreachable(f"The API failed with status {status}: {reason}", wait)
    message = message or f"The API answered {status}: {_reason(response, content, scrub)}"
    if status == 429:
        return RateLimited(message, until_more(response.headers) if wait is None else wait, code)
    return Rejected(status, code, message, param)


def excerpt(content: bytes, scrub: Callable[[str], str]) -> str:
    """The first words of something that should have been JSON: mostly a proxy's HTML page."""
    # Scrubbed before each cut, because half a key is a leak, too.
    written: str = storable(scrub(content.decode("utf-8", "replace")))
    shown = html.unescape(MARKUP.sub(" ", written[: 20 * LONGEST_EXCERPT]))
    return scrub(" ".join(shown.split()))[:LONGEST_EXCERPT]


def _reason(response: httpx.Response, content: bytes, scrub: Callable[[str], str]) -> str:
    said = "" if content.strip() in SAYS_NOTHING else excerpt(content, scrub)
    return said or response.reason_phrase or "no reason given"


def _words_of(content: bytes) -> Json:
    """Message, code and param from the envelopes in use: OpenAI's, flat ones and FastAPI's."""
    try:
        body = mapping(decode(content))
    except ValueError:
        return {}
    error = body.get("error")
    if isinstance(error, str) and error:
        return {**body, "message": error}
    if "detail" in body:
        return _words_of_faults(body["detail"])
    return mapping(error) or body


def _words_of_faults(detail: object) -> Json:
    faults = [mapping(fault) for fault in sequence(detail)]
    if not faults:
        return {"message": detail}
    places = [".".join(map(text, sequence(fault.get("loc")))) for fault in faults]
    told = (
        f"{place}: {text(fault.get('msg'))}" for place, fault in zip(places, faults, strict=True)
    )
    return {"message": "; ".join(told), "param": places[0]}
