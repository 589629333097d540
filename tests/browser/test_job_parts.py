"""What stands around the curves of a job: its log, notes, tags, and the question before an action."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import StartJob, Training
from tests.browser.looking import DESK, PHONE, excess, violations
from tests.chromium import OpenPage
from tests.stack import Stack

pytestmark = pytest.mark.browser


def test_the_log_waits_while_somebody_reads_further_down(page: Page, training: Training):
    page.goto(training.path)
    page.locator(".events").evaluate("events => events.scrollTo(0, 120)")
    shown = page.locator(".event").all_inner_texts()

    news = page.get_by_role("button", name=re.compile(r"\d+ newer"))
    expect(news).to_be_visible()
    assert page.locator(".event").all_inner_texts() == shown

    news.click()
    expect(page.locator(".event").first).not_to_have_text(shown[0])
    expect(news).to_be_hidden()
    assert page.locator(".events").evaluate("events => events.scrollTop") == 0


def test_scrolling_back_to_the_top_lets_the_news_in(page: Page, training: Training):
    page.goto(training.path)
    events = page.locator(".events")
    events.evaluate("events => events.scrollTo(0, 120)")
    newest = page.locator(".event").first.inner_text()
    expect(page.locator("[data-news] button")).to_be_visible()

    events.evaluate("events => events.scrollTo(0, 0)")

    expect(page.locator(".event").first).not_to_have_text(newest)
    expect(page.locator("[data-news] button")).to_be_hidden()


def test_the_address_keeps_what_of_the_log_is_shown(page: Page, training: Training):
    page.goto(f"{training.path}?y=log")

    page.get_by_label("Hide steps").check()
    expect(page.locator(".event.metrics")).to_have_count(0)
    page.get_by_label("Find in the log").fill("started")

    expect(page).to_have_url(re.compile(r"y=log&.*find=started&steps=no"))
    page.reload()
    expect(page.get_by_label("Find in the log")).to_have_value("started")
    expect(page.get_by_label("Hide steps")).to_be_checked()
    expect(page.locator(".event")).to_have_count(1)


def test_a_line_of_the_log_has_an_address_of_its_own(page: Page, training: Training):
    page.goto(training.path)
    line = page.locator(".event").nth(5)
    words = line.locator("span").inner_text()

    line.get_by_role("link").click()

    expect(page).to_have_url(re.compile(r"/log\?at=\d+#event-\d+$"))
    marked = page.locator(".event[aria-current]")
    expect(marked.locator("> span")).to_have_text(words)
    expect(marked).to_be_in_viewport()
    page.get_by_role("link", name="Newer").click()
    expect(page.locator("[data-sentinel]")).to_have_count(1)


def test_notes_and_tags_are_added_without_leaving_the_page(page: Page, start_job: StartJob):
    job = start_job("talked-about")
    page.goto(job.path)
    page.evaluate("window.kept = true")

    page.get_by_label("Add tags").fill("keep, needs review")
    page.keyboard.press("Enter")
    expect(page.locator(".tag")).to_have_count(2)
    page.get_by_role("button", name="Take off keep").click()
    expect(page.locator(".tag")).to_have_text(["needs review"])
    page.get_by_label("Add a note").fill("It **overfits**, see [W&B](https://wandb.ai)")
    page.get_by_role("button", name="Add note").click()

    expect(page.locator(".note strong")).to_have_text("overfits")
    expect(page.locator(".note a[rel*=noopener]")).to_have_text("W&B")
    assert page.evaluate("window.kept")
    page.goto("/?q=tag:%22needs+review%22")
    expect(page.locator("tr[data-job] .tagged")).to_have_text(["needs review"])


def test_notes_tags_and_log_work_without_script(
    stack: Stack, open_page: OpenPage, training: Training, start_job: StartJob
):
    job = start_job("talked-about-plainly")
    page = open_page(stack.url, java_script_enabled=False)
    page.goto(stack.manage("signin_link", "--create").replace("localhost", "127.0.0.1"))
    page.goto(job.path)

    page.get_by_label("Add tags").fill("plain")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Add a note").fill("First")
    page.get_by_role("button", name="Add note").click()
    page.get_by_role("link", name="Edit this note").click()
    page.get_by_label("Note").fill("Second")
    page.get_by_role("button", name="Save").click()

    expect(page.locator(".tag")).to_have_text(["plain"])
    expect(page.locator(".note .prose")).to_have_text(["Second"])
    expect(page.locator(".note").get_by_role("link", name="edited")).to_be_visible()
    page.goto(training.path)
    page.get_by_label("Find in the log").fill("Step 1/")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".event")).to_have_count(1)


def test_the_question_before_a_cancel_tells_steps_tokens_and_cost(page: Page, training: Training):
    page.goto(training.path)

    page.locator("#ask-cancel").click()

    bill = page.get_by_role("dialog").locator(".bill")
    expect(bill).to_contain_text(re.compile(r"Trained so far\s*\d+ of [\d\s]+ steps"))
    expect(bill).to_contain_text("Cost so far")


def test_notes_tags_and_log_are_accessible_and_fit_a_phone(reader: Page, start_job: StartJob):
    job = start_job("looked-at-closely")
    reader.goto(job.path)
    reader.get_by_label("Add tags").fill("a-tag-that-is-about-as-long-as-a-tag-may-ever-be")
    reader.keyboard.press("Enter")
    expect(reader.locator(".tag")).to_have_count(1)
    reader.get_by_label("Add a note").fill("# Why\n\n|a|b|\n|-|-|\n|1|2|\n\n" + "x" * 200)
    reader.get_by_role("button", name="Add note").click()
    expect(reader.locator(".note")).to_have_count(1)

    for path in (job.path, f"{job.path}/log", reader.locator(".note .quiet").get_attribute("href")):
        for size in (DESK, PHONE):
            reader.set_viewport_size(size)
            reader.goto(str(path))
            assert violations(reader) == [], f"{path} at {size['width']} px"
        assert excess(reader) == 0, path
