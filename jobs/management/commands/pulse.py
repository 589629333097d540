from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs.models import Pulse


class Command(BaseCommand):
    help = "Say when polling last ran; exit with 1 when it has stopped. For health checks."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        pulse = Pulse.read()
        if pulse.has_stopped:
            raise CommandError(f"Polling has stopped; it last ran at {pulse.beat_at or 'no time'}.")
        self.stdout.write(f"Polling last ran at {pulse.beat_at}.")
