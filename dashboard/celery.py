"""The Celery app. Its settings are in settings.py, its work is in jobs/tasks.py.

Worker and beat give signs of life from here, however they were started.
"""

import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # `manage.py check` is for the one who deploys

app = Celery("dashboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def begin_worker(**_: Any) -> None:
    heart = begin("worker")
    signals.task_postrun.connect(note_work, weak=False)
    signals.worker_shutdown.connect(lambda **_: heart.end(), weak=False)


def begin_beat(**_: Any) -> None:
    begin("beat")
    signals.after_task_publish.connect(note_work, weak=False)


def begin(kind: str) -> Any:
    """Tables can be imported only once Django is set up, which Celery does before it is ready."""
    from jobs.models import Process
    from jobs.vitals import Heart

    heart = Heart(Process.Kind(kind))
    heart.begin()
    return heart


def note_work(**_: Any) -> None:
    from jobs import counting

    counting.here.worked()


def leave_logs_alone(**_: Any) -> None:
    """They are set up by settings.py, for all processes alike: being asked is enough for Celery."""


signals.setup_logging.connect(leave_logs_alone)
signals.worker_ready.connect(begin_worker)
signals.beat_init.connect(begin_beat)
