"""python -m jobs.datasets.piped METHOD LEAST MODEL: judge what comes in; the report goes out as JSON.

For a program that has files judged in a process of their own: the memory of a tokenizer is given back,
and nobody waits for the interpreter.
"""

import sys
from functools import partial

import msgspec

from jobs.datasets.report import check

CHUNK = 2**20


def main(method: str, least: str, model: str = "") -> None:
    chunks = iter(partial(sys.stdin.buffer.read, CHUNK), b"")
    report = check(chunks, method, model=model, least=int(least))
    sys.stdout.buffer.write(msgspec.json.encode(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
