import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import StartJob, Training
from tests.browser.test_job_page import DRAWN
from tests.chromium import OpenPage

pytestmark = pytest.mark.browser

RANGES = "() => [...document.querySelectorAll('.plot')].map(plot => plot.layout.xaxis.range)"
AXIS = "() => document.querySelector('.loss .plot').layout?.xaxis.title.text"
LINES = """() => document.querySelector('.loss .plot').data.map(
  ({ x, y, opacity }) => ({ x: Array.from(x), y: Array.from(y), opacity })
)"""
MARKED = "() => document.querySelector('.loss .plot').data.some(t => t.meta.role === 'checkpoint')"
PLACES = """() => [...document.querySelectorAll('.chart-card, #charts figure, .legend')].map(
  part => [part.offsetTop - document.getElementById('charts').offsetTop, part.offsetHeight]
)"""
WIDTH = "() => document.documentElement.scrollWidth"


def open_job(page: Page, training: Training, query: str = "") -> None:
    page.goto(f"{training.path}?{query}")
    page.wait_for_function(DRAWN)


def lines(page: Page) -> list[dict[str, Any]]:
    """Of one moment: the next step may come between two looks."""
    return list(page.evaluate(LINES))


def line(page: Page) -> dict[str, Any]:
    return lines(page)[0]


def drag(page: Page, card: str) -> None:
    """Across the second quarter of a chart."""
    box = page.locator(f".{card} .nsewdrag").bounding_box()
    assert box
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 4, height)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, height, steps=4)
    page.mouse.up()


def test_a_drag_zooms_all_charts_and_the_address_keeps_it(page: Page, training: Training):
    open_job(page, training)
    whole = page.evaluate(RANGES)

    drag(page, "loss")
    page.wait_for_url("**from=*")
    page.wait_for_function(f"was => ({RANGES})()[1][0] > was", arg=whole[1][0])

    zoomed = page.evaluate(RANGES)
    assert zoomed[0] == zoomed[1]
    page.reload()
    page.wait_for_function(DRAWN)
    assert page.evaluate(RANGES)[0] == zoomed[0]
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function(f"() => ({RANGES})()[0][0] === 0")
    assert "from=" not in page.url


def test_a_part_can_be_chosen_by_keyboard(page: Page, training: Training):
    open_job(page, training)

    page.get_by_label("Steps", exact=True).fill("2")
    page.keyboard.press("Tab")
    page.get_by_label("to", exact=True).fill("9")
    page.keyboard.press("Enter")

    page.wait_for_function(f"() => JSON.stringify(({RANGES})()) === '[[2,9],[2,9]]'")
    assert "from=2" in page.url
    assert "to=9" in page.url


def test_steps_can_be_told_as_epochs_and_as_times(page: Page, training: Training):
    open_job(page, training)
    steps = line(page)["x"]

    page.get_by_label("Along").select_option("epoch")
    page.wait_for_function(f"() => ({AXIS})() === 'epoch'")
    epochs = line(page)["x"]
    page.get_by_label("Along").select_option("elapsed")
    page.wait_for_function(f"() => ({AXIS})().endsWith('since it started')")
    elapsed = line(page)["x"]

    assert 0 < epochs[0] < 1
    assert epochs[9] / epochs[0] == pytest.approx(steps[9] / steps[0])
    assert elapsed == sorted(elapsed)
    assert "x=elapsed" in page.url


def test_times_that_could_not_be_read_are_asked_for_again(page: Page, ended: Training):
    page.route(f"**{ended.path}/clock", lambda route: route.fulfill(status=200, body=""))
    page.goto(f"{ended.path}?x=elapsed")
    again = page.locator(".loss").get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.evaluate("document.body.dispatchEvent(new CustomEvent('job-changed', { detail: {} }))")
    page.wait_for_timeout(500)  # it fails again, and nobody asked
    expect(again).to_be_visible()
    page.unroute(f"**{ended.path}/clock")

    again.click()

    page.wait_for_function(f"() => ({AXIS})()?.endsWith('since it started')")


def test_a_smoothed_line_keeps_the_raw_one_under_it(page: Page, training: Training):
    open_job(page, training)
    given = line(page)["y"]

    page.get_by_label("Smoothing").fill("50")
    page.wait_for_url("**smooth=50*")
    page.wait_for_function("() => document.querySelector('.loss .plot').data[0].opacity < 0.5")

    raw, calm, *_ = lines(page)
    assert raw["y"][: len(given)] == given
    mass, total = 0.0, 0.0
    for value, smoothed in zip(raw["y"], calm["y"], strict=True):
        total, mass = 0.5 * total + 0.5 * value, 0.5 * mass + 0.5
        assert smoothed == pytest.approx(total / mass)


