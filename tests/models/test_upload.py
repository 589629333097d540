from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.models import Order, Unacceptable, Upload
from jobs.models.upload import MOST_BYTES, PART_SIZE
from tests.making import make_account, make_order, make_upload, make_user

pytestmark = pytest.mark.django_db

CONTENT = b"0123456789" * (3 * PART_SIZE // 10) + b"the end"
PARTS = [CONTENT[start : start + PART_SIZE] for start in range(0, len(CONTENT), PART_SIZE)]


@pytest.fixture
def upload(alice) -> Upload:
    return Upload.objects.begin("train.jsonl", len(CONTENT), by=alice)


def test_parts_that_come_twice_and_in_any_order_make_the_file(upload):
    for number in (3, 0, 0, 2, 1, 3):
        upload.take(number, PARTS[number])

    assert b"".join(upload.chunks()) == CONTENT
    assert upload.state == Upload.State.WAITING
    assert upload.next_at <= timezone.now()


def test_an_interrupted_upload_knows_what_is_missing(upload):
    upload.take(2, PARTS[2])
    upload.take(0, PARTS[0])

    again = Upload.objects.get(pk=upload.pk)

    assert again.missing() == [1, 3]
    assert (again.received, again.progress) == (2 * PART_SIZE, 66)
    assert again.state == Upload.State.RECEIVING


@pytest.mark.parametrize(
    ("number", "content"), [(3, b"too long"), (0, b"short"), (4, b""), (-1, b"")]
)
def test_a_part_that_does_not_fit_is_refused(upload, number, content):
    with pytest.raises(Unacceptable):
        upload.take(number, content)

    assert upload.missing() == [0, 1, 2, 3]


@pytest.mark.parametrize(("size", "words"), [(0, "empty"), (MOST_BYTES + 1, "more than 512 MB")])
def test_a_file_of_no_or_too_much_content_is_refused(alice, size, words):
    with pytest.raises(Unacceptable, match=words):
        Upload.objects.begin("train.jsonl", size, by=alice)


def test_a_file_goes_by_its_name_without_its_folder(alice):
    upload = Upload.objects.begin("C:\\data\\../train.jsonl", 1, by=alice)

    assert str(upload) == "train.jsonl"


def test_a_part_that_comes_late_changes_nothing(upload):
    for number, content in enumerate(PARTS):
        upload.take(number, content)
    upload.remove_content()

    upload.take(0, PARTS[0])

    assert not upload.parts.exists()


def test_another_method_lets_the_file_be_checked_anew():
    upload = make_upload(method="supervised", model="gpt-4o", next_at=None)

    upload.check_for("supervised", "gpt-4o")
    assert upload.is_checked
    upload.check_for("dpo", "gpt-4o")

    fresh = Upload.objects.get(pk=upload.pk)
    assert (fresh.state, fresh.method) == (Upload.State.WAITING, "dpo")
    assert Upload.objects.claim_due(timezone.now()) == [upload.pk]


def test_a_file_that_became_whole_meanwhile_is_checked_anew(alice):
    upload = Upload.objects.begin("train.jsonl", 1, by=alice)
    stale = Upload.objects.get()
    upload.take(0, b"1")
    Upload.objects.update(state=Upload.State.CHECKED, next_at=None)

    stale.check_for("dpo", "gpt-4o")

    assert (stale.state, stale.method) == (Upload.State.WAITING, "dpo")


def test_what_a_file_was_checked_for_stays_true_when_its_content_is_gone():
    account = make_account()
    upload = make_upload(account=account, file_id="file-1", removed_at=timezone.now())
    order = make_order(training_upload=upload, training_file="", method="dpo")

    upload.check_for("dpo", "gpt-4o")

    words = "The file was checked for supervised, and not for dpo."
    assert order.problems() == {"training_file": words}


def test_a_file_that_nobody_ordered_anything_with_goes_altogether():
    upload = make_upload()

    upload.expire()

    assert not Upload.objects.exists()


def test_the_content_of_a_forgotten_draft_goes_and_its_report_stays():
    upload = make_upload(report={"examples": 12})
    order = make_order(training_upload=upload)

    upload.expire()

    order.refresh_from_db()
    assert order.training_upload.report == {"examples": 12}
    assert not upload.parts.exists()
    assert "bring it again" in order.problems()["training_file"]


def test_the_content_that_an_order_is_under_way_with_stays():
    upload = make_upload()
    make_order(validation_upload=upload, state=Order.State.UPLOADING)

    upload.expire()

    assert upload.parts.exists()
    assert upload.next_at > timezone.now() + timedelta(hours=1)


def test_a_file_is_known_only_to_the_account_that_has_it():
    here, there = make_account(), make_account(name="Other")

    upload = make_upload(account=here, file_id="file-1")

    assert (upload.file_id_at(here.pk), upload.file_id_at(there.pk)) == ("file-1", "")


def test_a_part_may_come_twice_at_the_same_time(upload):
    stale = Upload.objects.get(pk=upload.pk)
    for number, content in enumerate(PARTS):
        upload.take(number, content)

    stale.take(3, PARTS[3])

    assert stale.state == Upload.State.WAITING
    assert stale.received == len(CONTENT)


def test_an_upload_is_of_who_brought_it():
    assert make_upload().by == make_user("alice")
