"""Every page: readable by everyone, in both themes, at any width."""

from typing import Literal

import pytest
from playwright.sync_api import Page, Route, expect

from jobs.urls import urlpatterns
from tests.browser.conftest import Training
from tests.browser.looking import COLOURS, DESK, PHONE, WCAG, excess, violations
from tests.browser.places import BUTTONS, FILES, FOR_STRANGERS, PAGES, PARTS, addresses, furnish
from tests.chromium import OpenPage
from tests.stack import Stack

pytestmark = pytest.mark.browser

LOOKS: tuple[tuple[Literal["light", "dark"], tuple[str, ...]], ...] = (
    ("light", WCAG),
    ("dark", COLOURS),
)

LOST = """() => [...document.querySelectorAll("a.anchor")].map(({ hash }) => hash)
  .filter((place) => !document.querySelector(place))"""


def as_if_all_were_well(route: Route) -> None:
    """The page as it is, but for its status: a browser's console calls each 404 an error."""
    answer = route.fetch(max_redirects=0)
    route.fulfill(response=answer, status=answer.status if answer.status < 400 else 200)


def test_every_address_is_a_page_that_is_looked_at_or_none():
    named = {route.name for route in urlpatterns}

    assert named - PAGES.keys() - FOR_STRANGERS == PARTS | FILES | BUTTONS


def test_every_page_is_for_everyone(
    stack: Stack, page: Page, training: Training, ended: Training, failed: Training
):
    for path in addresses(furnish(page, training, ended, failed)):
        if path.startswith(("/nothing", "/sign-in", f"{ended.path}/results")):
            page.route(f"**{path}", as_if_all_were_well)
        page.goto(path)
        for theme, rules in LOOKS:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            for size in (DESK, PHONE):
                page.set_viewport_size(size)
                assert violations(page, rules) == [], f"{path}, {theme}, {size['width']} px"
        assert excess(page) == 0, path
        assert page.evaluate(LOST) == [], path


def test_the_dialog_is_accessible(reader: Page, training: Training):
    reader.goto(training.path)
    reader.locator("#ask-cancel").click()
    reader.get_by_role("dialog").wait_for()

    assert violations(reader) == []


def test_pages_for_strangers_are_accessible(stack: Stack, open_page: OpenPage):
    for theme in ("light", "dark"):
        page = open_page(stack.url, color_scheme=theme)
        page.goto("/sign-in")
        assert violations(page) == []


HIDDEN = """
    let hidden = true;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    window.lookAt = () => { hidden = false; document.dispatchEvent(new Event("visibilitychange")); };
"""


def test_a_tab_opened_in_the_background_asks_for_what_is_wrong_once_it_is_looked_at(page: Page):
    page.add_init_script(HIDDEN)
    page.goto("/accounts", wait_until="networkidle")
    expect(page.locator("#health")).not_to_have_attribute("hx-trigger", "every 20s")

    page.evaluate("lookAt()")

    expect(page.locator("#health")).to_have_attribute("hx-trigger", "every 20s")
