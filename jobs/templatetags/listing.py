"""What the jobs list's template asks of its Listing: other addresses of the same list."""

from functools import cache
from typing import NamedTuple

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jobs.models import Job, Listing
from jobs.search.examples import CHAPTERS
from jobs.templatetags.tuneboard import icon

register = template.Library()


class Chip(NamedTuple):
    state: str
    label: str
    number: int | None
    query: str
    is_current: bool


class Mistake(NamedTuple):
    """A part of the search that is wrong, between what stands before and behind it."""

    before: str
    wrong: str
    after: str
    words: str
    instead: str


@register.simple_tag
def mistakes(listing: Listing) -> list[Mistake]:
    text = listing.text
    return [
        Mistake(text[: p.start], text[p.start : p.end], text[p.end :], p.words, p.instead)
        for p in listing.search.problems
    ]


@register.simple_tag
@cache
def search_help() -> SafeString:
    """How to search, by examples: the same on every page, and made once."""
    return render_to_string("components/search_help.html", {"chapters": CHAPTERS})


@register.simple_tag
def chips(listing: Listing, counts: dict[str, int | None]) -> list[Chip]:
    """All, then each state that has jobs or is asked for, in the order of a job's life."""
    states = [state for state in Job.State if state in counts or state == listing.state]
    known = [number for number in counts.values() if number is not None]
    total = sum(known) if len(known) == len(counts) else None
    every = Chip("", "All", total, listing.query(state=""), not listing.state)
    return [every] + [
        Chip(
            state,
            state.label,
            counts.get(state, 0),
            listing.query(state=state),
            state == listing.state,
        )
        for state in states
    ]


@register.simple_tag
def query(listing: Listing, **changed: str) -> str:
    return listing.query(**changed)


@register.simple_tag
def sort_head(listing: Listing, sort: str, label: str, kind: str = "") -> SafeString:
    """A column's head: a link that sorts by it, and says how the list is sorted now."""
    sorted_now = listing.sort == sort
    direction = "descending" if listing.descending else "ascending"
    return format_html(
        '<th scope="col" class="of-{}"{}><a href="?{}">{}{}</a></th>',
        kind or sort,
        format_html(' aria-sort="{}"', direction) if sorted_now else "",
        listing.sorted_by(sort).query(),
        label,
        icon("arrow-down" if listing.descending else "arrow-up") if sorted_now else "",
    )
