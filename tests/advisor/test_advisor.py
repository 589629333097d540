"""Which checkpoint is best: a test for each case that people meet."""

from random import Random

import pytest

from jobs.advisor import Advice, Candidate, advise, noise_of, overfits_since
from jobs.models import Job

FALLING = [(step, 3.0 - step / 100) for step in range(1, 200)]


def checkpoints(*losses: float | None, gone: tuple[int, ...] = (), name: str = "full_valid_loss"):
    """One each eight steps."""
    return [
        Candidate(8 * n, {} if loss is None else {name: loss}, 8 * n not in gone)
        for n, loss in enumerate(losses, 1)
    ]


def advised(*args, **kwargs) -> Advice:
    advice = advise(*args, **kwargs)
    assert advice is not None
    return advice


def curve_of(*losses: float) -> list[tuple[int, float]]:
    return [(8 * n, loss) for n, loss in enumerate(losses, 1)]


def test_nothing_is_said_where_there_is_nothing_to_choose_from():
    assert advise([]) is None
    assert advise([Candidate(8, {"perplexity": 3.0})]) is None


def test_the_final_model_is_the_best():
    advice = advised(checkpoints(2.0, 1.7, 1.5))

    assert advice.verdict == "The final model is the best: loss on the whole validation file 1.500."


def test_an_earlier_step_is_better_than_an_overfitted_end():
    losses = (2.0, 1.6, 1.4, 1.45, 1.5, 1.52)
    curves = {"full_valid_loss": curve_of(*losses), "train_loss": FALLING}

    advice = advised(checkpoints(*losses), curves)

    assert (advice.best, advice.worse_since) == (24, 32)
    assert advice.verdict == (
        "Step 24 is best: loss on the whole validation file 1.400. The final model is 9% worse and"
        " overfits since step 32. The service still has step 24."
    )


def test_the_only_checkpoint_may_be_overfitted_too():
    curves = {"full_valid_loss": curve_of(2.0, 1.6, 1.4, 1.7, 1.9), "train_loss": FALLING}

    advice = advised([Candidate(40, {"full_valid_loss": 1.9})], curves)

    assert advice.verdict.startswith("The only checkpoint is step 40: ")
    assert advice.verdict.endswith("It overfits since step 32.")


def test_a_rise_is_no_overfitting_where_training_does_not_fall():
    losses = (2.0, 1.6, 1.4, 1.7, 1.9, 2.0)
    rising = [
        (step, value) for step, value in zip(range(1, 200), map(float, range(1, 200)), strict=True)
    ]

    advice = advised(
        checkpoints(*losses), {"full_valid_loss": curve_of(*losses), "train_loss": rising}
    )

    assert advice.worse_since is None
    assert "overfits" not in advice.verdict


def test_what_the_service_has_dropped_is_told_with_the_best_that_is_left():
    advice = advised(checkpoints(1.4, 1.6, 1.5, gone=(8,)))

    assert advice.verdict.endswith(
        "The service has dropped step 8; the best that is left is step 24, 7% worse."
    )


def test_a_dropped_checkpoint_that_another_equals_is_no_loss():
    advice = advised(checkpoints(1.4, 1.402, 1.6, gone=(8,)))

    assert advice.verdict.endswith("dropped step 8; step 16 is left, and as good.")


def test_when_all_are_gone_that_is_said():
    advice = advised(checkpoints(1.4, 1.5, gone=(8, 16)))

    assert advice.verdict.endswith("The service has none of them any more.")


def test_a_difference_within_the_noise_is_none():
    noisy = curve_of(*[1.5 + (0.05 if n % 2 else -0.05) for n in range(20)])

    advice = advised(checkpoints(1.5, 1.52, 2.9), {"full_valid_loss": noisy})

    assert "; 16 hardly differs from it." in advice.verdict
    assert "24" not in advice.verdict.split(".")[0]


def test_steps_that_are_as_good_are_listed_as_people_list_them():
    advice = advised(checkpoints(1.401, 1.4, 1.402, 1.403, 1.9))

    assert "; 8, 24 and 32 hardly differ from it." in advice.verdict


def test_neither_a_fall_nor_a_bend_is_noise():
    assert noise_of([3.0 - n / 10 for n in range(20)]) == pytest.approx(0, abs=1e-9)
    assert noise_of([(n - 9) ** 2 / 50 for n in range(20)]) == pytest.approx(0, abs=1e-9)
    assert noise_of([1.0, 2.0]) is None


