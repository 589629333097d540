"""The form of a new job: nothing typed is lost, and each service is asked for what it takes."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from jobs.forms import OrderForm, typed
from jobs.models import Account, File, Order
from jobs.models.hyperparameters import EFFORTS, HYPERPARAMETERS
from tests.making import make_account, make_order, make_upload

pytestmark = pytest.mark.django_db

WORDS = st.text(st.characters(exclude_categories=("C", "Z")), max_size=12)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.none() | st.dictionaries(WORDS, WORDS | NUMBERS | st.lists(WORDS))
WANDB = st.none() | st.fixed_dictionaries(
    {}, optional={name: WORDS.filter(bool) for name in ("project", "entity", "name")}
).filter(bool)


def form_of(order: Order) -> OrderForm:
    return OrderForm(typed(order), account=order.account)


def wanted(order: Order) -> dict[str, Any]:
    form = form_of(order)
    assert form.is_valid(), form.errors
    return form.wanted()


def offered(form: OrderForm, name: str) -> list[str]:
    return [value for value, _ in form.fields[name].widget.choices]


@st.composite
def recipes(draw: Any) -> dict[str, Any]:
    method = draw(st.sampled_from(list(HYPERPARAMETERS)))
    asked = {}
    for each in HYPERPARAMETERS[method]:
        if each.choices:
            asked[each.name] = draw(st.sampled_from(EFFORTS))
        elif draw(st.booleans()):
            asked[each.name] = draw(NUMBERS)
    return {"method": method, "hyperparameters": asked}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    recipe=recipes(),
    texts=st.fixed_dictionaries(dict.fromkeys(("base_model", "suffix", "why"), WORDS)),
    seed=st.none() | st.integers(0, 2**31 - 1),
    metadata=st.dictionaries(WORDS, WORDS),
    grader=JSON,
    response_format=JSON,
    wandb=WANDB,
    files=st.fixed_dictionaries({"training_file": WORDS, "validation_file": WORDS}),
)
def test_everything_typed_comes_back(recipe, texts, files, **others):
    asked = recipe | texts | files | others
    order = Order(account=make_account(), **asked)

    found = wanted(order)

    assert {name: found[name] for name in asked} == asked


def test_a_file_that_was_brought_stays_with_the_draft():
    upload = make_upload()
    order = make_order(training_file="", training_upload=upload)

    assert wanted(order)["training_upload"] == upload
    assert form_of(order).file_choice("training").upload == upload


def test_a_file_of_the_service_wins_over_one_that_was_brought():
    order = make_order(training_file="file-1", training_upload=make_upload())

    found = wanted(order)

    assert (found["training_file"], found["training_upload"]) == ("file-1", None)


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_file_that_is_gone_is_no_file(key: str):
    order = make_order(training_file="")

    form = OrderForm(typed(order) | {"training_upload": key}, account=order.account)

    assert form.file_choice("training").upload is None


def test_no_validation_file_is_a_choice_of_its_own():
    order = make_order()

    assert typed(order)["validation_file"] == "-"
    assert offered(form_of(order), "validation_file") == ["-", ""]
    assert wanted(order)["validation_file"] == ""


def test_the_account_files_are_offered_and_one_that_is_no_longer_listed_stays():
    account = make_account()
    for name, purpose in (("file-1", "fine-tune"), ("file-2", "assistants")):
        File.objects.create(account=account, upstream_id=name, purpose=purpose)

    form = form_of(make_order(training_file="file-gone"))

    assert offered(form, "training_file") == ["", "file-1", "file-gone"]


def test_hyperparameters_of_other_methods_are_not_sent():
    order = make_order(method="supervised")

    form = OrderForm(typed(order) | {"n_epochs": "2", "beta": "0.5"}, account=order.account)

    assert form.is_valid()
    assert form.wanted()["hyperparameters"] == {"n_epochs": 2}


def test_what_is_out_of_bounds_is_kept_for_the_review_to_name():
    order = make_order()

    form = OrderForm(typed(order) | {"n_epochs": "99"}, account=order.account)

    assert form.is_valid()
    assert form.wanted()["hyperparameters"] == {"n_epochs": 99}


def test_a_service_is_asked_only_for_what_it_takes():
    azure = make_account(name="Azure", dialect=Account.Dialect.AZURE)

    form = OrderForm(account=azure)

    assert offered(form, "method") == ["supervised"]
    assert {field.name for field, _ in form.parameters} == {
        "n_epochs",
        "batch_size",
        "learning_rate_multiplier",
    }
    assert (form.takes_metadata, form.takes_integrations, form.tries_graders) == (False,) * 3
    assert form.fields["suffix"].widget.attrs["maxlength"] == 40


def test_openai_takes_everything():
    form = OrderForm(account=make_account())

    assert offered(form, "method") == list(Order.Method)
    assert (form.takes_metadata, form.takes_integrations, form.tries_graders) == (True,) * 3


@pytest.mark.parametrize("seed", ["-1", "2147483648", "9" * 40, "1.5", "one"])
def test_a_seed_that_no_service_takes_is_refused_beside_its_field(seed: str):
    order = make_order()

    form = OrderForm(typed(order) | {"seed": seed}, account=order.account)

    assert list(form.errors) == ["seed"]


def test_each_problem_stands_beside_its_field():
    form = form_of(make_order())
    form.is_valid()

    form.show({"suffix": "Too long.", "wandb": "No project.", "account": "Left."})

    assert form.errors["suffix"] == ["Too long."]
    assert form.errors["wandb_project"] == ["No project."]
    assert form.non_field_errors() == ["Left."]
