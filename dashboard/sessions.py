"""Who is asking: the session and its user, read by two plain queries with each request.

Django's own store and backend read the same rows through the ORM, which costs four times as much CPU as
all else that a small page needs. Nothing is kept: a session that ended, or a user who was shut out, is
noticed by the next request. Writing a session and checking a password are Django's.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
# In the order of the model's fields, as from_db wants them.
USER_FIELDS = ("id", "password", "is_superuser", "username", "email", "is_staff", "is_active")
USER = f"SELECT {', '.join(USER_FIELDS)} FROM auth_user WHERE id = %s"  # noqa: S608 (our own words)


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        key = self.session_key or ""
        row = fetch(SESSION, key, now) if could_be_ours(key) else None
        if row is None:
            self._session_key = None
            return {}
        return dict(self.decode(row[0]))


class Backend(ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        """The user, if they may still sign in. Fields that hardly any page asks for come when asked."""
        row = fetch(USER, user_id)
        if row is None:
            return None
        user = User.from_db(connection.alias, USER_FIELDS, row)
        return user if self.user_can_authenticate(user) else None


def could_be_ours(key: str) -> bool:
    """A cookie may hold anything, even what a database chokes on."""
    return key.isalnum()


def fetch(query: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()
