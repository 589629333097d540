import pytest

from jobs.models import File, Upload
from jobs.models.order_checks import OURS
from tests.making import make_account, make_order, make_upload

pytestmark = pytest.mark.django_db

GRADER = {"type": "string_check", "name": "same", "operation": "eq", "input": "a", "reference": "a"}


def test_a_draft_with_a_model_and_a_file_can_be_sent():
    assert make_order().problems() == {}


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"base_model": " "}, "base_model", "Choose the model"),
        ({"method": "magic"}, "method", "Choose how"),
        ({"training_file": ""}, "training_file", "needs a file"),
        ({"validation_file": "file-train"}, "validation_file", "other examples"),
        ({"suffix": "s" * 65}, "suffix", "at most 64"),
        ({"seed": -1}, "seed", "from 0"),
        ({"seed": 2**31}, "seed", "from 0 to 2147483647"),
        ({"metadata": {str(n): "" for n in range(16)}}, "metadata", "At most 15"),
        ({"metadata": {"n" * 65: ""}}, "metadata", "1 to 64"),
        ({"metadata": {"": "x"}}, "metadata", "1 to 64"),
        ({"metadata": {"n": "v" * 513}}, "metadata", "at most 512"),
        ({"metadata": {OURS: "1"}}, "metadata", "Tuneboard itself"),
        ({"wandb": {"project": " "}}, "wandb", "name of a project"),
        ({"method": "reinforcement"}, "grader", "needs a grader"),
        ({"method": "reinforcement", "grader": {"name": "x"}}, "grader", "with a type"),
        ({"hyperparameters": {"n_epochs": 51}}, "n_epochs", "from 1 to 50"),
        ({"hyperparameters": {"n_epochs": 2.0}}, "n_epochs", "whole number"),
        ({"hyperparameters": {"batch_size": 0}}, "batch_size", "from 1 to 256"),
        ({"hyperparameters": {"batch_size": True}}, "batch_size", "from 1 to 256"),
        ({"hyperparameters": {"learning_rate_multiplier": 0}}, "learning_rate_multiplier", "above"),
        ({"hyperparameters": {"n_epochs": 10**400}}, "n_epochs", "whole number"),
        (
            {"hyperparameters": {"learning_rate_multiplier": "nan"}},
            "learning_rate_multiplier",
            "ab",
        ),
        ({"hyperparameters": {"beta": 0.1}}, "beta", "no such"),
        ({"method": "dpo", "hyperparameters": {"beta": 2.1}}, "beta", "up to 2"),
        (
            {"method": "reinforcement", "hyperparameters": {"reasoning_effort": "auto"}},
            "reasoning_effort",
            "one of default, low",
        ),
        (
            {"method": "reinforcement", "hyperparameters": {"compute_multiplier": 0.00001}},
            "compute_multiplier",
            "above 0.00001",
        ),
        (
            {"method": "reinforcement", "hyperparameters": {"eval_samples": 0}},
            "eval_samples",
            "from 1",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field(given, field, words):
    assert words in make_order(**given).problems()[field]


@pytest.mark.parametrize(
    "given",
    [
        {"suffix": "s" * 64, "seed": 0, "metadata": {"n" * 64: "v" * 512}},
        {"seed": 2**31 - 1, "metadata": {str(n): "" for n in range(15)}},
        {"wandb": {"project": "support"}},
        {"hyperparameters": {"n_epochs": 50, "batch_size": 256, "learning_rate_multiplier": 1e-9}},
        {"hyperparameters": {"n_epochs": "auto", "batch_size": 1, "learning_rate_multiplier": 2}},
        {"hyperparameters": {"learning_rate_multiplier": 10**400}},  # the service will have a word
        {"method": "dpo", "hyperparameters": {"beta": 2}},
        {
            "method": "reinforcement",
            "grader": GRADER,
            "hyperparameters": {
                "reasoning_effort": "low",
                "compute_multiplier": 10,
                "eval_interval": 1,
                "eval_samples": "auto",
            },
        },
    ],
)
def test_what_is_just_within_the_bounds_can_be_sent(given):
    assert make_order(**given).problems() == {}


def test_an_account_that_nobody_listens_to_takes_no_orders():
    order = make_order(account=make_account(next_poll_at=None))

    assert "no longer listens" in order.problems()["account"]


def test_a_file_of_another_account_cannot_be_used():
    File.objects.create(account=make_account(name="Other"), upstream_id="file-train")

    problem = make_order().problems()["training_file"]

    assert problem == "This file belongs to the account Other: choose one of Test."


OF_ALL = {"line": 0, "message": "This looks like dpo."}
OF_LINE = {"line": 7, "message": "is not valid JSON"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"state": Upload.State.RECEIVING, "received": 8}, "Arriving: train.jsonl (47 %)"),
        ({"state": Upload.State.WAITING}, "Waiting to be checked"),
        ({"state": Upload.State.BROKEN, "why": "It broke."}, "could not be checked: It broke."),
        ({"errors": 1}, "train.jsonl has an error"),
        ({"errors": 1, "report": {"problems": [OF_ALL]}}, "train.jsonl: This looks like dpo."),
        ({"errors": 1, "report": {"problems": [OF_LINE]}}, "train.jsonl has an error"),
        ({"errors": 1200}, "train.jsonl has 1,200 errors"),
        ({"method": "dpo"}, "was checked for dpo, and not for supervised"),
        ({"for_validation": True}, "checked for validation"),
    ],
)
def test_a_file_must_have_arrived_and_been_checked_without_errors(given, words):
    order = make_order(training_file="", training_upload=make_upload(**given))

    assert words in order.problems()["training_file"]


def test_a_file_that_the_service_has_needs_no_copy_of_ours():
    order = make_order(training_file="")
    upload = make_upload(account=order.account, file_id="file-1")
    order.training_upload = upload
    upload.remove_content()

    assert order.problems() == {}


def test_the_same_content_cannot_validate_what_it_trained():
    files = [make_upload(sha256="5" * 64) for _ in range(2)]

    order = make_order(training_upload=files[0], validation_upload=files[1])

    assert "other examples" in order.problems()["validation_file"]
