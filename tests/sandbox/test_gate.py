"""Who may call the sandbox: by its own name only, and no page of another site."""

import httpx
import pytest

from sandbox.flags import read_flags
from tests.sandbox.conftest import call
from tests.sandbox_server import Server

DOORS = ["/v1/models", "/_sandbox/faults", "/openapi.json"]


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gate") / "sandbox"
    names = ("--allow-host", "Sandbox", "fd00::1")
    with Server(folder, "--pace", "0", *names) as server:
        yield server.url.removesuffix("/v1")


def port(origin):
    return origin.rpartition(":")[2]


def ask(url, method="GET", **headers):
    key = {"Authorization": "Bearer sk-test"}
    return httpx.request(method, url, headers={**key, **headers})


def assert_is_kept_out(answer, code):
    assert answer.status_code == 403
    error = answer.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["code"] == code
    assert answer.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST:8001", "127.0.0.1:1", "[::1]", "[::1]:8001"),
        *("sandbox:8001", "[FD00::1]:8001"),
    ],
)
def test_it_answers_to_its_own_names_on_any_port(origin, door, host):
    assert ask(origin + door, Host=host).status_code == 200


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8001", "localhost.evil.example", "127.0.0.1.nip.io"),
        *("sandbox.evil.example", "evil.example@localhost", "localhost:8001:1", "[fd00::2]", ""),
    ],
)
def test_it_answers_to_no_other_name(origin, door, host):
    assert_is_kept_out(ask(origin + door, Host=host), "host_not_allowed")


def test_the_address_that_it_listens_at_is_a_name_too(folder):
    with Server(folder, "--pace", "0", "--host", "127.0.0.2") as server, call(server.url) as api:
        assert api.get("models").status_code == 200


def test_a_name_that_was_not_given_to_this_one_is_not_its_name(shared):
    assert_is_kept_out(ask(f"{shared}/models", Host="sandbox"), "host_not_allowed")


@pytest.mark.parametrize("page", ["https://evil.example", "http://localhost:3000", "null", ""])
@pytest.mark.parametrize("door", DOORS)
def test_a_page_of_another_site_is_not_answered(origin, door, page):
    assert_is_kept_out(ask(origin + door, Origin=page), "origin_not_allowed")


def test_a_page_of_another_site_orders_no_faults(origin):
    answer = httpx.put(
        f"{origin}/_sandbox/faults",
        json={"faults": [{"name": "hang"}]},
        headers={"Origin": "https://evil.example"},
    )

    assert_is_kept_out(answer, "origin_not_allowed")
    assert ask(f"{origin}/_sandbox/faults").json() == {"faults": [], "seed": 0}


def test_its_own_origin_is_no_other_site(origin):
    own = f"http://LOCALHOST:{port(origin)}"

    answer = ask(f"{origin}/v1/models", Host=f"localhost:{port(origin)}", Origin=own)

    assert answer.status_code == 200


def test_who_is_kept_out_is_not_counted(origin):
    ask(f"{origin}/_sandbox/requests", method="DELETE")

    ask(f"{origin}/v1/models", Host="evil.example")

    assert ask(f"{origin}/_sandbox/requests").json() == {"requests": []}


@pytest.mark.parametrize("name", ["sandbox:8001", "http://sandbox", "*", "*.example", ""])
def test_what_is_no_name_of_a_host_is_no_flag(name, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["sandbox", "--data", "x", "--allow-host", name])

    with pytest.raises(SystemExit):
        read_flags()

    assert "is no name or address of a host" in capsys.readouterr().err
