"""The jobs list under somebody's hands: selected by mouse and by key, and shown as they want it."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import StartJob, Training
from tests.browser.looking import DESK, PHONE, excess, violations
from tests.chromium import OpenPage
from tests.stack import Stack

pytestmark = pytest.mark.browser

WIDE = ("tr[data-job] th", ".list-bar", "table.jobs")


@pytest.fixture
def three(start_job: StartJob, training: Training) -> list[Training]:
    return [training, start_job("second-run", n_epochs=3), start_job("third-run", n_epochs=3)]


def test_keys_select_a_range_and_compare_it(page: Page, three: list[Training]):
    page.goto("/")
    boxes = page.locator("tbody input.pick")
    expect(boxes.nth(2)).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")

    expect(page.get_by_text("3 selected")).to_be_visible()
    chosen = [boxes.nth(row).get_attribute("value") for row in range(3)]
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile(rf"/compare\?jobs={','.join(map(str, chosen))}$"))


def test_a_selection_outlasts_what_changes_and_escape_ends_it(page: Page, three: list[Training]):
    page.goto("/")
    row = page.locator(f"tr[data-job='{three[0].pk}']")
    before = row.get_attribute("data-revision") or ""

    row.get_by_role("checkbox").click()
    expect(row).not_to_have_attribute("data-revision", before)

    expect(row.get_by_role("checkbox")).to_be_checked()
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("Escape")
    expect(row.get_by_role("checkbox")).not_to_be_checked()
    expect(page.get_by_text("1 selected")).to_be_hidden()


def test_what_is_selected_is_tagged_by_keyboard(page: Page, three: list[Training]):
    page.goto("/")
    for job in three[1:]:
        page.locator(f"tr[data-job='{job.pk}']").get_by_role("checkbox").check()
    page.get_by_role("button", name="Tag", exact=True).press("Enter")

    expect(page.get_by_label("Put on")).to_be_focused()
    page.keyboard.type("night shift, prod")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Put on: night shift, prod.")).to_have_count(2)
    page.get_by_role("link", name="Back to the jobs").click()
    row = page.locator(f"tr[data-job='{three[1].pk}']")
    expect(row.locator(".tagged")).to_have_text(["night shift", "prod"])
    expect(page.locator(f"tr[data-job='{three[0].pk}'] .tagged")).to_have_count(0)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_filter_begins_with_the_box_and_writes_into_it(
    reader: Page, three: list[Training], size: ViewportSize
):
    reader.set_viewport_size(size)
    reader.goto("/?sort=loss")
    reader.get_by_role("searchbox").fill("second")
    reader.get_by_role("button", name="Filter").click()
    form = reader.get_by_role("dialog", name="Filter")
    expect(form.get_by_label("Account")).to_be_focused()
    assert violations(reader) == []

    form.get_by_label("Method").select_option("supervised")
    form.get_by_label("Name").fill("hp.n_epochs")
    form.get_by_label("Compared how").select_option("is at most")
    form.get_by_label("Value").fill("3")
    form.get_by_label("Value").press("Enter")

    expect(reader.get_by_role("searchbox")).to_have_value("second method:supervised hp.n_epochs<=3")
    assert reader.url.endswith("&sort=loss")
    expect(reader.locator(f"tr[data-job='{three[1].pk}']")).to_be_visible()
    expect(reader.locator(f"tr[data-job='{three[2].pk}']")).to_have_count(0)
    reader.get_by_role("button", name="Filter").click()
    expect(form.get_by_label("Method")).to_have_value("method:supervised")
    reader.keyboard.press("Escape")
    expect(form).to_be_hidden()
    with reader.expect_response("**/?q=*"):
        reader.get_by_role("searchbox").press("Enter")
    expect(form).to_be_hidden()
    assert excess(reader) == 0


def test_without_a_script_the_filter_is_a_page(
    stack: Stack, page: Page, open_page: OpenPage, training: Training
):
    plain = open_page(
        stack.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain.goto("/")
    plain.get_by_role("searchbox").fill("triage")
    plain.get_by_role("button", name="Filter").click()

    plain.get_by_label("Jobs that are").select_option("Active")
    plain.get_by_role("button", name="Show jobs").click()

    expect(plain.get_by_role("searchbox")).to_have_value("triage is:active")
    expect(plain.locator("tr[data-job]")).to_have_count(1)
    plain.get_by_role("searchbox").fill("no such job")
    plain.get_by_role("searchbox").press("Enter")
    expect(plain.get_by_text("Nothing matches")).to_be_visible()


@pytest.mark.parametrize("width", [1435, 1337, 1211, 1091, 955, 861, 761])
def test_a_name_has_its_room_at_any_width(page: Page, training: Training, width: int):
    page.goto("/")
    page.set_viewport_size({"width": width, "height": 700})

    name, bar, table = (page.locator(each).first.bounding_box() for each in WIDE)

    assert name
    assert name["width"] >= 110
    assert bar
    assert table
    assert (bar["x"], bar["width"]) == (table["x"], table["width"])


def test_new_jobs_wait_for_who_reads_the_list(page: Page, training: Training, start_job: StartJob):
    page.goto("/")
    page.locator(f"tr[data-job='{training.pk}']").hover()

    arrived = start_job("just-arrived", n_epochs=3)

    news = page.get_by_role("button", name=re.compile("^[0-9]+ new job"))
    expect(news).to_be_visible(timeout=20_000)
    expect(page.locator(f"tr[data-job='{arrived.pk}']")).to_have_count(0)
    news.click()
    expect(page.locator(f"tr[data-job='{arrived.pk}']")).to_be_visible()
    expect(news).to_have_count(0)


def test_columns_are_chosen_by_keyboard_and_stay_in_the_address(page: Page, training: Training):
    page.goto("/")
    page.get_by_text("List", exact=True).click()
    page.get_by_role("link", name="Columns").click()

    page.get_by_role("button", name="Name: further to the front").press("Enter")
    expect(page.get_by_role("button", name="Name: further to the front")).to_be_focused()
    page.get_by_label("Hyperparameter or metric").fill("hp.n_epochs")
    page.get_by_role("button", name="Show these").click()

    expect(page.locator("thead th").nth(1)).to_have_text("Name")
    expect(page.locator("thead th").last).to_have_text("n_epochs")
    assert "hp.n_epochs" in page.url
    row = page.locator(f"tr[data-job='{training.pk}']")
    expect(row.locator("td").last).to_have_text("50")


def test_pinned_columns_stay_while_the_others_move_under_them(page: Page, training: Training):
    page.set_viewport_size({"width": 900, "height": 700})
    page.goto("/jobs/columns?columns=name,state,model,method,account,progress,curve,loss,started")
    page.get_by_label("Pinned").select_option(label="The first two")
    page.get_by_role("button", name="Show these").click()
    expect(page).to_have_url(re.compile("stay=2"))
    at = """() => [...document.querySelectorAll('thead th')].slice(0, 4)
      .map((head) => Math.round(head.getBoundingClientRect().x))"""
    pick, name, state, model = page.evaluate(at)

    page.evaluate("document.querySelector('.own-scrolls').scrollLeft = 200")

    assert page.evaluate(at) == [pick, name, state, model - 200]
    assert pick < name < state < model
    under = "([x, y]) => document.elementFromPoint(x, y).closest('td').className"
    row = page.locator(f"tr[data-job='{training.pk}']")
    row.scroll_into_view_if_needed()
    box = row.bounding_box()
    assert box
    assert "of-state" in page.evaluate(under, [state + 5, box["y"] + 10])
