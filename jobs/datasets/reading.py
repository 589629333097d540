"""The examples of a file, one after another, and what was counted on the way to them."""

from collections.abc import Iterator

from jobs.datasets.findings import Findings
from jobs.datasets.lines import Lines
from jobs.datasets.parsing import BOM, Example, foreign, parse


class Reading:
    """A file that is something else than JSONL is read to its end, and has no examples."""

    def __init__(self, lines: Lines, findings: Findings) -> None:
        self.blank = 0
        self.lines = lines
        self._findings = findings

    def __iter__(self) -> Iterator[Example]:
        is_foreign: bool | None = None  # not known before the first line with content
        for number, line in self.lines:
            content = line.removeprefix(BOM) if number == 1 else line
            if not content.strip(b" \t\r"):
                self.blank += 1
                continue
            if is_foreign is None:
                is_foreign = self._is_foreign(content)
            if not is_foreign and (example := parse(number, content, self._findings)):
                yield example

    def _is_foreign(self, line: bytes) -> bool:
        if words := foreign(line):
            self._findings.error("file", "", f"The file is {words}.")
        return bool(words)
