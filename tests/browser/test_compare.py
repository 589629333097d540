"""The compare page in Chromium. Console and content policy are watched by the fixture of the page."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import StartJob, Training
from tests.browser.looking import DESK, PHONE, excess, violations
from tests.chromium import OpenPage
from tests.stack import Stack

pytestmark = pytest.mark.browser

DRAWN = "() => document.querySelector('#plot-loss').data?.some(({ x }) => x.length > 1)"


def open_both(page: Page, training: Training, other: int, more: str = "") -> None:
    page.goto(f"/compare?jobs={training.pk},{other}{more}")
    page.wait_for_function(DRAWN)


def colours(page: Page, plot: str) -> dict[str, str]:
    found = f"""() => Object.fromEntries(document.querySelector('{plot}').data
      .map(({{ meta, line }}) => [meta.job, line.color]))"""
    return dict(page.evaluate(found))


def test_a_job_has_one_colour_in_all_curves_and_in_the_table(
    page: Page, training: Training, other: int
):
    open_both(page, training, other)
    page.wait_for_function(DRAWN.replace("loss", "accuracy"))

    loss, accuracy = colours(page, "#plot-loss"), colours(page, "#plot-accuracy")

    told = page.eval_on_selector_all(
        "[data-entry]",
        """rows => Object.fromEntries(rows.map(row =>
             [row.dataset.entry, getComputedStyle(row.querySelector('.swatch line')).stroke]))""",
    )
    assert len(set(told.values())) == 2
    assert loss == told
    assert accuracy == told


def test_controls_go_to_the_address_and_the_plot_stays(page: Page, training: Training, other: int):
    open_both(page, training, other)
    page.evaluate("document.querySelector('#plot-loss').kept = true")

    page.get_by_label("Metric").first.select_option(label="validation (batch)")
    expect(page).to_have_url(re.compile(r"metric=valid_loss"))
    page.get_by_label("Align by").select_option("epoch")
    expect(page).to_have_url(re.compile(r"x=epoch"))
    page.get_by_label("Logarithmic loss").check()
    expect(page).to_have_url(re.compile(r"y=log"))
    page.get_by_label("Hide identical").check()
    expect(page).to_have_url(re.compile(r"rows=differing"))

    page.wait_for_function("() => document.querySelector('#plot-loss').layout.yaxis.type === 'log'")
    layout = page.evaluate("document.querySelector('#plot-loss').layout.xaxis.title.text")
    assert layout == "epoch"
    assert page.evaluate("document.querySelector('#plot-loss').kept")
    page.reload()
    page.wait_for_function(
        "() => document.querySelector('#plot-loss').layout?.yaxis.type === 'log'"
    )
    expect(page.get_by_label("Hide identical")).to_be_checked()


def test_a_smoothed_curve_keeps_the_raw_one_beneath(page: Page, training: Training, other: int):
    open_both(page, training, other)

    page.get_by_label("Smoothing").fill("80")

    page.wait_for_function("() => document.querySelector('#plot-loss').data.length === 4")
    raw, smooth = page.evaluate(
        "document.querySelector('#plot-loss').data.slice(0, 2).map(({ y }) => Array.from(y))"
    )
    assert raw[0] == pytest.approx(smooth[0])
    weight, kept, whole = 0.8, 0.0, 0.0
    for value, drawn in zip(raw, smooth, strict=True):
        kept, whole = weight * kept + (1 - weight) * value, weight * whole + 1 - weight
        assert drawn == pytest.approx(kept / whole)


def test_a_hidden_job_leaves_the_curves_until_back_is_pressed(
    page: Page, training: Training, other: int
):
    open_both(page, training, other)
    shown = "document.querySelector('#plot-loss').data?.filter(({ visible }) => visible).length"

    page.locator(f"#hide-{other}").click()
    page.wait_for_function(f"() => {shown} === 1")
    expect(page.locator(f"#hide-{other}")).to_be_focused()
    page.go_back()

    page.wait_for_function(f"() => {shown} === 2")
    assert "hide=" not in page.url


def test_a_job_is_found_and_added_with_the_keyboard_alone(
    page: Page, training: Training, other: int
):
    page.goto(f"/compare?jobs={other}")

    page.keyboard.press("/")
    page.keyboard.type("ticket-tri")
    expect(page.get_by_role("link", name="Add ticket-triage")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(f"[data-entry='{training.pk}']")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"jobs={other},{training.pk}$"))


def test_the_baseline_is_marked_in_the_table_and_drawn_boldly(
    page: Page, training: Training, other: int
):
    open_both(page, training, other)

    page.locator(f"#base-{other}").click()

    expect(page.locator(f"[data-entry='{other}'] th small")).to_have_text("baseline")
    page.wait_for_function("() => document.querySelector('#plot-loss').data[1].line.width === 3")
    assert page.evaluate("document.querySelector('#plot-loss').data[1].meta.job") == other


def test_a_pointer_on_a_row_lets_its_line_stand_out(page: Page, training: Training, other: int):
    open_both(page, training, other)

    page.hover(f"[data-entry='{other}'] th")
    expect(page.locator("#plot-loss .trace.dim")).to_have_count(1)
    page.hover("h1")

    expect(page.locator("#plot-loss .trace.dim")).to_have_count(0)


def test_curves_can_be_taken_home_as_json(page: Page, training: Training, other: int):
    open_both(page, training, other)

    with page.expect_download() as download:
        page.locator(".controls").get_by_text("JSON").click()

    told = json.loads(download.value.path().read_text())
    assert {each["metric"] for each in told} >= {"train_loss", "valid_loss"}


def test_it_can_be_read_and_changed_without_a_script(
    stack: Stack, open_page: OpenPage, training, other
):
    page = open_page(stack.url, java_script_enabled=False)
    page.goto(stack.manage("signin_link", "--create").replace("localhost", "127.0.0.1"))
    page.goto(f"/compare?jobs={other}")

    page.get_by_label("Find jobs to add").fill("ticket-tri")
    page.get_by_label("Find jobs to add").press("Enter")
    page.get_by_role("link", name="Add ticket-triage").click()
    page.get_by_label("Hide identical").check()
    page.get_by_role("button", name="Apply").first.click()

    expect(page.get_by_label("Hide identical")).to_be_checked()
    expect(page.locator(".recipes thead th")).to_have_count(3)
    expect(page.locator(".overlay noscript p").first).to_be_visible()


def test_everyone_can_read_it_in_any_width(
    reader: Page, training: Training, other: int, start_job: StartJob
):
    start_job("a-name-as-long-as-people-give-them")
    both = f"?jobs={training.pk},{other}&base={other}&hide={other}"
    for size in (DESK, PHONE):
        for query in ("", f"?jobs={other}", both):
            reader.set_viewport_size(size)
            reader.goto(f"/compare{query}")
            if query:
                reader.wait_for_function(DRAWN)

            assert violations(reader) == [], f"{query} at {size['width']} px"
            assert excess(reader) == 0, query


POINT = """job => {
  const plot = document.querySelector("#plot-loss");
  const { x, y } = plot.data.find(({ meta }) => meta.job === job);
  const { xaxis, yaxis } = plot._fullLayout;
  const box = plot.getBoundingClientRect();
  return [box.x + xaxis._offset + xaxis.d2p(x[0]), box.y + yaxis._offset + yaxis.d2p(y[0])];
}"""


def test_a_press_on_a_line_lights_its_row(page: Page, training: Training, other: int):
    open_both(page, training, other, f"&hide={training.pk}")
    left, top = page.evaluate(POINT, other)

    page.mouse.move(left - 3, top - 3)
    page.mouse.move(left, top)
    expect(page.locator("#plot-loss .hoverlayer text").first).to_be_visible()
    page.mouse.click(left, top)

    expect(page.locator(f"[data-entry='{other}']")).to_have_class(re.compile("lit"))
