"""Takes pictures of every screen in its main states, from a Tuneboard that it starts itself.

    make screenshots        or: python -m docs.screenshots

They go to build/screenshots, one for each theme and width; those that README and docs show go to
docs/images too. It takes about six minutes: the sandbox's jobs really train until there is something to
see. A screen that cannot be reached is left out, and the reason said.
"""

import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Error, Page, TimeoutError, ViewportSize, sync_playwright

from tests.chromium import QUIET, find
from tests.stack import ROOT, Stack

PICTURES = ROOT / "build" / "screenshots"
IMAGES = ROOT / "docs" / "images"
LARGEST = 400_000  # bytes of an image in the repository
SIZES: dict[int, ViewportSize] = {
    1440: {"width": 1440, "height": 900},
    390: {"width": 390, "height": 844},
}
# What docs show, by day.
KEPT = {"jobs": "jobs.png", "job-overfit": "job.png", "compare": "compare.png"}
SHOWN: ViewportSize = {"width": 1280, "height": 720}
TRAINING_TAKES = 900.0  # seconds at most
DRAWN = "() => [...document.querySelectorAll('.plot')].every((plot) => plot.data?.length)"
DRAWING_TAKES = 6_000  # milliseconds at most


class Missing(Exception):
    """A screen that is not there."""


