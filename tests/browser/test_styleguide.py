"""The style guide holds every component in every state: what holds there, holds wherever they are used."""

import pytest
from playwright.sync_api import Page, expect

from jobs.views.styleguide import CHAPTERS
from tests.browser.looking import DESK, PHONE, excess, violations

pytestmark = pytest.mark.browser

ADDRESSES = [f"/styleguide/{chapter}" for chapter in CHAPTERS]


def test_every_component_is_accessible_in_both_themes(reader: Page):
    found: dict[str, list[str]] = {}

    for size in (DESK, PHONE):
        reader.set_viewport_size(size)
        for address in ADDRESSES:
            reader.goto(address)
            found[f"{address} at {size['width']} px"] = violations(reader)

    assert {place: each for place, each in found.items() if each} == {}


def test_no_component_makes_a_phone_scroll_sideways(reader: Page):
    for address in ADDRESSES:
        reader.goto(address)
        assert excess(reader) == 0, address


def test_each_component_has_an_address(page: Page):
    for address in ADDRESSES:
        page.goto(address)
        anchors = page.locator(".specimen > h2:first-child .anchor")
        expect(anchors).to_have_count(page.locator(".specimen").count())
        for link in anchors.all():
            target = link.get_attribute("href") or ""
            assert page.locator(f".specimen{target}").count() == 1, f"{address}{target}"


def test_nothing_in_the_style_guide_asks_by_itself(page: Page):
    asked: list[str] = []
    page.goto("/styleguide/job", wait_until="networkidle")
    page.on("request", lambda request: asked.append(request.url))

    page.evaluate("document.body.dispatchEvent(new Event('state-changed'))")
    page.wait_for_timeout(1500)

    assert [url for url in asked if "/jobs/" in url] == []
