"""From the sign-in to a cancelled job: by keyboard alone, and without a script."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import StartJob, Training
from tests.browser.looking import DESK
from tests.chromium import OpenPage
from tests.stack import Stack

pytestmark = pytest.mark.browser

NAME, PASSWORD = "kim", "seven plain grey geese"
FOCUS = """() => {
  const { activeElement: at } = document;
  const row = at.closest(".jobs tr"); // it wears the focus of its link
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const { top, bottom } = at.getBoundingClientRect();
  const isInView = bottom > 0 && top < innerHeight;
  const isWorn = row && getComputedStyle(row).boxShadow !== "none";
  return isInView && (isWorn || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2));
}"""


@pytest.fixture(scope="session")
def kim(stack: Stack) -> None:
    """Somebody who has a password."""
    make = f"User.objects.create_user({NAME!r}, password={PASSWORD!r})"
    stack.manage("shell", "-c", f"from django.contrib.auth.models import User; {make}")


def tab_to(page: Page, place: Locator, within: int = 40) -> None:
    """Press Tab until the focus is there, and where it is can be seen."""
    for _ in range(within):
        page.keyboard.press("Tab")
        if place.evaluate("place => place === document.activeElement"):
            break
    has_focus(page, place)


def has_focus(page: Page, place: Locator) -> None:
    expect(place).to_be_focused()
    assert page.evaluate(FOCUS), f"the focus cannot be seen on {place}"


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    tab_to(page, page.get_by_label("Username"))
    page.keyboard.type(NAME)
    tab_to(page, page.get_by_label("Password"), within=1)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Jobs")).to_be_visible()
    page.wait_for_load_state()  # the keys come with a script that follows the page


def find(page: Page, name: str) -> None:
    """With a look at the list of keys first."""
    page.keyboard.press("?")
    shortcuts = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_be_visible()
    page.keyboard.press("Escape")
    expect(shortcuts).to_be_hidden()
    page.keyboard.press("/")
    has_focus(page, page.get_by_role("searchbox"))
    page.keyboard.type(name)
    expect(page.locator("tr[data-job]")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    has_focus(page, page.get_by_role("link", name=name))


@pytest.mark.usefixtures("kim")
def test_a_job_is_cancelled_by_keyboard_alone(
    stack: Stack, open_page: OpenPage, start_job: StartJob, training: Training
):
    job = start_job("goose-step")
    page = open_page(stack.url, viewport=DESK)

    sign_in(page)
    find(page, "goose-step")
    page.keyboard.press("x")
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("goose-step")
    page.wait_for_load_state()
    tab_to(page, page.get_by_role("link", name="Skip to the content"), within=1)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Cancel"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    has_focus(page, dialog.get_by_label("Why"))
    page.keyboard.type("the geese have gone")
    tab_to(page, dialog.get_by_role("button", name="Cancel job"), within=2)
    page.keyboard.press("Enter")

    ledger = page.get_by_role("region", name="Ledger")
    expect(ledger).to_contain_text("Cancel accepted")
    expect(ledger).to_contain_text("the geese have gone")
    expect(page.locator("#job-state .state")).to_have_text("Cancelled")
    has_focus(page, page.locator("#ask-cancel"))
    assert job.path in page.url


@pytest.mark.usefixtures("kim")
def test_a_job_is_cancelled_without_script(
    stack: Stack, open_page: OpenPage, start_job: StartJob, training: Training
):
    job = start_job("without-script")
    page = open_page(stack.url, java_script_enabled=False)

    page.goto(job.path)  # which leads to the sign-in, and back
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("without-script")

    page.get_by_role("link", name="Jobs", exact=True).first.click()
    page.get_by_role("searchbox").fill("without-script")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("tr[data-job]")).to_have_count(1)
    page.get_by_role("link", name="without-script").click()
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("textbox").fill("wrong data set")
    page.get_by_role("button", name="Cancel job").click()

    expect(page).to_have_url(f"{stack.url}{job.path}")
    expect(page.get_by_role("status")).to_contain_text("accepted")
    ledger = page.get_by_role("region", name="Ledger")
    expect(ledger).to_contain_text("Cancel accepted")
    expect(ledger).to_contain_text("wrong data set")
