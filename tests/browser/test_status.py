"""The status page as an administrator sees it, while all is well and when polling has stopped."""

import os
import signal

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import DESK, PHONE, excess, violations
from tests.chromium import OpenPage
from tests.stack import Stack

pytestmark = pytest.mark.browser

SIXTY_SECONDS = 60_000


def test_it_is_found_in_the_menu_and_follows_by_itself(stack: Stack, page: Page):
    page.goto("/accounts")
    page.locator("summary", has_text="Signed in as").click()
    page.get_by_role("link", name="Status").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Status")
    for kind in ("Web server", "Worker", "Beat"):
        row = page.locator(
            "#processes tr", has=page.get_by_role("rowheader", name=kind, exact=True)
        )
        expect(row.first).to_contain_text("Alive")
    page.locator("#processes").focus()

    stack.manage(
        "shell",
        "-c",
        "from jobs.models import Account; Account.objects.create(name='Left', next_poll_at=None)",
    )
    try:
        expect(page.locator("#lags")).to_contain_text("Not listened to")
        expect(page.locator("#processes")).to_be_focused()
    finally:
        gone = "from jobs.models import Account; Account.objects.filter(name='Left').delete()"
        stack.manage("shell", "-c", gone)


@pytest.mark.faults
def test_when_beat_hangs_everybody_is_told_and_administrators_are_led_to_it(
    tmp_path, open_page: OpenPage
):
    with Stack(tmp_path / "var", SANDBOX="0") as stack:
        page = open_page(stack.url)
        page.goto(stack.link)
        ready = f"{stack.url}/readyz"
        stack.wait_until(lambda: httpx.get(ready).status_code == 200, "it is ready")
        page.goto("/accounts")
        os.kill(stack.pids["beat"], signal.SIGSTOP)

        banner = page.locator("#health", has_text="Listening has stopped")
        expect(banner).to_be_visible(timeout=SIXTY_SECONDS)
        banner.get_by_role("link", name="See which part is missing").click()

        expect(page.locator("#status")).to_contain_text("Something is wrong")
        expect(page.locator(".findings .failed").first).to_contain_text("Start beat again.")
        row = page.locator("#processes tr", has=page.get_by_role("rowheader", name="Beat"))
        expect(row).to_contain_text("Silent", timeout=SIXTY_SECONDS)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            for size in (DESK, PHONE):
                page.set_viewport_size(size)
                assert violations(page) == [], theme
        assert excess(page) == 0

        os.kill(stack.pids["beat"], signal.SIGCONT)
        expect(row).to_contain_text("Alive", timeout=SIXTY_SECONDS)
        expect(page.locator(".findings .failed")).to_have_count(0, timeout=SIXTY_SECONDS)
