"""Gives the peers the same work; run by their own Python. Afterwards the folder holds it ready to serve.

MLflow gets it in its default store, a SQLite file with MLflow's own schema: its API would take hours for
what SQL does in seconds, and the rows are the same. TensorBoard gets event files by its own writer.
"""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import work

Row = tuple[object, ...]


def run_id(job: int) -> str:
    return f"{job:032x}"


def runs() -> Iterator[Row]:
    for job in range(work.JOBS):
        began = work.began(job) * 1000
        place = f"mlflow-artifacts:/0/{run_id(job)}/artifacts"
        yield run_id(job), work.name(job), began, began + 1_800_000, place


def pairs(kind: str) -> Iterator[Row]:
    for job in range(work.JOBS):
        if kind == "tags":
            yield "mlflow.runName", work.name(job), run_id(job)
        for key, value in getattr(work, "parameters" if kind == "params" else "tags")(job).items():
            yield key, value, run_id(job)


def latest() -> Iterator[Row]:
    """The newest value of each metric, as MLflow keeps it beside the history."""
    for job in range(work.JOBS):
        at = (work.began(job) + work.STEPS) * 1000
        for metric in work.METRICS:
            yield metric, work.best_loss(job), at, work.STEPS, run_id(job)


def history() -> Iterator[Row]:
    for job, metric, step, value in points():
        yield metric, value, (work.began(job) + step) * 1000, step, run_id(job)


def points() -> Iterator[tuple[int, str, int, float]]:
    """Of the job with the long history, and of those that are compared."""
    lengths = {work.CHARTED: work.STEPS} | dict.fromkeys(work.COMPARED_BY_ALL, work.SHORT)
    for job, steps in lengths.items():
        for metric in work.METRICS:
            for step, value in work.curve(metric, job, steps):
                yield job, metric, step, value


def mlflow(folder: Path) -> None:
    from mlflow.tracking import MlflowClient  # type: ignore[import-not-found]

    folder.mkdir(parents=True)
    path = folder / "mlflow.db"
    MlflowClient(f"sqlite:///{path}").search_experiments()  # makes the tables
    with sqlite3.connect(path) as database:
        database.executemany(
            "INSERT INTO runs (run_uuid, name, start_time, end_time, artifact_uri, experiment_id,"
            " source_type, source_name, user_id, status, lifecycle_stage)"
            " VALUES (?, ?, ?, ?, ?, 0, 'UNKNOWN', '', 'bench', 'FINISHED', 'active')",
            runs(),
        )
        for kind in ("params", "tags"):
            words = f"INSERT INTO {kind} (key, value, run_uuid) VALUES (?, ?, ?)"  # noqa: S608
            database.executemany(words, pairs(kind))
        for kind, rows in (("latest_metrics", latest()), ("metrics", history())):
            words = f"INSERT INTO {kind} (key, value, timestamp, step, is_nan, run_uuid)"
            database.executemany(f"{words} VALUES (?, ?, ?, ?, 0, ?)", rows)


def tensorboard(folder: Path) -> None:
    from tensorboard.compat.proto.event_pb2 import Event  # type: ignore[import-not-found]
    from tensorboard.compat.proto.summary_pb2 import Summary  # type: ignore[import-not-found]
    from tensorboard.summary.writer.event_file_writer import (  # type: ignore[import-not-found]
        EventFileWriter,
    )

    writers: dict[int, EventFileWriter] = {}
    for job, metric, step, value in points():
        if job not in writers:
            kind = "charted" if job == work.CHARTED else "compared"
            writers[job] = EventFileWriter(str(folder / kind / work.name(job)))
        summary = Summary(value=[Summary.Value(tag=metric, simple_value=value)])
        writers[job].add_event(Event(step=step, wall_time=work.began(job) + step, summary=summary))
    for writer in writers.values():
        writer.close()


if __name__ == "__main__":
    place = Path(sys.argv[1])
    mlflow(place / "mlflow")
    tensorboard(place / "tensorboard")
