"""Files on their way out: streamed, whole, and never in memory."""

import hashlib
import json
import tracemalloc
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

import httpx
import pytest
from hypothesis import given, strategies as st

from jobs.upstream import Unreachable
from jobs.upstream.multipart import Form
from tests.tcp_server import ANSWER

FILE = {"id": "file-1", "object": "file", "bytes": 9, "filename": "a.jsonl", "status": "uploaded"}


def parts_of(request: httpx.Request) -> Iterator[tuple[Message, bytes]]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    for part in message_from_bytes(head + request.content).walk():
        if not part.is_multipart():
            yield part, bytes(part.get_payload(decode=True))


@pytest.mark.parametrize("status", [200, 201])
def test_a_file_is_sent_with_its_purpose(client, network, status):
    network.says(FILE, status)

    reply = client.upload("tickets.jsonl", [b'{"a"', b": 1}\n"], 9)

    (purpose, value), (file, content) = parts_of(network.requests[0])
    assert reply.id == "file-1"
    assert network.asked == ["POST /v1/files"]
    assert (purpose.get_param("name", header="content-disposition"), value) == (
        "purpose",
        b"fine-tune",
    )
    assert file.get_param("name", header="content-disposition") == "file"
    assert file.get_filename() == "tickets.jsonl"
    assert content == b'{"a": 1}\n'
    assert int(network.requests[0].headers["content-length"]) == len(network.requests[0].content)
    assert "transfer-encoding" not in network.requests[0].headers


@given(
    st.lists(st.binary()),
    st.text(st.sampled_from('a"\r\n;\\=é')),
    st.text(st.characters(codec="utf-8")),
)
def test_a_form_is_as_long_as_it_says_and_no_name_ends_its_header(chunks, filename, value):
    form = Form({"purpose": value}, "file", filename, chunks, sum(map(len, chunks)))

    content = b"".join(form)

    assert len(content) == int(form.headers["Content-Length"])
    boundary = form.headers["Content-Type"].partition("boundary=")[2].encode()
    empty, _, file, end = content.split(b"--" + boundary)
    header, body = file.split(b"\r\n\r\n", 1)
    assert (empty, end) == (b"", b"--\r\n")
    assert body == b"".join(chunks) + b"\r\n"
    assert len(header.split(b"\r\n")) == 3
    assert header.count(b'"') == 4


@pytest.mark.parametrize("size", [2, 4])
def test_a_file_that_is_not_as_long_as_announced_is_not_sent_to_its_end(client, network, size):
    network.says(FILE)

    with pytest.raises(ValueError, match=f"was said to have {size} bytes"):
        client.upload("a.jsonl", [b"abc"], size)


def test_a_big_file_is_never_in_memory(start):
    megabyte, count = b"x" * 2**20, 48
    received = hashlib.sha256()

    def behave(connection, number):
        left = None
        heard = b""
        while left is None or left > 0:
            heard += connection.recv(2**16)
            if left is None and b"\r\n\r\n" in heard:
                head, _, heard = heard.partition(b"\r\n\r\n")
                length = next(
                    line
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                )
                left = int(length.split(b":")[1])
            if left is not None:
                received.update(heard)
                left, heard = left - len(heard), b""
        connection.sendall(ANSWER)

    server, client = start(behave)
    tracemalloc.start()

    reply = client.upload("big.jsonl", (megabyte for _ in range(count)), count * 2**20)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reply.id == "ftjob-1"
    assert peak < 8 * 2**20
    assert server.connections == 1


@pytest.mark.parametrize(("megabytes", "seconds"), [(0, 30), (3, 33)])
def test_an_upload_may_take_longer_the_bigger_it_is(client, network, megabytes, seconds):
    network.says(FILE)

    client.upload("a.jsonl", [b"x" * 2**20] * megabytes, megabytes * 2**20)

    assert network.requests[0].extensions["timeout"]["read"] == seconds


def test_a_refused_upload_is_not_sent_again(client, network):
    network.answers.append(httpx.WriteError("reset"))

    with pytest.raises(Unreachable):
        client.upload("a.jsonl", [b"abc"], 3)

    assert len(network.requests) == 1


def test_a_big_file_goes_in_parts(client, network, sample):
    pending = {**sample("upload_completed"), "status": "pending", "file": None}
    for answer in (pending, sample("upload_part"), sample("upload_completed")):
        network.says(answer)

    upload = client.begin_upload("tickets.jsonl", 100)
    part = client.add_part(upload.id, b"half")
    done = client.complete_upload(upload.id, [part.id], md5="d41d8cd9")

    assert (upload.status, upload.file, done.status) == ("pending", None, "completed")
    assert str(done.expires_at) == "2025-10-09 09:53:20+00:00"
    assert done.file is not None
    assert (done.file.id, done.file.bytes) == ("file-Big01", 104857600)
    assert (part.id, part.upload_id) == ("part_First", "upload_Big01")
    assert network.asked == [
        "POST /v1/uploads",
        "POST /v1/uploads/upload_Big01/parts",
        "POST /v1/uploads/upload_Big01/complete",
    ]
    assert json.loads(network.requests[0].content) == {
        "filename": "tickets.jsonl",
        "bytes": 100,
        "mime_type": "application/jsonl",
        "purpose": "fine-tune",
    }
    ((named, content),) = parts_of(network.requests[1])
    assert (named.get_param("name", header="content-disposition"), content) == ("data", b"half")
    assert json.loads(network.requests[2].content) == {
        "part_ids": ["part_First"],
        "md5": "d41d8cd9",
    }


def test_an_upload_may_be_completed_without_a_checksum_or_cancelled(client, network, sample):
    cancelled = {"id": "upload_Big01", "status": "cancelled"}
    network.says(sample("upload_completed"))
    network.says(cancelled)

    client.complete_upload("upload_Big01", ["part_b", "part_a"])
    reply = client.cancel_upload("upload_Big01")

    assert json.loads(network.requests[0].content) == {"part_ids": ["part_b", "part_a"]}
    assert (reply.status, reply.file, reply.bytes) == ("cancelled", None, None)
    assert network.requests[1].content == b""
