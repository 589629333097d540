"""Rendered rows of the jobs list, kept per job and revision: rendering is what a list page costs.

A row shows nothing but its job, and every change of a job raises its revision, so a kept row is
never out of date. Times are written as moments; the browser turns them into ages.
"""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from jobs.models import Job

MOST_KEPT = 20_000
Key = tuple[int, int]

kept: dict[Key, SafeString] = {}


def render_rows(keys: Sequence[Key]) -> SafeString:
    """The rows of these (pk, revision), in their order."""
    missing = [pk for pk, revision in keys if (pk, revision) not in kept]
    if missing:
        render_missing(missing)
    return mark_safe("".join(kept.get(key) or render_missing([key[0]]) for key in keys))  # noqa: S308 (rendered by us)


def render_missing(pks: list[int]) -> SafeString:
    if len(kept) > MOST_KEPT:
        kept.clear()
    row = SafeString("")
    for job in Job.objects.for_list().in_bulk(pks).values():
        row = render_to_string("jobs/_job_row.html", {"job": job})
        kept[job.pk, job.revision] = row
    return row
