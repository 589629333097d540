"""python -m jobs.datasets FILE --method supervised: judge a training file, and say so in text.

Ends with 1 when the service would refuse the file, with 2 when it cannot be read.
"""

import argparse
import sys
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import msgspec

from jobs.datasets import METHODS, Report, check, cost, overlap
from jobs.datasets.summary import summary

CHUNK = 1024 * 1024


def main(words: list[str] | None = None) -> int:
    asked = _arguments().parse_args(words)
    try:
        training = check(_chunks(asked.file), asked.method, model=asked.model)
        validation = None
        if asked.validation:
            chunks = _chunks(asked.validation)
            validation = check(chunks, asked.method, model=asked.model, least=1)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    reports = [report for report in (training, validation) if report]
    write = _as_json if asked.json else summary
    sys.stdout.write("\n".join(map(write, reports)))
    if validation and not asked.json:
        shared = overlap(training.digests, validation.digests)
        sys.stdout.write(f"\n{shared:,} validation example(s) are in the training file too.\n")
    if asked.price is not None and not asked.json:
        sys.stdout.write(f"\n{_cost(training, asked.epochs, asked.price)}\n")
    return 0 if all(report.is_fit for report in reports) else 1


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jobs.datasets", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--method", choices=METHODS, default="supervised")
    parser.add_argument("--model", default="", help="the base model, for its tokenizer and limits")
    parser.add_argument("--validation", type=Path, metavar="FILE", help="to compare with FILE")
    parser.add_argument("--price", type=_price, help="dollars a million tokens, or an hour (RFT)")
    parser.add_argument("--epochs", type=_epochs, default="auto")
    parser.add_argument("--json", action="store_true", help="the reports as JSON, one a line")
    return parser


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(f"{text} is no price") from error
    if not price.is_finite() or price < 0:
        raise argparse.ArgumentTypeError(f"{text} is no price")
    return price


def _epochs(text: str) -> int | str:
    if text == "auto":
        return text
    if not text.isdecimal() or not 1 <= int(text) <= 50:
        raise argparse.ArgumentTypeError("must be auto, or 1 to 50")
    return int(text)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _as_json(report: Report) -> str:
    return msgspec.json.encode(msgspec.structs.replace(report, digests=b"")).decode()


def _cost(report: Report, epochs: int | str, price: Decimal) -> str:
    if report.method == "reinforcement":
        reckoned = cost.by_the_hour(price)
    else:
        tokens = report.tokens.charged
        reckoned = cost.estimate(tokens, epochs, price, examples=report.examples)
    return f"cost        {reckoned.formula}\n            {reckoned.note}".rstrip()


if __name__ == "__main__":
    raise SystemExit(main())
