"""The jobs list as a file: what the page shows, or all that match, written as it is read."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from jobs.models import Job, Listing, Pulse
from jobs.models.columns import Column, columns_of, values
from jobs.models.metric import best_reward, with_figures
from jobs.views.compare_exports import attached_json
from jobs.views.downloads import attached, lines
from jobs.views.rows import desk_of
from jobs.views.types import Request

AT_ONCE = 500  # jobs that are read together; between two readings nothing is held open


@require_GET
def jobs_csv(request: Request) -> HttpResponseBase:
    listing = listing_of(request)
    head = [*facts(Job()), *(each.name for each in beside(listing))]
    rows = (each.values() for each in exported(listing, pins_of(request)))
    return attached(lines(head, rows), "jobs.csv")


@require_GET
def jobs_json(request: Request) -> HttpResponseBase:
    listing = listing_of(request)
    return attached_json(exported(listing, pins_of(request)), "jobs.json")


def listing_of(request: Request) -> Listing:
    return Listing.read(request.GET.dict()).seen_by(desk_of(request.user, Pulse.read()).reader)


def pins_of(request: Request) -> tuple[int, ...] | None:
    """What the reader has pinned, where they want the page as they see it; None for all that match."""
    if "page" not in request.GET:
        return None
    return desk_of(request.user, Pulse.read()).reader.pins


def exported(listing: Listing, pins: tuple[int, ...] | None) -> Iterator[dict[str, Any]]:
    columns = beside(listing)
    for keys in pieces(listing, pins):
        jobs = Job.objects.for_list().prefetch_related(with_figures()).in_bulk(keys)
        found = values(columns, keys)
        for key in keys:
            yield facts(jobs[key]) | {each.name: found[key].get(each.name) for each in columns}


def pieces(listing: Listing, pins: tuple[int, ...] | None) -> Iterator[list[int]]:
    """Keys of jobs in the order of the list, as many as are read together."""
    if pins is not None:
        shown = [*listing.pinned(pins), *listing.page(pins=pins).rows]
        yield [pk for pk, _ in shown]
        return
    after = ""
    while True:
        page = replace(listing, after=after, before="").page(AT_ONCE)
        yield [pk for pk, _ in page.rows]
        after = page.next
        if not after:
            return


def beside(listing: Listing) -> list[Column]:
    """The columns that were chosen beside those that every export has."""
    return [each for each in columns_of(listing.columns) if each.kind != "standard"]


def facts(job: Job) -> dict[str, Any]:
    """What every export tells of a job, under names that last."""
    reward = best_reward(job) if job.pk else None
    return {
        "job": job.upstream_id,
        "name": job.name,
        "state": job.state,
        "health": job.health,
        "base_model": job.base_model,
        "method": job.method,
        "account_name": job.account.name if job.account_id else "",
        "step": job.step,
        "total_steps": job.total_steps,
        "best_loss": job.best_loss,
        "best_loss_of": job.best_loss_name,
        "best_step": job.best_step,
        "best_reward": reward and reward.max,
        "best_reward_of": reward.name if reward else "",
        "tokens_trained": job.trained_tokens,
        "fine_tuned_model": job.fine_tuned_model,
        "created_at": job.created_at.isoformat(),
        "started_at": job.started_at and job.started_at.isoformat(),
        "ended_at": job.ended_at and job.ended_at.isoformat(),
    }
