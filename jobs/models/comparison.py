"""Several jobs side by side as an address describes them: which, measured how, against which one.

A job keeps its place, and with it its number, colour and dashes, when another one leaves: `jobs=7,,9`
has an empty place, which the next one takes. Bad values fall back and say so in `problems`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from jobs.models.file import File
from jobs.models.job import Job
from jobs.models.job_query import JobQuerySet
from jobs.models.metric import with_figures

MOST = 100
MOST_DIGITS = 18
LONGEST = 100  # characters of a metric's name, or of a search
AXES = {"step": "Step", "epoch": "Epoch", "elapsed": "Elapsed time", "tokens": "Trained tokens"}
COLUMNS = (
    "place",
    "name",
    "state",
    "model",
    "method",
    "best",
    "final",
    "duration",
    "tokens",
)
SEARCHED = ("name", "upstream_id", "base_model", "fine_tuned_model")
SMOOTHEST = 99  # percent
PLACES = ("last", "min", "max")
UNSORTED = "Jobs cannot be sorted by “{}”: they stand as they came."
UNALIGNED = "Curves cannot be aligned by “{}”: they lie by their steps."
UNSCALED = "There is no scale “{}”: it is linear."
UNPLACED = "A metric has no “{}”: its newest value is taken."


@dataclass(frozen=True)
class Comparison:
    places: tuple[int, ...] = ()  # 0 is an empty one
    hidden: frozenset[int] = frozenset()
    baseline: int = 0
    sort: str = "place"
    descending: bool = False
    axis: str = "step"
    is_log: bool = False
    smoothing: int = 0
    metrics: tuple[str, ...] = ()  # that charts show, where it is not the usual one
    only_rows: bool = False  # of the recipe: those that differ
    only_cells: bool = False
    across: str = ""  # a hyperparameter …
    up: str = ""  # … and a metric …
    up_at: str = "last"  # … at this place, for the scatter
    text: str = ""
    problems: tuple[str, ...] = ()

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        problems: list[str] = []
        places = places_of(",".join(query.getlist("jobs")), problems)
        sort = query.get("sort", "")
        at = query.get("at", "")
        return cls(
            places,
            frozenset(numbers(query.get("hide", ""))) & frozenset(places),
            baseline_of(query.get("base", ""), places, problems),
            one_of(COLUMNS, sort.removeprefix("-"), UNSORTED, problems),
            sort.startswith("-") and sort[1:] in COLUMNS,
            one_of(tuple(AXES), query.get("x", ""), UNALIGNED, problems),
            one_of(("linear", "log"), query.get("y", ""), UNSCALED, problems) == "log",
            smoothing_of(query.get("smooth", ""), problems),
            tuple(filter(None, map(words, query.getlist("metric")))),
            "differing" in query.getlist("rows"),
            "differing" in query.getlist("cells"),
            words(query.get("across", "")),
            words(query.get("up", "")),
            one_of(PLACES, at, UNPLACED, problems),
            words(query.get("q", "")),
            tuple(problems),
        )

    @property
    def keys(self) -> list[int]:
        return [pk for pk in self.places if pk]

    @property
    def is_full(self) -> bool:
        return len(self.keys) >= MOST

    def jobs(self) -> dict[int, Job]:
        """By place, those that there are."""
        found = Job.objects.select_related("account").defer("raw", "integrations")
        known = found.prefetch_related(with_figures()).in_bulk(self.keys)
        return {place: known[pk] for place, pk in enumerate(self.places) if pk in known}

    def revisions(self) -> list[tuple[int, int]]:
        """What tells, before anything else is read, whether one of them has changed."""
        rows = Job.objects.filter(pk__in=self.keys).order_by("pk")
        return list(rows.values_list("pk", "revision"))

    def found(self) -> JobQuerySet:
        """What the search box offers to add."""
        anywhere = Q()
        for field in SEARCHED:
            anywhere |= Q(**{f"{field}__icontains": self.text})
        return Job.objects.for_list().filter(anywhere).exclude(pk__in=self.keys)

    def query(self) -> str:
        return urlencode(self.pairs(), safe=",")

    def pairs(self) -> list[tuple[str, str]]:
        """This comparison as a form or an address tells it, with what is usual left out."""
        given: dict[str, str | list[str]] = {
            "jobs": ",".join(str(pk or "") for pk in self.places),
            "hide": ",".join(map(str, sorted(self.hidden))),
            "base": str(self.baseline or ""),
            "sort": ("-" if self.descending else "") + self.sort,
            "x": self.axis,
            "y": "log" if self.is_log else "",
            "smooth": str(self.smoothing or ""),
            "metric": list(self.metrics),
            "rows": "differing" if self.only_rows else "",
            "cells": "differing" if self.only_cells else "",
            "across": self.across,
            "up": self.up,
            "at": self.up_at,
        }
        usual = {"sort": "place", "x": "step", "at": "last"}
        return [
            (key, each)
            for key, value in given.items()
            for each in (value if isinstance(value, list) else [value])
            if each and usual.get(key) != each
        ]

    def adding(self, pk: int) -> Self:
        """With another job, in the first empty place."""
        places = [*self.places, 0]
        places[places.index(0)] = pk
        return replace(self, places=trimmed(places))

    def without(self, pk: int) -> Self:
        places = trimmed(0 if each == pk else each for each in self.places)
        baseline = 0 if self.baseline == pk else self.baseline
        return replace(self, places=places, hidden=self.hidden - {pk}, baseline=baseline)

    def toggled(self, pk: int) -> Self:
        return replace(self, hidden=self.hidden ^ {pk})

    def against(self, pk: int) -> Self:
        """With this job as the baseline; with none where it is the baseline already."""
        return replace(self, baseline=0 if self.baseline == pk else pk)

    def sorted_by(self, column: str) -> Self:
        """As a click on a column's head gives it: the same column again turns it round."""
        down = not self.descending if column == self.sort else False
        return replace(self, sort=column, descending=down)


