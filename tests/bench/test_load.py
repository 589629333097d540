"""The load that the benches make, against a server that counts."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bench.load import Ask, load, run

BODY = b"0123456789" * 10_000


class Server(ThreadingHTTPServer):
    daemon_threads = True
    connections = 0
    requests = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self) -> None:
        self.server.connections += 1
        super().setup()

    def do_GET(self) -> None:
        self.server.requests += 1
        if self.path == "/unchanged":
            self.send_response(304)
            self.end_headers()
        elif self.path == "/chunked":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY))
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(BODY)))
            self.end_headers()
            self.wfile.write(BODY)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("clients", [1, 4])
def test_each_client_keeps_its_connection(server: Server, clients: int):
    times, size = run(Ask(f"{server.url}/"), 40, clients)

    assert len(times) == 40
    assert all(took > 0 for took in times)
    assert size > len(BODY)
    assert (server.requests, server.connections) == (40, clients)


@pytest.mark.parametrize(
    "ask", [Ask("/chunked"), Ask("/unchanged", status=304), Ask("/", body='{"rows": 50}')]
)
def test_every_kind_of_answer_has_an_end(server: Server, ask: Ask):
    times, _ = run(ask._replace(url=server.url + ask.url), 5, 1)

    assert len(times) == 5


def test_another_status_is_no_figure(server: Server):
    with pytest.raises(RuntimeError, match="1 of 1 answers not 304"):
        load(Ask(f"{server.url}/", status=304), 1)


def test_a_peer_may_fail_now_and_then(server: Server):
    ask = Ask(f"{server.url}/", status=304, may_fail=1.0)

    assert len(run(ask, 10, 2)[0]) == 10
    with pytest.raises(ConnectionError):
        run(ask._replace(may_fail=0.9), 10, 2)


def test_the_load_comes_from_a_process_of_its_own(server: Server):
    answered = load(Ask(f"{server.url}/"), 20, 2)

    assert len(answered.times) == 20
    assert answered.percentile(0.99) == max(answered.times)
