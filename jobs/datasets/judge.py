"""Takes a file's examples one by one: what is wrong with each, what is in it, was it there before."""

from array import array
from typing import Any

import msgspec

from jobs.datasets import digests
from jobs.datasets.census import Census
from jobs.datasets.findings import Findings
from jobs.datasets.formats import FORMATS, chat, guess, is_alike
from jobs.datasets.parsing import Example
from jobs.datasets.preview import preview
from jobs.datasets.special import check_special
from jobs.datasets.tokens import tokenizer_for

MOST_SHOWN = 3


class Shown(msgspec.Struct, frozen=True):
    line: int
    example: Any


class Judge:
    """`name` is the format that the file has; with none, its examples are only counted."""

    def __init__(self, name: str, model: str, findings: Findings) -> None:
        form = FORMATS[name or chat.NAME]
        self.census = Census(form, tokenizer_for(model), model)
        self.findings = findings
        self.duplicates = digests.Duplicates()
        self.sound = 0
        self.shown: list[Shown] = []
        self.digests = array("Q")
        self._lines = array("I")
        self._check = form.check
        self._name = name

    @property
    def count(self) -> int:
        return len(self.digests)

    def take(self, example: Example) -> None:
        self.findings.line = example.line
        self.digests.append(example.digest)
        self._lines.append(example.line)
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(Shown(example.line, preview(example.value)))
        if self._name:
            self._judge(example)

    def _judge(self, example: Example) -> None:
        try:
            if self._is_sound(example):
                self.census.add(example.value, self.findings)
                self.sound += 1
        except RecursionError:  # the line could be decoded, but only just
            self.findings.error("json", "", "is nested too deeply")

    def _is_sound(self, example: Example) -> bool:
        findings = self.findings
        before = findings.errors
        if is_alike(example.value, self._name):
            self._check(example.value, findings)
            if example.may_be_special:
                check_special(example.value, findings)
        else:
            other = guess(example.value, "")
            said = f"looks like a {other} example, but the file is {self._name}"
            findings.error("format", "", said)
        return findings.errors == before

    def warn_of_the_whole(self) -> None:
        """Say what concerns all examples together."""
        self.census.warn_of_the_whole(self.findings)
        self.duplicates = digests.duplicates(self.digests, self._lines)
        if count := self.duplicates.count:
            self.findings.warn("duplicates", "", f"{count:,} example(s) are copies of earlier ones")
