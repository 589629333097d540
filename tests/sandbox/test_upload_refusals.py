"""What an upload in parts does not take."""

import pytest

from tests.sandbox.parts import add, begin, complete, error_of, halves

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize("chosen", [(0,), (0, 1, 1), (0, 1, 2), (0, 3), ()])
def test_parts_that_are_not_the_promised_whole_are_refused(api, chosen):
    upload_id, *parts = halves(api)
    parts += [add(api, upload_id, b"more"), "part_of_another"]
    before = api.get("files").json()["data"]

    answer = complete(api, upload_id, *(parts[number] for number in chosen))

    assert error_of(answer) == (400, "part_ids")
    assert api.get("files").json()["data"] == before
    assert complete(api, upload_id, *parts[:2]).status_code == 200


def test_a_part_of_another_upload_is_unknown(api):
    upload_id, first, second = halves(api)
    other_id, *_ = halves(api)

    assert error_of(complete(api, other_id, first, second)) == (400, "part_ids")
    assert complete(api, upload_id, first, second).status_code == 200


@pytest.mark.parametrize("end", ["cancelled", "completed"])
def test_an_upload_that_ended_takes_nothing_more(api, end):
    upload_id, first, second = halves(api)
    if end == "cancelled":
        assert api.post(f"uploads/{upload_id}/cancel").json()["status"] == end
    else:
        assert complete(api, upload_id, first, second).json()["status"] == end

    refusals = [
        api.post(f"uploads/{upload_id}/parts", files={"data": ("part", b"more")}),
        complete(api, upload_id, first, second),
        api.post(f"uploads/{upload_id}/cancel"),
    ]

    assert [error_of(refusal) for refusal in refusals] == [(400, "status")] * 3
    assert f"'{end}'" in refusals[0].json()["error"]["message"]


@pytest.mark.parametrize("action", ["parts", "complete", "cancel"])
def test_an_unknown_upload_is_not_found(api, action):
    assert error_of(api.post(f"uploads/upload_0/{action}", json={})) == (404, "upload_id")


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"filename": None}, "filename"),
        ({"filename": ""}, "filename"),
        ({"purpose": "evals"}, "purpose"),
        ({"mime_type": None}, "mime_type"),
        ({"bytes": None}, "bytes"),
        ({"bytes": 0}, "bytes"),
        ({"bytes": 1.5}, "bytes"),
        ({"bytes": True}, "bytes"),
        ({"bytes": 8 * 1024**3 + 1}, "bytes"),
        ({"expires_after": 3600}, "expires_after"),
        ({"expires_after": {}}, "expires_after"),
        ({"expires_after": {"anchor": "created_at", "seconds": "3600"}}, "expires_after"),
        ({"expires_after": {"anchor": "created_at", "seconds": 60}}, "expires_after"),
        ({"expires_after": {"anchor": "created_at", "seconds": 3600, "by": 1}}, "by"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_beginning_is_refused(api, given, param):
    assert error_of(begin(api, **given)) == (400, param)


@pytest.mark.parametrize("body", [{}, {"part_ids": "all"}, {"part_ids": [1]}])
def test_an_end_without_parts_is_refused(api, body):
    upload_id, *_ = halves(api)

    answer = api.post(f"uploads/{upload_id}/complete", json=body)

    assert error_of(answer) == (400, "part_ids")


def test_a_part_has_at_most_64_megabytes(api):
    size = 64 * MEGABYTE
    upload_id = begin(api, bytes=size).json()["id"]

    refusal = api.post(
        f"uploads/{upload_id}/parts", files={"data": ("part", bytes(size + 1))}, timeout=60
    )
    part = api.post(f"uploads/{upload_id}/parts", files={"data": ("part", bytes(size))}, timeout=60)

    assert error_of(refusal) == (400, "data")
    assert complete(api, upload_id, part.json()["id"]).json()["file"]["bytes"] == size
