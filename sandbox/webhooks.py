"""Webhooks: who wants to hear of a job's end, what they are told, and how it is signed.

Signed as Standard Webhooks has it. Sending is `courier`'s business.
"""

import base64
import hashlib
import hmac
import json
import secrets
from urllib.parse import urlsplit

from sandbox.records import Delivery, Endpoint
from sandbox.store import Store, new_id, now

EVENT_TYPES = (
    "fine_tuning.job.succeeded",
    "fine_tuning.job.failed",
    "fine_tuning.job.cancelled",
)
PREFIX = "whsec_"
DAY = 86_400
USER_AGENT = "OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)"
FLAGGED = "whe_given_by_flag"
"""The id of the one endpoint that is there as long as the flag is given."""


def note(store: Store, job_id: str, end: str) -> None:
    """The job has `succeeded`, `failed` or was `cancelled`: to be told to all who want to know.

    Call it in the transaction of the end itself, so that neither is ever without the other.
    """
    event_type = f"fine_tuning.job.{end}"
    content = body(event_type, job_id)
    for endpoint in store.all(Endpoint):
        if event_type in endpoint.event_types:
            store.add(
                Delivery(
                    id=new_id("wh_"),
                    created_at=now(),
                    endpoint_id=endpoint.id,
                    body=content,
                    due_at=now(),
                )
            )


def body(event_type: str, job_id: str) -> str:
    event = {
        "id": new_id("evt_"),
        "object": "event",
        "created_at": now(),
        "type": event_type,
        "data": {"id": job_id},
    }
    return json.dumps(event, separators=(",", ":"))


def headers(endpoint: Endpoint, delivery_id: str, content: str, at: int) -> dict[str, str]:
    """With a signature for every secret that is valid: two of them after a rotation."""
    valid = [endpoint.secret]
    if endpoint.old_secret and (endpoint.old_secret_until or 0) > at:
        valid.append(endpoint.old_secret)
    return {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "webhook-id": delivery_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(
            signature(secret, delivery_id, at, content) for secret in valid
        ),
    }


def signature(secret: str, delivery_id: str, at: int, content: str) -> str:
    signed = f"{delivery_id}.{at}.{content}".encode()
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def is_secret(text: str) -> bool:
    try:
        return len(_key(text)) > 0
    except ValueError:
        return False


def is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def rotate(store: Store, endpoint: Endpoint, *, keep_old: bool) -> Endpoint:
    return store.update(
        Endpoint,
        endpoint.id,
        secret=new_secret(),
        old_secret=endpoint.secret if keep_old else None,
        old_secret_until=now() + DAY if keep_old else None,
        updated_at=now(),
    )


def heed_flag(store: Store, url: str | None, secret: str | None) -> None:
    """The endpoint of --webhook: made, changed or removed, as the flag says at every start."""
    with store.writing():
        there = store.find(Endpoint, FLAGGED)
        if not url or not secret:
            store.delete(Endpoint, FLAGGED)
        elif there is None:
            store.add(
                Endpoint(
                    id=FLAGGED,
                    created_at=now(),
                    updated_at=now(),
                    name="--webhook",
                    url=url,
                    event_types=list(EVENT_TYPES),
                    secret=secret,
                )
            )
        elif (there.url, there.secret) != (url, secret):
            store.update(Endpoint, FLAGGED, url=url, secret=secret, updated_at=now())


def _key(secret: str) -> bytes:
    if secret.startswith(PREFIX):
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    return secret.encode()
