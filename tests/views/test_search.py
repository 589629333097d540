"""How the jobs list takes a search, says what is wrong with it, and explains itself."""

from datetime import datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobs.models import Pulse
from jobs.search.examples import EXAMPLES
from tests.making import make_job

pytestmark = pytest.mark.django_db

PAGE = reverse("job_list")


def test_a_mistake_is_underlined_and_the_rest_still_searches(browser: Client):
    make_job(name="low", best_loss=0.1)
    make_job(name="high", best_loss=0.9)

    page = browser.get(PAGE, {"q": "loss<0.5 step>many"}).content.decode()

    assert "loss&lt;0.5 step&gt;<mark>many</mark>" in page
    assert "“step” is compared with a number" in page
    assert ">low</a>" in page
    assert ">high</a>" not in page


def test_a_near_miss_is_one_click_away(browser: Client):
    make_job(name="low", state="failed")
    page = browser.get(PAGE, {"q": "sate:failed", "sort": "loss"}).content.decode()

    assert "Did you mean" in page
    assert 'href="?q=state%3Afailed&amp;sort=loss"' in page


def test_what_is_typed_is_never_markup(browser: Client):
    page = browser.get(PAGE, {"q": "<b>x</b>:1 <i>"}).content.decode()

    assert "<b>x" not in page
    assert "<i>" not in page


def test_every_example_is_explained_beside_the_box(browser: Client):
    page = unescape(browser.get(PAGE).content.decode())

    for example in EXAMPLES:
        assert f"<code>{example.search}</code>" in page
        assert example.means in page


def test_time_that_goes_by_makes_another_page(browser: Client, monkeypatch: pytest.MonkeyPatch):
    now = timezone.now()
    make_job(name="young", created_at=now - timedelta(days=6, hours=23, minutes=59))
    make_job(name="younger", created_at=now)
    Pulse.raise_version()
    Pulse.beat(now + timedelta(hours=1))
    monkeypatch.setattr(timezone, "now", lambda: now)
    query = {"q": "created>7d"}

    page = browser.get(PAGE, query)
    assert ">young</a>" in page.content.decode()
    assert again(browser, page.headers["ETag"], query).status_code == 304

    monkeypatch.setattr(timezone, "now", lambda: later(now))

    changed = again(browser, page.headers["ETag"], query)
    assert changed.status_code == 200
    assert ">younger</a>" in changed.content.decode()
    assert ">young</a>" not in changed.content.decode()


def later(now: datetime) -> datetime:
    return now + timedelta(minutes=2)


def again(browser: Client, tag: str, query: dict[str, str]):
    return browser.get(PAGE, query, headers={"If-None-Match": tag})
