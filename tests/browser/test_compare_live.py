"""What moves by itself on the compare page, in Chromium."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Training
from tests.browser.test_compare import open_both

pytestmark = pytest.mark.browser


def test_the_curve_of_a_running_job_grows_by_itself(page: Page, training: Training, other: int):
    open_both(page, training, other)
    length = f"""document.querySelector('#plot-loss').data
      .find(({{ meta }}) => meta.job === {training.pk})?.x.length"""
    before = page.evaluate(length)
    page.mouse.move(0, 0)

    page.wait_for_function(f"() => {length} > {before}", timeout=60_000)

    assert page.evaluate(length) > before


def test_curves_that_could_not_be_read_are_read_whole_with_the_next_bell(
    page: Page, training: Training, other: int
):
    page.route("**/compare/curves*", lambda route: route.fulfill(status=200, body=b""))
    page.goto(f"/compare?jobs={training.pk},{other}")
    expect(page.get_by_text("They are asked for again when a job moves.").first).to_be_visible()
    page.unroute("**/compare/curves*")

    ring(page, training.pk)

    page.wait_for_function("() => document.querySelector('#plot-loss').data?.length === 2")


def test_all_curves_are_read_again_when_time_is_told_in_another_unit(
    page: Page, training: Training, other: int
):
    open_both(page, training, other, "&x=elapsed")

    def in_another_unit(route: Route) -> None:
        content = route.fetch().body()
        route.fulfill(status=200, body=content.replace(b"since the", b"after the"))

    page.route("**/compare/curves*", in_another_unit)
    with page.expect_request(lambda request: is_of_all(request.url)):
        ring(page, training.pk)

    expect(page.locator("#plot-loss .xtitle")).to_have_text(re.compile("after the first step$"))
    assert len(page.evaluate("document.querySelector('#plot-loss').data")) == 2


def is_of_all(address: str) -> bool:
    return bool(re.search(r"/curves\?.*_loss$", address))


def ring(page: Page, job: int) -> None:
    bell = f"new CustomEvent('job-changed', {{ detail: {{ jobs: ['{job}'] }} }})"
    page.evaluate(f"document.body.dispatchEvent({bell})")
