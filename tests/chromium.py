"""A browser that forgives no error. Also a program: `python -m tests.chromium` says whether one is there."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.stack import Stack

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

OpenPage = Callable[..., Page]


def find() -> str | None:
    """$E2E_BROWSER, a name on PATH, an app of macOS, Playwright's own."""
    named = os.environ.get("E2E_BROWSER")
    installed = [path for name in NAMES if (path := shutil.which(name))]
    candidates = [*([named] if named else installed), *MAC]
    return next((path for path in candidates if Path(path).exists()), None) or playwrights_own()


def playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
        return path if Path(path).exists() else None


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """For a module, not longer: while it lives no test in this process can run a loop of its own."""
    path = find()
    assert path, "There is no browser: install chromium, or name one in E2E_BROWSER."
    # Playwright's loop lives in this thread, and Django would take the tests' queries for async ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Open a page in a context of its own. What its console calls an error fails the test: that
    includes each breach of the content security policy."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(base_url: str, **given: object) -> Page:
        context = chromium.new_context(base_url=base_url, **given)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(stack: Stack, open_page: OpenPage) -> Page:
    """A page of the running program, signed in."""
    page = open_page(stack.url)
    link = stack.manage("signin_link", "--create")
    page.goto(link.replace("localhost", "127.0.0.1"))
    return page


if __name__ == "__main__":
    sys.exit(not find())
