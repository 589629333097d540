import sys
from typing import Any

from django.core.management.base import BaseCommand

from dashboard.up.checks import CannotStart
from dashboard.up.run import up


class Command(BaseCommand):
    help = "Start the whole stack and keep it alive until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            up(lambda line: print(line, flush=True))
        except CannotStart as error:
            sys.exit(str(error))
