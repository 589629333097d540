"""One process of the tree: forked from us, in a session of its own, gone when we are gone."""

import ctypes
import mmap
import os
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable

OURS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
SET_PDEATHSIG, SET_NAME = 1, 15  # of Linux's prctl


class Page:
    """Memory that a child and we share: is it up, when did it last begin a task, how many run now?"""

    LAYOUT = struct.Struct("?Ld")

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, self.LAYOUT.size)
        self.clear()

    def clear(self) -> None:
        self.write(is_up=False, running=0)

    def write(self, *, is_up: bool = True, running: int = 0) -> None:
        self.LAYOUT.pack_into(self.memory, 0, is_up, running, time.monotonic())

    @property
    def is_up(self) -> bool:
        return bool(self.LAYOUT.unpack_from(self.memory)[0])

    @property
    def running(self) -> int:
        return int(self.LAYOUT.unpack_from(self.memory)[1])

    @property
    def age(self) -> float:
        """Seconds since it was last written. The monotonic clock is one for all processes."""
        return time.monotonic() - float(self.LAYOUT.unpack_from(self.memory)[2])


def fork(name: str, run: Callable[[], None]) -> int:
    """Run it in a new process; give its id."""
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, OURS)  # until the child has its own handlers
    if pid := os.fork():
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return pid
    try:
        settle(name, parent)
        run()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - nothing of a child may run on as a copy of its parent
        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def settle(name: str, parent: int) -> None:
    os.setsid()  # Ctrl-C is for the parent: it stops us in order
    signal.set_wakeup_fd(-1)
    for each in OURS:
        signal.signal(each, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, OURS)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(SET_NAME, name.encode())
        libc.prctl(SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)


def describe(status: int) -> str:
    """What os.waitpid said of an end, in words."""
    code = os.waitstatus_to_exitcode(status)
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
