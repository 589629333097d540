"""Rendered rows and lists of jobs, kept for whoever asks next: rendering is what a list page costs.

A row shows nothing but its job, and every change of a job raises its revision; a list shows nothing but
jobs and accounts, and every change of those raises the version. So what is kept is never out of date,
and a hundred readers whom the bell wakes at once cost one list, whose one changed row is rendered.
Times are written as moments; the browser turns them into ages.
"""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from jobs.models import Account, Desk, Job, Listing, Pulse
from jobs.models.columns import columns_of, values
from jobs.models.metric import with_figures
from jobs.views.cells import arranged
from jobs.views.counts import counted, counted_later
from jobs.views.kept import Kept

MOST_KEPT = 20_000
Key = tuple[int, int]

kept: dict[Key, SafeString] = {}
lists: Kept[SafeString] = Kept(50)
desks: Kept[Desk] = Kept(500)
healths: Kept[SafeString] = Kept(4)


def render_list(
    listing: Listing, pulse: Pulse, pins: tuple[int, ...] = (), *, may_ask: bool = False
) -> SafeString:
    """The table that the listing asks for, and the counts above it. Pinned jobs stand at its head.

    Where a script may ask again, the counts of a list that fills more than a page can follow.
    """

    def render() -> SafeString:
        page, pinned = listing.page(pins=pins), listing.pinned(pins)
        count = counted_later if may_ask and (page.previous or page.next) else counted
        context = {
            "listing": listing,
            "page": page,
            "columns": columns_of(listing.columns),
            "pinned": render_rows(pinned, listing.columns),
            "rows": render_rows(page.rows, listing.columns),
            "counts": count(listing, pulse),
            "is_connected": bool(page.rows or pinned) or Account.objects.exists(),
            "pulse": pulse,
        }
        return render_to_string("jobs/_job_rows.html", context)

    return lists.piece((listing, listing.minute, pins, may_ask), pulse, render)


def desk_of(user: User, pulse: Pulse) -> Desk:
    """What this person keeps on top. Changes of it raise the version, too."""
    return desks.piece(user.pk, pulse, lambda: Desk.objects.of(user))


def render_health(pulse: Pulse, user: User) -> SafeString:
    """What is wrong with listening; whether it is, is part of the version, and the page asks again soon."""

    def render() -> SafeString:
        context = {"pulse": pulse, "failing": Account.objects.failing(), "user": user}
        return render_to_string("jobs/_health.html", context)

    return healths.piece((pulse.has_stopped, user.is_staff), pulse, render)


def render_rows(keys: Sequence[Key], names: tuple[str, ...] = ()) -> SafeString:
    """The rows of these (pk, revision), in their order, with the usual columns or with these."""
    missing = [pk for pk, revision in keys if (pk, revision) not in kept]
    if missing:
        render_missing(missing)
    rows = [kept.get(key) or render_missing([key[0]]) for key in keys]
    if names:
        columns = columns_of(names)
        found = values(columns, [pk for pk, _ in keys])
        rows = [
            arranged(row, columns, found.get(pk, {}))
            for row, (pk, _) in zip(rows, keys, strict=True)
        ]
    return mark_safe("".join(rows))  # noqa: S308 (rendered by us)


def render_missing(pks: list[int]) -> SafeString:
    if len(kept) > MOST_KEPT:
        kept.clear()
    row = SafeString("")
    jobs = Job.objects.for_list().prefetch_related("tags", with_figures())
    for job in jobs.in_bulk(pks).values():
        row = render_to_string("jobs/_job_row.html", {"job": job})
        kept[job.pk, job.revision] = row
    return row
