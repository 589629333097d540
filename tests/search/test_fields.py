import pytest

from jobs.search.fields import lower_is_better


@pytest.mark.parametrize("metric", ["valid_loss", "train_error_rate", "eval_perplexity"])
def test_of_some_metrics_the_least_is_the_best(metric: str):
    assert lower_is_better(metric)


@pytest.mark.parametrize("metric", ["train_mean_token_accuracy", "valid_reward_mean", "f1"])
def test_of_all_others_the_greatest_is(metric: str):
    assert not lower_is_better(metric)
