"""Where every page of the product is, by the name of its address: what holds for all is tried on these."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.browser.conftest import Training
from tests.stack import Stack

PAGES: dict[str | None, tuple[str, ...]] = {
    "job_list": ("/", "/?q=nothing+like+this", "/?q=state:runing+loss%3C1"),
    "columns": ("/jobs/columns",),
    "filter": ("/jobs/filter?q=bot+is:ended",),
    "view_list": ("/views?query=q%3Dstate%3Afailed",),
    "together": ("/jobs/together/cancel?jobs={job},{ended}",),
    "tags_together": ("/jobs/together/tags?jobs={job},{ended}", "/jobs/together/tags?jobs=0"),
    "job_detail": ("/jobs/{job}", "/jobs/{ended}", "/jobs/{failed}"),
    "log": ("/jobs/{job}/log", "/jobs/{job}/log?find=nothing+like+this"),
    "event": ("/jobs/{job}/events/{event}",),
    "chart_table": ("/jobs/{job}/charts/loss/table",),
    "note": ("/jobs/{job}/notes/{note}",),
    "result_file": ("/jobs/{ended}/results/{result}.csv",),
    "confirm": ("/jobs/{job}/ask/cancel/confirm", "/jobs/{ended}/ask/cancel/confirm"),
    "compare": (
        "/compare",
        "/compare?jobs={job}",
        "/compare?jobs={job},{ended}&base={ended}",
        "/compare?jobs={failed},999999",
    ),
    "account_list": ("/accounts",),
    "account_add": ("/accounts/new",),
    "account_detail": ("/accounts/{account}",),
    "account_ledger": ("/accounts/{account}/ledger",),
    "account_files": ("/accounts/{account}/files", "/accounts/{account}/files?q=nothing"),
    "account_models": ("/accounts/{account}/models",),
    "file_delete": ("/files/{file}/delete",),
    "model_delete": ("/models/{model}/delete",),
    "sharing": ("/models/{model}/sharing", "/jobs/{ended}/checkpoints/{checkpoint}/sharing"),
    "shared_with": ("/models/{model}/sharing/projects",),
    "unshare": ("/models/{model}/sharing/stop?project=proj_1",),
    "order_new": ("/jobs/new",),
    "order_list": ("/orders",),
    "order_detail": ("/orders/{order}",),
    "order_edit": ("/orders/{order}/edit",),
    "price_list": ("/prices",),
    "password": ("/password",),
    "status": ("/status",),
    "styleguide": ("/styleguide",),  # its chapters have tests of their own
    "sign_in_by_link": ("/sign-in/used-long-ago",),
    None: ("/nothing/is/here",),
}
FOR_STRANGERS = {"sign_in"}
PARTS = {
    "account_test", "account_test_new", "chart", "clock", "compare_curves", "compare_offers",
    "health", "job_checkpoints", "job_counts", "job_freshness", "job_row", "job_rows", "job_state",
    "newer_events", "older_events", "order_state", "upload", "upload_part",
}  # fmt: skip
FILES = {
    "compare_curves_csv", "compare_curves_json", "compare_recipes_csv", "compare_recipes_json",
    "healthz", "jobs_csv", "jobs_json", "log_file", "metrics", "prometheus", "readyz",
}  # fmt: skip
BUTTONS = {
    "account_inventory", "account_leave", "ask", "grader_run", "grader_validate", "job_duplicate",
    "looked", "note_add", "order_deed", "order_submit", "picked", "result_file_again", "sign_out",
    "tag_add", "tag_remove", "tags_change", "together_ask", "upload_begin", "view_deed",
    "view_save",
}  # fmt: skip


def addresses(keys: dict[str, object]) -> Iterator[str]:
    for patterns in PAGES.values():
        for pattern in patterns:
            yield pattern.format(**keys)


def furnish(page: Page, job: Training, ended: Training, failed: Training) -> dict[str, object]:
    """Something to see on each page: its key, by what the patterns call it."""
    stack = job.stack
    page.goto(job.path)
    page.get_by_label("Add a note").fill("It learns to spell.")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".note")).not_to_have_count(0)
    page.goto("/jobs/new")
    page.get_by_label("Base model").fill("gpt-4o-mini")
    page.get_by_label("Training file").first.select_option(index=1)
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Review")
    order = page.url.rsplit("/", 1)[-1]
    page.goto("/accounts/1/models")
    page.get_by_role("button", name="Read anew").click()
    lost = f"ResultFile.objects.create(job_id={ended.pk}, upstream_id='lost', next_try_at=None)"
    stack.manage("shell", "-c", f"from jobs.models import ResultFile; {lost}")
    return {
        "job": job.pk,
        "ended": ended.pk,
        "failed": failed.pk,
        "order": order,
        "event": newest(stack, "event", f"job_id = {job.pk}"),
        "note": newest(stack, "note", f"job_id = {job.pk}"),
        "result": newest(stack, "resultfile", "upstream_id = 'lost'"),
        "account": newest(stack, "account"),
        "file": newest(stack, "file"),
        "checkpoint": newest(stack, "checkpoint", f"job_id = {ended.pk}"),
        "model": newest(stack, "servedmodel", "upstream_id LIKE 'ft:%'"),
    }


def newest(stack: Stack, table: str, condition: str = "1") -> int:
    sql = f"SELECT max(id) FROM jobs_{table} WHERE {condition}"  # noqa: S608 (our own words)
    return stack.wait_until(lambda: stack.rows(sql)[0][0], f"a {table} is known")
