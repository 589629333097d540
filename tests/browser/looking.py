"""What the tests look at a page with: two sizes of window, and axe."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page) -> list[str]:
    page.wait_for_load_state("networkidle") if "/live" in page.url else None
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


def excess(page: Page) -> int:
    """By how many pixels the page is wider than a phone."""
    page.set_viewport_size(PHONE)
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return max(0, width - PHONE["width"])
