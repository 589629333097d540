from math import inf, nan

from jobs.upstream.metrics import numbers


def test_only_finite_numbers_are_metrics():
    measured = {
        "train_loss": 0.5,
        "count": 3,
        "diverged": nan,
        "too_far": -inf,
        "too_big": 10**400,
        "early_stop": True,
        "note": "0.7",
        "none": None,
    }

    assert numbers(measured) == {"train_loss": 0.5, "count": 3.0}


def test_the_position_is_no_metric_but_a_part_that_is_called_step_is():
    measured = {"step": 4, "total_steps": 8, "timing": {"step": {"eval": 1.5}, "total_steps": 2}}

    assert numbers(measured) == {"timing.step.eval": 1.5, "timing.total_steps": 2.0}


def test_items_of_a_list_go_by_their_name_and_else_by_their_place():
    measured = {
        "graders": [
            {"name": "exact", "reward": 0.25},
            {"reward": 0.75},
            {"name": "exact", "reward": 0.1},
            {"name": "", "reward": 0.2},
        ],
        "histogram": [1, 2.5],
    }

    assert numbers(measured) == {
        "graders.exact.reward": 0.25,
        "graders.1.reward": 0.75,
        "graders.2.reward": 0.1,
        "graders.3.reward": 0.2,
        "histogram.0": 1.0,
        "histogram.1": 2.5,
    }


def test_the_old_name_of_the_accuracy_is_read_as_the_new_one():
    assert numbers({"train_accuracy": 0.5}) == {"train_mean_token_accuracy": 0.5}


def test_the_new_name_of_the_accuracy_wins_over_the_old_one():
    measured = {"train_accuracy": 0.5, "train_mean_token_accuracy": 0.6}

    assert numbers(measured) == {"train_mean_token_accuracy": 0.6}
