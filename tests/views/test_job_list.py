"""What a reader keeps on top of the list: pins, views, news; and what was put away."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from jobs.models import Desk, Job, SavedView, news
from tests.making import BORN, make_job, make_order, make_user

pytestmark = pytest.mark.django_db

ENDED = {"state": Job.State.SUCCEEDED, "ended_at": BORN}


@pytest.fixture
def bob(django_user_model: type[User]) -> Client:
    browser = Client()
    browser.force_login(django_user_model.objects.create_user("bob"))
    return browser


def page(browser: Client, **query: str) -> str:
    return browser.get(reverse("job_list"), query).content.decode()


def follow(browser: Client, html: str, words: str) -> str:
    """The page that the link with these words leads to."""
    (address,) = re.findall(rf'<a href="([^"]*)"[^>]*><svg [^\n]*</svg>{words}', html)
    return browser.get(unescape(address)).content.decode()


def do(browser: Client, deed: str, *jobs: Job) -> str:
    form = {"deed": deed, "jobs": [job.pk for job in jobs]}
    return browser.post(reverse("picked"), form, follow=True).content.decode()


def save(browser: Client, name: str, query: str = "", **given: str) -> SavedView:
    browser.post(reverse("view_save"), {"name": name, "query": query, **given})
    return SavedView.objects.get(name=name)


def test_what_is_archived_leaves_the_list_and_its_counts_and_comes_back(browser: Client):
    kept, job = make_job(name="kept-job", **ENDED), make_job(name="old-job", **ENDED)

    assert "1 job archived." in do(browser, "archive", job)
    html = page(browser)
    assert (kept.name in html, job.name in html) == (True, False)
    assert "All <b>1</b>" in html
    assert job.name in page(browser, q="is:archived")
    assert kept.name not in page(browser, q="is:archived")

    do(browser, "restore", job)
    assert job.name in page(browser)


def test_the_menu_leads_into_the_archive_with_the_search_and_out_again(browser: Client):
    make_job(name="kept-job", **ENDED)
    make_job(name="old-job", archived_at=timezone.now(), **ENDED)

    inside = follow(browser, page(browser, q='job "a b" OR job', sort="loss"), "Archived jobs")
    outside = follow(browser, inside, "Jobs that are not archived")

    assert ">old-job</a>" in inside
    assert "kept-job" not in inside
    assert 'value="restore"' in inside
    assert ">kept-job</a>" in outside
    assert 'value="job &quot;a b&quot; OR job"' in outside
    assert 'name="sort" value="loss"' in outside


def test_an_old_address_of_the_archive_still_leads_there(browser: Client):
    make_job(name="old-job", archived_at=timezone.now())

    html = page(browser, archived="1", q="old")

    assert 'value="is:archived old"' in html
    assert ">old-job</a> <small" in html


def test_each_reader_of_one_address_gets_their_own_jobs(browser: Client, bob: Client):
    mine, theirs = make_job(name="of-alice"), make_job(name="of-bob")
    for name, job in (("alice", mine), ("bob", theirs)):
        make_order(asked_by=make_user(name), upstream_id=job.upstream_id)
    do(bob, "pin", mine)

    for search, alices, bobs in (("owner:me", mine, theirs), ("is:pinned", None, mine)):
        for reader, own in ((browser, alices), (bob, bobs)):
            html = page(reader, q=search)
            assert [each for each in (mine, theirs) if f">{each}</a>" in html] == [own][: bool(own)]
            assert f"All <b>{int(bool(own))}</b>" in html


def test_what_may_still_cost_money_is_not_archived(browser: Client):
    job = make_job(name="goes-on")

    html = do(browser, "archive", job)

    assert "0 jobs archived. 1 job not ended yet" in html
    assert job.name in html


def test_pinned_jobs_stand_on_top_for_who_pinned_them_and_nowhere_twice(browser, bob):
    first, _, last = [make_job(name=f"run-{number}") for number in range(3)]

    do(browser, "pin", first)

    html = page(browser)
    assert html.index(first.name) < html.index(last.name)
    assert html.count(f'data-job="{first.pk}"') == 1
    others = page(bob)
    assert others.index(last.name) < others.index(first.name)


def test_a_second_press_lets_go_of_a_pin(browser: Client, alice: User):
    job = make_job()
    do(browser, "pin", job)

    assert "1 job unpinned." in do(browser, "pin", job)

    assert Desk.objects.of(alice).pins == []


def test_a_pinned_job_is_shown_where_it_matches_only(browser: Client):
    job = make_job(name="goes-on")
    do(browser, "pin", job)

    assert job.name not in page(browser, state="failed")


def test_a_saved_view_keeps_the_list_and_is_in_its_address(browser: Client):
    make_job(name="goes-on")

    view = save(browser, "Broken", "state=failed&columns=name,seed&nonsense=1")

    assert view.query == "state=failed&columns=name,seed"
    html = page(browser, state="failed", columns="name,seed", view=str(view.pk))
    assert f'<a href="/?{escape(view.address)}" aria-current="true">Broken</a>' in html
    assert "goes-on" not in html


def test_the_same_name_changes_the_view(browser: Client):
    save(browser, "Mine", "state=failed")

    assert save(browser, "Mine", "state=running").query == "state=running"


def test_a_view_is_its_owners_unless_it_is_the_teams(browser: Client, bob: Client):
    save(browser, "Secret")
    shared = save(browser, "Shared", team="on")

    html = page(bob)

    assert "Shared" in html
    assert "Secret" not in html
    assert bob.post(reverse("view_deed", args=[shared.pk, "delete"])).status_code == 404
    assert bob.post(reverse("view_deed", args=[shared.pk, "first"])).status_code == 302
    assert SavedView.objects.filter(name="Shared").exists()


def test_the_first_view_opens_without_an_address(browser: Client):
    view = save(browser, "Broken", "state=failed")
    browser.post(reverse("view_deed", args=[view.pk, "first"]))

    assert browser.get("/").headers["Location"] == f"/?{view.address}"
    assert browser.get("/", {"sort": "-created"}).status_code == 200

    browser.post(reverse("view_deed", args=[view.pk, "delete"]))
    assert browser.get("/").status_code == 200


def test_a_view_that_is_no_longer_the_teams_opens_first_for_nobody_else(
    browser: Client, bob: Client
):
    shared = save(browser, "Shared", "state=failed", team="on")
    bob.post(reverse("view_deed", args=[shared.pk, "first"]))
    assert bob.get("/").status_code == 302

    save(browser, "Shared", "state=failed")

    assert bob.get("/").status_code == 200


def test_a_long_search_in_any_script_can_be_saved(browser: Client):
    assert save(browser, "Long", "q=" + "\N{CJK UNIFIED IDEOGRAPH-5B66}" * 400).query


def test_more_news_than_are_counted_are_told_as_so_many_or_more(
    browser: Client, alice: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(news, "MOST", 2)
    now = timezone.now()
    Desk.objects.create(user=alice, looked_at=now - timedelta(hours=2))
    for _ in range(3):
        make_job(**ENDED | {"ended_at": now, "created_at": now})

    html = page(browser)

    assert "2 or more succeeded</a>" in html
    assert "2 or more new</a>" in html


def test_news_are_told_until_they_were_seen(browser: Client, alice: User, bob: Client):
    now = timezone.now()
    Desk.objects.create(user=alice, looked_at=now - timedelta(hours=2))
    make_job(state=Job.State.FAILED, ended_at=now - timedelta(hours=1))
    make_job(state=Job.State.FAILED, ended_at=now - timedelta(hours=3))

    html = page(browser)
    assert "1 failed</a>" in html
    assert "Since you last looked" not in page(bob)

    browser.post(reverse("looked"), {"at": str(now.timestamp())})
    assert "Since you last looked" not in page(browser)


def test_news_that_came_after_the_page_are_not_dismissed_with_it(browser: Client, alice: User):
    shown = timezone.now() - timedelta(hours=2)
    Desk.objects.create(user=alice, looked_at=shown - timedelta(hours=1))
    make_job(state=Job.State.FAILED, ended_at=shown + timedelta(hours=1))

    browser.post(reverse("looked"), {"at": str(shown.timestamp())})

    assert "1 failed</a>" in page(browser)


@pytest.mark.parametrize("at", ["", "x", "nan", "1e400", "-1"])
def test_a_moment_that_is_none_does_no_harm(browser: Client, at: str):
    assert browser.post(reverse("looked"), {"at": at}).status_code == 302
