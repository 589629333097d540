"""One pass over a training file: what is wrong with it, and what is in it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import msgspec

from jobs.datasets import formats
from jobs.datasets.census import Contents, Tokens
from jobs.datasets.digests import Duplicates
from jobs.datasets.findings import Findings, Problem
from jobs.datasets.judge import Judge, Shown
from jobs.datasets.lines import Lines, silent
from jobs.datasets.parsing import Example
from jobs.datasets.reading import Reading

LEAST_EXAMPLES = 10  # of a training file
LARGEST = 512 * 1024 * 1024
METHODS = tuple(formats.METHODS)
DECIDING = 3  # examples whose majority says what format the file is; one may be odd
LARGE = 1024 * 1024


class Report(msgspec.Struct, frozen=True):
    """Serialisable but for `digests`, which `overlap` compares: eight bytes an example."""

    format: str  # "" when it is none that we know
    method: str
    model: str
    size: int  # bytes
    sha256: str
    lines: int
    blank_lines: int
    examples: int
    sound_examples: int  # without an error; the statistics are about them
    problems: list[Problem]  # the first hundred, by line
    problem_count: int
    error_count: int
    kinds: dict[str, int]  # all problems by their kind
    tokens: Tokens
    contents: Contents
    duplicates: Duplicates
    preview: list[Shown]
    digests: bytes

    @property
    def is_fit(self) -> bool:
        return not self.error_count


def check(
    chunks: Iterable[bytes],
    method: str,
    *,
    model: str = "",
    least: int = LEAST_EXAMPLES,
    tell: Callable[[int], None] = silent,
) -> Report:
    """Judge a file for one of METHODS; `tell` hears how many bytes have been read.

    A file of another method's format has that as its first problem, and is judged as what it is.
    """
    findings = Findings()
    reading = Reading(Lines(chunks, tell), findings)
    examples = iter(reading)
    first = _first(examples)
    name = formats.recognise([example.value for example in first], method)
    findings.line = 0
    if first:
        said = formats.misfit(name, method, model) if name else formats.strange(first[0].value)
        if said:
            findings.error("format", "", said)
    judge = Judge(name, model, findings)
    while first:  # let go of one after another: they may be large
        judge.take(first.pop(0))
    for example in examples:
        judge.take(example)
    findings.line = 0
    _judge_size(reading.lines.size, judge.count, least, findings)
    judge.warn_of_the_whole()
    return _written(name, method, model, reading, judge)


def _first(examples: Iterator[Example]) -> list[Example]:
    """The examples that decide on the format; few if they are large, for all are held at once."""
    first = []
    for example in islice(examples, DECIDING):
        first.append(example)
        if example.size > LARGE:
            break
    return first


def _judge_size(size: int, examples: int, least: int, findings: Findings) -> None:
    if size > LARGEST:
        said = f"The file has {size:,} bytes; the service takes {LARGEST // 1024**2} MB."
        findings.error("size", "", said)
    is_foreign = findings.kinds["file"]  # then it has none at all, and that is told
    if examples < least and not is_foreign:
        said = f"The file has {examples} example(s), but must have at least {least}."
        findings.error("examples", "", said)


def _written(name: str, method: str, model: str, reading: Reading, judge: Judge) -> Report:
    lines, findings = reading.lines, judge.findings
    return Report(
        format=name,
        method=method,
        model=model,
        size=lines.size,
        sha256=lines.sha256,
        lines=lines.count,
        blank_lines=reading.blank,
        examples=judge.count,
        sound_examples=judge.sound,
        problems=findings.kept(),
        problem_count=findings.count,
        error_count=findings.errors,
        kinds=dict(findings.kinds.most_common()),
        tokens=judge.census.tokens(),
        contents=judge.census.contents(),
        duplicates=judge.duplicates,
        preview=judge.shown,
        digests=judge.digests.tobytes(),
    )
