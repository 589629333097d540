"""One worker that listens to one account; run as a program, on the data folder that DATA_DIR names.

It does what the clock and the worker do, without a broker between them, until all that the service has is
read or the time is up, and prints how much that was.
"""

import json
import os
import sys
import time

import django


def main(url: str, most: float) -> dict[str, float]:
    from django.utils import timezone

    from jobs import sync
    from jobs.models import Account, Event
    from jobs.models.seal import seal

    account = Account(name="Bench", base_url=url, dialect="generic", sealed_key=seal("sk-bench"))
    account.save()
    began = time.monotonic()
    while is_unread(account.pk) and time.monotonic() - began < most:
        Account.objects.filter(pk=account.pk).update(next_poll_at=timezone.now())
        for pk in Account.objects.claim_due(timezone.now()):
            sync.listen(pk)
    return {"events": Event.objects.count(), "seconds": time.monotonic() - began}


def is_unread(account: int) -> bool:
    from jobs.models import Account

    counted = Account.objects.for_list().get(pk=account)
    return counted.listed_at is None or counted.unread_count > 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    django.setup()
    sys.stdout.write(json.dumps(main(sys.argv[1], float(sys.argv[2]))))
