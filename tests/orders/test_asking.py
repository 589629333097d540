"""What a person does with an order, once and twice."""

import pytest

from jobs import orders
from jobs.models import Order
from tests.making import make_account, make_order, make_upload, make_user

pytestmark = pytest.mark.django_db


def state_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def test_a_complete_draft_is_asked_for(alice):
    order = make_order()

    assert orders.submit(order, by=alice, why=" for the new shop ") == {}

    order.refresh_from_db()
    assert (order.state, order.asked_by, order.why) == ("asked", alice, "for the new shop")
    assert order.log[-1][1] == "Asked for by alice."
    assert order.next_at is not None


def test_a_draft_with_problems_is_not_asked_for(alice):
    order = make_order(base_model="", suffix="s" * 65)

    problems = orders.submit(order, by=alice)

    assert set(problems) == {"base_model", "suffix"}
    assert state_of(order) == "draft"


def test_a_second_click_changes_nothing(alice):
    first, second = make_order(), Order.objects.get()

    orders.submit(first, by=alice)
    asked_at = Order.objects.get().asked_at

    assert orders.submit(second, by=alice) == {}
    assert orders.submit(first, by=alice) == {}
    assert Order.objects.get().asked_at == asked_at
    assert len(Order.objects.get().log) == 1


def test_what_was_changed_in_another_tab_is_looked_at_again_first(alice):
    reviewed = make_order()
    Order.objects.get().edit(suffix="changed")

    problems = orders.submit(reviewed, by=alice)

    assert problems == {"__all__": "It was changed in the meantime: look at it again."}
    assert state_of(reviewed) == "draft"
    assert reviewed.suffix == "changed"


@pytest.mark.parametrize(
    ("dialect", "given", "field"),
    [
        ("azure", {"suffix": "s" * 41}, "suffix"),
        ("azure", {"method": "dpo"}, "method"),
        ("azure", {"wandb": {"project": "bots"}}, "wandb"),
        ("nebius", {"method": "dpo", "hyperparameters": {"beta": 0.1}}, "beta"),
    ],
)
def test_what_a_service_does_not_offer_is_said_before_it_refuses(dialect, given, field):
    order = make_order(account=make_account(dialect=dialect), **given)

    assert field in orders.problems(order)
    assert (
        orders.problems(make_order(account=make_account(name="O", dialect="openai"), **given)) == {}
    )


def test_an_order_that_was_not_sent_can_be_taken_back(alice):
    order = make_order()
    orders.submit(order, by=alice)

    assert orders.recall(order, by=alice)

    assert (state_of(order), order.next_at, order.can_edit) == ("draft", None, True)


@pytest.mark.parametrize("state", ["creating", "unknown", "created", "draft"])
def test_an_order_that_may_have_been_heard_cannot(alice, state):
    order = make_order(state=state)

    assert not orders.recall(order, by=alice)

    assert state_of(order) == state


@pytest.mark.parametrize("state", sorted(Order.State))
def test_only_what_is_missing_can_be_sent_again(alice, state):
    order = make_order(state=state)
    can_send_again = order.can_send_again

    assert orders.send_again(order, by=alice) == can_send_again == (state == "missing")
    assert state_of(order) == ("asked" if can_send_again else state)


@pytest.mark.parametrize("state", sorted(Order.State))
def test_what_is_under_way_cannot_be_abandoned(alice, state):
    order = make_order(state=state)
    can_abandon = order.can_abandon

    assert orders.abandon(order, by=alice) == can_abandon
    assert (state_of(order) == "abandoned") == (can_abandon or state == "abandoned")


def test_an_abandoned_order_leaves_no_content_behind(alice):
    upload, shared = make_upload(), make_upload()
    order = make_order(training_upload=upload, validation_upload=shared)
    make_order(training_upload=shared)

    orders.abandon(order, by=alice)

    assert not upload.parts.exists()
    assert shared.parts.exists()


def test_the_overlap_of_two_files_is_counted_once_both_are_checked():
    digests = [number.to_bytes(8, "little") for number in range(4)]
    training = make_upload(digests=b"".join(digests[:3]))
    validation = make_upload(digests=b"".join(digests[1:]))
    order = make_order(training_upload=training, validation_upload=validation)

    assert orders.overlap(order) == 2
    validation.state = "checking"
    assert orders.overlap(order) is None
    assert orders.overlap(make_order(by=make_user("bob"))) is None
