"""/fine_tuning/jobs and what belongs to a job: events, checkpoints, actions."""

import re
from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox import lifecycle
from sandbox.bodies import json_object, optional_json_object, refuse_extra
from sandbox.context import sandbox_of
from sandbox.errors import ApiError, unknown_job, wound_down
from sandbox.files import refuse_unready
from sandbox.orders import MOST_PAIRS, read_order
from sandbox.paging import Page, cursor, listed, listed_with_ends
from sandbox.quirks import Quirk
from sandbox.records import Checkpoint, Event, Job, Record
from sandbox.replies import checkpoint_reply, event_reply, job_reply

R = TypeVar("R", bound=Record)

METADATA_FILTER = re.compile(r"metadata\[(.*)\]")


async def create(request: Request) -> JSONResponse:
    sandbox = sandbox_of(request)
    order = read_order(await json_object(request))
    if Quirk.WIND_DOWN in sandbox.quirks:
        raise wound_down()
    sandbox.limits.refuse_beyond_day(sandbox.store, order.model)
    refuse_unready(sandbox.store, order, sandbox.quirks)
    job = lifecycle.create(sandbox.store, order)
    sandbox.runner.wake()
    return JSONResponse(job_reply(job))


async def index(request: Request) -> Page:
    place = cursor(request, default=20)
    jobs, has_more = sandbox_of(request).store.page(Job, place, *_metadata_filter(request))
    return Page(listed([job_reply(job) for job in jobs], has_more))


async def retrieve(request: Request) -> JSONResponse:
    return JSONResponse(job_reply(_job(request)))


async def events(request: Request) -> Page:
    found, has_more = _of_job(request, Event, default=20)
    return Page(listed([event_reply(event) for event in found], has_more))


async def checkpoints(request: Request) -> Page:
    found, has_more = _of_job(request, Checkpoint, default=10)
    return Page(listed_with_ends(list(map(checkpoint_reply, found)), has_more, nothing=None))


async def cancel(request: Request) -> JSONResponse:
    return await _act(request, sandbox_of(request).runner.cancel)


async def pause(request: Request) -> JSONResponse:
    return await _act(request, sandbox_of(request).runner.pause)


async def resume(request: Request) -> JSONResponse:
    return await _act(request, sandbox_of(request).runner.resume)


async def _act(request: Request, action: Callable[[Job], Job]) -> JSONResponse:
    refuse_extra(await optional_json_object(request), ())
    return JSONResponse(job_reply(action(_job(request))))


def _job(request: Request) -> Job:
    job_id = request.path_params["job_id"]
    job = sandbox_of(request).store.find(Job, job_id)
    if job is None:
        raise unknown_job(job_id)
    return job


def _of_job(request: Request, kind: type[R], *, default: int) -> tuple[list[R], bool]:
    place = cursor(request, default=default)
    return sandbox_of(request).store.page(kind, place, "job_id = ?", [_job(request).id])


def _metadata_filter(request: Request) -> tuple[str, list[str]]:
    """`metadata[key]=value`, all of them must match; `metadata=null`: jobs without."""
    if request.query_params.get("metadata") == "null":
        return "metadata IS NULL", []
    pairs = {
        (match.group(1), value)
        for key, value in request.query_params.multi_items()
        if (match := METADATA_FILTER.fullmatch(key))
    }
    if len(pairs) > MOST_PAIRS:
        message = f"invalid metadata: a job has at most {MOST_PAIRS} pairs"
        raise ApiError(message, param="metadata")
    has_pair = "seq IN (SELECT job FROM job_metadata WHERE key = ? AND value = ?)"
    return " AND ".join([has_pair] * len(pairs)) or "1", [text for pair in pairs for text in pair]


routes = [
    Route("/v1/fine_tuning/jobs", create, methods=["POST"]),
    Route("/v1/fine_tuning/jobs", index),
    Route("/v1/fine_tuning/jobs/{job_id}", retrieve),
    Route("/v1/fine_tuning/jobs/{job_id}/events", events),
    Route("/v1/fine_tuning/jobs/{job_id}/checkpoints", checkpoints),
    Route("/v1/fine_tuning/jobs/{job_id}/cancel", cancel, methods=["POST"]),
    Route("/v1/fine_tuning/jobs/{job_id}/pause", pause, methods=["POST"]),
    Route("/v1/fine_tuning/jobs/{job_id}/resume", resume, methods=["POST"]),
]
