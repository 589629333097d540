"""What surely never left, told from what may have been heard: only the first may be sent again."""

import socket
from contextlib import closing

import httpx
import pytest

from jobs.upstream import FineTuningClient, Unreachable, Unsent, wire

ORDER = {"model": "gpt", "training_file": "file-1"}


@pytest.mark.parametrize(
    "broken",
    [
        httpx.ConnectError("[Errno -2] Name or service not known"),
        httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"),
        httpx.ConnectTimeout("timed out"),
        httpx.ProxyError("407 Proxy Authentication Required"),
        httpx.UnsupportedProtocol("Request URL has an unsupported protocol 'ftp://'."),
        httpx.LocalProtocolError("Illegal header value"),
    ],
    ids=repr,
)
def test_without_a_connection_nothing_has_left(client, network, broken):
    network.answers.append(broken)

    with pytest.raises(Unsent):
        client.create(ORDER)


@pytest.mark.parametrize(
    "broken",
    [
        httpx.ReadTimeout("timed out"),
        httpx.WriteTimeout("timed out"),
        httpx.WriteError("broken pipe"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        httpx.Response(500),
        httpx.Response(503),
        httpx.Response(408),
    ],
    ids=repr,
)
def test_what_may_have_been_heard_is_not_called_unsent(client, network, broken):
    network.answers.append(broken)

    with pytest.raises(Unreachable) as caught:
        client.create(ORDER)

    assert type(caught.value) is Unreachable


def test_nothing_leaves_where_nobody_listens():
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]

    with (
        FineTuningClient(f"http://127.0.0.1:{port}", "sk-1") as client,
        pytest.raises(Unsent, match=rf"^No connection to 127\.0\.0\.1:{port}: .+\.$"),
    ):
        client.create(ORDER)


def test_nothing_leaves_where_the_other_side_does_not_encrypt(start):
    heard = []

    def behave(connection, number):
        heard.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server, _ = start(behave)

    with (
        FineTuningClient(server.url.replace("http:", "https:"), "sk-secret") as client,
        pytest.raises(Unsent, match=r"^No connection to 127\.0\.0\.1:"),
    ):
        client.create(ORDER)
    assert len(heard) == 1
    assert b"sk-secret" not in heard[0]


def test_nothing_leaves_when_the_time_is_up_before_there_is_a_connection(start, monkeypatch):
    monkeypatch.setattr(wire, "LONGEST_ORDER", 0)
    server, client = start(lambda connection, number: connection.recv(1))

    with pytest.raises(Unsent, match="did not accept a connection in time"):
        client.cancel("ftjob-1")
    assert server.connections == 0


@pytest.mark.parametrize(
    ("base_url", "sentence"),
    [
        ("ftp://127.0.0.1/v1", "must begin with http:// or https://"),
        ("http://[::1", "is not a URL"),
    ],
)
def test_nothing_leaves_for_a_place_that_there_cannot_be(base_url, sentence):
    with pytest.raises(Unsent, match=sentence), FineTuningClient(base_url, "sk-1") as client:
        client.create(ORDER)


def test_nothing_leaves_with_a_key_that_no_header_may_carry(start):
    server, _ = start(lambda connection, number: connection.recv(1))

    with (
        FineTuningClient(server.url, "sk-secret\nkey") as client,
        pytest.raises(Unsent, match="holds forbidden characters"),
    ):
        client.create(ORDER)
