"""How an endpoint is described: what it is asked with, and every status that it can answer."""

from typing import Any

from sandbox.openapi.words import SOME_TEXT, TEXT, Schema, integer, ref, word

JSON, FORM = "application/json", "multipart/form-data"
REFUSALS = {
    400: "The request is wrong, or the thing is not in the state for it.",
    401: "No key, or a wrong one.",
    403: "Not permitted to this key, or asked by a name that is not the sandbox's.",
    404: "No such thing.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    429: "Asked too often; only with limits set by a flag.",
}


def content(schema: Schema, media_type: str = JSON) -> Schema:
    return {"content": {media_type: {"schema": schema}}}


def operation(
    name: str,
    summary: str,
    answer: str | Schema,
    *,
    refuses: tuple[int, ...] = (),
    query: list[Schema] | None = None,
    body: Schema | None = None,
) -> Schema:
    """`answer` names the schema of a 200, or is its whole content."""
    told = content(ref(answer)) if isinstance(answer, str) else answer
    asked = {"parameters": query, "requestBody": body}
    refused = sorted({401, 403, 429, *refuses, *_refusals_of(body)})
    return {
        "operationId": name,
        "summary": summary,
        **{key: value for key, value in asked.items() if value},
        "responses": {
            "200": {"description": "As asked.", **told},
            **{str(status): refusal(status) for status in refused},
        },
    }


def _refusals_of(body: Schema | None) -> tuple[int, ...]:
    if body is None:
        return ()
    return (400, 413, 415) if JSON in body["content"] else (400,)


def refusal(status: int) -> Schema:
    return {"description": REFUSALS[status], **content(ref("Error"))}


def body(name: str, media_type: str = JSON, *, needed: bool = True) -> Schema:
    return {"required": needed, **content(ref(name), media_type)}


def query(name: str, schema: Schema, **others: Any) -> Schema:
    return {"name": name, "in": "query", "schema": schema, **others}


def within(name: str, example: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": SOME_TEXT, "example": example}


def order(*words: str) -> Schema:
    """Of two words, the second is the default."""
    return query("order", {**word(*words), "default": words[-1]})


def paged(limit: int, most: int = 100) -> list[Schema]:
    return [
        query("after", TEXT, description="The last item seen; must be in this list."),
        query("limit", {**integer(1, most), "default": limit}),
    ]
