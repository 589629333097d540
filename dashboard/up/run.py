"""The order of it all: check, broker, tables, web, sandbox, worker, and the clock last."""

import gc
import os
import shutil
import socket
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError, connections

from dashboard import broker
from dashboard.up import checks, child, clockwork, first_start, parts
from dashboard.up.checks import CannotStart, one_line
from dashboard.up.supervisor import Supervisor


def up(say: Callable[[str], None]) -> None:
    checks.static_files()
    os.umask(0o077)  # what the parts keep is for our user alone, in whatever folder
    with checks.claimed(settings.DATA_DIR), checks.ports() as listener:
        with Supervisor(say) as tree:
            start(tree, listener)
        shutil.rmtree(broker.folder(settings.DATA_DIR), ignore_errors=True)


def start(tree: Supervisor, listener: socket.socket) -> None:
    """Start all parts and watch over them until somebody wants to stop."""
    if broker.url(settings.DATA_DIR) == settings.REDIS_URL:
        tree.start(parts.valkey())
    else:
        checks.broker_answers(settings.REDIS_URL)
    address = prepare()
    parts.preload_web()
    share()
    tree.start(parts.web(listener))
    if settings.SANDBOX:
        tree.start(parts.sandbox())
    clockwork.preload()
    share()
    tree.start(clockwork.worker())
    if tree.wait_until_up():
        tree.start(clockwork.beat())  # when all can answer, or the first polls would fail
    if tree.wait_until_up():
        tree.say(f"Tuneboard is at {address}")
        tree.watch()
        tree.say("Stopping; Ctrl-C again stops at once.")


def share() -> None:
    """Set apart what we hold, so that no child's garbage collection writes to it: then it stays shared."""
    gc.collect()
    gc.freeze()


def prepare() -> str:
    """Make ready what the first page needs; give the address to open."""
    try:
        if not first_start.is_migrated():
            migrate()
        if settings.SANDBOX:
            first_start.sandbox_account()
        return first_start.way_in()
    except OperationalError as error:
        raise CannotStart(f"The database cannot be used: {one_line(error)}") from error
    finally:
        connections.close_all()  # no connection may be shared with a child


def migrate() -> None:
    """In a child, so that we, and all who are forked from us, stay small."""
    connections.close_all()
    _, status = os.waitpid(child.fork("tb-migrate", first_start.migrate), 0)
    if status:
        raise CannotStart("The tables could not be made; see what was said above.")
