"""Makes the pictures of README from a running Tuneboard with its sandbox.

    python docs/screenshots.py http://localhost:8000/sign-in/… --sandbox http://localhost:8001/v1

With --sandbox it first starts some jobs there, so that the list is not just the demo's four; the
pictures are taken when the last of them trains.
"""

import argparse
import shutil
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
DRAWN = "() => document.querySelector('.loss .plot').data?.[0].x.length > 100"
WINDOW = {"width": 1280, "height": 720}
ORDERS: list[tuple[str, str, dict[str, Any]]] = [
    ("invoice-fields", "gpt-4.1-nano-2025-04-14", {"n_epochs": 3, "batch_size": 8}),
    ("refund-triage", "gpt-4o-mini-2024-07-18", {"n_epochs": 4, "batch_size": 4}),
    ("faq-answers", "gpt-4.1-mini-2025-04-14", {"n_epochs": 6, "batch_size": 16}),
    ("too-hot", "gpt-4.1-nano-2025-04-14", {"n_epochs": 8, "learning_rate_multiplier": 10}),
    ("shipping-desk", "gpt-4o-mini-2024-07-18", {"n_epochs": 5, "batch_size": 8}),
    ("night-shift", "gpt-4.1-mini-2025-04-14", {"n_epochs": 20, "batch_size": 4}),
    ("returns-v2", "gpt-4o-mini-2024-07-18", {"n_epochs": 20, "batch_size": 8}),
    ("warranty", "gpt-4.1-mini-2025-04-14", {"n_epochs": 3}),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("link", help="a one-time sign-in link")
    parser.add_argument("--sandbox", help="the base URL of its sandbox")
    parser.add_argument("--browser", default=shutil.which("chromium"))
    flags = parser.parse_args()
    if flags.sandbox:
        with httpx.Client(base_url=flags.sandbox, headers={"Authorization": "Bearer sk-x"}) as api:
            fill(api)
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=flags.browser, args=["--no-sandbox"])
        page = browser.new_page(viewport=WINDOW, color_scheme="light")  # type: ignore[arg-type]
        page.goto(flags.link)
        take_list(page)
        take_job(page)
        browser.close()


def fill(api: httpx.Client) -> None:
    """Order the jobs, and wait until the demo and all but the last few are done."""
    first = api.get("fine_tuning/jobs", params={"limit": 100}).json()["data"][-1]
    files = {name: first[name] for name in ("training_file", "validation_file")}
    broken = {"file": ("typo.jsonl", b'{"messages": [{"role": "user"}]}\n' * 12)}
    typo = api.post("files", data={"purpose": "fine-tune"}, files=broken).json()["id"]
    order(api, "with-a-typo", ORDERS[0][1], {}, {"training_file": typo})
    ids = [order(api, suffix, model, recipe, files) for suffix, model, recipe in ORDERS]
    wait_for(api, ids[3], {"running"})
    api.post(f"fine_tuning/jobs/{ids[3]}/cancel")
    wait_for(api, ids[-2], {"running"})
    time.sleep(20)


def order(api: httpx.Client, suffix: str, model: str, recipe: Any, files: dict[str, str]) -> str:
    method = {"type": "supervised", "supervised": {"hyperparameters": recipe}}
    job = {"model": model, "suffix": suffix, "seed": 7, "method": method, **files}
    return str(api.post("fine_tuning/jobs", json=job).raise_for_status().json()["id"])


def wait_for(api: httpx.Client, job: str, states: set[str]) -> None:
    while api.get(f"fine_tuning/jobs/{job}").json()["status"] not in states:
        time.sleep(1)


def take_list(page: Page) -> None:
    page.locator("tr[data-job]").nth(2).wait_for()
    page.wait_for_timeout(1500)
    page.screenshot(path=IMAGES / "jobs.png")


def take_job(page: Page) -> None:
    page.get_by_role("link", name="overfit-demo").click()
    page.wait_for_function(DRAWN)
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / "job.png")


if __name__ == "__main__":
    main()
