"""Where the live service differs from its own schema, and the switches for it.

By default answers are valid against the schema, except that a paused job says so: its words
`pausing` and `paused` are missing from the schema's list.
"""

from enum import StrEnum


class Quirk(StrEnum):
    ERROR_EMPTY = "error-empty"
    """A job that did not fail has the error {} instead of null."""
    ERROR_NULLS = "error-nulls"
    """A job that did not fail has the error {"code": null, "message": null, "param": null}."""
    NULL_HYPERPARAMETERS = "null-hyperparameters"
    """A dpo job has null for the deprecated top-level hyperparameters instead of {}."""
    NULL_DATA = "null-data"
    """The event that the job started has null data instead of {}."""
    SCHEMA_STATUS = "schema-status"
    """Only the schema's six words: pausing reads running, paused reads queued."""
    PLAIN_CSV = "plain-csv"
    """The result file's content is the CSV itself instead of its base64 text."""


Quirks = frozenset[Quirk]
