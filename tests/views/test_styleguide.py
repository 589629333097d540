import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.views.styleguide import CHAPTERS, COLOURS

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "templates" / "components"
ELSEWHERE = {
    "compare_": "parts of one page, drawn from the curves of several jobs at once",
}
OF_THE_READER = ("django_session", "auth_user")


@pytest.fixture
def staff(alice: User, browser: Client) -> Client:
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    return browser


def test_every_component_is_in_the_style_guide(staff: Client):
    shown: set[str] = set()

    for chapter in CHAPTERS:
        reply = staff.get(reverse("styleguide", args=[chapter]))
        assert reply.status_code == 200, chapter
        shown |= {template.name or "" for template in reply.templates}

    there = {path.name for path in COMPONENTS.glob("*.html")}
    wanted = {name for name in there if not name.startswith(tuple(ELSEWHERE))}
    assert {name for name in wanted if f"components/{name}" not in shown} == set()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_style_guide_reads_nothing_but_who_is_reading(staff: Client, chapter: str):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        staff.get(reverse("styleguide", args=[chapter]))

    foreign = [each["sql"] for each in asked if not any(t in each["sql"] for t in OF_THE_READER)]
    assert foreign == []


def test_the_style_guide_is_for_staff(browser: Client):
    address = reverse("styleguide")

    assert browser.get(address).status_code == 404
    assert b"styleguide" not in browser.get(reverse("account_list")).content


def test_there_is_no_chapter_of_that_name(staff: Client):
    assert staff.get(reverse("styleguide", args=["nothing"])).status_code == 404


def test_every_colour_is_in_the_style_guide_and_on_the_page_about_it():
    styles = (ROOT / "static" / "css" / "app.css").read_text()
    page = (ROOT / "docs" / "design.md").read_text()

    roles = re.findall(r"--((?!chart-)[\w-]+): light-dark\((#\w+), (#\w+)\)", styles)

    assert set(COLOURS) == {name for name, _, _ in roles}
    for name, light, dark in roles:
        assert f"| `--{name}` | `{light}` | `{dark}` |" in page
