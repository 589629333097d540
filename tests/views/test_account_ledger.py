import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Account, Action
from jobs.views import accounts
from tests.making import make_account, make_job, make_user

pytestmark = pytest.mark.django_db


def note(**given) -> Action:
    account = {} if "job" in given else {"account": make_account()}
    return Action.objects.create(asked_by=make_user(), **account | given)


def ledger(browser: Client, account: Account) -> str:
    return browser.get(reverse("account_ledger", args=[account.pk])).content.decode()


def test_the_ledger_tells_who_asked_what_why_and_how_it_ended(browser: Client):
    note(
        verb="share",
        subject="ft:x",
        recipient="proj_1",
        why="evaluation",
        outcome="refused",
        detail="No such project.",
    )

    html = ledger(browser, make_account())

    assert "<b>Share</b> <code>ft:x</code> with <code>proj_1</code> refused" in html
    assert "<blockquote>evaluation</blockquote>" in html
    assert "No such project." in html
    assert "alice, <time" in html
    assert "while" not in html.split("<b>Share</b>")[1].split("</p>")[0]


def test_what_was_asked_of_its_jobs_stands_there_too(browser: Client):
    job = make_job(name="support-bot")
    note(verb="cancel", job=job, state_before="running")

    html = ledger(browser, job.account)

    assert f'<a class="link" href="{job.get_absolute_url()}">support-bot</a>' in html
    assert "while running" in html


def test_what_was_asked_elsewhere_does_not(browser: Client):
    note(verb="delete_file", subject="file-1")

    html = ledger(browser, make_account(name="Other"))

    assert "file-1" not in html
    assert "Nothing has been asked yet" in html


def test_the_newest_comes_first_and_the_page_has_an_end(browser: Client, monkeypatch):
    monkeypatch.setattr(accounts, "MOST_ACTIONS", 2)
    for number in range(3):
        note(verb="delete_file", subject=f"file-{number}")

    html = ledger(browser, make_account())

    assert html.index("file-2") < html.index("file-1")
    assert "file-0" not in html
    assert "The newest 2 of 3." in html


def test_every_page_of_an_account_leads_to_its_ledger(browser: Client):
    account = make_account()
    for name in ("account_detail", "account_files", "account_models"):
        html = browser.get(reverse(name, args=[account.pk])).content.decode()
        assert f'href="{reverse("account_ledger", args=[account.pk])}"' in html
