"""Every page: readable by everyone, in both themes, at any width."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Training
from tests.chromium import OpenPage
from tests.stack import Stack

pytestmark = pytest.mark.browser

PAGES = ["/", "/?q=nothing+like+this", "/accounts", "/accounts/new", "/accounts/1", "/password"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(params=["light", "dark"])
def reader(request, stack: Stack, open_page: OpenPage) -> Page:
    """Somebody signed in who prefers this theme."""
    page = open_page(stack.url, color_scheme=request.param)
    page.goto(stack.manage("signin_link", "--create").replace("localhost", "127.0.0.1"))
    return page


def violations(page: Page) -> list[str]:
    page.wait_for_load_state("networkidle") if "/live" in page.url else None
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


def test_every_page_is_accessible_in_both_themes(reader: Page, training: Training):
    cancel = f"{training.path}/ask/cancel/confirm"
    for size in (DESK, PHONE):
        reader.set_viewport_size(size)  # type: ignore[arg-type]
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
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for path in [*PAGES, training.path]:
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], path
