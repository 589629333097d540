"""Celery's two parts: the worker that polls, and beat, which asks it to every second.

Everything of Celery that can be imported or built before the fork is, by `preload`: the two share it.
"""

import signal
import sys
import warnings
from importlib import import_module
from typing import Any

from dashboard.up.child import Page
from dashboard.up.supervisor import Part

THREADS = 4
SILENCE = 30.0  # seconds without a task though beat asks for one each second
LONGEST_TASK = 600.0

MODULES = (
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.concurrency.thread",
    "celery.worker.consumer",
    "kombu.transport.redis",
    "jobs.tasks",
)


def preload() -> None:
    for name in MODULES:
        import_module(name)
    from dashboard.celery import app

    app.loader.init_worker()
    app.finalize()


def worker() -> Part:
    page = Page()

    def is_stuck() -> str:
        return stuck(page.running, page.age)

    return Part("worker", lambda: work(page), lambda: page.is_up, is_stuck, page.clear, patience=20)


def stuck(running: int, age: float) -> str:
    """What is wrong with a worker of this many tasks and this many seconds since one began or ended.

    As long as a thread is free, the task that beat asks for each second begins at once.
    """
    limit = LONGEST_TASK if running >= THREADS else SILENCE
    return f"has begun no task for {limit:.0f} s" if age > limit else ""


def work(page: Page) -> None:
    from celery.exceptions import CPendingDeprecationWarning, SecurityWarning
    from celery.signals import task_postrun, task_prerun, worker_ready

    from dashboard.celery import app

    running: set[str] = set()

    def note(sender: Any = None, task_id: str = "", **_: Any) -> None:
        running.symmetric_difference_update({task_id} if task_id else ())
        page.write(running=len(running))

    for moment in (worker_ready, task_prerun, task_postrun):
        moment.connect(note)
    worker_ready.connect(stay_awake)
    warnings.simplefilter("ignore", SecurityWarning)  # root may run it: messages are JSON
    warnings.simplefilter("ignore", CPendingDeprecationWarning)  # told at each loss of the broker
    program = app.Worker(
        pool="threads",
        concurrency=THREADS,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
    )
    program.start()
    sys.exit(program.exitcode)


def stay_awake(sender: Any, **_: Any) -> None:
    """Let the worker's loop look up each second: asked to stop, it would sleep on until a message comes."""
    sender.hub.call_repeatedly(1.0, lambda: None)


def beat() -> Part:
    page = Page()
    return Part("beat", lambda: tick(page), lambda: page.is_up, starting=page.clear)


def tick(page: Page) -> None:
    from celery.signals import beat_init

    from dashboard.celery import app

    def begin(**_: Any) -> None:
        # Celery would save the schedule and unwind, in the middle of whatever it does. Ours is in memory.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        page.write()

    beat_init.connect(begin)
    app.Beat(scheduler_cls="celery.beat.Scheduler", loglevel="WARNING", quiet=True).run()
