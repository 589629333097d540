"""What can go wrong on the wire, by what the caller should do about it.

UpstreamError
  Unreachable   no usable answer came: the outcome of a POST is unknown, try later
    Unsent      the request never left: nothing came of it, try later
  RateLimited   an answer came: wait `retry_after` seconds
  Rejected      an answer came: no; asking again the same way is useless
  Malformed     an answer came that does not follow the API

`str(error)` is a sentence for users that says what happened, in the API's own words where it
has some. It never holds the account's key.
"""


class UpstreamError(Exception):
    """Base of every error that a FineTuningClient raises.

    `retry_after` is None when the API does not say how many seconds to wait.
    """

    retry_after: float | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message


class Unreachable(UpstreamError):
    """No usable answer: a timeout, a broken connection or a 5xx."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unsent(Unreachable):
    """No connection, or nothing that could be sent over one: the service knows nothing of it."""


class RateLimited(UpstreamError):
    """429."""

    def __init__(self, message: str, retry_after: float | None = None, code: str = "") -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.code = code


class Rejected(UpstreamError):
    """Any other 4xx, or a redirect, with the API's own code, message and parameter."""

    def __init__(self, status: int, code: str = "", message: str = "", param: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param


class Malformed(UpstreamError):
    """The answer cannot be read, or lacks what nobody can do without: an id."""