def files_of(jobs: Iterable[Job]) -> Mapping[tuple[int, str], File]:
    """By account and id, what is known of the files that these jobs learn from."""
    read = [(job.account_id, (job.training_file, job.validation_file)) for job in jobs]
    names = {name for _, both in read for name in both if name}
    accounts = {account for account, _ in read}
    found = File.objects.filter(account__in=accounts, upstream_id__in=names)
    return {(file.account_id, file.upstream_id): file for file in found}


def trimmed(places: Iterable[int]) -> tuple[int, ...]:
    """Without empty places at the end."""
    kept = list(places)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part.isdecimal() and len(part) <= MOST_DIGITS]


def words(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST]


def places_of(text: str, problems: list[str]) -> tuple[int, ...]:
    places: list[int] = []
    wrong: list[str] = []
    for part in map(str.strip, text.split(",")):
        number = next(iter(numbers(part)), 0)
        wrong += [part[:20]] if part and not number else []
        places.append(0 if number in places else number)
    if wrong:
        named = ", ".join(f"“{part}”" for part in wrong[:3])
        problems.append(f"{named} {'are no jobs' if len(wrong) > 1 else 'is no job'}: left out.")
    if len([pk for pk in places if pk]) > MOST:
        problems.append(f"{MOST} jobs at most can be compared: the first {MOST} are.")
        places = [pk for pk in places if pk][:MOST]
    return trimmed(places[: 2 * MOST])


def baseline_of(text: str, places: tuple[int, ...], problems: list[str]) -> int:
    found = next(iter(numbers(text)), 0)
    if not text or (found and found in places):
        return found
    problems.append("The baseline is not among these jobs: there is none.")
    return 0


def one_of(known: tuple[str, ...], asked: str, complaint: str, problems: list[str]) -> str:
    """What is asked for; the first one where nothing is, or nothing that is known."""
    if asked and asked not in known:
        problems.append(complaint.format(words(asked)[:20]))
    return asked if asked in known else known[0]


def smoothing_of(text: str, problems: list[str]) -> int:
    if not text or (text.isdecimal() and len(text) < 4 and int(text) <= SMOOTHEST):
        return int(text or 0)
    problems.append(f"Smoothing goes from 0 to {SMOOTHEST}: curves are not smoothed.")
    return 0
