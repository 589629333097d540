"""Each service is offered the hyperparameters that it takes, and no other, from the form to the wire."""

from typing import Any

import pytest

from jobs import orders
from jobs.forms import OrderForm, typed
from jobs.forms.recipe import recipe_of
from jobs.models.hyperparameters import OTHERS, PARAMETERS, Hyperparameter, offered
from jobs.upstream import DIALECTS, NEBIUS, OPENAI
from jobs.upstream.orders import phrased
from tests.making import make_account, make_order

pytestmark = pytest.mark.django_db

TRAINED = [(name, method) for name, each in DIALECTS.items() for method in each.methods]
GRADER = {"type": "string_check"}
LLAMA = {"n_epochs": 2, "learning_rate": 1e-05, "lora": True, "lora_r": 16, "packing": False}


def form_for(dialect: str) -> OrderForm:
    order = make_order(account=make_account(name=dialect, dialect=dialect))
    return OrderForm(initial=typed(order), account=order.account)


def fitting(parameter: Hyperparameter) -> Any:
    values = [*parameter.choices.values(), 1, 16, 8192]
    return next(value for value in values if value != "" and parameter.problem(value) == "")


@pytest.mark.parametrize(("dialect", "method"), TRAINED)
def test_form_judge_and_wire_agree_on_what_is_offered(dialect, method):
    service = DIALECTS[dialect]
    shown = {field.name for field, css in form_for(dialect).parameters if f"for-{method}" in css}
    recipe = {name: fitting(each) for name, each in PARAMETERS.items()}
    order = make_order(
        account=make_account(name=dialect), method=method, grader=GRADER, hyperparameters=recipe
    )

    assert PARAMETERS.keys() - orders.problems(order).keys() == shown

    order.hyperparameters = {name: recipe[name] for name in shown}
    body = phrased(order.body(), service)
    inner = body["method"][method] if "method" in body else body
    assert inner["hyperparameters"] == order.hyperparameters


def test_nebius_is_asked_in_its_own_words():
    form = form_for("nebius")

    assert {field.name for field, _ in form.parameters} == set(NEBIUS.hyperparameters or ())
    assert [word for word, _ in form.fields["lora"].widget.choices] == ["default", "yes", "no"]
    assert form.fields["learning_rate"].widget.attrs["placeholder"] == "default"
    assert form.fields["lora_r"].label == "LoRA rank"


def test_openai_is_offered_nothing_that_it_does_not_know():
    form = form_for("openai")

    assert form.fields.keys().isdisjoint(each.name for each in OTHERS)
    assert form.fields["n_epochs"].widget.attrs["placeholder"] == "auto"
    assert recipe_of("supervised", OPENAI, dict.fromkeys(PARAMETERS, "1")).keys() == {
        each.name for each in offered("supervised", None)
    }


def test_a_recipe_comes_back_from_the_form_as_it_went_in():
    order = make_order(account=make_account(dialect="nebius"), hyperparameters=LLAMA)
    form = OrderForm(typed(order), account=order.account)

    assert (form["lora"].value(), form["packing"].value()) == ("yes", "no")
    assert form.is_valid(), form.errors
    assert form.wanted()["hyperparameters"] == LLAMA


@pytest.mark.parametrize("left", ["", "auto", " AUTO "])
def test_what_is_left_to_the_service_is_left_out(left):
    given = {**dict.fromkeys(PARAMETERS, left), "lora": "default", "packing": ""}

    assert recipe_of("supervised", NEBIUS, given) == {}


def test_what_another_service_takes_is_named_and_not_sent(alice):
    order = make_order(hyperparameters={"lora_r": 16})

    assert orders.submit(order, by=alice) == {"lora_r": "OpenAI has no hyperparameter lora_r."}
