"""Lists: newest first, led on from page to page, and only what was asked for."""

import itertools

import openai
import pytest

from tests.sandbox.openai_client.conftest import connected, order, upload

MARKS = map(str, itertools.count())


@pytest.fixture(scope="module")
def marked(shared):
    """A mark, and the five jobs that have it in their metadata, newest first."""
    with connected(openai.OpenAI, shared) as client:
        mark, file_id = next(MARKS), upload(client)
        jobs = [
            order(client, training_file=file_id, metadata={"mark": mark, "n": str(number)})
            for number in range(5)
        ]
    return mark, [job.id for job in jobs][::-1]


def ids(items):
    return [item.id for item in items]


def test_jobs_are_listed_newest_first_whatever_a_page_holds(client, marked):
    mark, newest_first = marked
    jobs = client.fine_tuning.jobs

    page = jobs.list(limit=2, metadata={"mark": mark})

    assert ids(page.data) == newest_first[:2]
    assert page.has_more
    assert ids(page) == newest_first
    assert [job_id for job_id in ids(jobs.list()) if job_id in newest_first] == newest_first


def test_a_list_goes_on_after_what_was_seen(client, marked):
    mark, newest_first = marked

    rest = client.fine_tuning.jobs.list(after=newest_first[2], metadata={"mark": mark})

    assert ids(rest) == newest_first[3:]
    assert not rest.has_more


def test_jobs_are_found_by_all_of_their_metadata(client, marked):
    mark, newest_first = marked
    jobs = client.fine_tuning.jobs

    assert ids(jobs.list(metadata={"mark": mark, "n": "3"})) == [newest_first[1]]
    assert ids(jobs.list(metadata={"mark": mark, "n": "5"})) == []


def test_jobs_without_metadata_are_found_by_null(client, marked, done):
    jobs = client.fine_tuning.jobs

    found = ids(jobs.list(extra_query={"metadata": "null"}))

    assert done.id in found
    assert not set(marked[1]).intersection(found)


def test_no_metadata_is_no_filter(client, marked, done):
    """The client leaves out what is None, although its documents say that it sends null."""
    everything = {done.id, *marked[1]}

    assert everything.issubset(ids(client.fine_tuning.jobs.list(metadata=None)))
    assert everything.issubset(ids(client.fine_tuning.jobs.list(metadata={})))


def test_events_are_listed_newest_first_whatever_a_page_holds(client, done):
    jobs = client.fine_tuning.jobs

    events = list(jobs.list_events(done.id, limit=100))

    assert ids(jobs.list_events(done.id, limit=3)) == ids(events)
    assert ids(jobs.list_events(done.id, after=events[4].id)) == ids(events[5:])
    assert [event.data["step"] for event in events if event.type == "metrics"] == [6, 5, 4, 3, 2, 1]
    assert events[-1].message == f"Created fine-tuning job: {done.id}"
    assert len(set(ids(events))) == len(events)


def test_checkpoints_are_listed_newest_first_whatever_a_page_holds(client, done):
    checkpoints = client.fine_tuning.jobs.checkpoints

    page = checkpoints.list(done.id, limit=1)
    last, first = page

    assert (page.has_more, page.first_id, page.last_id) == (True, last.id, last.id)
    assert ids(checkpoints.list(done.id)) == [last.id, first.id]
    assert ids(checkpoints.list(done.id, after=last.id)) == [first.id]
    assert (last.step_number, first.step_number) == (6, 3)
    assert last.fine_tuned_model_checkpoint == done.fine_tuned_model
    assert first.fine_tuned_model_checkpoint.endswith(":ckpt-step-3")
    assert {each.fine_tuning_job_id for each in (last, first)} == {done.id}
    assert last.metrics.train_loss < first.metrics.train_loss


def test_an_unknown_place_in_a_list_is_refused(client):
    with pytest.raises(openai.BadRequestError) as refusal:
        client.fine_tuning.jobs.list(after="ftjob-nowhere")

    assert refusal.value.param == "after"
