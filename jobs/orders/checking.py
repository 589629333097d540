"""What is in a file that a person brought: a process of its own judges it, and dies with its worker.

A worker that is killed leaves a lease that runs out, and the check begins anew. What nobody came back for
is looked after here, too: its content goes.
"""

import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from time import monotonic
from typing import IO, cast

import msgspec
from django.conf import settings
from django.utils import timezone

from jobs.datasets import LEAST_EXAMPLES, Report
from jobs.models import Upload
from jobs.models.lease import LEASE, LeaseLost
from jobs.models.upload import KEPT

LONGEST = 300.0  # seconds: the largest file takes far less
MOST_ATTEMPTS = (
    3  # begun and never ended: a worker that was killed is one thing, a file that kills another
)
RENEWED_EVERY = 1.0  # seconds

log = logging.getLogger(__name__)


class CheckFailed(Exception):
    """The judge gave no report; the words are for the person who brought the file."""


def look_after(pk: int) -> None:
    """The caller has claimed the file; it may be gone, or another's, by now."""
    upload = Upload.objects.filter(pk=pk).first()
    if upload is None:
        return
    try:
        if upload.state in (Upload.State.WAITING, Upload.State.CHECKING):
            examine(upload)
        else:
            upload.expire()
    except LeaseLost:
        log.info("Upload %s is in other hands", upload.key)


def examine(upload: Upload) -> None:
    news = {"attempts": upload.attempts + 1, "checked_bytes": 0}
    upload.keep(timezone.now() + LEASE, state=Upload.State.CHECKING, **news)
    try:
        if upload.attempts > MOST_ATTEMPTS:
            raise CheckFailed("The check was begun several times and never came to its end.")
        report = judged(upload)
    except CheckFailed as failure:
        upload.keep(timezone.now() + KEPT, state=Upload.State.BROKEN, why=str(failure))
    else:
        upload.keep(timezone.now() + KEPT, state=Upload.State.CHECKED, **found(report))


def found(report: Report) -> dict[str, object]:
    said = msgspec.to_builtins(msgspec.structs.replace(report, digests=b""))
    del said["digests"]
    return {
        "report": said,
        "errors": report.error_count,
        "digests": report.digests,
        "sha256": report.sha256,
        "checked_bytes": report.size,
        "checked_at": timezone.now(),
        "why": "",
    }


def judged(upload: Upload) -> Report:
    with judge(upload) as process:
        feed(upload, cast("IO[bytes]", process.stdin))
        answer = cast("IO[bytes]", process.stdout).read()
        if process.wait() != 0:
            raise CheckFailed(f"The check ended early (code {process.returncode}): bring it again.")
    return msgspec.json.decode(answer, type=Report)


def feed(upload: Upload, mouth: IO[bytes]) -> None:
    """The judge reads at its own pace, so that what it has taken is about what it has judged."""
    renewed, fed = monotonic(), 0
    with suppress(BrokenPipeError), mouth:  # its end will say more than that it reads no more
        for chunk in upload.chunks():
            mouth.write(chunk)
            fed += len(chunk)
            if monotonic() - renewed > RENEWED_EVERY:
                upload.keep(timezone.now() + LEASE, checked_bytes=fed)
                renewed = monotonic()


@contextmanager
def judge(upload: Upload) -> Iterator[subprocess.Popen[bytes]]:
    """The process that judges; when it hangs it is killed, and when we die it hears no more and ends."""
    least = 1 if upload.for_validation else LEAST_EXAMPLES
    program = [sys.executable, "-m", "jobs.datasets.piped"]
    with subprocess.Popen(  # noqa: S603 - our own program; what a person typed is one word of it
        [*program, upload.method, str(least), upload.model],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        limit = Timer(LONGEST, process.kill)
        limit.daemon = True
        limit.start()
        try:
            yield process
        finally:
            limit.cancel()
            process.kill()
