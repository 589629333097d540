"""No redirect is ever followed: another place would get the key, and an order might be done twice."""

import httpx
import pytest

from jobs.upstream import Rejected

ASKED = {
    "GET": lambda client: client.job("ftjob-1"),
    "POST": lambda client: client.create({"model": "gpt", "training_file": "file-1"}),
    "POST a file": lambda client: client.upload("a.jsonl", [b"abc"], 3),
    "DELETE": lambda client: client.delete_file("file-1"),
    "GET as admin": lambda client: next(client.permissions("ft:base")),
    "POST as admin": lambda client: client.grant("ft:base", ["proj_1"]),
    "DELETE as admin": lambda client: client.revoke("ft:base", "cp_1"),
}
PLACES = [
    "https://elsewhere.test/v1",
    "http://api.example.com/v1",
    "https://api.example.com:8443/v1",
    "https://api.example.com/v2",
    "//elsewhere.test/",
    "/v1/fine_tuning/jobs/ftjob-1/",
]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_a_redirect_is_refused_and_not_followed(connect, network, status, place, ask):
    network.answers.append(httpx.Response(status, headers={"location": place}))

    with pytest.raises(Rejected) as caught:
        ask(connect(admin_key="sk-admin-secret"))

    assert (caught.value.status, caught.value.code) == (status, "redirect")
    assert str(caught.value) == f"The API answered {status}, a redirect to {place}: not followed."
    assert [request.url.host for request in network.requests] == ["api.example.com"]


@pytest.mark.parametrize("status", [300, 304])
def test_what_leads_nowhere_is_a_refusal_like_others(client, network, status):
    network.answers.append(httpx.Response(status))

    with pytest.raises(Rejected, match=f"The API answered {status}"):
        client.job("ftjob-1")


@pytest.mark.parametrize("header", ["true", "false"])
def test_a_redirect_that_asks_to_come_back_leads_to_the_same_place(client, network, header):
    away = {"location": "https://elsewhere.test/", "x-should-retry": header}
    network.answers += [httpx.Response(307, headers=away)] * 3

    with pytest.raises(Rejected):
        client.job("ftjob-1")

    assert {request.url.host for request in network.requests} == {"api.example.com"}


def test_a_redirect_does_not_repeat_the_keys(connect, network, key):
    place = f"/?key={key}&admin=sk-admin-secret"
    network.answers.append(httpx.Response(302, headers={"location": place}))

    with pytest.raises(Rejected) as caught:
        connect(admin_key="sk-admin-secret").job("ftjob-1")

    assert str(caught.value) == (
        "The API answered 302, a redirect to /?key=[key]&admin=[key]: not followed."
    )
