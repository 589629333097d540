"""The sandbox's own OpenAPI document: all that it serves under /v1, as it answers by default.

    words       a few words for JSON Schemas
    things      what answers hold
    graders     graders, as they are sent and echoed, and what they say
    orders      what requests bring
    operations  how an endpoint is described
    fine_tuning, belongings   every endpoint: parameters, bodies, and all that it can answer

Written by hand beside the code, so that the one can be held against the other: the tests judge
every answer by it. Quirks, dialects and faults depart from it.
"""

from functools import cache

from sandbox.openapi import belongings, fine_tuning, graders, orders, things
from sandbox.openapi.words import Schema

DESCRIPTION = """\
A stand-alone server of the fine-tuning API that really trains a tiny model. Any bearer key opens
it, but those that begin with `sk-invalid`. This is what it answers without quirks, dialects and
faults."""


@cache
def document() -> Schema:
    return {
        "openapi": "3.1.0",
        "info": {"title": "The sandbox", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": "/v1"}],
        "security": [{"key": []}],
        "paths": {**fine_tuning.PATHS, **belongings.PATHS},
        "webhooks": belongings.WEBHOOKS,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {**things.SCHEMAS, **graders.SCHEMAS, **orders.SCHEMAS},
        },
    }
