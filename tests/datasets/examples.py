"""Good examples of each format, and what is found when one bad one follows them."""

import json
from collections.abc import Callable
from typing import Any

from jobs.datasets import Problem, Report, check

Json = dict[str, Any]


def chat(number: int) -> Json:
    return {
        "messages": [
            {"role": "user", "content": f"Where is order {number}?"},
            {"role": "assistant", "content": f"Order {number} left us today."},
        ]
    }


def completion(number: int) -> Json:
    return {"prompt": f"Order {number}:", "completion": f" sent on day {number}"}


def preference(number: int) -> Json:
    user, assistant = chat(number)["messages"]
    return {
        "input": {"messages": [user]},
        "preferred_output": [assistant],
        "non_preferred_output": [{"role": "assistant", "content": "Ask somebody else."}],
    }


def reinforcement(number: int) -> Json:
    return {"messages": [{"role": "user", "content": f"2 + {number}?"}], "answer": str(2 + number)}


def jsonl(*examples: Json) -> bytes:
    return b"".join(json.dumps(example).encode() + b"\n" for example in examples)


def ten(kind: Callable[[int], Json]) -> bytes:
    return jsonl(*map(kind, range(10)))


def judged(content: bytes, method: str = "supervised", **options: Any) -> Report:
    return check([content], method, **options)


def found(report: Report, line: int = 11) -> list[tuple[str, str, str]]:
    """Severity, kind and field of the problems in a line; the eleventh is the first after ten."""
    return [(each.severity, each.kind, each.field) for each in at(report, line)]


def at(report: Report, line: int) -> list[Problem]:
    return [problem for problem in report.problems if problem.line == line]
