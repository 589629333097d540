"""The counts above the list: with the page, or after it where many jobs are to be counted."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Job, Pulse
from jobs.views import counts
from jobs.views.rows import kept
from tests.making import BORN, make_job

pytestmark = pytest.mark.django_db

CHIP = re.compile(r'id="in-(\w+)".*?<b>(.*?)</b>')
FOLLOW = re.compile(r'hx-get="(/jobs/counts[^"]*)" hx-trigger="load"')


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "MANY", 10)
    for number in range(80):
        make_job(name=f"job {number}", state=Job.State.FAILED if number % 3 else Job.State.PAUSED)
    kept.clear()


def ask(browser: Client, address: str = "/?q=job", *, by_script: bool = True) -> str:
    headers = {"HX-Request": "true"} if by_script else {}
    return browser.get(address, headers=headers).content.decode()


def chips(html: str) -> dict[str, str]:
    return dict(CHIP.findall(html))


def follow(html: str) -> str:
    found = FOLLOW.search(html)
    return found[1].replace("&amp;", "&") if found else ""


ALL = {"all": "80", "paused": "27", "failed": "53"}


def test_a_script_gets_the_page_first_and_the_counts_then(browser: Client):
    html = ask(browser)

    assert html.count("<tr data-job") == 50
    assert chips(html) == {"all": "", "paused": "", "failed": ""}
    told = ask(browser, follow(html))
    assert chips(told) == ALL
    assert not follow(told)


def test_who_has_no_script_gets_all_at_once(browser: Client):
    html = ask(browser, by_script=False)

    assert chips(html) == ALL
    assert not follow(html)


def test_until_new_counts_come_the_last_ones_are_shown(browser: Client):
    ask(browser, by_script=False)
    make_job(name="job 81", state=Job.State.FAILED)
    Pulse.raise_version()

    html = ask(browser)

    assert chips(html) == ALL
    assert chips(ask(browser, follow(html))) == ALL | {"all": "81", "failed": "54"}


@pytest.mark.parametrize("search", ["/?q=name:%22job 7%22", "/?q=absent"])
def test_what_fits_on_a_page_is_counted_with_it(browser: Client, search: str):
    html = ask(browser, search)

    assert not follow(html)
    assert chips(html)["all"] == str(html.count("<tr data-job"))


def test_counts_that_are_known_come_with_the_page(browser: Client):
    ask(browser, "/?q=job&sort=name", by_script=False)

    html = ask(browser, "/?q=job&sort=-name")

    assert chips(html) == ALL
    assert not follow(html)


def test_of_few_jobs_the_counts_never_follow(browser: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(counts, "MANY", 1_000_000)

    assert chips(ask(browser)) == ALL


def test_what_follows_is_counted_for_the_same_list(browser: Client):
    Job.objects.filter(name="job 1").update(archived_at=BORN)
    address = follow(ask(browser, "/?q=job&state=failed&sort=name"))

    html = ask(browser, address)

    assert chips(html) == ALL | {"all": "79", "failed": "52"}
    assert re.search(r'id="in-failed" href="/\?state=failed&amp;q=job&amp;sort=name" aria-', html)
    assert reverse("job_counts") in address
