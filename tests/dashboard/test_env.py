import pytest
from django.core.exceptions import ImproperlyConfigured

from dashboard import env


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("Yes", True), ("0", False), ("false", False), (" ", True)]
)
def test_a_flag_reads_words_that_people_write(monkeypatch, value, meant):
    monkeypatch.setenv("SANDBOX", value)

    assert env.flag("SANDBOX", True) is meant


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        (lambda: env.flag("SANDBOX", True), "maybe", "1 or 0 .*, not 'maybe'"),
        (lambda: env.port("SANDBOX", 80), "http", "a whole number from 1 to 65535, not 'http'"),
        (lambda: env.port("SANDBOX", 80), "0", "a whole number from 1 to 65535, not '0'"),
        (lambda: env.port("SANDBOX", 80), "65536", ".*not '65536'"),
        (lambda: env.networks("SANDBOX"), "10.1.0.0/16,here", "addresses or networks .*'here'"),
        (
            lambda: env.number("SANDBOX", 1, lowest=1),
            "-1",
            "a whole number of at least 1, not '-1'",
        ),
    ],
)
def test_a_wrong_value_is_a_sentence_with_its_name(monkeypatch, read, value, sentence):
    monkeypatch.setenv("SANDBOX", value)

    with pytest.raises(ImproperlyConfigured, match=f"SANDBOX must be {sentence}"):
        read()


def test_a_secret_may_lie_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("s3cret\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))

    assert env.secret("SECRET_KEY") == "s3cret"


def test_a_secret_file_that_is_missing_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "nothing"))

    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY_FILE names .*No such file"):
        env.secret("SECRET_KEY")
