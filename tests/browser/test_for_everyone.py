"""Every page: readable by everyone, in both themes, at any width."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Training
from tests.browser.looking import DESK, PHONE, excess, violations
from tests.chromium import OpenPage
from tests.stack import Stack

pytestmark = pytest.mark.browser

PAGES = ["/", "/?q=nothing+like+this", "/accounts", "/accounts/new", "/accounts/1", "/password"]
PAGES += ["/accounts/1/files", "/accounts/1/models", "/accounts/1/ledger"]
PAGES += ["/jobs/new", "/orders", "/prices"]


def test_every_page_is_accessible_in_both_themes(reader: Page, training: Training):
    cancel = f"{training.path}/ask/cancel/confirm"
    for size in (DESK, PHONE):
        reader.set_viewport_size(size)
        for path in [*PAGES, training.path, cancel]:
            reader.goto(path)
            assert violations(reader) == [], f"{path} at {size['width']} px"


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
    expect(page.locator("#health")).not_to_have_attribute("role", "status")

    page.evaluate("lookAt()")

    expect(page.locator("#health")).to_have_attribute("role", "status")


def test_no_page_scrolls_sideways_on_a_phone(page: Page, training: Training):
    for path in [*PAGES, training.path]:
        page.goto(path)
        assert excess(page) == 0, path
