"""Where the live service differs from its own schema, and the switches for it.

By default answers are valid against the schema, except that a paused job says so: its words
`pausing` and `paused` are missing from the schema's list.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import reduce

from sandbox.records import Json
from sandbox.store import Store
from sandbox.translation import NEVER, Dialect


class Quirk(StrEnum):
    ERROR_EMPTY = "error-empty"
    """A job that did not fail has the error {} instead of null."""
    ERROR_NULLS = "error-nulls"
    """A job that did not fail has the error {"code": null, "message": null, "param": null}."""
    ERROR_MISSING = "error-missing"
    """A job that did not fail has no error at all."""
    NULL_HYPERPARAMETERS = "null-hyperparameters"
    """Only supervised jobs have the deprecated top-level hyperparameters; else null, not {}."""
    INTEGER_MULTIPLIER = "integer-multiplier"
    """The top-level learning_rate_multiplier is 1 where the method's own is 1.0."""
    ZERO_FINISH = "zero-finish"
    """A job that does not run has the estimated_finish 0 instead of null."""
    SCHEMA_STATUS = "schema-status"
    """Only the schema's six words: pausing reads running, paused reads queued."""
    NULL_DATA = "null-data"
    """The event that the job started has null data instead of {}."""
    MISSING_DATA = "missing-data"
    """Only events with metrics or an error have data."""
    SAME_SECOND = "same-second"
    """Whatever an event's second is, it is one of every ten: many events share it."""
    PLAIN_CSV = "plain-csv"
    """The result file's content is the CSV itself instead of its base64 text."""
    NULL_FILE_DETAILS = "null-file-details"
    """A file has expires_at and status_details, null where there is nothing to say."""
    UPLOAD_201 = "upload-201"
    """An upload answers 201."""
    MISSING_HAS_MORE = "missing-has-more"
    """No list says whether it goes on."""
    MISSING_ENDS = "missing-ends"
    """No list has first_id and last_id."""
    WIND_DOWN = "wind-down"
    """Nobody may create a job any more: 403."""
    SLOW_FILES = "slow-files"
    """A new file is `uploaded` for a few seconds, and not ready for a job."""
    EVALS_PURPOSE = "evals-purpose"
    """A file for `evals` says so, instead of `user_data`: the schema's list lacks it."""
    TOKEN_USAGE_OBJECT = "token-usage-object"  # noqa: S105
    """What a grader's model used is an object, as in the document's example, not a number."""


Quirks = frozenset[Quirk]

NO_ERROR = {"code": None, "message": None, "param": None}
SCHEMA_WORDS = {"pausing": "running", "paused": "queued"}
SHARED_SECONDS = 10

Twist = Callable[[Json], Json]


def _without(*keys: str) -> Twist:
    return lambda told: {key: value for key, value in told.items() if key not in keys}


def _if_healthy(twist: Twist) -> Twist:
    return lambda job: job if job["error"] else twist(job)


def _null_hyperparameters(job: Json) -> Json:
    return job if job["hyperparameters"] else {**job, "hyperparameters": None}


def _integer_multiplier(job: Json) -> Json:
    given = job["hyperparameters"] or {}
    rate = given.get("learning_rate_multiplier")
    if not isinstance(rate, float) or not rate.is_integer():
        return job
    return {**job, "hyperparameters": {**given, "learning_rate_multiplier": int(rate)}}


def _null_data(event: Json) -> Json:
    started = event["message"] == "Fine-tuning job started"
    return {**event, "data": None} if started else event


def _missing_data(event: Json) -> Json:
    return event if event["data"] else _without("data")(event)


def _share_seconds(event: Json) -> Json:
    second = event["created_at"]
    return {**event, "created_at": second - second % SHARED_SECONDS}


JOB: dict[Quirk, Twist] = {
    Quirk.ERROR_EMPTY: _if_healthy(lambda job: {**job, "error": {}}),
    Quirk.ERROR_NULLS: _if_healthy(lambda job: {**job, "error": NO_ERROR}),
    Quirk.ERROR_MISSING: _if_healthy(_without("error")),
    Quirk.NULL_HYPERPARAMETERS: _null_hyperparameters,
    Quirk.INTEGER_MULTIPLIER: _integer_multiplier,
    Quirk.ZERO_FINISH: lambda job: {**job, "estimated_finish": job["estimated_finish"] or 0},
    Quirk.SCHEMA_STATUS: lambda job: {
        **job,
        "status": SCHEMA_WORDS.get(job["status"], job["status"]),
    },
}
EVENT: dict[Quirk, Twist] = {
    Quirk.NULL_DATA: _null_data,
    Quirk.MISSING_DATA: _missing_data,
    Quirk.SAME_SECOND: _share_seconds,
}
FILE: dict[Quirk, Twist] = {
    Quirk.NULL_FILE_DETAILS: lambda file: {"expires_at": None, "status_details": None, **file},
}
PAGE: dict[Quirk, Twist] = {
    Quirk.MISSING_HAS_MORE: _without("has_more"),
    Quirk.MISSING_ENDS: _without("first_id", "last_id"),
}


def dialect_of(quirks: Quirks) -> Dialect:
    """The service with these quirks; what an endpoint must know itself is asked for there."""

    def twisted(twists: dict[Quirk, Twist], told: Json) -> Json:
        chosen = (twist for quirk, twist in twists.items() if quirk in quirks)
        return reduce(lambda so_far, twist: twist(so_far), chosen, told)

    def retold(twists: dict[Quirk, Twist]) -> Callable[[Json, Store], Json]:
        return lambda told, _: twisted(twists, told)

    return Dialect(
        objects={
            "fine_tuning.job": retold(JOB),
            "fine_tuning.job.event": retold(EVENT),
            "file": retold(FILE),
        },
        page=lambda page: twisted(PAGE, page),
        created=re.compile("/files") if Quirk.UPLOAD_201 in quirks else NEVER,
    )
