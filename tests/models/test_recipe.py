import pytest

from tests.making import make_job

pytestmark = pytest.mark.django_db


def test_a_recipe_tells_what_auto_became():
    asked = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": "auto"}}}
    job = make_job(method="supervised", method_recipe=asked, hyperparameters={"n_epochs": 3})

    assert job.recipe() == [("n_epochs", "auto", 3)]


def test_what_was_asked_and_given_is_told_once():
    asked = {"dpo": {"hyperparameters": {"beta": 0.1, "seed": None}}}
    job = make_job(method="dpo", method_recipe=asked, hyperparameters={"n_epochs": 3})

    assert job.recipe() == [("beta", None, 0.1), ("seed", None, None), ("n_epochs", None, 3)]


@pytest.mark.parametrize("odd", [{}, {"dpo": None}, {"dpo": {"hyperparameters": None}}])
def test_an_odd_recipe_is_an_empty_one(odd):
    assert make_job(method="dpo", method_recipe=odd).recipe() == []
