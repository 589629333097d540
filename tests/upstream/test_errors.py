import pickle

import pytest

from jobs.upstream import Malformed, RateLimited, Rejected, Unreachable, Unsent, UpstreamError

EACH = [
    Unreachable("api.example.com did not answer in time."),
    Unsent("No connection to api.example.com: Connection refused."),
    RateLimited("Slow down.", 1.5, "rate_limit_exceeded"),
    Rejected(404, "not_found", "No such job.", "id"),
    Malformed("The reply is empty."),
]


@pytest.mark.parametrize("error", EACH, ids=lambda error: type(error).__name__)
def test_every_error_is_a_sentence(error):
    assert isinstance(error, UpstreamError)
    assert str(error).endswith(".")


@pytest.mark.parametrize("error", EACH, ids=lambda error: type(error).__name__)
def test_every_error_survives_the_way_to_another_process(error):
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own pickle)

    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def test_a_rejection_knows_what_was_wrong_with_what():
    error = Rejected(400, "invalid_value", "n_epochs is too big.", "n_epochs")

    assert (error.status, error.code, error.param) == (400, "invalid_value", "n_epochs")
    assert str(error) == "n_epochs is too big."
