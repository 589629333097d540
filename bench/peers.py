"""Whom we compare ourselves with: `python -m bench.peers` installs them and gives them the same work.

They live in .venv-peers, apart from our own packages, their data in build/peers, made once. Each is
started as its own manual says, with its defaults.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import psutil

from bench import work
from bench.load import Ask
from bench.ours import ROOT, free_port
from bench.processes import Tree

VENV = ROOT / ".venv-peers"
DATA = ROOT / "build" / "peers"
READY = DATA / "ready"
# Of many requests at once MLflow answers one or two with 500: each tries anew to import a module that
# cannot be imported, and one thread may find what another has half imported.
SPOILT = 0.05
LISTED = Path(__file__).with_name("peers.txt")


def are_ready() -> bool:
    return READY.exists() and READY.read_text() == recipe()


def recipe() -> str:
    """All that the peers and their data are made from: when it changes, they are made again."""
    sources = (LISTED, Path(work.__file__), Path(__file__).with_name("peer_data.py"))
    return "\n".join(source.read_text() for source in sources)


def versions() -> list[str]:
    return LISTED.read_text().replace("==", " ").split("\n")[:-1]


def prepare() -> None:
    python = VENV / "bin" / "python"
    if not python.exists():
        print(f"Making {VENV.name}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    print("Installing MLflow and TensorBoard (some hundred MB)", flush=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--requirement", LISTED], check=True)
    print(f"Giving them {work.JOBS:,} jobs, and {work.STEPS:,} steps of one", flush=True)
    shutil.rmtree(DATA, ignore_errors=True)
    subprocess.run([python, "-m", "bench.peer_data", DATA], cwd=ROOT, check=True)
    READY.write_text(recipe())


class Mlflow:
    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> Tree:
        return Tree(
            [str(VENV / "bin" / "mlflow"), "server", "--port", str(self.port)],
            folder=DATA / "mlflow",  # where it finds its mlflow.db
            log=DATA / "mlflow.log",
            environ={"MLFLOW_DISABLE_TELEMETRY": "true"},
            serves=is_uvicorn,
        )

    def runs(self, rows: int) -> Ask:
        """What its own page of an experiment asks for, with as many rows as ours shows."""
        order = ["attributes.start_time DESC"]
        body = {"experiment_ids": ["0"], "max_results": rows, "order_by": order}
        address = f"{self.url}/ajax-api/2.0/mlflow/runs/search"
        return Ask(address, body=json.dumps(body), may_fail=SPOILT)

    def points(self) -> list[Ask]:
        """What its page of metrics asks for: each metric, sampled to 320 points."""
        address = f"{self.url}/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval"
        run = f"{work.CHARTED:032x}"
        return [
            Ask(f"{address}?run_ids={run}&metric_key={metric}&max_results=320")
            for metric in work.METRICS
        ]

    @property
    def list_page(self) -> str:
        return f"{self.url}/#/experiments/0/runs"

    @property
    def chart_page(self) -> str:
        return f"{self.url}/#/experiments/0/runs/{work.CHARTED:032x}/model-metrics"

    @property
    def compare_page(self) -> str:
        """One metric of the compared runs on one chart."""
        metric = work.METRICS[0]
        asked = {
            "runs": [f"{job:032x}" for job in work.COMPARED_BY_ALL],
            "metric": metric,
            "experiments": ["0"],
            "plot_metric_keys": [metric],
        }
        told = {key: json.dumps(value, separators=(",", ":")) for key, value in asked.items()}
        return f"{self.url}/#/metric?{urlencode(told)}"


class TensorBoard:
    """It shows all that is in its folder: the one long history, or those that are compared."""

    def __init__(self, shown: str = "charted") -> None:
        self.shown = shown
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> Tree:
        folder = DATA / "tensorboard" / self.shown
        program = str(VENV / "bin" / "tensorboard")
        return Tree(
            [program, "--port", str(self.port), "--logdir", str(folder)],
            folder=folder,
            log=DATA / "tensorboard.log",
        )


def is_uvicorn(process: psutil.Process) -> bool:
    return any("uvicorn" in word or "spawn_main" in word for word in process.cmdline())


if __name__ == "__main__":
    prepare()
