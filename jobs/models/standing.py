from datetime import datetime
from typing import NamedTuple, Self

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from jobs.models.pulse import SILENCE

SQL = """
SELECT session.session_data, reader.username, reader.password, reader.is_active, reader.is_staff,
       pulse.version, pulse.beat_at > %s
  FROM django_session session
  JOIN auth_user reader ON reader.id = %s
  LEFT JOIN jobs_pulse pulse ON pulse.id = 1
 WHERE session.session_key = %s AND session.expire_date > %s
"""


class Standing(NamedTuple):
    """All that decides what a signed-in reader is shown: while it is the same, so is the page.

    It is read in one query, as often as a reader comes: a session that ended, a changed password, a
    deactivated user and a new version are noticed at once, and telling so costs hardly anything.
    """

    session: str
    username: str
    password: str
    is_active: bool
    is_staff: bool
    version: int | None  # null: nothing was ever read
    is_beating: bool | None

    @classmethod
    def find(cls, session_key: str, user_pk: int) -> Self | None:
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(SQL, [stored(now - SILENCE), user_pk, session_key, stored(now)])
            row = cursor.fetchone()
        return cls(*row) if row else None

    def is_of(self, user: User) -> bool:
        """Whether this is the user as they were when they were let in, a moment before."""
        told = (self.username, self.password, bool(self.is_active), bool(self.is_staff))
        return told == (user.username, user.password, user.is_active, user.is_staff)


def stored(at: datetime) -> str | datetime:
    return connection.ops.adapt_datetimefield_value(at) or at
