"""A way in for whoever has the console: the first user, or one who forgot the password."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.urls import reverse

from jobs.models import SigninLink


class Command(BaseCommand):
    help = "Print a link that signs a user in once. An older link that was not used stops working."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?", default="admin")
        parser.add_argument(
            "--create", action="store_true", help="make an administrator if missing"
        )

    def handle(self, *args: Any, username: str, create: bool, **options: Any) -> None:
        user = found(username)
        if user is None and create:
            user = User.objects.create_superuser(username)
        if user is None:
            raise CommandError(f"There is no user {username!r}; --create makes one.")
        if not user.is_active:
            raise CommandError(f"The user {username!r} may not sign in.")
        self.stdout.write(link_for(user))


def found(username: str) -> User | None:
    try:
        return User.objects.filter(username=username).first()
    except DatabaseError as error:
        raise CommandError(
            "The database has no tables yet, or cannot be reached: start Tuneboard first, with the"
            f" same DATA_DIR and DATABASE_URL ({error})."
        ) from error


def link_for(user: User) -> str:
    path = reverse("sign_in_by_link", args=[SigninLink.make(user)])
    return f"{settings.PUBLIC_URL}{path}"
