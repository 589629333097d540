"""What is left of a cell whose owner is killed: nothing."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.sandbox_server import ROOT

CODE = """
import os, time
def grade(sample, item):
    if item["work"] == "sleep":
        time.sleep(1000)
    while item["work"] == "spin":
        pass
    return os.getppid()
"""
OWNER = f"""
from sandbox.graders.cell import Cell
cell = Cell({CODE!r}, seconds=1)
print(cell.ask({{"sample": {{}}, "item": {{"work": ""}}}})["reward"], flush=True)
work = input()
cell.ask({{"sample": {{}}, "item": {{"work": work}}}})
"""


@contextmanager
def owned() -> Iterator[tuple[subprocess.Popen[str], psutil.Process]]:
    """A process that has a cell, and that cell's process. It reads which work to give it."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=-1, stdout=-1, cwd=ROOT, text=True
    ) as owner:
        assert owner.stdout
        yield owner, psutil.Process(int(float(owner.stdout.readline())))


def test_a_cell_at_rest_goes_with_its_owner():
    with owned() as (owner, cell):
        folder = Path(cell.cwd())

        owner.kill()

    assert not psutil.wait_procs([cell], timeout=5)[1]
    assert not folder.exists()


@pytest.mark.parametrize("work", ["sleep", "spin"])
def test_a_cell_at_work_goes_with_its_owner(work):
    with owned() as (owner, cell):
        folder = Path(cell.cwd())
        print(work, file=owner.stdin, flush=True)
        while not cell.children():
            time.sleep(0.01)

        owner.kill()

    assert not psutil.wait_procs([cell], timeout=10)[1]
    assert not folder.exists()
