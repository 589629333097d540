"""Lists: page by page, lazily, to their end and not beyond, without losing anything in silence."""

import json

import pytest

from jobs.upstream import Malformed, Unreachable


def job(number: int) -> dict[str, object]:
    return {"id": f"ftjob-{number}", "object": "fine_tuning.job", "status": "running"}


def page(*items: object, **given: object) -> dict[str, object]:
    return {"object": "list", "data": list(items), **given}


def ids(replies) -> list[str]:
    return [reply.id for reply in replies]


def test_a_list_goes_on_behind_its_last_item_until_there_is_no_more(client, network):
    network.says(page(job(3), job(2), has_more=True))
    network.says(page(job(1), has_more=False))

    assert ids(client.jobs()) == ["ftjob-3", "ftjob-2", "ftjob-1"]
    assert network.asked == [
        "GET /v1/fine_tuning/jobs?limit=100",
        "GET /v1/fine_tuning/jobs?limit=100&after=ftjob-2",
    ]


def test_nobody_is_asked_before_somebody_reads(client, network):
    network.says(page(job(3), job(2), has_more=True))

    jobs = client.jobs(limit=2)
    assert network.asked == []

    assert [next(jobs).id, next(jobs).id] == ["ftjob-3", "ftjob-2"]
    assert network.asked == ["GET /v1/fine_tuning/jobs?limit=2"]


def test_a_list_may_begin_behind_a_known_item(client, network):
    network.says(page({"id": "ftevent-1"}))
    network.says(page())

    assert ids(client.events("ftjob-1", after="ftevent-2")) == ["ftevent-1"]
    assert network.asked[0] == "GET /v1/fine_tuning/jobs/ftjob-1/events?limit=100&after=ftevent-2"


@pytest.mark.parametrize("given", [{}, {"has_more": None}])
def test_without_has_more_a_list_goes_on_to_an_empty_page(client, network, given):
    network.says(page(job(2), **given))
    network.says(page(job(1), **given))
    network.says(page(**given))

    assert ids(client.jobs()) == ["ftjob-2", "ftjob-1"]
    assert len(network.requests) == 3


def test_a_server_that_ignores_after_does_not_keep_us_for_ever(client, network):
    network.says(page(job(2), job(1), has_more=True))
    network.says(page(job(2), job(1), has_more=True))

    assert ids(client.jobs()) == ["ftjob-2", "ftjob-1"]
    assert len(network.requests) == 2


def test_a_server_that_goes_round_in_circles_does_not_keep_us_for_ever(client, network):
    network.says(page(job(4), job(3), has_more=True))
    network.says(page(job(2), job(1), has_more=True))
    network.says(page(job(4), job(3), has_more=True))

    assert ids(client.jobs()) == ["ftjob-4", "ftjob-3", "ftjob-2", "ftjob-1"]
    assert len(network.requests) == 3


def test_a_page_that_repeats_its_cursor_is_the_last(client, network):
    network.says(page(job(3), job(2), has_more=True))
    network.says(page(job(1), job(2), has_more=True))

    assert ids(client.jobs()) == ["ftjob-3", "ftjob-2", "ftjob-1"]
    assert len(network.requests) == 2


def test_pages_that_overlap_give_each_item_once(client, network):
    network.says(page(job(3), job(2), has_more=True))
    network.says(page(job(2), job(1), has_more=False))

    assert ids(client.jobs()) == ["ftjob-3", "ftjob-2", "ftjob-1"]


def test_an_empty_page_ends_a_list_whatever_it_says(client, network):
    network.says(page(has_more=True))

    assert list(client.jobs()) == []
    assert len(network.requests) == 1


@pytest.mark.parametrize("body", [{"data": None}, {"object": "list"}, {}, []])
def test_a_list_may_lack_its_items(client, network, body):
    network.says(body)

    assert list(client.jobs()) == []


def test_a_list_may_come_without_its_envelope(client, network):
    network.says([job(2), job(1)])
    network.says([])

    assert ids(client.jobs()) == ["ftjob-2", "ftjob-1"]


@pytest.mark.parametrize(
    "body", [{"error": {"message": "no"}}, {"data": {"id": "ftjob-1"}}, "list", None, 7]
)
def test_what_is_no_list_is_not_taken_for_an_empty_one(client, network, body):
    network.sends(json.dumps(body).encode())

    with pytest.raises(Malformed, match="where a list should be"):
        list(client.jobs())


def test_what_cannot_be_addressed_is_counted_and_left_out(client, network):
    network.says(page(job(2), {"status": "running"}, None, "job", job(1), has_more=False))

    assert ids(client.jobs()) == ["ftjob-2", "ftjob-1"]
    assert client.skipped == 3


def test_events_without_ids_are_not_lost(client, network, sample):
    network.says(sample("events_azure"))
    network.says(page())

    first, second, third = client.events("ftjob-1")

    assert (first.id, second.id) == ("ftevent-a1", "ftevent-a2")
    assert third.id.startswith("synthetic-")
    assert network.asked[1].endswith("after=ftevent-a2")
    assert client.skipped == 0


def test_a_list_without_any_ids_is_one_page(client, network):
    network.says(page({"message": "a"}, {"message": "b"}, has_more=True))

    assert len(list(client.events("ftjob-1"))) == 2
    assert len(network.requests) == 1


def test_a_list_that_runs_out_of_ids_does_not_begin_again(client, network):
    network.says(page({"id": "ftevent-1"}, has_more=True))
    network.says(page({"message": "a"}, has_more=True))

    assert len(list(client.events("ftjob-1"))) == 2
    assert len(network.requests) == 2


def test_the_order_is_the_servers(client, network, sample):
    network.says(sample("events_newest_first"))

    moments = [event.created_at for event in client.events("ftjob-1")]

    assert moments == sorted(moments, reverse=True)


def test_checkpoints_and_files_are_lists_too(client, network, sample):
    network.says(sample("checkpoints"))
    network.says(sample("files"))

    assert len(list(client.checkpoints("ftjob-1"))) == 3
    assert ids(client.files()) == ["file-Results01", "file-Train01"]
    assert network.asked == [
        "GET /v1/fine_tuning/jobs/ftjob-1/checkpoints?limit=100",
        "GET /v1/files?limit=100",
    ]


def test_a_loss_that_is_no_number_does_not_break_its_page(client, network):
    network.sends(
        b'{"data": [{"id": "ftevent-1", "data": {"step": 1, "loss": NaN}}], "has_more": false}'
    )

    (event,) = client.events("ftjob-1")

    assert event.payload == {"step": 1, "loss": None}


def test_what_was_read_before_a_failure_is_not_lost(connect, network):
    network.says(page(job(2), has_more=True))
    network.says({}, 503)

    jobs = connect(patience=0).jobs()

    assert next(jobs).id == "ftjob-2"
    with pytest.raises(Unreachable):
        next(jobs)
