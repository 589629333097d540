"""Files: what is taken, how it is listed, how long it stays."""

import http.client
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import psutil
import pytest

from sandbox.files import SETTLING
from tests.sandbox.conftest import CHATS, call
from tests.sandbox_server import Server

DAY = 86_400
ENDLESS = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 50}}}


def upload(api, purpose="fine-tune", **form):
    names = {"anchor": "expires_after[anchor]", "seconds": "expires_after[seconds]"}
    fields = {names[key]: value for key, value in form.items()}
    return api.post(
        "files", files={"file": ("a.jsonl", CHATS)}, data={"purpose": purpose, **fields}
    )


def ids(page):
    return [file["id"] for file in page["data"]]


def let_time_pass(folder, file_id, what="expires_at", seconds=1):
    """Put the file's end, or its beginning, into the past, as an hour does it."""
    with closing(sqlite3.connect(folder / "sandbox.sqlite3")) as db, db:
        then = int(time.time()) - seconds
        db.execute(f"UPDATE files SET {what} = ? WHERE id = ?", [then, file_id])  # noqa: S608


@pytest.mark.parametrize(
    ("purpose", "answered"),
    [
        ("assistants", "assistants"),
        ("batch", "batch"),
        ("fine-tune", "fine-tune"),
        ("vision", "vision"),
        ("user_data", "user_data"),
        ("evals", "user_data"),
    ],
)
def test_every_purpose_is_taken_and_answered_in_the_schemas_words(api, purpose, answered):
    file = upload(api, purpose).json()

    assert (file["purpose"], file["status"], file["bytes"]) == (answered, "processed", len(CHATS))
    assert file["id"] in ids(api.get("files", params={"purpose": purpose}).json())
    assert api.get(f"files/{file['id']}/content").content == CHATS


def test_a_file_for_evals_may_say_so(folder):
    with Server(folder, "--quirks", "evals-purpose") as server, call(server.url) as api:
        assert upload(api, "evals").json()["purpose"] == "evals"


def test_files_are_listed_in_either_order_however_they_are_cut(api):
    made = [api.upload(purpose="vision") for _ in range(3)]

    newest = api.get("files", params={"purpose": "vision", "limit": 2}).json()
    rest = api.get("files", params={"purpose": "vision", "after": newest["last_id"]}).json()
    oldest = api.get("files", params={"purpose": "vision", "order": "asc"}).json()

    assert (newest["first_id"], newest["last_id"], newest["has_more"]) == (made[2], made[1], True)
    assert ids(newest) + ids(rest)[:1] == made[::-1]
    assert ids(oldest)[-3:] == made


def test_a_file_has_an_end_if_it_was_given_one(api):
    file = upload(api, anchor="created_at", seconds="3600").json()
    batch = upload(api, "batch").json()
    endless = upload(api).json()

    assert file["expires_at"] - file["created_at"] == 3600
    assert batch["expires_at"] - batch["created_at"] == 30 * DAY
    assert "expires_at" not in endless


@pytest.mark.parametrize(
    "policy",
    [
        {"anchor": "created_at"},
        {"seconds": "3600"},
        {"anchor": "last_active_at", "seconds": "3600"},
        {"anchor": "created_at", "seconds": "3599"},
        {"anchor": "created_at", "seconds": "2592001"},
        {"anchor": "created_at", "seconds": "soon"},
        {"anchor": "created_at", "seconds": "3600.5"},
    ],
)
def test_an_end_out_of_bounds_is_refused(api, policy):
    answer = upload(api, **policy)

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "expires_after")


def test_a_file_goes_with_its_content_when_its_time_is_over(folder):
    with Server(folder) as server, call(server.url) as api:
        file_id = upload(api, anchor="created_at", seconds="3600").json()["id"]
        stays = api.upload()

        let_time_pass(folder, file_id)

        api.until(lambda: api.get(f"files/{file_id}").status_code, lambda status: status == 404)
        assert api.get(f"files/{file_id}/content").status_code == 404
        assert ids(api.get("files").json()) == [stays]
        assert [path.name for path in (folder / "files").iterdir()] == [stays]
        answer = api.post("fine_tuning/jobs", json={"model": "gpt-4o", "training_file": file_id})
        assert answer.json()["error"]["param"] == "training_file"


def test_a_file_that_a_job_needs_waits_for_its_end(folder):
    with Server(folder, "--pace", "20") as server, call(server.url) as api:
        job = api.order(method=ENDLESS, validation_file=api.upload())
        kept, other = job["validation_file"], api.upload()
        let_time_pass(folder, kept)
        let_time_pass(folder, other)

        api.until(lambda: api.get(f"files/{other}").status_code, lambda status: status == 404)
        needed = api.get(f"files/{kept}").status_code
        refusal = api.delete(f"files/{kept}").json()["error"]
        api.act(job["id"], "cancel")

        assert needed == 200
        assert job["id"] in refusal["message"]
        assert api.until(lambda: api.get(f"files/{kept}").status_code, lambda status: status == 404)
        assert api.get(f"files/{job['training_file']}").status_code == 200


def test_a_deleted_file_is_gone_with_its_content(folder):
    with Server(folder) as server, call(server.url) as api:
        file_id = api.upload()

        deleted = api.delete(f"files/{file_id}").json()

        assert deleted == {"id": file_id, "object": "file", "deleted": True}
        assert api.delete(f"files/{file_id}").status_code == 404
        assert list((folder / "files").iterdir()) == []


def test_a_slow_file_is_not_ready_for_a_job_at_first(folder):
    with Server(folder, "--pace", "0", "--quirks", "slow-files") as server, call(server.url) as api:
        file_id = api.upload()
        body = {"model": "tiny-byte-lm", "training_file": file_id}

        early = api.post("fine_tuning/jobs", json=body)
        status = api.get(f"files/{file_id}").json()["status"]
        let_time_pass(folder, file_id, "created_at", SETTLING)

        assert status == "uploaded"
        assert api.get(f"files/{file_id}").json()["status"] == "processed"
        assert (early.status_code, early.json()["error"]["message"]) == (
            400,
            f"File {file_id} is not ready",
        )
        assert api.post("fine_tuning/jobs", json=body).status_code == 200


def test_a_file_that_is_too_large_is_refused_before_it_comes(shared):
    where = urlsplit(shared)
    with closing(http.client.HTTPConnection(where.hostname, where.port, timeout=10)) as wire:
        wire.putrequest("POST", "/v1/files")
        wire.putheader("Authorization", "Bearer sk-test")
        wire.putheader("Content-Type", "multipart/form-data; boundary=x")
        wire.putheader("Content-Length", str(513 * 1024 * 1024))
        wire.endheaders()

        answer = wire.getresponse()

        assert answer.status == 400
        assert b"larger than 536870912 bytes" in answer.read()


def form_of(size: int) -> Iterator[bytes]:
    """A form with a file of that size, which says nowhere how long it is."""
    yield b'--x\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n'
    yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    block = bytes(1024 * 1024)
    for _ in range(size // len(block)):
        yield block
    yield b"\r\n--x--\r\n"


def test_a_large_file_is_never_held_in_memory(folder):
    size = 96 * 1024 * 1024
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    with Server(folder) as server, call(server.url) as api:
        api.upload()
        process = psutil.Process(server.process.pid)
        before = process.memory_info().rss

        file = api.post("files", content=form_of(size), headers=kind, timeout=60).json()
        with api.stream("GET", f"files/{file['id']}/content") as answer:
            read = sum(len(block) for block in answer.iter_bytes())

        assert file["bytes"] == read == size
        assert process.memory_info().rss - before < 32 * 1024 * 1024
