"""`python -m bench`: measure, print the table, keep it. `--goals 1 4` measures some only."""

import argparse
import time
from types import ModuleType

from bench import goals, machine, peers, report
from bench.arena import Arena
from bench.table import Finding, table


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words.add_argument("--goals", nargs="+", type=int, metavar="N", help="measure these only")
    words.add_argument("--docs", action="store_true", help="write docs/performance.md as well")
    asked = words.parse_args()
    wanted = [each for each in goals.ALL if not asked.goals or set(each.NUMBERS) & set(asked.goals)]
    if not peers.are_ready():
        print("Without peers, as they are not installed: `make bench-peers` does it.")
    before = machine.load()
    findings = measured(wanted)
    found = report.Report(table(findings), before, machine.load())
    print("\n" + found.text())
    print(f"\nWritten to {report.keep(found)}")
    if asked.docs:
        print(f"Written to {report.publish(found)}")


def measured(wanted: list[ModuleType]) -> list[Finding]:
    findings: list[Finding] = []
    with Arena.prepare() as arena:
        for goal in wanted:
            name, began = goal.__name__.rpartition(".")[2], time.monotonic()
            print(f"{name} …", end=" ", flush=True)
            findings += goal.measure(arena)
            print(f"{time.monotonic() - began:.0f} s", flush=True)
    return sorted(findings, key=lambda finding: finding.number)


if __name__ == "__main__":
    main()
