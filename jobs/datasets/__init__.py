"""Training files, judged before anything is sent. Pure: bytes in, a report out.

lines     cut       chunks of bytes -> numbered lines
parsing   reads     a line -> an object, or why it is none
reading   joins     lines and parsing -> examples, unless the file is something else
formats   judge     an example -> what is wrong with it, for each format
special   finds     tokens that no text may contain
findings  keep      what is wrong: all counted, the first hundred kept
tokens    count     text -> tokens, by the base model's tokenizer where there is one
census    counts    what is in the examples: roles, turns, tokens, tools, images
digests   compare   the same example twice, or in two files
preview   cuts      an example -> one that is small enough to be shown
judge     asks      all of these about one example after another
report    says      what came of it: check() is the one way in
cost      reckons   tokens, epochs and a price -> an estimate and its formula
summary   words     a report as text, for `python -m jobs.datasets`

Knows no Django, no request and no wire. Memory grows by twelve bytes an example.
"""

from jobs.datasets.digests import overlap
from jobs.datasets.findings import Problem
from jobs.datasets.report import LEAST_EXAMPLES, METHODS, Report, check

__all__ = ["LEAST_EXAMPLES", "METHODS", "Problem", "Report", "check", "overlap"]
