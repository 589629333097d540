"""Lists: newest first, by cursor, nothing twice and nothing left out."""

from typing import Any

import pytest

from tests.sandbox.conftest import call


@pytest.fixture(scope="module")
def made(shared):
    """Five jobs, oldest first; they fail at once for want of a good file."""
    with call(shared) as api:
        jobs = [api.order(b"{}\n", metadata={"n": str(n % 2)}) for n in range(4)]
        jobs.append(api.order(b"{}\n"))
        for job in jobs:
            api.wait(job["id"])
        yield [job["id"] for job in jobs]


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_jobs_come_newest_first_however_they_are_cut(api, made, limit):
    assert ids(api.every("fine_tuning/jobs", limit)) == made[::-1]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_events_come_newest_first_however_they_are_cut(api, made, limit):
    events = api.every(f"fine_tuning/jobs/{made[0]}/events", limit)

    assert [event["message"].split()[0] for event in events] == ["The", "Validating", "Created"]
    assert len(set(ids(events))) == 3


def test_a_page_says_whether_another_one_follows(api, made):
    page = api.get("fine_tuning/jobs", params={"limit": 4}).json()
    rest = api.get("fine_tuning/jobs", params={"limit": 4, "after": page["data"][-1]["id"]}).json()

    assert (page["has_more"], rest["has_more"]) == (True, False)
    assert ids(page["data"] + rest["data"]) == made[::-1]


@pytest.mark.parametrize("path", ["fine_tuning/jobs", "files", "fine_tuning/jobs/{}/events"])
def test_an_unknown_cursor_is_refused(api, made, path):
    answer = api.get(path.format(made[0]), params={"after": "nothing-1"})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "after")


def test_a_cursor_of_another_list_is_unknown(api, made):
    other = api.events(made[1])[0]["id"]

    assert api.get(f"fine_tuning/jobs/{made[0]}/events?after={other}").status_code == 400


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "1.5"])
def test_a_limit_out_of_bounds_is_refused(api, limit):
    answer = api.get("fine_tuning/jobs", params={"limit": limit})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "limit")


def test_jobs_are_found_by_their_metadata(api, made):
    def found(**query: str) -> list[str]:
        return ids(api.get("fine_tuning/jobs", params=query).json()["data"])

    assert found(**{"metadata[n]": "1"}) == [made[3], made[1]]
    assert found(**{"metadata[n]": "1", "metadata[other]": "x"}) == []
    assert found(metadata="null") == [made[4]]


def test_no_job_has_so_much_metadata(api):
    answers = [
        api.get("fine_tuning/jobs", params={f"metadata[{n}]": n for n in range(count)})
        for count in (16, 17, 2000)
    ]

    assert [answer.status_code for answer in answers] == [200, 400, 400]
    assert answers[-1].json()["error"]["param"] == "metadata"


def test_files_go_both_ways_and_by_purpose(api):
    first, second = (api.upload(purpose="user_data") for _ in range(2))

    newest = api.get("files", params={"purpose": "user_data"}).json()
    oldest = api.get("files", params={"purpose": "user_data", "order": "asc", "limit": 1}).json()

    assert ids(newest["data"]) == [second, first]
    assert (newest["first_id"], newest["last_id"]) == (second, first)
    assert (ids(oldest["data"]), oldest["has_more"]) == ([first], True)


def test_an_empty_list_of_files_has_no_ends(api):
    page = api.get("files", params={"purpose": "batch"}).json()

    assert page == {"object": "list", "data": [], "has_more": False, "first_id": "", "last_id": ""}
