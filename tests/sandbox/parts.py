"""What tests say to an upload in parts."""

from tests.sandbox.conftest import CHATS


def begin(api, **given):
    body = {
        "filename": "a.jsonl",
        "purpose": "fine-tune",
        "mime_type": "text/jsonl",
        "bytes": len(CHATS),
    }
    return api.post("uploads", json={**body, **given})


def add(api, upload_id, content):
    answer = api.post(f"uploads/{upload_id}/parts", files={"data": ("part", content)})
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


def complete(api, upload_id, *part_ids, **given):
    return api.post(f"uploads/{upload_id}/complete", json={"part_ids": list(part_ids), **given})


def halves(api):
    """An upload of CHATS whose second half came first."""
    upload_id = begin(api).json()["id"]
    middle = len(CHATS) // 2
    second, first = add(api, upload_id, CHATS[middle:]), add(api, upload_id, CHATS[:middle])
    return upload_id, first, second


def error_of(answer):
    return answer.status_code, answer.json()["error"]["param"]
