"""A supervisor over parts that do next to nothing: `python -m tests.dashboard.tiny_tree KIND`."""

import signal
import sys
import time

from dashboard.up.checks import CannotStart
from dashboard.up.child import Page
from dashboard.up.supervisor import Part, Supervisor

page = Page()


def obey() -> None:
    page.write()
    signal.pause()


def ignore() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    page.write()
    while True:
        signal.pause()


def fail() -> None:
    raise RuntimeError("the disk is full")


def stall() -> str:
    return "has stalled" if page.age > 0.3 else ""


FIRST = Part("first", lambda: time.sleep(600), lambda: True)
SECOND = {
    "calm": Part("second", obey, lambda: page.is_up),
    "stubborn": Part("second", ignore, lambda: page.is_up, patience=0.3),
    "failing": Part("second", fail, lambda: False, starting=page.clear),
    "stalling": Part("second", obey, lambda: page.is_up, stall, page.clear),
}


def main(kind: str) -> None:
    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    with Supervisor(say) as tree:
        tree.start(FIRST)
        tree.start(SECOND[kind])
        if tree.wait_until_up():
            tree.watch()


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except CannotStart as error:
        sys.exit(str(error))
