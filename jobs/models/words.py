"""Where free words are looked for: the names and ids of every job, as one text.

On SQLite it is a full-text table of trigrams (FTS5), on Postgres a table with an index of trigrams
where the extension pg_trgm may be had. Neither is Django's to make: a migration does.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.lookups import Lookup

from jobs.models.job import Job

TRIGRAM = 3  # characters; what is shorter is in no index
READ = ("name", "upstream_id", "base_model", "fine_tuned_model", "suffix")

ON_SQLITE = ["CREATE VIRTUAL TABLE jobs_words USING fts5(text, tokenize = 'trigram')"]
ON_POSTGRES = [
    "CREATE TABLE jobs_words (rowid bigint PRIMARY KEY, text text NOT NULL)",
    # Whoever owns a database may usually have this extension; without it words are searched one by one.
    """
    DO $$ BEGIN
      CREATE EXTENSION IF NOT EXISTS pg_trgm;
      CREATE INDEX jobs_words_trigrams ON jobs_words USING gin (UPPER(text) gin_trgm_ops);
    EXCEPTION WHEN OTHERS THEN
      RAISE NOTICE 'Words of jobs are not indexed: %', SQLERRM;
    END $$
    """,
]


def like(parts: Iterable[str]) -> str:
    """A pattern of LIKE, with any text between the parts."""
    escaped = (part.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") for part in parts)
    return "%".join(escaped)


class Like(Lookup):
    """The whole text is as the pattern says, in capitals or not."""

    lookup_name = "like_in_any_case"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} LIKE %s ESCAPE '\\'", [*params, self.rhs]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        return f"UPPER({left}) LIKE UPPER(%s)", [*params, self.rhs]


class Holds(Like):
    """The text has these words somewhere in it."""

    lookup_name = "holds"

    def __init__(self, text: Any, words: str) -> None:
        super().__init__(text, like(["", words, ""]))
        self.words = words

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if len(self.words) < TRIGRAM:
            return super().as_sql(compiler, connection)
        left, params = self.process_lhs(compiler, connection)
        phrase = '"' + self.words.replace('"', '""') + '"'
        return f"{left} MATCH %s", [*params, phrase]


def text_of(job: Job) -> str:
    return "\n".join(filter(None, (getattr(job, name) for name in READ)))


class WordsQuerySet(models.QuerySet["Words"]):
    def holding(self, *words: str) -> "WordsQuerySet":
        """The texts that have all of these in them."""
        found = self
        for each in words:
            found = found.filter(Holds(models.F("text"), each))
        return found

    def remember(self, jobs: Iterable[Job]) -> None:
        texts = [Words(job_id=job.pk, text=text_of(job)) for job in jobs]
        self.filter(job_id__in=[each.job_id for each in texts]).delete()
        self.bulk_create(texts)


class Words(models.Model):
    job_id = models.BigIntegerField(primary_key=True, db_column="rowid")
    text = models.TextField()

    objects = WordsQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "jobs_words"
        verbose_name_plural = "words"

    def __str__(self) -> str:
        return self.text
