"""The Celery app. Its settings are in settings.py, its work is in jobs/tasks.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # `manage.py check` is for the one who deploys

app = Celery("dashboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
