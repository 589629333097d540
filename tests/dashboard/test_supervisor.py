"""The supervisor, on processes that do next to nothing."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import psutil
import pytest

Start = Callable[[str], "Tree"]


class Tree:
    def __init__(self, kind: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.dashboard.tiny_tree", kind],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def hear(self, pattern: str) -> re.Match[str]:
        """Read on until a line matches."""
        assert self.process.stdout
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"{pattern!r} was not said, but: {''.join(seen)}")

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def ask_to_stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


@pytest.fixture
def start() -> Iterator[Start]:
    trees: list[Tree] = []

    def one(kind: str) -> Tree:
        trees.append(Tree(kind))
        return trees[-1]

    yield one
    for tree in trees:
        tree.process.kill()
        tree.process.wait()
        assert tree.process.stdout
        tree.process.stdout.close()


def test_a_killed_part_starts_again_and_the_other_does_not_notice(start):
    tree = start("calm")
    first = int(tree.hear(r"first +is up, process (\d+)")[1])
    second = int(tree.hear(r"second +is up, process (\d+)")[1])

    os.kill(second, signal.SIGKILL)

    tree.hear("second +was killed by SIGKILL: it starts again")
    again = int(tree.hear(r"second +is up, process (\d+)")[1])
    assert {child.pid for child in tree.children()} == {first, again}


def test_a_part_that_keeps_failing_says_why_and_waits_longer_each_time(start):
    tree = start("failing")

    for _ in range(3):
        tree.hear("RuntimeError: the disk is full")
        tree.hear("second +ended with code 1: it starts again")

    assert tree.ask_to_stop() == 0


def test_a_part_that_stalls_starts_anew(start):
    tree = start("stalling")
    first = tree.hear(r"second +is up, process (\d+)")[1]

    tree.hear("second +has stalled: it starts again")

    assert tree.hear(r"second +is up, process (\d+)")[1] != first


@pytest.mark.parametrize("kind", ["calm", "stubborn", "failing"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_leaves_nothing(start, kind, number):
    tree = start(kind)
    tree.hear("first +is up")
    children = tree.children()

    tree.process.send_signal(number)

    assert tree.process.wait(timeout=30) == 0
    assert not [child for child in children if is_alive(child)]


def is_alive(child: psutil.Process) -> bool:
    try:
        return child.is_running() and child.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


if sys.platform == "linux":  # nowhere else is a child's life bound to ours

    def test_a_kill_leaves_nothing(start):
        tree = start("stubborn")
        tree.hear("second +is up")
        children = tree.children()
        assert len(children) == 2

        tree.process.kill()
        tree.process.wait()

        psutil.wait_procs(children, timeout=10)
        assert not [child for child in children if is_alive(child)]
