"""What was heard of a job can be searched for at once."""

import pytest

from jobs.models import Account, Listing
from tests.listening import caught_up, listened
from tests.making import make_account
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db


def found(search: str) -> list[str]:
    listing = Listing.read({"q": search})
    assert listing.search.problems == ()
    return [job.upstream_id for job in listing.shown()]


@pytest.fixture
def account(upstream: FakeUpstream) -> Account:
    upstream.add("ftjob-1", metadata={"team": "search"}, hyperparameters={"n_epochs": 3})
    account = make_account()
    listened(account)
    return account


def test_a_job_is_found_by_what_the_list_said_of_it(account: Account):
    for search in ("ftjob-1", "meta.team:search", "hp.n_epochs:3"):
        assert found(search) == ["ftjob-1"], search


def test_a_job_is_found_by_what_it_came_to(account: Account, upstream: FakeUpstream):
    job = upstream.jobs["ftjob-1"]
    job |= {"status": "succeeded", "fine_tuned_model": "ft:tiny:acme:made-of-it:7"}
    job |= {"hyperparameters": {"n_epochs": 5}, "result_files": ["file-steps"]}

    listened(account)

    for search in ("made-of-it", "model:ft:*made*", "hp.n_epochs:5", "file:file-steps"):
        assert found(search) == ["ftjob-1"], search
    assert found("hp.n_epochs:3") == []


def test_a_job_is_found_by_its_newest_and_its_best_metric(account: Account, upstream: FakeUpstream):
    for step, loss in enumerate((0.5, 0.2, 0.9), 1):
        upstream.log(step, train_loss=loss)

    caught_up(account)

    assert found("train_loss>0.8 min(train_loss)<0.3") == ["ftjob-1"]
    assert found("min(train_loss)>0.3") == []
