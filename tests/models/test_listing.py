import base64
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from jobs.models import Job, Listing, listing
from jobs.models.listing import LONGEST_TEXT
from tests.making import BORN, make_job

pytestmark = pytest.mark.django_db


def names(listing: Listing) -> list[str]:
    jobs = Job.objects.in_bulk([pk for pk, _ in listing.page().rows])
    return [jobs[pk].name for pk, _ in listing.page().rows]


def walk(query: dict[str, str], size: int) -> list[int]:
    """Every key from the first page to the last, by the next links."""
    found: list[int] = []
    after = ""
    while True:
        page = Listing.read(query | {"after": after}).page(size)
        found += [pk for pk, _ in page.rows]
        after = page.next
        if not after:
            return found


def test_the_newest_come_first():
    make_job(name="old", created_at=BORN)
    make_job(name="new", created_at=BORN + timedelta(hours=1))

    assert names(Listing.read({})) == ["new", "old"]


def test_it_filters_by_state():
    make_job(name="runs")
    make_job(name="failed", state=Job.State.FAILED)

    assert names(Listing.read({"state": "failed"})) == ["failed"]


def test_every_word_must_be_found_somewhere():
    make_job(name="support-bot", base_model="gpt-4o-mini")
    make_job(name="support-bot", base_model="tiny")

    assert len(names(Listing.read({"q": "SUPPORT gpt-4o"}))) == 1
    assert names(Listing.read({"q": "support absent"})) == []


@pytest.mark.parametrize(
    "sort", ["loss", "-loss", "name", "-name", "created", "-created", "-ended"]
)
def test_pages_hold_every_job_once_in_any_order(sort: str):
    for number in range(23):
        make_job(
            name=f"job {number % 5}",
            best_loss=None if number % 3 == 0 else number % 4 / 7,
            ended_at=None if number % 2 else BORN + timedelta(seconds=number % 3),
        )
    everything = [pk for pk, _ in Listing.read({"sort": sort}).page(100).rows]

    assert walk({"sort": sort}, 4) == everything
    assert len(set(everything)) == 23


@pytest.mark.parametrize("sort", ["loss", "-loss", "name", "-created"])
def test_the_way_back_shows_the_same_pages(sort: str):
    for number in range(11):
        make_job(name=f"job {number % 3}", best_loss=None if number % 3 == 0 else number % 4 / 7)
    first = Listing.read({"sort": sort}).page(4)
    second = Listing.read({"sort": sort, "after": first.next}).page(4)
    third = Listing.read({"sort": sort, "after": second.next}).page(4)

    back = Listing.read({"sort": sort, "before": third.previous}).page(4)
    start = Listing.read({"sort": sort, "before": second.previous}).page(4)

    assert (back.rows, start.rows) == (second.rows, first.rows)
    assert (start.previous, third.next) == ("", "")


@pytest.mark.parametrize("near", [0, 3, 7, 100])
@pytest.mark.parametrize("sort", ["loss", "-name"])
def test_a_search_is_the_same_however_many_rows_are_looked_at_first(monkeypatch, near, sort):
    monkeypatch.setattr(listing, "NEAR", near)
    for number in range(23):
        make_job(name=f"job {number % 5}", best_loss=None if number % 3 == 0 else number % 4 / 7)
    asked = {"sort": sort, "q": 'job -name:"job 3"'}
    everything = [pk for pk, _ in Listing.read(asked).page(100).rows]

    assert walk(asked, 4) == everything
    assert len(set(everything)) == 19

    last = Listing.read(asked).page(15)
    assert Listing.read(asked | {"before": last.next}).page(4).rows == last.rows[-5:-1]


def test_jobs_without_a_loss_come_last_both_ways():
    make_job(name="none")
    make_job(name="low", best_loss=0.1)
    make_job(name="high", best_loss=0.9)

    assert names(Listing.read({"sort": "loss"})) == ["low", "high", "none"]
    assert names(Listing.read({"sort": "-loss"})) == ["high", "low", "none"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"state": "exploded"}, "exploded"),
        ({"sort": "-moon"}, "moon"),
        ({"after": "rubbish"}, "place"),
        ({"before": "WyJhIl0="}, "place"),
    ],
)
def test_bad_values_fall_back_and_say_so(query: dict[str, str], words: str):
    make_job()

    listing = Listing.read(query)

    assert len(listing.page().rows) == 1
    assert words in " ".join(listing.problems)


def place(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize("side", ["after", "before"])
@pytest.mark.parametrize(
    ("sort", "written"),
    [
        ("created", place("x", 1)),
        ("created", place(5, 1)),
        ("created", place(None, 1)),
        ("created", place({"at": 5}, 1)),
        ("created", place({"at": "0001-01-01T00:00:00+23:59"}, 1)),
        ("created", place({"at": "2026-01-01T00:00:00+00:00"}, "1")),
        ("loss", place("x", 1)),
        ("loss", place(True, 1)),
        ("loss", place(float("inf"), 1)),
        ("loss", place(10**400, 1)),
        ("step", place({"at": "2026-01-01T00:00:00+00:00"}, 1)),
        ("step", place(1.5, 1)),
        ("step", place(1, 1.5)),
        ("name", place(["a"], 1)),
        ("name", place("a\0b", 1)),
        ("name", place("\ud800", 1)),
        ("name", place("a")),
        ("name", place({})),
        ("name", base64.urlsafe_b64encode(b"[" * 100_000).decode()),
        ("name", "ü"),
    ],
)
def test_what_is_no_place_in_this_order_is_the_beginning(sort: str, side: str, written: str):
    make_job(step=1, best_loss=0.5)

    listing = Listing.read({"sort": sort, side: written})

    assert len(listing.page().rows) == 1
    assert "place" in " ".join(listing.problems)


@pytest.mark.parametrize(
    ("sort", "written"),
    [
        ("-created", place({"at": "2026-01-01T00:00:00"}, 1)),
        ("-created", place({"at": "2026-01-01"}, 10**30)),
        ("step", place(10**30, 1)),
        ("-step", place(-(10**30), 1)),
        ("loss", place(1e308, -1)),
        ("name", place("z" * 5000, 1)),
    ],
)
def test_a_place_behind_all_jobs_is_an_empty_page(sort: str, written: str):
    make_job(step=1, best_loss=0.5)

    listing = Listing.read({"sort": sort, "after": written})

    assert listing.page().rows == []
    assert listing.problems == ()


def test_a_search_is_cut_short_and_says_so():
    make_job(name="word" * 200)

    listing = Listing.read({"q": "word" * 2000})

    assert len(listing.text) == LONGEST_TEXT
    assert len(listing.page().rows) == 1
    assert "too long" in listing.problems[0]


def test_what_no_database_takes_is_left_out_of_a_search():
    make_job(name="support-bot")

    assert names(Listing.read({"q": "supp\0ort"})) == ["support-bot"]


def test_the_query_string_carries_the_whole_state():
    listing = Listing.read({"state": "running", "q": "a b", "sort": "loss"})

    again = Listing.read(dict(parse_qsl(listing.query())))

    assert again == listing
    assert parse_qsl(listing.query(state="")) == [("q", "a b"), ("sort", "loss")]


def test_a_click_on_the_same_column_turns_the_order_round():
    listing = Listing.read({}).sorted_by("loss")

    assert (listing.sort, listing.descending) == ("loss", False)
    assert listing.sorted_by("loss").descending
