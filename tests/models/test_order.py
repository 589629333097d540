import pytest

from jobs.models import Order
from jobs.models.order_checks import OURS
from tests.making import make_account, make_job, make_order, make_upload, make_user

pytestmark = pytest.mark.django_db

GRADER = {"type": "string_check", "name": "same", "operation": "eq", "input": "a", "reference": "a"}


def test_the_request_says_all_that_is_wanted_and_nothing_else():
    order = make_order(
        method="dpo",
        hyperparameters={"beta": 0.2},
        validation_file="file-valid",
        seed=7,
        metadata={"team": "support"},
        wandb={"project": "bots", "tags": ["a"]},
    )

    assert order.body() == {
        "model": "gpt-4o-mini",
        "training_file": "file-train",
        "validation_file": "file-valid",
        "method": {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.2}}},
        "suffix": "support-bot",
        "seed": 7,
        "integrations": [{"type": "wandb", "wandb": {"project": "bots", "tags": ["a"]}}],
        "metadata": {"team": "support", "tuneboard_order": str(order.key)},
    }


def test_the_shortest_request_leaves_all_else_to_the_service():
    order = make_order(suffix="")

    assert order.body() == {
        "model": "gpt-4o-mini",
        "training_file": "file-train",
        "method": {"type": "supervised", "supervised": {}},
        "metadata": {"tuneboard_order": str(order.key)},
    }


def test_a_grader_travels_with_reinforcement_only():
    order = make_order(grader=GRADER, response_format={"type": "json_schema"})

    assert order.body()["method"] == {"type": "supervised", "supervised": {}}
    order.method = Order.Method.REINFORCEMENT
    recipe = order.body()["method"]["reinforcement"]
    assert recipe == {"grader": GRADER, "response_format": {"type": "json_schema"}}


def test_a_file_that_was_brought_goes_by_the_name_that_the_service_gave_it():
    account = make_account()
    upload = make_upload(account=account, file_id="file-new")

    order = make_order(account=account, training_file="file-old", training_upload=upload)

    assert order.body()["training_file"] == "file-new"


def test_a_duplicate_asks_for_what_was_asked_for():
    job = make_job(
        method="reinforcement",
        method_recipe={
            "type": "reinforcement",
            "reinforcement": {"grader": GRADER, "hyperparameters": {"n_epochs": "auto"}},
        },
        hyperparameters={"n_epochs": 3},
        training_file="file-1",
        validation_file="file-2",
        suffix="bot",
        seed=42,
        metadata={"team": "a", OURS: "not this one"},
        integrations=[{"type": "wandb", "wandb": {"project": "bots"}}],
    )

    order = Order.duplicate(job, make_user())

    assert order.body() == {
        "model": "gpt-4o-mini-2024-07-18",
        "training_file": "file-1",
        "validation_file": "file-2",
        "method": {
            "type": "reinforcement",
            "reinforcement": {"grader": GRADER, "hyperparameters": {"n_epochs": "auto"}},
        },
        "suffix": "bot",
        "seed": 42,
        "integrations": [{"type": "wandb", "wandb": {"project": "bots"}}],
        "metadata": {"team": "a", "tuneboard_order": str(order.key)},
    }
    assert (order.duplicate_of, order.problems()) == (job, {})


def test_a_duplicate_of_a_job_that_hides_its_recipe_takes_what_may_be_asked_for_again():
    job = make_job(
        method="supervised",
        hyperparameters={"n_epochs": -1, "batch_size": 4, "prompt_loss_weight": 0.1},
    )

    order = Order.duplicate(job, make_user())

    assert order.hyperparameters == {"batch_size": 4}


@pytest.mark.parametrize("asked", ["auto", [3], 7, None])
def test_a_duplicate_of_a_job_whose_recipe_makes_no_sense_takes_what_does(asked):
    recipe = {"supervised": {"hyperparameters": asked}}
    job = make_job(method="supervised", method_recipe=recipe, hyperparameters={"n_epochs": 3})

    order = Order.duplicate(job, make_user())

    assert order.hyperparameters == {"n_epochs": 3}


def test_a_duplicate_reports_where_the_job_did_and_asks_for_nothing_that_only_services_say():
    wandb = {"project": "bots", "name": None, "tags": ["a"], "run_id": "r-1"}
    job = make_job(integrations=[{"type": "other"}, {"type": "wandb", "wandb": wandb}])

    order = Order.duplicate(job, make_user())

    assert order.wandb == {"project": "bots", "tags": ["a"]}


@pytest.mark.parametrize("integrations", [[], [{"type": "wandb", "wandb": None}], [{"wandb": "x"}]])
def test_a_duplicate_of_a_job_that_reports_nowhere_reports_nowhere(
    integrations: list[dict[str, object]],
):
    order = Order.duplicate(make_job(integrations=integrations), make_user())

    assert order.wandb is None


def test_a_draft_can_be_edited_until_it_is_sent():
    order = make_order()

    assert order.edit(suffix="other")
    Order.objects.update(state=Order.State.ASKED)
    assert not order.edit(suffix="too late")

    assert Order.objects.get().suffix == "other"


def test_an_order_is_found_from_its_job_and_the_other_way_round():
    job = make_job()
    make_order()
    order = make_order(upstream_id=job.upstream_id, state=Order.State.CREATED)

    assert Order.objects.for_job(job) == order
    assert order.job == job
    assert Order.objects.for_job(make_job()) is None


def test_a_job_that_carries_the_mark_of_an_order_is_known_as_its_job():
    order = make_order(state=Order.State.MISSING)
    marked = make_job(metadata={OURS: str(order.key)})
    make_job(metadata={OURS: "no key of ours"})

    assert Order.objects.for_job(marked) == order
    Order.objects.update(upstream_id="ftjob-other")
    assert Order.objects.for_job(marked) is None


def test_the_resulting_name_is_told_with_what_the_account_was_called_before():
    order = make_order(base_model="ft:gpt-4o-mini-2024-07-18:acme::old", suffix="bot")

    assert order.resulting_model() == "ft:gpt-4o-mini-2024-07-18:your-organization:bot:xxxxxxxx"
    make_job(fine_tuned_model="ft:gpt-4o:acme:x:1")
    assert order.resulting_model() == "ft:gpt-4o-mini-2024-07-18:acme:bot:xxxxxxxx"


def test_a_model_with_a_name_of_its_own_tells_no_organization():
    make_job(fine_tuned_model="ft:mine")

    assert ":your-organization:" in make_order().resulting_model()


def test_unfinished_orders_are_those_that_somebody_has_to_do_with():
    for state in Order.State:
        make_order(state=state)

    states = {order.state for order in Order.objects.for_list().unfinished()}

    assert states == set(Order.State) - {"created", "abandoned"}


def test_a_list_of_orders_does_not_read_what_only_a_comparison_needs():
    make_order(training_upload=make_upload(digests=b"8 bytes "))

    listed = Order.objects.for_list().get()

    assert "digests" in listed.training_upload.get_deferred_fields()
    assert bytes(listed.training_upload.digests) == b"8 bytes "
