"""An order for a job, written as OpenAI takes it, in the words of another service.

What a service has no words for is refused here, and nothing is sent: a job without it would be billed
and be none that anybody wanted. Only metadata is left out, because it changes nothing in the job.
"""

from jobs.upstream.decoding import Json
from jobs.upstream.dialects import Dialect, Feature
from jobs.upstream.errors import Rejected
from jobs.upstream.fields import mapping, text

BAD_REQUEST = 400


def phrased(order: Json, dialect: Dialect) -> Json:
    """The body that is sent; raises Rejected, in our own words, for what cannot be said."""
    body = {name: value for name, value in order.items() if value is not None}
    if Feature.METADATA in dialect.lacks:
        body.pop("metadata", None)
    if Feature.INTEGRATIONS in dialect.lacks and body.get("integrations"):
        raise _unknown(dialect, "integrations")
    method = mapping(body.get("method"))
    kind = text(method.get("type")) or "supervised"
    if kind not in dialect.methods:
        raise _unknown(dialect, "method", f" “{kind}”")
    if dialect.hyperparameters is not None:
        _tune(body, method, kind, dialect)
    return body


def _tune(body: Json, method: Json, kind: str, dialect: Dialect) -> None:
    """Put the hyperparameters where the service looks for them, those left to it left out."""
    recipe = mapping(method.get(kind))
    asked = {**mapping(body.pop("hyperparameters", None)), **mapping(recipe.get("hyperparameters"))}
    chosen = {name: value for name, value in asked.items() if value not in (None, "auto")}
    for name in chosen:
        if name not in (dialect.hyperparameters or ()):
            raise _unknown(dialect, name)
    if Feature.METHOD in dialect.lacks:
        body.pop("method", None)
        body.update({"hyperparameters": chosen} if chosen else {})
    else:
        body["method"] = {"type": kind, kind: {**recipe, "hyperparameters": chosen}}


def _unknown(dialect: Dialect, param: str, which: str = "") -> Rejected:
    words = f"{dialect.label} knows no {param}{which}: nothing was sent."
    return Rejected(BAD_REQUEST, "not_offered", words, param)
