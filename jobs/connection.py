"""Tries an account's key and says, in plain words, what works and what does not. Changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from jobs import gateway
from jobs.models import Account
from jobs.upstream import FineTuningClient, Rejected, UpstreamError


@dataclass(frozen=True)
class Finding:
    what: str
    works: bool
    words: str


def try_out(account: Account) -> list[Finding]:
    """One cheap request for each thing that Tuneboard needs; the first failure to connect ends it."""
    findings: list[Finding] = []
    with gateway.connect(account) as client:
        for what, probe in PROBES.items():
            try:
                findings.append(Finding(what, True, probe(client)))
            except Rejected as refusal:
                findings.append(Finding(what, False, advice(refusal)))
            except UpstreamError as trouble:
                findings.append(Finding(what, False, str(trouble)))
                break
    return findings


def jobs_probe(client: FineTuningClient) -> str:
    newest = next(client.jobs(limit=1), None)
    return f"The newest is {newest.id}." if newest else "The list is readable and empty."


def events_probe(client: FineTuningClient) -> str:
    newest = next(client.jobs(limit=1), None)
    if newest is None:
        return "There is no job yet to read events of."
    event = next(client.events(newest.id), None)
    return (
        f"The last one says: {event.message}" if event else "The job's log is readable and empty."
    )


def models_probe(client: FineTuningClient) -> str:
    return f"{len(client.models())} models are listed."


def files_probe(client: FineTuningClient) -> str:
    newest = next(client.files(), None)
    return f"The newest is {newest.filename or newest.id}." if newest else "The list is empty."


PROBES: dict[str, Callable[[FineTuningClient], str]] = {
    "Fine-tuning jobs": jobs_probe,
    "Events of a job": events_probe,
    "Models": models_probe,
    "Files": files_probe,
}


def advice(refusal: Rejected) -> str:
    """The service's own words, and what to do about them."""
    hints = {
        401: "The key is wrong or revoked: check that all of it was pasted.",
        403: "The key is known but may not do this: give it read access to this, or use another key.",
        404: "There is no such page at this base URL: it usually ends in /v1.",
    }
    return f"{refusal} {hints.get(refusal.status, '')}".strip()
