"""Pages in Chromium as somebody sees them who was never there: an empty cache, each time.

A page is done when its condition, a piece of JavaScript, has become true and the frame that shows it
was painted. Requests and bytes are counted as the network saw them, until nothing more came; the stream of
live news, which stays open and brings none, is left out.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urljoin

from playwright.sync_api import Browser, TimeoutError, sync_playwright

from tests.chromium import QUIET, find

WIDTH, HEIGHT = 1440, 900
DONE_WITHIN = 180_000  # milliseconds: MLflow takes half a minute to compare twenty runs
REST = 400  # milliseconds in which what a page asks for late still counts

WATCH = """
window.bench = { done: 0, tasks: [] };
const say = console.debug.bind(console);
new PerformanceObserver(list => window.bench.tasks.push(...list.getEntries().map(e => e.duration)))
  .observe({ type: "longtask", buffered: true });
const look = () => {
  if (!(CONDITION)) return requestAnimationFrame(look);
  requestAnimationFrame(() => setTimeout(() => {
    window.bench.done = performance.now();
    say("bench: done");
  }));
};
requestAnimationFrame(look);
"""


class Visit(NamedTuple):
    ms: float
    requests: int
    bytes: int
    long_tasks: int


@contextmanager
def chromium() -> Iterator[Browser]:
    path = find()
    if path is None:
        raise SystemExit("There is no Chromium: `make browser` finds or installs one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


def visit(
    browser: Browser, url: str, until: str, cookies: Mapping[str, str] | None = None
) -> Visit:
    """Open the page in a context of its own and wait `until` it shows what it is for."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    for name, value in (cookies or {}).items():
        context.add_cookies([{"name": name, "value": value, "url": urljoin(url, "/")}])
    context.add_init_script(WATCH.replace("CONDITION", until))
    page = context.new_page()
    requests: list[str] = []
    received: list[float] = []

    def sent(event: dict[str, Any]) -> None:
        is_stream = event.get("type") == "EventSource"
        if not is_stream and not event["request"]["url"].startswith(("data:", "blob:")):
            requests.append(event["request"]["url"])

    wire = context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", sent)
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    wire.send("Network.enable")
    try:
        with page.expect_console_message(
            lambda message: message.text == "bench: done", timeout=DONE_WITHIN
        ):
            page.goto(url, wait_until="commit")
    except TimeoutError as error:
        raise SystemExit(f"{url} never shows what it should: {until}") from error
    page.wait_for_timeout(REST)
    seen = page.evaluate("window.bench")
    context.close()
    return Visit(seen["done"], len(requests), int(sum(received)), len(seen["tasks"]))
