"""All of it in the text format of Prometheus. docs/operations.md says what each means.

Written by hand: it is a page of code, and the client library adds up processes of one machine only.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from dashboard import __version__
from jobs import counting, live
from jobs.models import Account, Process, Pulse
from jobs.vitals import figures
from jobs.vitals.checks import last_beat

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


class Family(NamedTuple):
    name: str
    meaning: str
    labels: tuple[str, ...] = ()


COUNTERS = {
    "rounds": Family("rounds_total", "Polls of an account.", ("account", "outcome")),
    "requests": Family("requests_total", "Sent to services.", ("account", "kind", "outcome")),
    "errors": Family("errors_total", "What ended a poll.", ("account", "kind")),
}
HISTOGRAMS = {
    "round_seconds": Family("round_seconds", "Time of a poll of an account."),
    "request_seconds": Family("request_seconds", "Time of a request to a service.", ("account",)),
    "page_seconds": Family("page_seconds", "Time of a page, without its way.", ("page", "status")),
}
OF_LAG = {
    "account_late_seconds": "How long an account has been due without being taken up.",
    "account_failures": "Polls of an account that failed in a row.",
    "jobs_due": "Jobs that live and should have been read by now.",
    "jobs_late_seconds": "How long the one that waits longest has been due.",
}

Sample = tuple[tuple[object, ...], float]


def exposition(now: datetime) -> str:
    tally = Process.objects.tally()
    lags = figures.lags(Account.objects.order_by("name"), now, tally)
    lines = [*of_program(now), *of_accounts(lags), *of_counts(tally, lags)]
    return "\n".join(lines) + "\n"


def of_program(now: datetime) -> Iterator[str]:
    queue = live.queue()
    yield from gauge(Family("info", "What runs.", ("version",)), [((__version__,), 1)])
    living = figures.alive(now).items()
    family = Family("processes", "Processes that give signs of life.", ("kind",))
    yield from gauge(family, [((kind,), count) for kind, count in living])
    for name, at in (("last_poll", Pulse.read().beat_at), ("last_beat", last_beat())):
        family = Family(f"{name}_timestamp_seconds", f"When the {name.replace('_', ' ')} was.")
        yield from gauge(family, [((), at.timestamp())] if at else [])
    yield from gauge(Family("broker_up", "Whether the broker answers."), [((), queue is not None)])
    family = Family("queue_tasks", "Tasks at the broker.", ("state",))
    depth = queue._asdict().items() if queue else []
    yield from gauge(family, [((state,), count) for state, count in depth])


def of_accounts(lags: list[figures.Lag]) -> Iterator[str]:
    for name, meaning in OF_LAG.items():
        family = Family(name, meaning, ("account",))
        yield from gauge(family, [((lag.account.name,), of_lag(lag)[name]) for lag in lags])
    for what in ("limit", "remaining"):
        meaning = f"The {what} of what a service allows, as it last said."
        told = [(lag.account.name, each) for lag in lags for each in lag.budgets]
        samples = [((name, each.of), getattr(each, what)) for name, each in told]
        yield from gauge(Family(f"budget_{what}", meaning, ("account", "of")), samples)


def of_lag(lag: figures.Lag) -> dict[str, float]:
    return {
        "account_late_seconds": lag.late.total_seconds(),
        "account_failures": lag.account.failures,
        "jobs_due": lag.due,
        "jobs_late_seconds": lag.jobs_late.total_seconds(),
    }


def of_counts(tally: counting.Tally, lags: list[figures.Lag]) -> Iterator[str]:
    """Counts carry an account's number; who reads them wants its name."""
    names = {str(lag.account.pk): lag.account.name for lag in lags}

    def named(key: str, family: Family) -> tuple[object, ...]:
        labels = key.split(counting.SEPARATOR)[1:]
        is_ours = family.labels[:1] == ("account",)
        return (names.get(labels[0], labels[0]), *labels[1:]) if is_ours else tuple(labels)

    for name, family in COUNTERS.items():
        samples = [(named(key, family), n) for key, n in of_name(tally["numbers"], name)]
        yield from written(family, "counter", samples)
    for name, family in HISTOGRAMS.items():
        yield from head(family, "histogram")
        for key, found in of_name(tally["times"], name):
            yield from histogram(family, named(key, family), found)


def of_name(counted: dict[str, Any], name: str) -> list[tuple[str, Any]]:
    return sorted((k, v) for k, v in counted.items() if k.split(counting.SEPARATOR)[0] == name)


def histogram(family: Family, labels: tuple[object, ...], found: list[float]) -> Iterator[str]:
    *buckets, seconds = found
    below = 0.0
    with_bound = Family(f"{family.name}_bucket", "", (*family.labels, "le"))
    for bound, count in zip((*counting.BUCKETS, "+Inf"), buckets, strict=True):
        below += count
        yield line(with_bound, (*labels, bound), below)
    yield line(family._replace(name=f"{family.name}_sum"), labels, seconds)
    yield line(family._replace(name=f"{family.name}_count"), labels, below)


def gauge(family: Family, samples: Iterable[Sample]) -> Iterator[str]:
    return written(family, "gauge", samples)


def written(family: Family, kind: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield from head(family, kind)
    for labels, value in samples:
        yield line(family, labels, value)


def head(family: Family, kind: str) -> Iterator[str]:
    yield f"# HELP tuneboard_{family.name} {family.meaning}"
    yield f"# TYPE tuneboard_{family.name} {kind}"


def line(family: Family, labels: tuple[object, ...], value: float) -> str:
    pairs = zip(family.labels, labels, strict=True)
    told = ",".join(f'{name}="{str(text).translate(ESCAPES)}"' for name, text in pairs)
    return f"tuneboard_{family.name}{f'{{{told}}}' if told else ''} {float(value):.15g}"
