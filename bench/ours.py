"""Our own stack as an operator gets it from `make run`, without the sandbox, on a temporary data folder."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from bench import work
from bench.load import Ask
from bench.processes import Tree

ROOT = Path(__file__).resolve().parent.parent
SESSION = "tuneboard_session"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Ours:
    """A seeded data folder, and the address where its stack is served once it is started."""

    folder: Path
    port: int
    session: str
    charted: int  # the key of the job with the long history
    compared: list[int]  # those of the jobs that are compared

    @classmethod
    def prepare(cls, jobs: int = work.JOBS) -> Self:
        folder = Path(tempfile.mkdtemp(prefix="tuneboard-bench-"))
        cls.manage(folder, "manage.py", "migrate", "--verbosity", "0")
        made = json.loads(cls.manage(folder, "-m", "bench.seed", str(jobs)))
        return cls(folder, free_port(), made["session"], made["charted"], made["compared"])

    @staticmethod
    def manage(folder: Path, *words: str) -> str:
        answer = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": str(folder)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return answer.stdout

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def chart_page(self) -> str:
        return f"{self.url}/jobs/{self.charted}"

    def compare_page(self, jobs: int) -> str:
        return f"{self.url}/compare?jobs={','.join(map(str, self.compared[:jobs]))}"

    @property
    def cookies(self) -> dict[str, str]:
        return {SESSION: self.session}

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"{SESSION}={self.session}"}

    def start(self) -> Tree:
        return Tree(
            [sys.executable, "manage.py", "up"],
            folder=ROOT,
            log=self.folder / "bench.log",
            environ={"DATA_DIR": str(self.folder), "PORT": str(self.port), "SANDBOX": "0"},
            serves=is_web,
        )

    def page(self, query: str = "", *, by_script: bool = False) -> Ask:
        """The jobs list as a browser asks for it that has been here before, or a script on its page."""
        more = {"HX-Request": "true"} if by_script else {}
        return Ask(f"{self.url}/{query}", self.known_headers() | more)

    def change(self) -> None:
        """Raise the version, as any news of any job does: no list that was made is good any more."""
        with sqlite3.connect(self.folder / "tuneboard.sqlite3", timeout=30) as database:
            database.execute("UPDATE jobs_pulse SET version = version + 1")

    def unchanged_page(self) -> Ask:
        headers = self.known_headers()
        request = urllib.request.Request(f"{self.url}/", headers=headers)  # noqa: S310
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return Ask(f"{self.url}/", headers | {"If-None-Match": answer.headers["ETag"]}, "", 304)

    def known_headers(self) -> dict[str, str]:
        """Its cookies: the session, and the token of forms that the first page sets."""
        request = urllib.request.Request(f"{self.url}/", headers=self.cookie)  # noqa: S310
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            told = answer.headers.get_all("Set-Cookie") or []
        cookies = [f"{SESSION}={self.session}", *(line.partition(";")[0] for line in told)]
        return {"Cookie": "; ".join(cookies)}

    def points(self) -> list[Ask]:
        """What the charts of the long job ask for, each family at once."""
        families = dict.fromkeys(metric.rpartition("_")[2] for metric in work.METRICS)
        address = f"{self.url}/jobs/{self.charted}/charts"
        return [Ask(f"{address}/{family}", self.cookie) for family in families]


def is_web(process: psutil.Process) -> bool:
    return process.name() == "tb-web"