def test_bad_values_in_the_address_fall_back(page: Page, training: Training):
    open_job(page, training, "x=moon&smooth=1000&from=9&to=3&y=wavy&line=nothing")

    assert page.evaluate(AXIS) == "step"
    assert page.evaluate(RANGES)[0][0] == 0
    expect(page.get_by_label("Smoothing")).to_have_value("0")
    expect(page.get_by_role("button", name="Log scale")).to_have_attribute("aria-pressed", "false")


def test_a_line_is_taken_away_and_the_link_knows(page: Page, training: Training):
    open_job(page, training)
    names = "() => document.querySelector('.loss .plot').data.map(trace => trace.name)"

    page.locator(".loss .legend").get_by_label("training").uncheck()
    page.wait_for_function(f"() => !({names})().includes('training')")
    page.reload()
    page.wait_for_function("() => document.querySelector('.loss .plot').data?.length")

    assert "training" not in page.evaluate(names)
    expect(page.locator(".loss .legend").get_by_label("training")).not_to_be_checked()


def test_a_line_says_what_it_was_measured_on(page: Page, training: Training):
    open_job(page, training)
    words = page.locator(".loss .legend [role=tooltip]").nth(1)
    expect(words).to_be_hidden()

    page.locator(".loss .legend").get_by_label("validation (batch)").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Space")

    expect(words).to_be_visible()
    expect(words).to_contain_text("On one batch of the validation file")


def test_checkpoints_and_their_rows_light_each_other(
    page: Page, training: Training, start_job: StartJob
):
    job = start_job("two-epochs", n_epochs=2, batch_size=16)
    job.let_alone(training)
    job.has_checkpoint()
    page.goto(job.path)
    page.wait_for_function(MARKED)
    row = page.locator("#job-checkpoints tr[data-step]").first

    row.get_by_role("link").first.focus()
    expect(page.locator(".loss .plot .lit")).to_have_count(1)
    row.get_by_role("link").first.blur()
    expect(page.locator(".plot .lit")).to_have_count(0)

    page.locator(".loss .plot .trace:last-child .point").first.hover(force=True)
    expect(row).to_have_class("lit")


def test_a_chart_is_taken_home_as_picture_and_as_points(page: Page, training: Training):
    open_job(page, training)
    taken = {}

    for format in ("png", "svg", "json"):
        page.locator(".loss summary").click()
        with page.expect_download() as download:
            page.locator(f".loss [data-take={format}]").click()
        taken[format] = download.value.path().read_bytes()
        page.keyboard.press("Escape")

    assert taken["png"].startswith(b"\x89PNG")
    assert b"validation (batch)" in taken["svg"]
    first = json.loads(taken["json"])["lines"][0]
    assert (first["name"], first["steps"][:3]) == ("train_loss", [1, 2, 3])
    reported = training.losses()
    step = first["steps"][-2]
    assert first["values"][-2] == reported[step]


def test_a_chart_is_a_table_too(page: Page, training: Training):
    open_job(page, training)

    page.locator(".loss").get_by_role("button", name="Table").click()

    region = page.get_by_role("region", name="Loss by step, as a table")
    expect(region.locator("thead th").first).to_have_text("Step")
    head = region.locator("thead th").all_text_contents()
    assert head[:3] == ["Step", "training", "validation (batch)"]
    drawn = line(page)
    cells = region.locator("tbody tr").first.locator("th, td").all_text_contents()
    assert cells[0] == str(int(drawn["x"][0]))
    assert float(cells[1]) == pytest.approx(drawn["y"][0], rel=1e-5)
    expect(page.locator(".loss figure")).to_be_hidden()
    page.locator(".loss").get_by_role("button", name="Table").click()
    expect(page.locator(".loss figure")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_fit_a_phone(open_page: OpenPage, page: Page, training: Training, scheme: str):
    phone = open_page(
        training.stack.url,
        storage_state=page.context.storage_state(),
        viewport={"width": 390, "height": 800},
        color_scheme=scheme,
    )

    open_job(phone, training)

    assert phone.evaluate(WIDTH) == 390
    for control in phone.locator(".chart-controls :is(button, select, input)").all():
        box = control.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_no_card_moves_when_its_curve_comes(page: Page, training: Training):
    held: list[Route] = []
    page.route("**/plotly/**", lambda route: held.append(route))
    page.goto(training.path, wait_until="commit")
    expect(page.locator(".loss [data-note]")).to_have_text("Reading the curve …")
    before = page.evaluate(PLACES)

    held[0].continue_()
    page.wait_for_function(DRAWN)

    assert page.evaluate(PLACES) == before
