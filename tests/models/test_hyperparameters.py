"""The bounds of what other services than OpenAI take. Those of OpenAI: see test_order_checks.py."""

import math

import pytest

from jobs.models.hyperparameters import OTHERS, PARAMETERS, offered, problems


@pytest.mark.parametrize(
    ("name", "fitting", "wrong"),
    [
        ("learning_rate", [1e-9, 1, "auto"], [0, -1e-5, math.inf, math.nan, True, "1e-5"]),
        ("warmup_ratio", [0, 0.1, 1], [-0.1, 1.1, math.nan]),
        ("weight_decay", [0, 0.01, 5], [-0.01, math.inf]),
        ("max_grad_norm", [0.5, 1], [0, math.inf]),
        ("context_length", [8192, 131_072], [8191, 131_073, 8192.0]),
        ("packing", [True, False], [1, 0, "yes", "auto", None]),
        ("lora", [True, False], [1, 0, "true"]),
        ("lora_r", [8, 128], [7, 129, 16.0, True]),
        ("lora_alpha", [8, 512], [7, 16.5]),
        ("lora_dropout", [0, 0.05, 1], [-0.1, 1.01]),
    ],
)
def test_what_is_out_of_bounds_is_said(name, fitting, wrong):
    for value in fitting:
        assert problems("supervised", {name: value}) == {}
    for value in wrong:
        assert PARAMETERS[name].expects in problems("supervised", {name: value})[name]


def test_only_who_names_them_is_offered_what_openai_has_not():
    others = {each.name for each in OTHERS}

    assert others.isdisjoint(each.name for each in offered("supervised", None))
    assert {each.name for each in offered("supervised", {"lora", "n_epochs", "beta"})} == {
        "lora",
        "n_epochs",
    }
