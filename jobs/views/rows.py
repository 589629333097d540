"""Rendered rows and lists of jobs, kept for whoever asks next: rendering is what a list page costs.

A row shows nothing but its job, and every change of a job raises its revision; a list shows nothing but
jobs and accounts, and every change of those raises the version. So what is kept is never out of date,
and a hundred readers whom the bell wakes at once cost one list, whose one changed row is rendered.
Times are written as moments; the browser turns them into ages.
"""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from jobs.models import Account, Job, Listing, Pulse
from jobs.views.kept import Kept

MOST_KEPT = 20_000
Key = tuple[int, int]
Counts = dict[str, int]

kept: dict[Key, SafeString] = {}
lists: Kept[SafeString] = Kept(50)
counts: Kept[Counts] = Kept(50)
healths: Kept[SafeString] = Kept(2)


def render_list(listing: Listing, pulse: Pulse) -> SafeString:
    """The table that the listing asks for, and the counts above it."""

    def render() -> SafeString:
        page = listing.page()
        context = {
            "listing": listing,
            "page": page,
            "rows": render_rows(page.rows),
            "counts": counted(listing, pulse),
            "is_connected": bool(page.rows) or Account.objects.exists(),
            "pulse": pulse,
        }
        return render_to_string("jobs/_job_rows.html", context)

    return lists.piece((listing, listing.minute), pulse, render)


def counted(listing: Listing, pulse: Pulse) -> Counts:
    """How many jobs the search finds in each state, whatever is shown of them, in whatever order."""
    return counts.piece(
        (listing.text, listing.minute), pulse, lambda: listing.matching().count_by_state()
    )


def render_health(pulse: Pulse) -> SafeString:
    """What is wrong with listening; whether it is, is part of the version, and the page asks again soon."""

    def render() -> SafeString:
        context = {"pulse": pulse, "failing": Account.objects.failing()}
        return render_to_string("jobs/_health.html", context)

    return healths.piece(pulse.has_stopped, pulse, render)


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
