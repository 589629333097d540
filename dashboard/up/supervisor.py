"""Keeps processes alive: starts them, starts them again when they die, stops them in reverse order.

It knows no part by name. One thread, one wait: for a signal or for the next thing to do.
"""

import os
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from dashboard.up import child
from dashboard.up.checks import CannotStart

SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 30.0  # seconds before a dead part starts again
LONG_LIFE = 60.0  # after which a death says nothing about the next start
TWICE = 0.5  # seconds that must lie between two wishes to stop
COMES_UP_WITHIN = 60.0


@dataclass
class Part:
    """`run` serves until SIGTERM, in a process of its own; `patience` is how long its end may take."""

    name: str
    run: Callable[[], None]
    is_up: Callable[[], bool]
    is_stuck: Callable[[], str] = lambda: ""  # why it must be started anew, if it must
    starting: Callable[[], None] = lambda: None
    patience: float = 5.0
    log: str = "what it said above"


@dataclass
class Running:
    part: Part
    pid: int = 0
    began: float = 0.0
    is_up: bool = False
    pause: float = SHORTEST_PAUSE
    next_start: float = field(default=0.0)

    def start(self) -> None:
        self.part.starting()
        self.began, self.is_up = time.monotonic(), False
        self.pid = child.fork(f"tb-{self.part.name}", self.part.run)

    def ended(self, now: float) -> None:
        lived = now - self.began
        self.pause = SHORTEST_PAUSE if lived > LONG_LIFE else self.pause
        self.pid, self.next_start = 0, now + self.pause
        self.pause = min(2 * self.pause, LONGEST_PAUSE)

    def send(self, number: signal.Signals) -> None:
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


class Supervisor:
    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.running: list[Running] = []
        self.asked_to_stop = 0
        self.asked_at = 0.0

    def __enter__(self) -> "Supervisor":
        self.ear, self.mouth = socket.socketpair()
        self.ear.setblocking(False)
        self.mouth.setblocking(False)
        signal.set_wakeup_fd(self.mouth.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)
        return self

    def __exit__(self, *_: object) -> None:
        for each in reversed(self.running):
            self.stop(each)

    def ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        """Note it; what comes at the same moment is the same wish, sent to us and to our group."""
        now = time.monotonic()
        self.asked_to_stop += now - self.asked_at > TWICE
        self.asked_at = now

    def start(self, part: Part) -> None:
        self.running.append(Running(part))
        self.running[-1].start()

    def wait_until_up(self) -> bool:
        """Wait for all that was started; False when somebody wants to stop before."""
        while not self.asked_to_stop:
            self.look()
            late = next((each for each in self.running if not each.is_up), None)
            if late is None:
                return True
            if time.monotonic() - late.began > COMES_UP_WITHIN:
                raise CannotStart(f"The {late.part.name} does not come up; see {late.part.log}.")
            self.sleep(0.02)
        return False

    def watch(self) -> None:
        while not self.asked_to_stop:
            self.look()
            is_calm = all(each.is_up for each in self.running)
            self.sleep(1.0 if is_calm else 0.05)

    def look(self) -> None:
        self.bury()
        now = time.monotonic()
        for each in self.running:
            if not each.pid:
                if now >= each.next_start:
                    each.start()
            elif not each.is_up and each.part.is_up():
                each.is_up = True
                self.say(f"{each.part.name:8} is up, process {each.pid}")
            elif each.is_up and (why := each.part.is_stuck()):
                self.say(f"{each.part.name:8} {why}: it starts again")
                each.send(signal.SIGKILL)

    def bury(self) -> None:
        """Take note of every child that died."""
        for each in self.running:
            if each.pid and (status := gone(each.pid)) is not None:
                self.say(f"{each.part.name:8} {child.describe(status)}: it starts again")
                each.ended(time.monotonic())

    def stop(self, each: Running) -> None:
        """Ask it to end, wait, kill. Somebody who asks twice does not want to wait."""
        each.send(signal.SIGTERM)
        limit = time.monotonic() + each.part.patience
        while each.pid and gone(each.pid) is None:
            if time.monotonic() > limit or self.asked_to_stop > 1:
                each.send(signal.SIGKILL)
            self.sleep(0.05)
        each.pid = 0

    def sleep(self, seconds: float) -> None:
        """Sleep until a signal comes, but no longer."""
        if select.select([self.ear], [], [], seconds)[0]:
            self.ear.recv(4096)


def gone(pid: int) -> int | None:
    """How the child ended, or None while it lives."""
    found, status = os.waitpid(pid, os.WNOHANG)
    return status if found else None
