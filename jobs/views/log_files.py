"""The log as a file: oldest first, for people as text, for spreadsheets as CSV, for programs as JSONL."""

import json
from collections.abc import Callable, Iterable, Iterator

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from jobs.models import Event, Job
from jobs.models.log import Log
from jobs.views.downloads import attached, in_pieces, lines
from jobs.views.types import Request

HEAD = ["time", "level", "type", "step", "message", "id"]


@require_GET
def log_file(request: Request, pk: int, ending: str) -> HttpResponseBase:
    """All that the log, filtered as the address says, lets through."""
    job = get_object_or_404(Job.objects.only("upstream_id"), pk=pk)
    if ending not in WRITERS:
        raise Http404(f"The log cannot be had as “{ending}”.")
    events = Log.read(request.GET.dict()).oldest_first(job)
    return attached(WRITERS[ending](events), f"{job.upstream_id}-log.{ending}")


def as_text(events: Iterable[Event]) -> Iterator[str]:
    return in_pieces(
        f"{event.created_at:%Y-%m-%d %H:%M:%S}Z  {event.level:<5}  {indented(event.message)}\n"
        for event in events
    )


def indented(message: str) -> str:
    """A message of several lines is still one event."""
    return message.replace("\r\n", "\n").replace("\n", "\n    ")


def as_csv(events: Iterable[Event]) -> Iterator[str]:
    return lines(HEAD, map(cells, events))


def cells(event: Event) -> list[object]:
    told = (event.level, event.type, event.step, event.message, event.upstream_id)
    return [f"{event.created_at:%Y-%m-%dT%H:%M:%SZ}", *told]


def as_jsonl(events: Iterable[Event]) -> Iterator[str]:
    return in_pieces(json.dumps(whole(event), ensure_ascii=False) + "\n" for event in events)


def whole(event: Event) -> dict[str, object]:
    """With what the service sent along."""
    return {
        "id": event.upstream_id,
        "created_at": f"{event.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "level": event.level,
        "type": event.type,
        "step": event.step,
        "message": event.message,
        "data": event.payload,
    }


WRITERS: dict[str, Callable[[Iterable[Event]], Iterator[str]]] = {
    "txt": as_text,
    "csv": as_csv,
    "jsonl": as_jsonl,
}
