"""The query language of the jobs list: what people type, read into terms. Pure; knows no table.

What a term finds is jobs.models.finding's to say; `examples` documents the language, and is what its
tests run through.
"""

from jobs.search.fields import Subject
from jobs.search.grammar import parse
from jobs.search.query import Problem, Query, Term
from jobs.search.values import Ago, Between, Pattern

__all__ = ["Ago", "Between", "Pattern", "Problem", "Query", "Subject", "Term", "parse"]
