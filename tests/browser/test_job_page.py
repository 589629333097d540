import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import StartJob, Training

pytestmark = pytest.mark.browser

TRACE = """() => {
  const trace = document.querySelector(".loss .plot").data?.[0];
  return trace ? [Array.from(trace.x), Array.from(trace.y)] : null;
}"""
DRAWN = "() => document.querySelector('.loss .plot').data?.[0].x.length > 10"


def open_job(page: Page, training: Training, **query: str) -> None:
    address = training.path + "".join(f"?{name}={value}" for name, value in query.items())
    page.goto(address)
    page.wait_for_function(DRAWN)


def test_the_curve_shows_the_losses_that_the_service_reported(page: Page, training: Training):
    open_job(page, training)

    steps, losses = page.evaluate(TRACE)

    reported = training.losses()
    drawn = dict(zip(steps, losses, strict=True))
    shared = drawn.keys() & reported.keys()
    assert len(shared) > 5
    assert all(drawn[step] == reported[step] for step in shared)
    words = page.locator(".loss .legend [data-words]").all_text_contents()
    assert words[:2] == ["training", "validation (batch)"]


def test_a_new_step_comes_to_curve_and_log_without_a_reload(page: Page, training: Training):
    open_job(page, training)
    page.evaluate("window.kept = true")
    steps = page.evaluate(TRACE)[0]
    newest = page.locator(".event").first.inner_text()

    page.wait_for_function(
        "count => document.querySelector('.loss .plot').data[0].x.length > count", arg=len(steps)
    )

    expect(page.locator(".event").first).not_to_have_text(newest)
    now = page.evaluate(TRACE)[0]
    assert now[: len(steps)] == steps
    assert now == sorted(set(now))
    assert page.evaluate("window.kept")


def test_a_curve_begins_by_itself(page: Page, training: Training, start_job: StartJob):
    start_job("before-it")
    job = start_job("in-the-queue")
    page.goto(job.path)
    expect(page.locator(".loss [data-note]")).to_contain_text("first step has not come yet")
    expect(page.locator(".chart-card")).to_have_count(1)

    job.let_alone(training)

    page.wait_for_function(DRAWN, timeout=60_000)
    expect(page.locator(".chart-card.accuracy [data-words]").first).to_have_text("training")
    expect(page.locator("#facts")).not_to_contain_text("auto")


def test_every_event_is_in_the_log_once(page: Page, training: Training):
    open_job(page, training)
    page.wait_for_timeout(3000)

    steps = page.locator(".event.metrics > span").all_inner_texts()

    assert len(steps) == len(set(steps))
    numbers = [int(text.split()[1].split("/")[0]) for text in steps]
    assert numbers == sorted(numbers, reverse=True)


def test_nothing_offers_to_send_the_curve_to_anybody(page: Page, training: Training):
    foreign = []
    page.on("request", lambda request: foreign.append(request.url))

    open_job(page, training)
    page.hover(".loss .plot")

    assert page.locator(".modebar-btn").count() == 0
    assert page.locator("figure").get_by_text("Share").count() == 0
    assert [url for url in foreign if "127.0.0.1" not in url and not url.startswith("data:")] == []


def test_the_address_keeps_the_logarithmic_axis(page: Page, training: Training):
    open_job(page, training)
    is_log = "() => document.querySelector('.loss .plot').layout?.yaxis.type === 'log'"

    page.get_by_role("button", name="Log scale").click()
    page.wait_for_function(is_log)
    page.reload()

    page.wait_for_function(is_log)
    expect(page.get_by_role("button", name="Log scale")).to_have_attribute("aria-pressed", "true")


def test_curves_wear_the_theme_that_the_reader_chose(page: Page, training: Training):
    open_job(page, training)
    colour = "() => document.querySelector('.loss .plot').data[0].line.color"
    light = page.evaluate(colour)

    page.get_by_role("button", name="Theme: system").click()
    page.get_by_role("button", name="Theme: light").click()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()

    page.wait_for_function(f"was => ({colour})() !== was", arg=light)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_points_can_be_taken_home_as_csv(page: Page, training: Training):
    open_job(page, training)

    with page.expect_download() as download:
        page.locator(".loss summary").click()
        page.locator(".loss [data-take=csv]").click()

    lines = download.value.path().read_text().splitlines()
    assert lines[0].startswith("step,train_loss,valid_loss")
    reported = training.losses()
    step, loss = lines[-2].split(",")[:2]
    assert float(loss) == reported[int(step)]
