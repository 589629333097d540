"""The goals, one module each. `measure(arena)` gives its findings; a new goal is a module and a line here.

A module says what work is done and how good would be good enough; how to measure is not its business.
"""

from bench.goals import (
    chart,
    compare,
    first_import,
    jobs_list,
    jobs_list_in_browser,
    long_chart,
    requests,
    sandbox,
    search,
    start,
    training_file,
)

# `start` comes first: it starts and stops everything by itself, the others share what then runs.
ALL = (
    start,
    jobs_list,
    jobs_list_in_browser,
    chart,
    long_chart,
    search,
    training_file,
    sandbox,
    first_import,
    requests,
    compare,
)
