"""A new job as a person orders it: a file is brought and judged, then reviewed, then a job trains."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DATASETS, Training
from tests.browser.looking import DESK, PHONE, excess, violations

pytestmark = pytest.mark.browser

TRAIN = DATASETS / "support-train.jsonl"
NEW = "/jobs/new"


def bring(page: Page, file: Path) -> None:
    page.locator("#id_training_new").set_input_files(file)
    expect(page.locator("#training-upload")).to_contain_text("Examples")


def bad_file(folder: Path) -> Path:
    """Good but for its eleventh line."""
    lines = TRAIN.read_text().splitlines()[:10]
    bad = {"messages": [{"role": "robot", "content": "Beep"}, {"role": "assistant"}]}
    path = folder / "bad.jsonl"
    path.write_text("\n".join([*lines, json.dumps(bad)]) + "\n")
    return path


def test_a_file_is_brought_reviewed_and_becomes_a_job_that_trains(page: Page, training: Training):
    page.goto(NEW)
    page.get_by_label("Base model").fill("gpt-4o-mini")
    bring(page, TRAIN)
    expect(page.locator("#training-upload")).to_contain_text("Fit for supervised.")
    page.get_by_label("Epochs").fill("2")
    page.get_by_label("Suffix").fill("from-the-page")
    page.get_by_role("button", name="Review").click()

    expect(page.locator(".cost")).to_contain_text("2 epochs")
    page.get_by_role("button", name="Create the job").click()

    expect(page).to_have_url(re.compile(r"/jobs/\d+$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("from-the-page")
    expect(page.locator("#job-state .state")).to_have_text(re.compile("Queued|Running"))
    expect(page.get_by_role("region", name="Ledger")).to_contain_text("Created by")


def test_a_bad_file_names_line_and_field_and_nothing_can_be_created(page: Page, tmp_path: Path):
    page.goto(NEW)
    page.get_by_label("Base model").fill("gpt-4o-mini")
    bring(page, bad_file(tmp_path))

    problems = page.get_by_role("region", name="Problems in bad.jsonl")
    expect(problems.get_by_role("row", name="11 messages[0].role")).to_be_visible()
    page.get_by_role("button", name="Review").click()

    expect(page.get_by_role("button", name="Create the job")).to_be_disabled()
    page.get_by_role("link", name="Mend it").click()
    expect(page.locator("#id_training_file_error")).to_contain_text("correct it and bring it")
    expect(page.get_by_role("alert")).to_contain_text("Mend Training file")


def test_each_method_asks_for_what_it_needs(page: Page):
    page.goto(NEW)
    beta, effort = page.get_by_label("Beta"), page.get_by_label("Reasoning effort")
    grader = page.get_by_label("Grader", exact=True)
    expect(beta).to_be_hidden()

    page.get_by_label("Preferences").check()
    expect(beta).to_be_visible()
    expect(grader).to_be_hidden()
    page.get_by_label("Reinforcement").check()
    expect(beta).to_be_hidden()
    expect(effort).to_be_visible()

    page.get_by_label("Begin with").select_option(label="Exact answer")
    expect(grader).to_have_value(re.compile("string_check"))
    page.get_by_label("An answer to try it on").fill("yes")
    page.get_by_label("Its item").fill('{"reference": "yes"}')
    page.get_by_role("button", name="Run on a sample").click()
    expect(page.locator("#grader-trial")).to_contain_text("Reward 1.000")


def test_a_checkpoint_is_shared_and_taken_back(page: Page, ended: Training):
    page.goto(ended.path)
    page.get_by_role("link", name="Sharing of step").first.click()
    shared = page.get_by_role("region", name="Shared with")
    expect(shared).to_contain_text("No other project")

    page.get_by_label("Projects").fill("proj_one, proj_two")
    page.get_by_role("button", name="Share").click()
    expect(shared.get_by_role("row")).to_have_count(3)
    page.get_by_role("link", name="Stop sharing with proj_one").click()
    expect(page.locator(".breaks")).to_contain_text("Every program of proj_one")
    page.get_by_role("button", name="Stop sharing").click()

    expect(shared.get_by_role("row")).to_have_count(2)
    sql = "SELECT account_id FROM jobs_job WHERE id = ?"
    page.goto(f"/accounts/{ended.stack.rows(sql, ended.pk)[0][0]}/ledger")
    expect(page.locator(".ledger")).to_contain_text("Stop sharing")


def test_review_and_sharing_are_for_everyone(reader: Page, ended: Training, tmp_path: Path):
    reader.goto(NEW)
    bring(reader, bad_file(tmp_path))
    reader.get_by_role("button", name="Review").click()
    expect(reader.get_by_role("button", name="Create the job")).to_be_disabled()
    review = reader.url
    reader.goto(ended.path)
    sharing = reader.get_by_role("link", name="Sharing of step").first.get_attribute("href") or ""
    reader.goto("/accounts/1/files")
    delete = reader.get_by_role("link", name="Delete").first.get_attribute("href") or ""

    for path in (review, f"{review}/edit", sharing, delete, f"{sharing}/stop?project=proj_1"):
        for size in (DESK, PHONE):
            reader.set_viewport_size(size)
            reader.goto(path)
            assert violations(reader) == [], f"{path} at {size['width']} px"
        assert excess(reader) == 0, path
