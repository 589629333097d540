"""Encrypts what is stored with the newest key, so that the old ones may go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from jobs.models import Account
from jobs.models.seal import SealBroken


class Command(BaseCommand):
    help = "Encrypt all stored API keys with the first of ENCRYPTION_KEYS. May be run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            accounts = list(Account.objects.order_by("name"))
        except DatabaseError as error:
            raise CommandError(
                f"The database cannot be read, nothing was changed ({error}). Call this with the same"
                " DATA_DIR and DATABASE_URL as Tuneboard itself."
            ) from error
        outcomes = [rotated(account) for account in accounts]
        done, broken = outcomes.count(True), outcomes.count(None)
        self.stdout.write(
            f"Accounts: {len(accounts)}. Encrypted anew: {done}. Unreadable: {broken}."
        )
        if broken:
            unread = [
                one.name for one, outcome in zip(accounts, outcomes, strict=True) if outcome is None
            ]
            raise CommandError(
                f"None of ENCRYPTION_KEYS opens the keys of {', '.join(unread)}. Put the missing key"
                " back behind the newest one and call this again, or enter the API key anew."
            )
        self.stdout.write("ENCRYPTION_KEYS needs its first key only: restart without the others.")


def rotated(account: Account) -> bool | None:
    """Whether another key than the newest encrypted it till now; None: nothing opens it."""
    was_old = False
    try:
        while account.reseal():
            was_old = True
            account.refresh_from_db()
    except SealBroken:
        return None
    return was_old
