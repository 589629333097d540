import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import StartJob
from tests.sandbox_server import sandbox

__all__ = ["sandbox"]

pytestmark = pytest.mark.browser


def test_a_cancel_with_a_reason_lands_in_the_ledger(page: Page, start_job: StartJob):
    job = start_job("to-be-cancelled")
    page.goto(job.path)

    page.get_by_role("link", name="Cancel").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This cannot be undone")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    dialog.get_by_role("textbox").fill("loss is nan")
    dialog.get_by_role("button", name="Cancel job").click()

    ledger = page.get_by_role("region", name="Ledger")
    expect(ledger).to_contain_text("Cancel accepted")
    expect(ledger).to_contain_text("loss is nan")
    expect(page.locator("#job-state .state")).to_have_text("Cancelled")
    expect(page).to_have_title(re.compile("^Cancelled"))
    expect(page.locator("#ask-cancel")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#ask-cancel")).to_be_focused()


def test_a_job_that_has_ended_offers_its_buttons_to_the_keyboard_alone(
    page: Page, start_job: StartJob
):
    job = start_job("cancelled-before")
    page.goto(job.path)
    page.locator("#ask-cancel").click()
    page.get_by_role("button", name="Cancel job").click()
    expect(page.locator("#job-state .state")).to_have_text("Cancelled")

    page.reload()

    expect(page.locator(".buttons")).to_have_css("width", "1px")
    page.locator("#ask-cancel").focus()
    expect(page.locator(".buttons")).not_to_have_css("width", "1px")


def test_whoever_thinks_again_changes_nothing(page: Page, start_job: StartJob):
    job = start_job("left-alone")
    page.goto(job.path)

    page.locator("#ask-cancel").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#ask-cancel")).to_be_focused()
    expect(page.get_by_role("region", name="Ledger")).to_contain_text("Nobody has asked anything")


def test_an_account_is_tried_before_it_is_connected(sandbox: str, page: Page):
    page.goto("/accounts/new")
    page.get_by_label("Name").fill("Second sandbox")
    page.get_by_label("Base URL").fill(sandbox)
    page.get_by_label("API key").fill("sk-invalid-key")

    page.get_by_role("button", name="Test connection").click()
    expect(page.locator("#account-test .failed").first).to_contain_text("key is wrong or revoked")
    page.get_by_label("API key").fill("sk-test")
    page.get_by_role("button", name="Test connection").click()
    expect(page.locator("#account-test li:not(.failed)")).to_have_count(4)
    page.get_by_role("button", name="Connect", exact=True).click()

    expect(page.get_by_role("status").last).to_contain_text("Second sandbox is connected")
    page.get_by_role("link", name="Second sandbox").click()
    expect(page.get_by_label("API key")).to_have_value("")

    page.get_by_role("button", name="Remove account").click()

    expect(page.get_by_role("status").last).to_contain_text("removed")
    expect(page.get_by_role("link", name="Second sandbox")).to_have_count(0)
