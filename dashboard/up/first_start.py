"""What an installation needs before its first page: tables, somebody to sign in, the sandbox's account."""

from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from jobs.management.commands.signin_link import link_for
from jobs.models import Account
from jobs.models.seal import seal

ADMIN = "admin"
SANDBOX = "Sandbox"
SANDBOX_ADDRESS = r"^http://127\.0\.0\.1:\d+/v1$"


def is_migrated() -> bool:
    """Whether every migration on disk is applied: a look at file names, far cheaper than to load them."""
    applied = MigrationRecorder(connection).applied_migrations()
    return all(
        (app.label, module.name) in applied
        for app in apps.get_app_configs()
        if (found := find_spec(f"{app.name}.migrations")) is not None
        for module in iter_modules(found.submodule_search_locations)
        if not module.name.startswith("_")
    )


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def sandbox_account() -> None:
    """The sandbox is the first account, and follows SANDBOX_PORT as long as it is the sandbox's."""
    address = f"http://127.0.0.1:{settings.SANDBOX_PORT}/v1"
    if not Account.objects.exists():
        Account.objects.create(
            name=SANDBOX,
            base_url=address,
            sealed_key=seal("sk-sandbox"),
            dialect=Account.Dialect.GENERIC,
        )
    sandbox = Account.objects.filter(name=SANDBOX, base_url__regex=SANDBOX_ADDRESS)
    sandbox.exclude(base_url=address).update(base_url=address)


def way_in() -> str:
    """The address to open: a link that signs in once, as long as the first user has no password."""
    user = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    user = user or User.objects.create_superuser(ADMIN)
    if user.has_usable_password():
        return f"{settings.PUBLIC_URL} (a link that signs you in: manage.py signin_link)"
    return link_for(user)
