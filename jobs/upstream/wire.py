"""One conversation with one service: what every request carries, how long we wait, how much we
read, and which error comes of it. Paths, pages and the meaning of replies are not its business.
"""

import ssl
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import cache
from random import random
from typing import TypedDict, Unpack

import httpx

from jobs.upstream.deadline import Deadline
from jobs.upstream.decoding import Json, decode
from jobs.upstream.dialects import Dialect
from jobs.upstream.errors import Malformed, Unsent
from jobs.upstream.exchanges import Exchange
from jobs.upstream.failures import excerpt, of_answer, of_transport
from jobs.upstream.limits import RateLimit, read_limits
from jobs.upstream.multipart import Form
from jobs.upstream.retries import wait_before_retry

CONNECT_TIMEOUT = 3.0
LONGEST_ORDER = 10.0  # seconds: a person waits for the answer …
LONGEST_QUESTION = 20.0  # … which a poll need not be so quick to give up on
BIGGEST_REPLY = 32 * 2**20
BIGGEST_REFUSAL = 64 * 2**10


class How(TypedDict, total=False):
    """What is not the same in every request: the body, the key, the seconds until it is given up."""

    json: Json
    form: Form
    as_admin: bool
    within: float


class Wire:
    def __init__(
        self,
        base_url: str,
        api_key: str,
        dialect: Dialect,
        *,
        admin_key: str,
        headers: dict[str, str],
        timeout: float,
        patience: float,
        sleep: Callable[[float], None],
        heard: Callable[[Exchange], None],
        transport: httpx.BaseTransport | None,
    ) -> None:
        key, admin_key = api_key.strip(), admin_key.strip()
        self._admin_headers = dialect.key_headers(admin_key) if admin_key else {}
        self._secrets = sorted(filter(None, (key, admin_key)), key=len, reverse=True)
        self._patience = patience
        self._sleep = sleep
        self._heard = heard
        self.rate_limits: dict[str, RateLimit] = {}
        url = _url(base_url)
        sent = {"User-Agent": "tuneboard", **headers, **dialect.key_headers(key)}
        self._http = httpx.Client(
            base_url=_root(url, dialect),
            params={**dialect.query, **dict(url.params)},
            headers=_encoded(sent),
            timeout=httpx.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT)),
            transport=transport,
            verify=_trust(),
        )
        self._deadline = Deadline(self._http)

    def close(self) -> None:
        self._http.close()

    def ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        **how: Unpack[How],
    ) -> object:
        """The decoded JSON of the answer."""
        content = self.fetch(method, path, params, **how)
        try:
            return decode(content)
        except ValueError as error:
            said = excerpt(content, self._scrub)
            told = f"not JSON but {said!r}" if said else "empty"
            raise Malformed(f"The reply to {method} {path} is {told}.") from error

    def fetch(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        **how: Unpack[How],
    ) -> bytes:
        """The content of a successful answer, whatever it is."""
        request = self._request(method, path, params, how)
        self._deadline.begin(
            how.get("within", LONGEST_QUESTION if method == "GET" else LONGEST_ORDER)
        )
        retries = 0
        while True:
            try:
                response, content = self._exchange(request)
            except httpx.DecodingError as error:
                reply = f"The reply to {method} {path}"
                raise Malformed(f"{reply} is not validly compressed.") from error
            except httpx.TransportError as error:
                if not self._rest(request, retries, error):
                    raise of_transport(error, self._host) from _fit_to_show(error)
            else:
                if response.is_success:
                    return content
                if not self._rest(request, retries, response):
                    raise of_answer(response, content, self._scrub)
            retries += 1

    def _request(
        self, method: str, path: str, params: Mapping[str, str] | None, how: How
    ) -> httpx.Request:
        form, within = how.get("form"), how.get("within")
        headers = {
            **(form.headers if form else {}),
            **(self._admin_headers if how.get("as_admin") else {}),
        }
        return self._http.build_request(
            method,
            path,
            params=params,
            json=how.get("json"),
            content=iter(form) if form else None,
            headers=_encoded(headers),
            timeout=httpx.Timeout(within, connect=CONNECT_TIMEOUT)
            if within
            else httpx.USE_CLIENT_DEFAULT,
        )

    def _exchange(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        exchange = Exchange.begin(request)
        try:
            with closing(self._http.send(request, stream=True)) as response:
                content = self._read(response)
        except (httpx.HTTPError, Malformed) as error:
            self._heard(exchange.ended(error))
            raise
        limits = read_limits(response.headers)
        self._heard(exchange.ended(response, limits))
        self.rate_limits = limits or self.rate_limits
        return response, content

    def _rest(
        self, request: httpx.Request, retries: int, outcome: httpx.Response | httpx.TransportError
    ) -> bool:
        """Wait before asking again, where that is harmless and there is time; say whether so.

        Everything but a GET is sent exactly once, because a repeated POST may bill twice.
        """
        wait = wait_before_retry(retries, outcome, random())  # noqa: S311 (no secret)
        if request.method != "GET" or wait is None:
            return False
        if wait > min(self._patience, self._deadline.remaining):
            return False
        self._sleep(wait)
        return True

    def _read(self, response: httpx.Response) -> bytes:
        limit = BIGGEST_REPLY if response.is_success else BIGGEST_REFUSAL
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > limit:
                if response.is_success:
                    raise Malformed(f"The reply is larger than {limit // 2**20} MiB.")
                break
        return bytes(content)

    def _scrub(self, words: str) -> str:
        for key in self._secrets:  # the longest first: one may be the beginning of the other
            words = words.replace(key, "[key]")
        return words

    @property
    def _host(self) -> str:
        return self._http.base_url.netloc.decode() or "The API"


@cache
def _trust() -> ssl.SSLContext:
    """Shared by all connections: loading the certificates takes longer than a request."""
    return httpx.create_ssl_context()


def _fit_to_show(error: httpx.TransportError) -> httpx.TransportError | None:
    """Not what repeats the header with the key: that is kept out of every traceback."""
    return None if isinstance(error, httpx.LocalProtocolError) else error


def _encoded(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    """As bytes, because httpx shows a key that is no ASCII in the error it raises."""
    return {name.encode(): value.encode("utf-8", "replace") for name, value in headers.items()}


def _url(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url.strip())
        url.raw_host.decode().encode("idna")  # what the socket would choke on
    except (httpx.InvalidURL, UnicodeError) as error:
        raise Unsent(f"{base_url!r} is not a URL: {error}") from error
    return url


def _root(url: httpx.URL, dialect: Dialect) -> httpx.URL:
    """The base URL with the dialect's root, whether or not it was typed."""
    path = url.path.strip("/")
    if not f"/{path}".endswith(f"/{dialect.root}".rstrip("/")):
        path = f"{path}/{dialect.root}".lstrip("/")
    return url.copy_with(path=f"/{path}/".replace("//", "/"), query=None, fragment=None)
