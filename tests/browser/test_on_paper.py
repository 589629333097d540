"""What a printer gets: all that is read, by day, and nothing that can only be pressed."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import Training
from tests.browser.test_job_page import DRAWN

pytestmark = pytest.mark.browser

A4: ViewportSize = {"width": 718, "height": 1047}
CUT_OFF = """() => [...document.querySelectorAll("main, main *")]
  .filter((part) => getComputedStyle(part).overflowX !== "visible" && part.scrollWidth > part.clientWidth + 1)
  .filter((part) => !part.matches(".unseen, svg *, code, .told, td, th"))
  .map(({ id, className }) => id || className)"""
INK = "() => getComputedStyle(document.body).color"
CURVE = "() => document.querySelector('.loss .plot').data[0].line.color"


def test_nothing_is_cut_off_on_paper_and_nothing_asks_to_be_pressed(
    page: Page, training: Training, ended: Training
):
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size(A4)
    both = f"/compare?jobs={training.pk},{ended.pk}"
    for path in ("/", ended.path, both, f"{ended.path}/log", "/accounts/1/models"):
        page.goto(path)

        assert page.evaluate(CUT_OFF) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= A4["width"], path
        assert page.evaluate(INK) == "rgb(21, 24, 28)", path
        expect(
            page.locator(".button:visible, .quiet:visible, [type=checkbox]:visible")
        ).to_have_count(0)


def test_curves_are_printed_by_day_and_shown_by_night(page: Page, training: Training):
    page.emulate_media(color_scheme="dark")
    page.goto(training.path)
    page.wait_for_function(DRAWN)
    night = page.evaluate(CURVE)

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(f"night => ({CURVE})() !== night", arg=night)
    expect(page.locator(".loss .main-svg").first).to_have_attribute("viewBox", re.compile("^0 0 "))
    page.evaluate("dispatchEvent(new Event('afterprint'))")

    page.wait_for_function(f"night => ({CURVE})() === night", arg=night)
    assert page.locator(".plot .main-svg[viewBox]").count() == 0
