"""The page of saved views: what each keeps, and the link that is shared."""

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import SavedView

pytestmark = pytest.mark.django_db


def save(browser: Client, name: str, query: str, **given: str) -> str:
    """What the reader is told of it."""
    told = {"name": name, "query": query, **given}
    return browser.post(reverse("view_save"), told, follow=True).content.decode()


def test_a_view_for_the_team_says_what_to_share(browser: Client):
    assert "address is the link to it" in save(browser, "Broken", "state=failed", team="on")
    assert "address is the link to it" not in save(browser, "Mine", "state=failed")


def test_each_view_has_a_link_to_copy(browser: Client):
    save(browser, "Broken", "state=failed", team="on")
    view = SavedView.objects.get()

    html = browser.get(reverse("view_list")).content.decode()

    link = f"http://testserver/?state=failed&amp;view={view.pk}"
    assert f'data-copy="{link}"' in html
    assert browser.get(link.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "All jobs"),
        ("q=state:failed+refund", "Search “state:failed refund”"),
        ("state=failed&sort=-loss&columns=name,seed", "State failed, sorted by loss, columns name"),
    ],
)
def test_what_a_view_keeps_is_told_in_words(browser: Client, query: str, words: str):
    save(browser, "Mine", query)

    assert words in browser.get(reverse("view_list")).content.decode()
