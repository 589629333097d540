"""Files and uploads in parts."""

import hashlib

import openai
import pytest

from tests.sandbox.conftest import CHATS
from tests.sandbox.openai_client.conftest import order, upload, wait

HALF = len(CHATS) // 2
MD5 = hashlib.md5(CHATS, usedforsecurity=False).hexdigest()
WHOLE = {
    "bytes": len(CHATS),
    "filename": "whole.jsonl",
    "mime_type": "text/jsonl",
    "purpose": "fine-tune",
}


@pytest.mark.parametrize(
    "purpose", ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"]
)
def test_a_file_is_kept_for_every_purpose(client, purpose):
    made = client.files.create(file=("über.jsonl", CHATS), purpose=purpose)

    seen = client.files.retrieve(made.id)

    assert seen == made
    assert (made.filename, made.bytes, made.status) == ("über.jsonl", len(CHATS), "processed")
    assert made.purpose == ("user_data" if purpose == "evals" else purpose)
    assert made.id in [file.id for file in client.files.list(purpose=purpose)]
    assert client.files.content(made.id).read() == CHATS


def test_a_file_may_expire(client):
    made = client.files.create(
        file=("a.jsonl", CHATS),
        purpose="user_data",
        expires_after={"anchor": "created_at", "seconds": 3600},
    )

    assert made.expires_at == made.created_at + 3600


def test_a_file_is_written_to_the_disk_as_it_was(client, tmp_path):
    source, copy = tmp_path / "source.jsonl", tmp_path / "copy.jsonl"
    source.write_bytes(CHATS)

    made = client.files.create(file=source, purpose="fine-tune")
    with client.files.with_streaming_response.content(made.id) as answer:
        answer.stream_to_file(copy)

    assert made.filename == "source.jsonl"
    assert copy.read_bytes() == CHATS


def test_files_are_listed_in_either_order_by_pages(client):
    first, second = upload(client), upload(client)

    newest_first = [file.id for file in client.files.list(purpose="fine-tune")]
    oldest_first = [file.id for file in client.files.list(purpose="fine-tune", order="asc")]
    by_pages = client.files.list(purpose="fine-tune", limit=1)

    assert newest_first[:2] == [second, first]
    assert oldest_first == newest_first[::-1]
    assert (by_pages.first_id, by_pages.last_id) == (second, second)
    assert [file.id for file in by_pages] == newest_first
    assert client.files.list(after=second, limit=1).data[0].id == first


def test_a_purpose_that_no_file_has_is_an_empty_list(client):
    assert client.files.list(purpose="assistants_output").data == []


def test_a_deleted_file_is_gone(client):
    file_id = upload(client)

    gone = client.files.delete(file_id)

    assert (gone.id, gone.object, gone.deleted) == (file_id, "file", True)
    with pytest.raises(openai.NotFoundError, match=f"No such File object: {file_id}"):
        client.files.retrieve(file_id)


def test_a_job_is_made_of_parts_in_the_order_that_is_said(client):
    begun = client.uploads.create(**WHOLE)
    second = client.uploads.parts.create(begun.id, data=CHATS[HALF:])
    first = client.uploads.parts.create(begun.id, data=CHATS[:HALF])

    ended = client.uploads.complete(begun.id, part_ids=[first.id, second.id], md5=MD5)

    assert (begun.status, begun.file, ended.status) == ("pending", None, "completed")
    assert {part.upload_id for part in (first, second)} == {begun.id}
    assert (ended.file.filename, ended.file.bytes) == ("whole.jsonl", len(CHATS))
    assert client.files.content(ended.file.id).read() == CHATS
    wait(client, order(client, training_file=ended.file.id).id, "succeeded")


def test_an_upload_takes_nothing_more_once_it_is_cancelled(client):
    begun = client.uploads.create(**WHOLE, expires_after={"anchor": "created_at", "seconds": 7200})

    cancelled = client.uploads.cancel(begun.id)

    assert (cancelled.id, cancelled.status) == (begun.id, "cancelled")
    with pytest.raises(openai.BadRequestError):
        client.uploads.parts.create(begun.id, data=CHATS)


def test_an_upload_of_the_wrong_size_or_sum_is_refused(client):
    begun = client.uploads.create(**WHOLE)
    part = client.uploads.parts.create(begun.id, data=CHATS)

    with pytest.raises(openai.BadRequestError) as wrong_sum:
        client.uploads.complete(begun.id, part_ids=[part.id], md5="0" * 32)
    with pytest.raises(openai.BadRequestError) as wrong_size:
        client.uploads.complete(begun.id, part_ids=[part.id, part.id])

    assert wrong_sum.value.param == "md5"
    assert wrong_size.value.param == "part_ids"


def test_big_files_are_cut_and_joined_again(client, tmp_path):
    path = tmp_path / "big.jsonl"
    path.write_bytes(CHATS)

    from_disk = client.uploads.upload_file_chunked(
        file=path, mime_type="text/jsonl", purpose="fine-tune", part_size=500
    )
    from_memory = client.uploads.upload_file_chunked(
        file=CHATS,
        filename="memory.jsonl",
        bytes=len(CHATS),
        mime_type="text/jsonl",
        purpose="batch",
        part_size=1000,
        md5=MD5,
    )

    assert [each.file.filename for each in (from_disk, from_memory)] == [
        "big.jsonl",
        "memory.jsonl",
    ]
    for each in (from_disk, from_memory):
        assert client.files.content(each.file.id).read() == CHATS
