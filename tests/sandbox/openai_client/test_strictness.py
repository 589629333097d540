"""Who judges: the client itself, and the documents that all answers are held against."""

from tests.sandbox.openai_client.conftest import upload


def test_the_documents_hear_what_the_client_is_told(client, recorder):
    recorder.answered.clear()

    upload(client)

    assert recorder.answered == {("POST", "/files")}
