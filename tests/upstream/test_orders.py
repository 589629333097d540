"""An order in the words of each service, or refused before anything is sent."""

import json

import pytest

from jobs.upstream import AZURE, AZURE_V1, GENERIC, NEBIUS, OPENAI, Rejected
from jobs.upstream.orders import phrased

WHERE = {"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-Train01"}


@pytest.mark.parametrize("dialect", [OPENAI, AZURE_V1, GENERIC], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("name", ["supervised", "automatic", "dpo", "llama"])
def test_openais_words_stay_as_they_are(sample, dialect, name):
    order = sample("orders")[name]

    assert phrased(order, dialect) == {
        key: value for key, value in order.items() if value is not None
    }


def test_dated_azure_takes_numbers_at_the_top_and_no_metadata(sample):
    assert phrased(sample("orders")["supervised"], AZURE) == {
        **WHERE,
        "suffix": "tickets",
        "seed": 7,
        "hyperparameters": {"n_epochs": 3, "learning_rate_multiplier": 0.5},
    }


def test_dated_azure_is_told_nothing_of_what_is_left_to_it(sample):
    assert phrased(sample("orders")["automatic"], AZURE) == WHERE


def test_nebius_takes_its_own_hyperparameters_in_the_method(sample):
    order = sample("orders")["llama"]

    assert phrased(order, NEBIUS) == {
        "model": order["model"],
        "training_file": "file-0191c2ab",
        "suffix": "legal",
        "method": {
            "type": "supervised",
            "supervised": {"hyperparameters": {"lora": True, "lora_r": 16, "learning_rate": 1e-05}},
        },
        "integrations": order["integrations"],
    }


@pytest.mark.parametrize(
    ("dialect", "name", "param", "sentence"),
    [
        (AZURE, "dpo", "method", "Azure OpenAI (dated API) knows no method “dpo”"),
        (AZURE, "llama", "integrations", "Azure OpenAI (dated API) knows no integrations"),
        (NEBIUS, "dpo", "method", "Nebius Token Factory knows no method “dpo”"),
        (
            NEBIUS,
            "supervised",
            "learning_rate_multiplier",
            "Nebius Token Factory knows no learning_rate_multiplier",
        ),
    ],
)
def test_what_a_service_has_no_words_for_is_refused_and_not_sent(
    connect, network, sample, dialect, name, param, sentence
):
    with pytest.raises(Rejected) as caught:
        connect(dialect=dialect).create(sample("orders")[name])

    assert str(caught.value) == f"{sentence}: nothing was sent."
    assert (caught.value.status, caught.value.code, caught.value.param) == (
        400,
        "not_offered",
        param,
    )
    assert network.requests == []


def test_an_order_is_not_changed_by_being_phrased(sample):
    order = sample("orders")["llama"]

    phrased(order, NEBIUS)

    assert order == sample("orders")["llama"]


def test_a_created_job_is_ordered_once_with_what_the_dialect_takes(connect, network, sample):
    network.says(sample("job_azure"), 201)

    job = connect("https://acme.openai.test", dialect=AZURE).create(sample("orders")["automatic"])

    assert job.status == "notRunning"
    assert network.asked == ["POST /openai/fine_tuning/jobs?api-version=2024-10-21"]
    assert json.loads(network.requests[0].content) == WHERE
    assert network.requests[0].headers["content-type"] == "application/json"
