"""Nothing moves while a page comes, nor when news do; and what is read aloud is only what matters."""

from itertools import count

import pytest
from playwright.sync_api import Page, Route, ViewportSize, expect

from tests.browser.conftest import Training
from tests.browser.looking import DESK, PHONE
from tests.browser.test_job_page import DRAWN

pytestmark = pytest.mark.browser

# An age grows by a figure or two as one looks, and pushes what stands behind it in its line.
WATCH = """
    window.moved = [];
    const name = ({ node }) => (node?.outerHTML ?? node?.textContent ?? "gone").slice(0, 100);
    const far = ({ previousRect: was, currentRect: is }) => Math.abs(is.x - was.x) > 16 || is.y !== was.y;
    new PerformanceObserver((list) => {
      for (const { hadRecentInput, sources } of list.getEntries()) {
        if (!hadRecentInput) window.moved.push(...sources.filter(far).map(name));
      }
    }).observe({ type: "layout-shift", buffered: true });
"""

LISTEN = """
    window.heard = [];
    new MutationObserver((records) => {
      for (const { target } of records) {
        const place = target.closest ? target : target.parentElement;
        const words = place?.closest("[role=status], [role=alert], [aria-live]")?.textContent.trim();
        if (words) window.heard.push(words);
      }
    }).observe(document, { childList: true, characterData: true, subtree: true });
"""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_moves_while_a_page_comes(
    page: Page, training: Training, ended: Training, size: ViewportSize
):
    """Plotly, the largest of the scripts, comes so late that all else has been painted."""
    held: list[Route] = []
    page.route("**/plotly/**", lambda route: held.append(route))
    page.route("**/checkpoints?*", without_news)
    page.add_init_script(WATCH)
    page.set_viewport_size(size)
    both = f"/compare?jobs={training.pk},{ended.pk}"
    for path in ("/", training.path, ended.path, both, "/accounts", "/accounts/1/models"):
        page.goto(path, wait_until="commit")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(300)
        while held:
            held.pop().continue_()
        page.wait_for_timeout(700)

        assert page.evaluate("moved") == [], path


def without_news(route: Route) -> None:
    """No checkpoint comes meanwhile: its row, and the advice on top, make room for themselves."""
    route.fulfill(status=204)


def test_nothing_moves_when_a_step_comes(page: Page, training: Training):
    page.route("**/checkpoints?*", without_news)
    page.add_init_script(WATCH)
    page.goto(training.path)
    page.wait_for_function(DRAWN)
    newest = page.locator(".event").first.inner_text()

    expect(page.locator(".event").first).not_to_have_text(newest)
    page.wait_for_timeout(1000)

    assert page.evaluate("moved") == []


def test_only_what_is_new_is_read_aloud(page: Page, training: Training):
    looks = count(1)
    page.route("**/health", lambda route: route.fulfill(body=failing(next(looks))))
    page.add_init_script(LISTEN)
    page.goto(training.path)
    expect(page.locator("#health")).to_contain_text("Look 1")
    newest = page.locator(".event").first.inner_text()

    page.locator("#health").dispatch_event("look")
    expect(page.locator("#health")).to_contain_text("Look 2")
    expect(page.locator(".event").first).not_to_have_text(newest)

    assert page.evaluate("heard") == ["Sandbox has never answered."]


def failing(look: int) -> str:
    """The part of the page that says what is wrong, at the next look."""
    attributes = 'id="health" hx-get="/health" hx-trigger="look" hx-swap="outerHTML"'
    return f"<div {attributes}><b>Sandbox has never answered.</b> Look {look}.</div>"
