"""Measures Tuneboard beside its peers: `make bench` (docs/performance.md shows what it found).

goals/      one module a goal: what is done, to whom, and what would be good enough
arena       who takes part: our own stack and, where they are installed, the peers, all running at once
ours        our stack with its data (seed fills it); peers: MLflow and TensorBoard with the same work
listening   our worker alone, on an account of the sandbox's
processes   a process tree: start it, wait for its first page, read its CPU and memory, stop it
load        HTTP over kept connections, from a process of its own
browser     pages in Chromium with an empty cache
table       findings, and the table that says which goals are met

Absolute times say little on a shared machine: a goal is a ratio, both sides are measured in turns in one
run, and each figure is the median of its rounds.
"""
