"""Files in parts: joined in the order that was asked for, whole or not at all."""

import hashlib
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from tests.sandbox.conftest import CHATS, call
from tests.sandbox.parts import add, begin, complete, error_of, halves
from tests.sandbox_server import Server

MEGABYTE = 1024 * 1024


def md5_of(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_an_upload_begins_with_a_promise(api):
    upload = begin(api, bytes=3, filename="b.jsonl").json()

    assert upload["id"].startswith("upload_")
    assert upload["expires_at"] - upload["created_at"] == 3600
    assert {key: upload[key] for key in ("object", "filename", "bytes", "purpose", "status")} == {
        "object": "upload",
        "filename": "b.jsonl",
        "bytes": 3,
        "purpose": "fine-tune",
        "status": "pending",
    }
    assert "file" not in upload


def test_a_part_says_what_it_belongs_to(api):
    upload_id = begin(api).json()["id"]

    part = api.post(f"uploads/{upload_id}/parts", files={"data": ("part", b"abc")}).json()

    assert part["id"].startswith("part_")
    assert (part["object"], part["upload_id"]) == ("upload.part", upload_id)


def test_parts_become_a_file_in_the_order_of_their_ids(api):
    upload_id, first, second = halves(api)
    unwanted = add(api, upload_id, b"a part that came twice")

    upload = complete(api, upload_id, first, second).json()

    file = upload["file"]
    assert unwanted
    assert (upload["id"], upload["status"]) == (upload_id, "completed")
    assert (file["bytes"], file["filename"]) == (len(CHATS), "a.jsonl")
    assert api.get(f"files/{file['id']}/content").content == CHATS
    assert api.get(f"files/{file['id']}").json() == file


def test_a_joined_file_can_be_trained_on(api):
    upload_id, first, second = halves(api)
    file_id = complete(api, upload_id, first, second).json()["file"]["id"]

    job = api.order(training_file=file_id)

    assert api.wait(job["id"])["status"] == "succeeded"


def test_the_right_md5_is_accepted_and_a_wrong_one_refused(api):
    upload_id, first, second = halves(api)

    wrong = complete(api, upload_id, first, second, md5="0" * 32)
    right = complete(api, upload_id, first, second, md5=md5_of(CHATS).upper())

    assert error_of(wrong) == (400, "md5")
    assert right.json()["status"] == "completed"


def test_of_two_who_complete_at_once_one_makes_the_file(api):
    content = bytes(32 * MEGABYTE)
    upload_id = begin(api, bytes=len(content), purpose="vision").json()["id"]
    part_id = add(api, upload_id, content)

    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda _: complete(api, upload_id, part_id), range(2)))

    assert sorted(answer.status_code for answer in answers) == [200, 400]
    made = api.get("files", params={"purpose": "vision"}).json()["data"]
    assert [file["bytes"] for file in made] == [len(content)]


def test_the_file_keeps_the_time_that_the_upload_was_given(api):
    policy = {"anchor": "created_at", "seconds": 7200}
    upload_id = begin(api, expires_after=policy).json()["id"]

    file = complete(api, upload_id, add(api, upload_id, CHATS)).json()["file"]

    assert file["expires_at"] - file["created_at"] == 7200


def test_a_part_may_be_a_field_as_in_the_services_example(api):
    upload_id = begin(api, bytes=len("größe")).json()["id"]
    wrong = api.post(f"uploads/{upload_id}/parts", data={"other": "x"})
    part = api.post(
        f"uploads/{upload_id}/parts",
        content='--x\r\nContent-Disposition: form-data; name="data"\r\n\r\ngröße\r\n--x--\r\n'.encode(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    ).json()

    answer = complete(api, upload_id, part["id"])

    assert error_of(wrong) == (400, "data")
    assert "7 bytes" in answer.json()["error"]["message"]


def test_an_upload_expires_with_its_parts(folder):
    with Server(folder) as server, call(server.url) as api:
        upload_id, first, second = halves(api)
        with closing(sqlite3.connect(folder / "sandbox.sqlite3")) as db, db:
            db.execute("UPDATE uploads SET expires_at = ?", [int(time.time()) - 1])

        api.until(lambda: list((folder / "uploads").iterdir()), lambda left: not left)

        refusal = complete(api, upload_id, first, second)
        assert "'expired'" in refusal.json()["error"]["message"]


def test_an_upload_outlives_a_restart_and_an_ended_one_leaves_nothing(folder):
    with Server(folder) as server, call(server.url) as api:
        upload_id, first, second = halves(api)
        given_up, *_ = halves(api)
        api.post(f"uploads/{given_up}/cancel")
    with Server(folder) as server, call(server.url) as api:
        left = api.until(
            lambda: [path.name for path in (folder / "uploads").iterdir()],
            lambda all_: len(all_) < 2,
        )
        upload = complete(api, upload_id, first, second).json()

        assert left == [upload_id]
        assert api.get(f"files/{upload['file']['id']}/content").content == CHATS
