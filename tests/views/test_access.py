from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, reverse

from dashboard.csp import csp_middleware
from jobs.urls import urlpatterns
from tests.making import make_job

pytestmark = pytest.mark.django_db

OPEN = {"sign_in", "sign_in_by_link", "healthz", "readyz", "prometheus"}
VALUES = {
    "pk": 1,
    "event_pk": 0,
    "result_pk": 1,
    "checkpoint_pk": 1,
    "note_pk": 1,
    "number": 0,
    "key": UUID(int=0),
    "family": "loss",
    "verb": "cancel",
    "deed": "recall",
    "ending": "txt",
    "what": "files",
    "chapter": "forms",
    "token": "x",
}
CLOSED = [pattern for pattern in urlpatterns if pattern.name not in OPEN]


def address(pattern: URLPattern) -> str:
    wanted = pattern.pattern.converters
    return reverse(str(pattern.name), kwargs={name: VALUES[name] for name in wanted})


@pytest.mark.parametrize("pattern", CLOSED, ids=lambda pattern: pattern.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_sees_or_asks_anything_without_signing_in(client: Client, pattern, method: str):
    make_job()

    reply = getattr(client, method)(address(pattern))

    assert reply.status_code in (302, 405)
    if reply.status_code == 302:
        assert reply.headers["Location"].startswith(reverse("sign_in"))


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(client: Client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/?state=failed"}

    reply = client.get(reverse("job_rows"), headers=headers)

    assert reply.headers["HX-Redirect"] == "/sign-in?next=%2F%3Fstate%3Dfailed"


def test_the_health_of_the_site_needs_no_sign_in(client: Client):
    assert client.get(reverse("healthz")).content == b"ok"


@pytest.mark.parametrize("kind", ["text/css", 'text/javascript; charset="utf-8"'])
def test_what_a_page_fetches_carries_no_policy_of_its_own(rf: RequestFactory, kind: str):
    respond = csp_middleware(lambda _: HttpResponse(content_type=kind))

    assert "Content-Security-Policy" not in respond(rf.get("/static/any")).headers


def test_every_page_carries_the_content_policy(client: Client):
    policy = client.get(reverse("sign_in")).headers["Content-Security-Policy"]

    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
