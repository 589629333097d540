"""Adds a job of 100,000 steps to a seeded data folder of ours, as DATA_DIR in the environment says."""

import json
import os

import django

from bench import work

TIMES = 10  # as long as the job that is charted


def job() -> int:
    from jobs.models import Job, Series

    long = Job.objects.get(name=work.name(work.CHARTED))
    long.pk, long.name, long.upstream_id = None, "long", "ftjob-long"
    long.step = long.total_steps = work.STEPS * TIMES
    long.save()
    for metric in work.METRICS:
        values = (value for _, value in work.curve(metric) for _ in range(TIMES))
        Series.objects.add(long, {metric: dict(enumerate(values, 1))})
    return long.pk


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    django.setup()
    print(json.dumps({"long": job()}))


if __name__ == "__main__":
    main()
