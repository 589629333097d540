"""Fill an empty folder for load: `python -m sandbox.seed --data DIR --jobs 10000 --events 1000000`.

What it writes goes through the store that the server uses and cannot be told from what jobs
leave that ran, but their pasts are invented (`pasts`). The same seed invents the same ones,
their time apart: the newest job is always an hour old at most.
"""

import argparse
import io
import math
import random
import sys
import time
from collections.abc import Iterator
from itertools import accumulate, islice, pairwise
from pathlib import Path

from sandbox.demo import DATASETS
from sandbox.pasts import DONE, NEW, RESTS, STOPPED, TRAINS, UNFIT, WAITS, Fate, Files, Past, Teller
from sandbox.records import File, Job
from sandbox.store import Cursor, Store, new_id, now
from sandbox.telling import result_table

YEAR, HOUR = 365 * 24 * 3600, 3600
STEP_SECONDS = 3.0
LEAST_STEPS = 3
SETS = (("support", "supervised"), ("tone", "dpo"), ("shelf", "reinforcement"))
TAUGHT = 50
"""Steps that a job under way has told: within its first epoch, where it needs no snapshot."""
AT_ONCE = 200
"""Jobs written in one transaction."""


class TooFewEvents(ValueError):
    """The jobs alone, without a step of training, have more."""


def fill(store: Store, *, jobs: int, events: int, seed: int) -> None:
    lives = _lives(random.Random(seed), jobs, events)  # noqa: S311 - a load set, no secret
    teller = Teller(seed, [_files(store, *each) for each in SETS])
    pasts = _pasts(teller, lives)
    while some := list(islice(pasts, AT_ONCE)):
        with store.writing():
            for past in some:
                _write(store, past)


def _lives(chance: random.Random, jobs: int, events: int) -> list[tuple[Fate, int]]:
    """What becomes of each job and how many steps it tells, the oldest first.

    Lengths are as in life: most are short, a few are very long.
    """
    few = math.ceil(jobs / 2000) if jobs >= 20 else 0
    newest = [fate for fate in (RESTS, TRAINS, WAITS, NEW) for _ in range(few)]
    ended = chance.choices([DONE, STOPPED, UNFIT], [87, 8, 5], k=jobs - len(newest) - 1)
    fates = [DONE, *ended, *newest]
    steps = {number: TAUGHT for number, fate in enumerate(fates) if fate in (TRAINS, RESTS)}
    long = [number for number, fate in enumerate(fates) if fate in (DONE, STOPPED)]
    left = events - sum(fate.words for fate in fates) - sum(steps.values())
    left -= LEAST_STEPS * len(long)
    if left < 0:
        raise TooFewEvents(f"{jobs} jobs have at least {events - left} events")
    ends = list(accumulate((chance.lognormvariate(0, 1) for _ in long), initial=0.0))
    shares = [round(left * end / ends[-1]) for end in ends]
    for number, (start, end) in zip(long, pairwise(shares), strict=True):
        steps[number] = LEAST_STEPS + end - start
    return [(fate, steps.get(number, 0)) for number, fate in enumerate(fates)]


def _pasts(teller: Teller, lives: list[tuple[Fate, int]]) -> Iterator[Past]:
    apart = min(HOUR, YEAR / len(lives))
    for age, (fate, steps) in zip(range(len(lives), 0, -1), lives, strict=True):
        seconds = min(0.9 * apart, STEP_SECONDS * (steps + fate.words))
        yield teller.tell(fate, steps, born=now() - round(age * apart), seconds=seconds)


def _write(store: Store, past: Past) -> None:
    job = past.job
    if job.result_file:
        table = result_table(job.method, past.steps)
        store.write_content(job.result_file, io.BytesIO(table))
        store.add(
            File(
                id=job.result_file,
                created_at=job.finished_at or job.created_at,
                filename="step_metrics.csv",
                purpose="fine-tune-results",
                bytes=len(table),
            )
        )
    if not job.has_ended:
        store.job_folder(job.id).mkdir()
    store.add(job)
    store.add_all(past.events)
    store.add_all(past.checkpoints)


def _files(store: Store, name: str, method: str) -> Files:
    """Real ones: jobs that have not ended go on with them."""
    training, validation = (DATASETS / f"{name}-{part}.jsonl" for part in ("train", "validation"))
    examples = len(training.read_bytes().splitlines())
    return Files(method, _upload(store, training), _upload(store, validation), examples)


def _upload(store: Store, path: Path) -> str:
    content = path.read_bytes()
    file = File(
        id=new_id("file-"),
        created_at=now() - YEAR,
        filename=path.name,
        purpose="fine-tune",
        bytes=len(content),
    )
    store.write_content(file.id, io.BytesIO(content))
    return store.add(file).id


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.seed", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder, empty or new")
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=1_000_000, help="of all jobs together")
    parser.add_argument("--seed", type=int, default=0, help="another one invents other pasts")
    flags = parser.parse_args()
    if flags.jobs < 1:
        parser.error("--jobs must be at least 1")
    began = time.monotonic()
    try:
        store = Store(flags.data)
        if store.page(Job, Cursor(1))[0] or store.page(File, Cursor(1))[0]:
            sys.exit(f"The folder {flags.data} has a past already: seed an empty one.")
        fill(store, jobs=flags.jobs, events=flags.events, seed=flags.seed)
    except OSError as error:
        sys.exit(f"The folder {flags.data} cannot be used: {error.strerror or error}.")
    except TooFewEvents as error:
        sys.exit(f"Too few events: {error}.")
    store.close()
    took = time.monotonic() - began
    sys.stdout.write(f"{flags.jobs:,} jobs and {flags.events:,} events in {took:.0f} s\n")


if __name__ == "__main__":
    main()