def test_a_batch_of_validation_counts_where_no_whole_one_was_measured():
    advice = advised(checkpoints(1.5, 1.4, name="valid_loss"))

    assert advice.basis == "valid_loss"
    assert "loss on a batch of the validation file 1.400" in advice.verdict


def test_without_validation_the_advice_says_so():
    advice = advised(checkpoints(1.5, 0.1, name="train_loss"))

    assert "may be the most overfitted" in advice.verdict


def test_a_higher_reward_is_better():
    advice = advised(checkpoints(0.2, 0.7, 0.5, name="full_valid_mean_reward"))

    assert advice.ranked == [16, 24, 8]
    assert "The final model is 29% worse." in advice.verdict


def test_while_the_job_runs_it_is_so_far():
    advice = advised(checkpoints(1.4, 1.6), state=Job.State.RUNNING)

    assert advice.verdict.startswith("Step 8 is best so far")
    assert "The newest checkpoint is 14% worse." in advice.verdict


def test_one_checkpoint_is_the_only_one():
    assert advised(checkpoints(1.4)).verdict == (
        "The only checkpoint is step 8: loss on the whole validation file 1.400."
    )


def test_a_checkpoint_without_the_figure_is_not_ranked():
    assert advised(checkpoints(None, 1.4, 1.6)).ranked == [16, 24]


def test_of_a_last_checkpoint_without_the_figure_nothing_is_claimed():
    advice = advised(checkpoints(1.4, 1.6, None), state=Job.State.RUNNING)

    assert advice.verdict == (
        "Step 8 is best so far: loss on the whole validation file 1.400. The newest checkpoint has no"
        " such figure. The service still has step 8."
    )


def test_a_figure_that_one_checkpoint_alone_has_is_not_compared():
    first, second = checkpoints(1.5, 1.4, name="valid_loss")
    judged = second._replace(metrics={**second.metrics, "full_valid_loss": 1.45})

    assert advised([first, judged]).basis == "valid_loss"
    assert advised(checkpoints(None, 1.4)).verdict == (
        "Only step 16 can be judged: loss on the whole validation file 1.400."
    )


@pytest.mark.parametrize("state", [Job.State.CANCELLED, Job.State.FAILED])
def test_a_job_that_did_not_succeed_has_no_final_model(state: str):
    assert (
        "The last checkpoint is 14% worse." in advised(checkpoints(1.4, 1.6), state=state).verdict
    )
    assert advised(checkpoints(1.6, 1.4), state=state).verdict.startswith("The last checkpoint is")


def test_overfitting_begins_behind_the_last_good_step():
    curve = curve_of(2.0, 1.4, 1.6, 1.401, 1.6, 1.7)

    assert overfits_since(curve, FALLING, noise=0.0) == 40
    assert overfits_since(curve[:2], FALLING, noise=0.0) is None
    assert overfits_since(curve[:4], FALLING, noise=0.0) is None


def noisy(level, chance: Random, points: int = 200) -> list[tuple[int, float]]:
    return [(step, level(step / points) + chance.gauss(0, 0.1)) for step in range(1, points + 1)]


@pytest.mark.parametrize(
    ("level", "least", "most"),
    [
        (lambda part: 1.5, 0, 6),
        (lambda part: 2 - part, 0, 0),  # it falls to its end
        (lambda part: 1 + 3 * (part - 0.4) ** 2, 50, 50),
    ],
)
def test_a_noisy_validation_is_overfitted_only_where_it_rises(level, least: int, most: int):
    chance = Random(7)  # noqa: S311 - the same noise each time
    curves = [noisy(level, chance) for _ in range(50)]

    found = [
        overfits_since(curve, FALLING, noise_of([value for _, value in curve]) or 0.0)
        for curve in curves
    ]

    assert least <= len([step for step in found if step]) <= most


def test_what_is_called_worse_is_not_so_by_chance():
    chance = Random(7)  # noqa: S311 - the same noise each time
    verdicts = []
    for _ in range(50):
        curve = noisy(lambda part: 1.5, chance)
        four = [Candidate(step, {"valid_loss": value}) for step, value in curve[49::50]]
        verdicts.append(advised(four, {"valid_loss": curve}).verdict)

    assert sum("% worse" in verdict for verdict in verdicts) <= 1


def test_figures_of_zero_break_nothing():
    advice = advised(checkpoints(0.0, 0.5, 0.4, name="train_mean_reward"))

    assert advice.best == 16
    assert advised(checkpoints(0.0, 0.5)).verdict.count("worse.") == 1
