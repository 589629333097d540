"""Expressions over a job's columns that are indexed as they stand here: a query must use the same."""

from typing import Any

from django.db.models import F, FloatField, Func, TextField


class Head(Func):
    """The first 200 characters: an index takes no text of any length, and services know no bounds."""

    template = "SUBSTR(%(expressions)s, 1, 200)"
    output_field = TextField()

    @classmethod
    def sql(cls, column: str) -> str:
        return cls.template % {"expressions": column}


class Seconds(Func):
    """To one moment from another, to the millisecond."""

    template = "ROUND((JULIANDAY(%(expressions)s)) * 86400, 3)"
    arg_joiner = ") - JULIANDAY("
    output_field = FloatField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        template = "ROUND(EXTRACT(EPOCH FROM (%(expressions)s)), 3)::float8"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ")


NAME = Head("name")
BASE_MODEL = Head("base_model")
METHOD = Head("method")
DURATION = Seconds(F("ended_at"), F("started_at"))


class Aside(Func):
    """The column, hidden from indexes on it: SQLite would fetch every row of a large set by its key,
    where a walk that holds each key against the set is many times faster.
    """

    template = "+%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s")