Scene = str | Callable[[Page], None]


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tb-") as folder, Stack(Path(folder)) as stack:
        prepare(stack)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find(), args=list(QUIET))
            missed = take_all(browser, stack)
            browser.close()
    for words in missed:
        say(f"Left out: {words}")
    say(f"{len(list(PICTURES.glob('*.png')))} pictures are in {PICTURES.relative_to(ROOT)}")
    sys.exit(bool(missed))


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 (a program's own words)


def prepare(stack: Stack) -> None:
    """Jobs in every state: of the demo's four two have ended, one trains, one rests; one has failed."""
    with stack.sandbox() as api:
        broken = {"file": ("typo.jsonl", b'{"messages": [{"role": "user"}]}\n' * 12)}
        typo = api.post("files", data={"purpose": "fine-tune"}, files=broken).json()["id"]
        order(api, "with-a-typo", typo, 3)
        for name in ("support-bot", "overfit-demo"):
            say(f"Waiting until {name} has ended")
            wait_for(stack, name, "state = 'succeeded'")
        good = told_of(stack, "support-bot", "training_file")
        for suffix, epochs in (("refund-triage", 4), ("shipping-desk", 8), ("warranty", 3)):
            order(api, suffix, good, epochs)
        wait_for(stack, "warranty", "state IN ('queued', 'running')")
        api.post(f"fine_tuning/jobs/{told_of(stack, 'warranty', 'upstream_id')}/cancel")
        for name in ("tone-dpo", "polite-rft"):
            say(f"Waiting until {name} has made some steps")
            wait_for(stack, name, "step > 20 OR ended_at IS NOT NULL")
        api.post(f"fine_tuning/jobs/{told_of(stack, 'tone-dpo', 'upstream_id')}/pause")
        wait_for(stack, "tone-dpo", "state = 'paused' OR ended_at IS NOT NULL")
        wait_for(stack, "refund-triage", "step > 5 OR ended_at IS NOT NULL")


def order(api: httpx.Client, suffix: str, file: str, epochs: int) -> None:
    recipe = {"n_epochs": epochs, "batch_size": 8}
    method = {"type": "supervised", "supervised": {"hyperparameters": recipe}}
    job = {"model": "gpt-4o-mini", "suffix": suffix, "training_file": file, "method": method}
    api.post("fine_tuning/jobs", json=job).raise_for_status()


def wait_for(stack: Stack, name: str, condition: str) -> None:
    sql = f"SELECT 1 FROM jobs_job WHERE name = ? AND ({condition})"  # noqa: S608 (our own words)
    stack.wait_until(lambda: stack.rows(sql, name), f"{name}: {condition}", TRAINING_TAKES)


def told_of(stack: Stack, name: str, column: str) -> str:
    found = stack.rows(f"SELECT {column} FROM jobs_job WHERE name = ?", name)  # noqa: S608 (as above)
    return str(found[0][0])


def scenes(stack: Stack) -> dict[str, Scene]:
    """By the picture's name: an address, or what somebody does to get there."""
    keys: dict[str, Any] = dict(stack.rows("SELECT name, id FROM jobs_job"))
    account = stack.rows("SELECT id FROM jobs_account")[0][0]
    ended = ",".join(str(keys[name]) for name in ("support-bot", "overfit-demo", "tone-dpo"))
    overfit = f"/jobs/{keys['overfit-demo']}"
    return {
        "jobs": "/",
        "jobs-nothing": "/?q=no+such+job",
        "jobs-mistake": "/?q=state:runing",
        "jobs-selected": select_some,
        "job-running": f"/jobs/{keys['refund-triage']}",
        "job-overfit": overfit,
        "job-failed": f"/jobs/{keys['with-a-typo']}",
        "job-cancelled": f"/jobs/{keys['warranty']}",
        "job-dpo-paused": f"/jobs/{keys['tone-dpo']}",
        "job-rft": f"/jobs/{keys['polite-rft']}",
        "job-log": f"{overfit}/log",
        "job-question": f"/jobs/{keys['refund-triage']}/ask/cancel/confirm",
        "compare": f"/compare?jobs={ended}",
        "compare-nothing": "/compare",
        "order-form": "/jobs/new",
        "order-review": review,
        "orders": "/orders",
        "accounts": "/accounts",
        "status": "/status",
        "account-new": "/accounts/new",
        "account": f"/accounts/{account}",
        "account-files": f"/accounts/{account}/files",
        "account-models": f"/accounts/{account}/models",
        "account-ledger": f"/accounts/{account}/ledger",
        "sharing": lambda page: share(page, overfit),
        "prices": "/prices",
        "password": "/password",
        "columns": "/jobs/columns",
        "views": "/views",
        "styleguide": "/styleguide",
    }


def take_all(browser: Browser, stack: Stack) -> list[str]:
    """Every scene by day and by night, wide and narrow; give what could not be taken."""
    missed = []
    for theme in ("light", "dark"):
        context = browser.new_context(base_url=stack.url, color_scheme=theme)
        page = context.new_page()
        page.set_default_timeout(10_000)
        every: dict[str, Scene] = {"sign-in": "/sign-in"}
        link = stack.manage("signin_link", "--create").replace("localhost", "127.0.0.1")
        every["signed-in"] = link
        for name, scene in (every | scenes(stack)).items():
            try:
                go(page, scene)
                take(page, name, theme)
            except (Error, Missing) as error:
                missed.append(f"{name} ({theme}): {str(error).splitlines()[0]}")
        context.close()
    return missed


def go(page: Page, scene: Scene) -> None:
    if callable(scene):
        scene(page)
        return
    answer = page.goto(scene)
    if not answer or not answer.ok:
        raise Missing(f"{scene} answers {answer.status if answer else 'nothing'}")


def take(page: Page, name: str, theme: str) -> None:
    for width, size in SIZES.items():
        page.set_viewport_size(size)
        settle(page)
        page.screenshot(path=PICTURES / f"{name}-{theme}-{width}.png", full_page=True)
    if name in KEPT and theme == "light":
        page.set_viewport_size(SHOWN)
        settle(page)
        path = IMAGES / KEPT[name]
        page.screenshot(path=path, scale="css")
        if path.stat().st_size > LARGEST:
            raise Missing(f"docs/images/{path.name} is too large")


def settle(page: Page) -> None:
    """Until the curves are drawn; those of a job without a step never are."""
    with suppress(TimeoutError):
        page.wait_for_function(DRAWN, timeout=DRAWING_TAKES)
    page.wait_for_timeout(400)


def select_some(page: Page) -> None:
    page.goto("/")
    for box in page.locator("input.pick[name=jobs]").all()[:3]:
        box.check()


def review(page: Page) -> None:
    page.goto("/jobs/new")
    page.get_by_label("Base model").fill("gpt-4o-mini-2024-07-18")
    page.get_by_label("Training file").first.select_option(index=1)
    page.get_by_label("Suffix").fill("returns-v3")
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Create the job").wait_for()


def share(page: Page, job: str) -> None:
    page.goto(job)
    page.get_by_role("link", name="Sharing of step").first.click()
    page.get_by_role("heading", name="Shared with").wait_for()


if __name__ == "__main__":
    main()
