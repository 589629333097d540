"""How long pages take is counted by page, and nobody can make up pages."""

import pytest
from django.test import Client
from django.urls import reverse

from jobs import counting
from jobs.models import Pulse

pytestmark = pytest.mark.django_db


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> counting.Counts:
    fresh = counting.Counts()
    monkeypatch.setattr(counting, "here", fresh)
    return fresh


def test_pages_are_counted_by_name_and_kind_of_answer(browser: Client, counts: counting.Counts):
    Pulse.raise_version()
    tag = browser.get(reverse("job_list")).headers["ETag"]
    browser.get(reverse("job_list"), headers={"If-None-Match": tag})
    browser.get(reverse("job_detail", args=[404]))
    browser.get("/made/up/1")
    browser.get("/made/up/2")

    assert {key: sum(found[:-1]) for key, found in counts.tally()["times"].items()} == {
        "page_seconds|job_list|2xx": 1,
        "page_seconds|unchanged|3xx": 1,
        "page_seconds|job_detail|4xx": 1,
        "page_seconds|none|4xx": 2,
    }
    assert counts.worked_at is not None
