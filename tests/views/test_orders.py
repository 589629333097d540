"""A new job, page by page: which account, the form, the review, and what became of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Account, Order, Upload
from tests.making import make_account, make_job, make_order
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "/jobs/new"
TYPED = {
    "base_model": "gpt-4o-mini",
    "method": "supervised",
    "training_file": "file-train",
    "validation_file": "-",
    "suffix": "support-bot",
}


def page(browser: Client, order: Order, view: str = "order_detail") -> str:
    return browser.get(reverse(view, args=[order.key])).content.decode()


def press(browser: Client, order: Order, what: str) -> str:
    """A button of the review, and the page that follows."""
    name, rest = ("order_submit", []) if what == "submit" else ("order_deed", [what])
    answer = browser.post(reverse(name, args=[order.key, *rest]), follow=True)
    return answer.content.decode()


def send(browser: Client, address: str = NEW, **given: Any) -> Any:
    return browser.post(address, TYPED | given)


def beside(html: str, field: str) -> str:
    """What the form says is wrong with this field."""
    _, _, rest = html.partition(f'id="id_{field}_error"')
    return rest.split("</p>")[0]


def test_who_has_one_account_is_not_asked_for_it(browser: Client):
    make_account()

    html = browser.get(NEW).content.decode()

    assert "In which account?" not in html
    assert f'href="{reverse("order_list")}">Drafts and orders so far' in html
    assert 'name="base_model"' in html


def test_of_several_accounts_one_is_chosen_first(browser: Client):
    make_account()
    second = make_account(name="Second")
    left = make_account(name="Left")
    left.leave()

    html = browser.get(NEW).content.decode()

    assert f'href="{NEW}?account={second.pk}"' in html
    assert "Left" not in html
    assert 'name="base_model"' in browser.get(f"{NEW}?account={second.pk}").content.decode()


def test_unfinished_orders_are_offered_to_go_on_with(browser: Client):
    make_account(name="Second")
    order = make_order(suffix="half-done")
    make_order(suffix="long-gone", state=Order.State.ABANDONED)

    html = browser.get(NEW).content.decode()

    assert page_of(order) in html
    assert "long-gone" not in html


def page_of(order: Order) -> str:
    return reverse("order_detail", args=[order.key])


def test_without_an_account_the_page_says_what_to_do(browser: Client):
    html = browser.get(NEW).content.decode()

    assert "No account yet" in html
    assert reverse("account_add") in html


@pytest.mark.parametrize("account", ["0", "x", "999999999999999999999"])
def test_an_account_that_is_not_there_is_asked_for_again(browser: Client, account: str):
    make_account()

    assert "In which account?" in browser.get(f"{NEW}?account={account}").content.decode()


def test_a_form_becomes_a_draft_to_review_and_nothing_is_sent(browser, alice, upstream):
    make_account()

    answer = send(browser, n_epochs="3", beta="0.1", why="first try")

    order = Order.objects.get()
    assert answer["location"] == page_of(order)
    assert (order.by, order.state, order.why) == (alice, "draft", "first try")
    assert (order.hyperparameters, order.training_file) == ({"n_epochs": 3}, "file-train")
    assert upstream.asked == []


def test_a_form_that_is_sent_twice_makes_one_draft(browser: Client):
    make_account()
    html = browser.get(NEW).content.decode()
    key = html.split('name="key" value="')[1].split('"')[0]

    send(browser, key=key)
    send(browser, key=key, suffix="second thoughts")

    assert [order.suffix for order in Order.objects.all()] == ["second thoughts"]
    assert str(Order.objects.get().key) == key


def test_who_goes_back_to_the_form_of_an_order_on_its_way_sees_the_order(browser: Client):
    order = make_order(state=Order.State.ASKED)

    given = TYPED | {"key": str(order.key), "suffix": "too late"}
    answer = browser.post(NEW, given, follow=True)

    assert answer.redirect_chain == [(page_of(order), 302)]
    assert "Not changed: the order is on its way already." in answer.content.decode()
    assert Order.objects.get().suffix == "support-bot"


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_a_form_without_a_key_is_a_new_draft(browser: Client, key: str):
    make_account()

    assert send(browser, key=key).status_code == 302
    assert Order.objects.count() == 1


def test_what_cannot_be_read_is_named_and_everything_typed_stays(browser: Client):
    make_account()

    answer = send(browser, grader='{"type": ', seed="one", metadata="team", why="a try")

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "no JSON" in beside(html, "grader")
    assert "whole number" in beside(html, "seed")
    assert "“team” has no value" in beside(html, "metadata")
    assert "{&quot;type&quot;: </textarea>" in html
    assert "a try</textarea>" in html
    assert Order.objects.count() == 0


def test_a_draft_with_problems_names_each_beside_its_field(browser: Client):
    make_account()
    send(
        browser,
        base_model="",
        training_file="",
        suffix="s" * 65,
        n_epochs="99",
        wandb_entity="acme",
        metadata="tuneboard_order = mine",
    )

    html = page(browser, Order.objects.get(), "order_edit")

    for field in ("base_model", "training_file", "suffix", "n_epochs", "wandb_project", "metadata"):
        assert beside(html, field), field
    assert "from 1 to 50" in beside(html, "n_epochs")
    assert '<details class="more" open>' in html


def test_the_review_lists_the_problems_and_disables_create(browser, upstream: FakeUpstream):
    order = make_order(base_model="", suffix="s" * 65)

    html = page(browser, order)

    assert "Choose the model to train." in html
    assert f"{reverse('order_edit', args=[order.key])}#id_suffix" in html
    assert 'type="submit" disabled' in html
    assert "Not sent: Choose the model to train." in press(browser, order, "submit")
    assert Order.objects.get().state == "draft"


def test_the_review_shows_what_will_be_sent(browser: Client):
    order = make_order(seed=7, metadata={"team": "a"}, wandb={"project": "bots"}, why="for ann")

    html = page(browser, order)

    for words in ("gpt-4o-mini", "file-train", "bots", "for ann", "tuneboard_order"):
        assert words in html, words
    assert "every 1s" not in html


def test_a_duplicate_is_a_draft_like_the_job(browser: Client, alice):
    job = make_job(name="support-bot", training_file="file-9", hyperparameters={"n_epochs": 4})

    answer = browser.post(reverse("job_duplicate", args=[job.pk]))

    order = Order.objects.get()
    assert answer["location"] == reverse("order_edit", args=[order.key])
    assert (order.by, order.duplicate_of, order.training_file) == (alice, job, "file-9")
    html = page(browser, order, "order_edit")
    assert "New job like support-bot" in html
    assert 'value="4"' in html


def test_a_service_is_asked_only_for_what_it_takes(browser: Client):
    make_account(dialect=Account.Dialect.AZURE)

    html = browser.get(NEW).content.decode()

    assert 'value="supervised"' in html
    for absent in ('value="dpo"', 'name="metadata"', 'name="wandb_project"', "Validate"):
        assert absent not in html


def test_openai_is_asked_for_everything(browser: Client):
    make_account()

    html = browser.get(NEW).content.decode()

    for offered in ('value="dpo"', 'name="metadata"', 'name="wandb_project"', "Validate"):
        assert offered in html


def test_what_is_still_being_checked_is_waited_for_and_not_mended(browser: Client, alice):
    upload = Upload.objects.begin("train.jsonl", 10, by=alice)
    order = make_order(training_upload=upload, training_file="")

    html = page(browser, order)

    assert "Arriving: train.jsonl" in html
    assert "Mend it" not in html
    assert 'hx-trigger="every 1s"' in html
    Upload.objects.update(state=Upload.State.BROKEN, why="The judge was killed.")
    assert "Mend it" in page(browser, order)
