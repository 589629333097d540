"""What the tests look at a page with: two sizes of window, and axe."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast",)  # all that another theme can change
AXE = Axe().axe_script
RUN = """rules => axe.run(document, { runOnly: rules, resultTypes: ["violations"] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))"""


def violations(page: Page, rules: tuple[str, ...] = WCAG) -> list[str]:
    """What axe finds: serious, moderate or minor."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return list(page.evaluate(RUN, rules))


def excess(page: Page) -> int:
    """By how many pixels the page is wider than a phone."""
    page.set_viewport_size(PHONE)
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return max(0, width - PHONE["width"])
