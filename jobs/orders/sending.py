"""One file on its way from our database to the service: never in memory as a whole."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from time import monotonic

from django.utils import timezone

from jobs.models import Order, Upload
from jobs.models.lease import LEASE
from jobs.upstream import Feature, FileReply, FineTuningClient, Malformed, UpstreamError

WHOLE = 64 * 10**6  # bytes that go in one request; more go in parts, where the service takes them
CHUNKS_A_PART = 32  # of our chunks, which have a quarter of a megabyte
RENEWED_EVERY = 2.0  # seconds
ANSWER_TAKES = timedelta(seconds=120)  # longer than the service may think about a whole file


def send(order: Order, upload: Upload, client: FineTuningClient) -> FileReply:
    chunks = held(order, upload)
    if upload.size <= WHOLE or Feature.UPLOADS in client.dialect.lacks:
        return client.upload(upload.filename, chunks, upload.size)
    return send_in_parts(upload, chunks, client)


def held(order: Order, upload: Upload) -> Iterator[bytes]:
    """Its content; while it goes out we hold the order on, and show how far it is."""
    renewed, sent = monotonic(), 0
    for chunk in upload.chunks():
        yield chunk
        sent += len(chunk)
        if monotonic() - renewed > RENEWED_EVERY:
            order.keep(timezone.now() + LEASE, progress=100 * sent // upload.size)
            renewed = monotonic()
    order.keep(timezone.now() + ANSWER_TAKES, progress=100)


def send_in_parts(upload: Upload, chunks: Iterator[bytes], client: FineTuningClient) -> FileReply:
    begun = client.begin_upload(upload.filename, upload.size)
    try:
        check, parts = hashlib.md5(usedforsecurity=False), []
        while content := b"".join(islice(chunks, CHUNKS_A_PART)):
            check.update(content)
            parts.append(client.add_part(begun.id, content).id)
        file = client.complete_upload(begun.id, parts, check.hexdigest()).file
    except BaseException:
        with suppress(UpstreamError):  # it would run out there by itself
            client.cancel_upload(begun.id)
        raise
    if file is None:
        raise Malformed("The service completed the upload and named no file.")
    return file
