"""Training files on their way in: in parts from a script, whole with the form without one."""

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jobs import orders
from jobs.models import Order, Upload
from jobs.models.upload import MOST_BYTES, PART_SIZE
from tests.datasets.examples import chat, jsonl, ten
from tests.making import make_account, make_order, make_upload

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = b"x" * (PART_SIZE + 5)
NEW = "/jobs/new"


def begin(browser: Client, **given: Any) -> Any:
    asked = {"filename": "train.jsonl", "size": len(CONTENT), "role": "training"}
    return browser.post(reverse("upload_begin"), asked | given)


def put(browser: Client, key: UUID | str, number: int, content: bytes) -> Any:
    address = reverse("upload_part", args=[key, number])
    return browser.post(address, content, content_type="application/octet-stream")


def send(browser: Client, address: str = NEW, **given: Any) -> Any:
    typed = {"base_model": "gpt-4o-mini", "method": "supervised", "validation_file": "-"}
    return browser.post(address, typed | given)


def file(content: bytes, name: str = "train.jsonl") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def checked() -> Upload:
    """The upload, after a worker has looked at it."""
    upload = Upload.objects.get()
    orders.look_after(upload.pk)
    upload.refresh_from_db()
    return upload


def test_a_file_comes_in_parts_and_one_that_comes_twice_does_no_harm(browser, alice: User):
    room = begin(browser, model="gpt-4o-mini", method="dpo").json()
    key = room["key"]

    put(browser, key, 1, CONTENT[PART_SIZE:])
    put(browser, key, 1, CONTENT[PART_SIZE:])
    assert Upload.objects.get().state == "receiving"
    last = put(browser, key, 0, CONTENT[:PART_SIZE])

    upload = Upload.objects.get()
    assert room["part_size"] == PART_SIZE
    assert room["url"] == reverse("upload", args=[key])
    assert last.json() == {"received": len(CONTENT), "size": len(CONTENT)}
    assert b"".join(upload.chunks()) == CONTENT
    assert (upload.by, upload.state) == (alice, "waiting")
    assert (upload.method, upload.model, upload.for_validation) == ("dpo", "gpt-4o-mini", False)


def test_a_validation_file_is_checked_as_one(browser: Client):
    begin(browser, role="validation")

    assert Upload.objects.get().for_validation


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ("0", "is empty"),
        ("", "is empty"),
        ("many", "is empty"),
        ("9" * 5000, "is empty"),
        (MOST_BYTES + 1, "has more than 512 MB"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(browser: Client, size: object, words: str):
    answer = begin(browser, size=size)

    assert answer.status_code == 422
    assert words in answer.json()["error"]
    assert Upload.objects.count() == 0


def test_what_a_form_never_says_is_not_believed(browser: Client):
    begin(browser, method="teleport", model="gpt\0", filename="../\0")

    upload = Upload.objects.get()
    assert (upload.method, upload.model) == ("supervised", "gpt")
    assert upload.filename == "training.jsonl"


@pytest.mark.parametrize(("number", "length"), [(0, 3), (1, 6), (2, 5), (10**30, 5)])
def test_a_part_that_does_not_fit_is_refused(browser: Client, number: int, length: int):
    key = begin(browser).json()["key"]

    answer = put(browser, key, number, b"x" * length)

    assert answer.status_code == 422
    assert Upload.objects.get().received == 0


def test_nobody_adds_to_somebody_elses_file(browser: Client, client: Client):
    key = begin(browser).json()["key"]
    client.force_login(User.objects.create_user("bob"))

    assert put(client, key, 1, CONTENT[PART_SIZE:]).status_code == 404
    assert put(client, UUID(int=0), 0, b"x").status_code == 404
    assert Upload.objects.get().received == 0


def test_the_report_shows_itself_anew_until_it_is_there(browser: Client):
    content = ten(chat)
    key = begin(browser, size=len(content)).json()["key"]
    address = reverse("upload", args=[key])
    arriving = browser.get(address).content.decode()
    put(browser, key, 0, content)
    checked()

    report = browser.get(address).content.decode()

    assert f'hx-get="{address}"' in arriving
    assert "arriving" in arriving
    assert "hx-get" not in report
    assert "Fit for supervised." in report
    assert "<dd>10 <span" in report


def test_a_bad_line_is_named_with_its_field(browser: Client):
    bad = {"messages": [{"role": "robot", "content": "Hello"}]}
    content = ten(chat) + jsonl(bad)
    key = begin(browser, size=len(content)).json()["key"]
    put(browser, key, 0, content)
    checked()

    report = browser.get(reverse("upload", args=[key])).content.decode()

    assert '<td class="number of-line">11</td><td><code>messages[0].role</code></td>' in report
    assert "Correct the file and choose it again." in report


def test_without_script_the_file_comes_with_the_form(browser: Client):
    make_account()
    content = ten(chat)

    send(browser, training_new=file(content))

    order = Order.objects.get()
    assert order.training_upload == Upload.objects.get()
    assert b"".join(order.training_upload.chunks()) == content
    assert order.validation_upload is None
    assert checked().is_fit


def test_a_file_that_came_with_a_form_that_cannot_be_read_is_not_lost(browser: Client):
    make_account()

    answer = send(browser, training_new=file(ten(chat)), seed="one")

    upload = Upload.objects.get()
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'name="training_upload" value="{upload.key}"' in html
    assert "train.jsonl" in html
    send(browser, training_upload=upload.key)
    assert Order.objects.get().training_upload == upload


def test_an_empty_file_is_refused_beside_its_field(browser: Client):
    make_account()

    answer = send(browser, training_new=file(b""))

    assert "The submitted file is empty." in answer.content.decode()
    assert (answer.status_code, Upload.objects.count()) == (422, 0)


def test_a_file_of_the_service_wins_over_one_that_came_with_the_form(browser: Client):
    make_account()

    send(browser, training_new=file(ten(chat)), training_file="file-1")

    assert Order.objects.get().training_file == "file-1"
    assert Upload.objects.count() == 0


def test_another_method_has_the_file_checked_anew(browser: Client):
    upload = make_upload(ten(chat), errors=0)
    order = make_order(training_file="", training_upload=upload)

    send(
        browser,
        reverse("order_edit", args=[order.key]),
        method="dpo",
        training_upload=upload.key,
    )

    assert Upload.objects.get().state == "waiting"
    assert not checked().is_fit
