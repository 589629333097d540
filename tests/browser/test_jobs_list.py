import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Training
from tests.chromium import OpenPage
from tests.stack import Stack

pytestmark = pytest.mark.browser

ANYTHING = "document.body.dispatchEvent(new CustomEvent('job-changed', { detail: { jobs: [] } }))"


def test_a_link_from_the_console_signs_in_once(stack: Stack, open_page: OpenPage):
    link = stack.manage("signin_link", "--create").replace("localhost", "127.0.0.1")
    page = open_page(stack.url)

    page.goto(link)

    expect(page.get_by_role("heading", name="Jobs")).to_be_visible()
    stranger = open_page(stack.url, java_script_enabled=False)
    assert stranger.request.get(link).status == 410
    stranger.goto("/")
    expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()


def test_states_and_words_narrow_the_list_and_the_address_remembers(page: Page, training: Training):
    page.goto("/")
    rows = page.locator("tr[data-job]")
    ours = page.locator(f"tr[data-job='{training.pk}']")
    expect(ours).to_be_visible()

    page.get_by_role("link", name=re.compile("^Running")).click()
    expect(page).to_have_url(re.compile("state=running"))
    expect(rows.filter(has_text="tone-dpo")).to_have_count(0)
    page.get_by_role("searchbox").fill("no such job")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    expect(page).to_have_url(re.compile("q=no"))
    page.get_by_role("link", name="Clear filters").click()
    expect(ours).to_be_visible()

    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("no such job")
    expect(page.get_by_text("Nothing matches")).to_be_visible()


def test_a_sorted_list_says_so_and_turns_round(page: Page, training: Training):
    page.goto("/")

    page.get_by_role("link", name="Name", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Name")
    first = page.locator("tr[data-job]").first.inner_text()
    page.get_by_role("link", name="Name", exact=True).click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Name")

    assert page.locator("tr[data-job]").last.inner_text().split()[:2] == first.split()[:2]


def test_a_row_follows_its_job_without_a_reload(page: Page, training: Training):
    page.goto("/")
    page.evaluate("window.kept = true")
    row = page.locator(f"tr[data-job='{training.pk}']")
    before = row.get_attribute("data-revision") or ""

    expect(row).not_to_have_attribute("data-revision", before)

    assert page.evaluate("window.kept")


def test_an_open_menu_stays_open_while_jobs_go_on(page: Page, training: Training):
    page.goto("/")
    page.get_by_text("List", exact=True).click()
    columns = page.get_by_role("link", name="Columns")
    expect(columns).to_be_visible()

    with page.expect_response(lambda reply: "version=" in reply.url and reply.status == 200):
        page.evaluate(ANYTHING)
    page.wait_for_timeout(200)

    expect(columns).to_be_visible()
    page.keyboard.press("Escape")
    expect(columns).to_be_hidden()


def test_keys_walk_through_the_list(page: Page, training: Training):
    page.goto("/")
    expect(page.locator("tr[data-job]").nth(1)).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr[data-job] a").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/jobs/\d+$"))
    page.go_back()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
