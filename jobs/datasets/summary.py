"""A report as text, for people at a terminal."""

from collections.abc import Iterator

from jobs.datasets.census import Contents, Spread, Tokens
from jobs.datasets.report import Report


def summary(report: Report) -> str:
    return "\n".join([*_overview(report), *_tokens(report.tokens), "", *_problems(report)]) + "\n"


def _overview(report: Report) -> Iterator[str]:
    yield f"format      {report.format or 'unknown'}, for the method {report.method}"
    yield f"file        {report.size:,} bytes, {report.lines:,} lines, sha256 {report.sha256}"
    yield f"examples    {report.examples:,}, of which {report.sound_examples:,} are sound"
    yield from _contents(report.contents)
    if report.duplicates.count:
        pairs = ", ".join(f"{copy} = {first}" for first, copy in report.duplicates.pairs)
        yield f"duplicates  {report.duplicates.count:,}; lines {pairs}"


def _contents(contents: Contents) -> Iterator[str]:
    if contents.turns:
        roles = ", ".join(f"{count:,} {role}" for role, count in contents.roles.items())
        yield f"messages    {roles}; {_spread(contents.turns)} an example"
    counted = {
        "a system prompt": contents.with_system,
        "tools": contents.with_tools,
        f"images ({contents.images:,} in all)": contents.with_images,
        "weight 0": contents.with_weight_0,
    }
    if some := [f"{count:,} with {what}" for what, count in counted.items() if count]:
        yield f"            {', '.join(some)}"
    if contents.item_keys:
        keys = ", ".join(f"item.{key} ({count:,})" for key, count in contents.item_keys.items())
        yield f"item keys   {keys}"


def _tokens(tokens: Tokens) -> Iterator[str]:
    if tokens.spread:
        yield f"tokens      {tokens.total:,}, of which {tokens.trained:,} are learnt; {tokens.basis}"
        yield f"            {_spread(tokens.spread)} an example"
    if tokens.over_limit:
        yield f"            {tokens.over_limit:,} example(s) are over the limit of {tokens.limit:,}"


def _problems(report: Report) -> Iterator[str]:
    if not report.problem_count:
        yield "No problems."
        return
    warnings = report.problem_count - report.error_count
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in report.kinds.items())
    yield f"{report.error_count:,} error(s), {warnings:,} warning(s): {kinds}"
    for problem in report.problems:
        where = f"line {problem.line}" if problem.line else "file"
        field = f" {problem.field}" if problem.field else ""
        yield f"  {problem.severity:7} {where}{field}: {problem.message}"
    if left := report.problem_count - len(report.problems):
        yield f"  … and {left:,} more"


def _spread(spread: Spread) -> str:
    return f"{spread.min:,} to {spread.max:,} (median {spread.median:,}, p95 {spread.p95:,})"
