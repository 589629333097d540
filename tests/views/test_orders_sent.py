"""The review of an order, what a person may do with it, and what the page shows until the job is there."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import File, Order, ServedModel, Upload
from tests.making import make_job, make_order, make_upload
from tests.ordering import carry
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db(transaction=True)


def page(browser: Client, order: Order, view: str = "order_detail") -> str:
    return browser.get(reverse(view, args=[order.key])).content.decode()


def press(browser: Client, order: Order, what: str) -> str:
    """A button of the review, and the page that follows."""
    name, rest = ("order_submit", []) if what == "submit" else ("order_deed", [what])
    answer = browser.post(reverse(name, args=[order.key, *rest]), follow=True)
    return answer.content.decode()


def edit(browser: Client, order: Order, **given: Any) -> Any:
    asked = {"base_model": "gpt-4o-mini", "method": "supervised", "training_file": "file-train"}
    return browser.post(reverse("order_edit", args=[order.key]), asked | given)


def page_of(order: Order) -> str:
    return reverse("order_detail", args=[order.key])


def test_create_asks_once_however_often_it_is_pressed(browser, upstream: FakeUpstream):
    order = make_order()

    press(browser, order, "submit")
    html = press(browser, order, "submit")
    carry(order)
    press(browser, order, "submit")

    assert "Asked for by alice." in html
    assert len(upstream.ordered) == 1
    assert Order.objects.get().state == "created"


def test_only_what_was_reviewed_is_asked_for(browser, upstream: FakeUpstream):
    order = make_order()
    submit = reverse("order_submit", args=[order.key])
    reviewed = {"reviewed": order.version}
    assert f'value="{order.version}"' in page(browser, order)

    edit(browser, order, suffix="changed-in-another-tab")
    html = browser.post(submit, reviewed, follow=True).content.decode()

    assert "Not sent: It was changed in the meantime" in html
    assert "Review: changed-in-another-tab" in html
    order.refresh_from_db()
    assert order.state == "draft"
    browser.post(submit, {"reviewed": order.version})
    order.refresh_from_db()
    assert order.state == "asked"


def test_an_order_under_way_shows_itself_anew_until_the_job_is_there(browser, upstream):
    order = make_order()
    press(browser, order, "submit")
    state = reverse("order_state", args=[order.key])
    assert f'hx-get="{state}" hx-trigger="every 1s"' in page(browser, order)

    carry(order)
    answer = browser.get(state)
    assert "HX-Trigger" not in answer
    assert "every 1s" in answer.content.decode()
    job = make_job(upstream_id=Order.objects.get().upstream_id)

    assert json.loads(browser.get(state)["HX-Trigger"]) == {"goes-on": job.get_absolute_url()}
    assert "every 1s" not in page(browser, order)
    assert f'href="{job.get_absolute_url()}">Open the job' in page(browser, order)
    assert "no-store" in browser.get(page_of(order))["Cache-Control"]


def test_a_file_that_the_service_has_is_known_by_its_name(browser: Client):
    order = make_order()
    File.objects.create(account=order.account, upstream_id="file-train", filename="tickets.jsonl")

    assert "<b>tickets.jsonl</b>" in page(browser, order)


def test_a_model_that_was_shut_down_is_told_before_it_is_refused(browser: Client):
    order = make_order(base_model="davinci-002")
    ServedModel.objects.create(
        account=order.account, upstream_id="davinci-002", shutdown_date=date(2024, 1, 4)
    )

    html = page(browser, order)

    assert "<b>davinci-002 was shut down 2024-01-04.</b>" in html
    assert "was shut down 2024-01-04" in page(browser, order, "order_edit")


def test_without_a_script_the_steps_of_an_order_can_be_read(browser: Client):
    at = "2026-11-30T23:40:12.867366+00:00"
    order = make_order(state=Order.State.CREATING, log=[[at, "The job is asked for."]])

    html = page(browser, order)

    assert "2026-11-30 23:40 UTC</time> The job is asked for." in html
    assert '<noscript><p class="muted">It goes on meanwhile' in html


def test_what_was_asked_for_can_be_taken_back_and_changed(browser, upstream: FakeUpstream):
    order = make_order()
    press(browser, order, "submit")

    html = press(browser, order, "recall")
    edit(browser, order, suffix="better")

    assert "Taken back by alice." in html
    order.refresh_from_db()
    assert (order.state, order.suffix) == ("draft", "better")
    assert upstream.asked == []


def test_what_is_on_its_way_cannot_be_edited(browser: Client):
    order = make_order(state=Order.State.CREATING)

    for answer in (
        browser.get(reverse("order_edit", args=[order.key])),
        edit(browser, order, suffix="too late"),
    ):
        assert answer["location"] == page_of(order)
    assert Order.objects.get().suffix == "support-bot"


@pytest.mark.parametrize(
    ("state", "deed"), [("creating", "recall"), ("created", "abandon"), ("draft", "send-again")]
)
def test_a_button_of_an_older_page_comes_too_late(browser: Client, state: str, deed: str):
    order = make_order(state=state)

    assert "Too late: the order has gone on meanwhile." in press(browser, order, deed)
    assert Order.objects.get().state == state


def test_what_was_not_found_is_sent_again_by_a_person(browser, upstream: FakeUpstream):
    order = make_order(state=Order.State.MISSING, detail="Most likely there is none.")
    html = page(browser, order)
    assert "Send it again" in html
    assert "Throw away" in html

    press(browser, order, "send-again")

    assert Order.objects.get().state == "asked"


def test_a_draft_is_thrown_away(browser: Client):
    order = make_order()

    html = press(browser, order, "abandon")

    assert "Abandoned by alice." in html
    assert "Create the job" not in html
    assert "Throw away" not in html


def test_there_are_no_other_deeds(browser: Client):
    order = make_order()

    assert browser.post(f"/orders/{order.key}/explode").status_code == 404
    assert browser.get(f"/orders/{order.key}/abandon").status_code == 405


def test_the_list_shows_what_became_of_each(browser: Client):
    for state in (Order.State.DRAFT, Order.State.REFUSED, Order.State.CREATED):
        make_order(state=state, suffix=f"order-{state}")

    html = browser.get(reverse("order_list")).content.decode()

    assert html.index("order-created") < html.index("order-refused") < html.index("order-draft")
    assert "<td>Refused</td>" in html


def test_an_empty_list_says_so(browser: Client):
    assert "No orders yet" in browser.get(reverse("order_list")).content.decode()


def test_a_draft_waits_for_the_check_of_its_file(browser: Client):
    upload = make_upload(state=Upload.State.CHECKING, checked_bytes=9)
    order = make_order(training_file="", training_upload=upload)

    html = page(browser, order)

    assert "every 1s" in html
    assert "Being checked: train.jsonl (52 %)." in html
    assert 'type="submit" disabled' in html


def test_examples_in_both_files_are_counted(browser: Client):
    digests = b"12345678abcdefgh"
    training = make_upload(digests=digests, sha256="a")
    validation = make_upload(digests=digests[8:], for_validation=True, sha256="b")
    order = make_order(training_file="", training_upload=training, validation_upload=validation)

    assert "1 example stands in both" in page(browser, order)
