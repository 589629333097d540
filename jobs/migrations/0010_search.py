from itertools import groupby

from django.db import migrations, models
from django.db.models.deletion import CASCADE

from jobs.models import words
from jobs.models.measures import BASE_MODEL, DURATION, METHOD, NAME
from jobs.models.series import Packed, as_packed, from_bytes
from jobs.models.trait import values_of

BATCH = 500


def make_words(apps, schema_editor):
    on = {"sqlite": words.ON_SQLITE, "postgresql": words.ON_POSTGRES}
    for statement in on[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remember(apps, schema_editor):
    """What searches read of the jobs that are there already."""
    Job, Trait, Words = (apps.get_model("jobs", name) for name in ("Job", "Trait", "Words"))
    told = ["method", "method_recipe", "hyperparameters", "metadata"]
    told += ["training_file", "validation_file", "result_files", *words.READ]
    jobs = Job.objects.only(*told).iterator(chunk_size=BATCH)
    for _, batch in groupby(enumerate(jobs), key=lambda each: each[0] // BATCH):
        found = [job for _, job in batch]
        Words.objects.bulk_create(Words(job_id=job.pk, text=words.text_of(job)) for job in found)
        Trait.objects.bulk_create(
            Trait(job_id=job.pk, name=name, word=word, number=number)
            for job in found
            for name, word, number in values_of(job)
        )


def sum_up(apps, schema_editor):
    """The metrics of the series that are there already."""
    Series, Summary = (apps.get_model("jobs", name) for name in ("Series", "MetricSummary"))
    rows = Series.objects.order_by("job", "name", "chunk").values_list("job_id", *Packed._fields)
    for (job, name), chunks in groupby(rows.iterator(chunk_size=100), key=lambda row: row[:2]):
        parts = [(chunk, from_bytes(chunk.kind, chunk.values)) for chunk in map(packed, chunks)]
        if len(name) <= 200:
            Summary.objects.create(
                job_id=job,
                name=name,
                last=parts[-1][1][-1],
                last_step=parts[-1][0].last_step,
                min=min(min(values) for _, values in parts),
                max=max(max(values) for _, values in parts),
                count=sum(len(values) for _, values in parts),
            )


def packed(row):
    return as_packed(row[1:])


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def job(related_name):
    return models.ForeignKey(on_delete=CASCADE, related_name=related_name, to="jobs.job")


def index_jobs(name, *columns):
    return migrations.AddIndex("job", models.Index(*columns, models.F("id"), name=name))


def index_columns(name, column):
    return migrations.AddIndex("job", models.Index(fields=[column, "id"], name=name))


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0009_outlines"),
    ]

    operations = [
        migrations.CreateModel(
            name="Words",
            fields=[
                ("job_id", models.BigIntegerField(db_column="rowid", primary_key=True, serialize=False)),
                ("text", models.TextField()),
            ],
            options={"verbose_name_plural": "words", "db_table": "jobs_words", "managed": False},
        ),
        migrations.CreateModel(
            name="MetricSummary",
            fields=[
                ("id", key()),
                ("name", models.TextField()),
                ("last", models.FloatField()),
                ("last_step", models.PositiveBigIntegerField()),
                ("min", models.FloatField()),
                ("max", models.FloatField()),
                ("count", models.PositiveBigIntegerField()),
                ("job", job("metrics")),
            ],
            options={
                "verbose_name_plural": "metric summaries",
                "constraints": [models.UniqueConstraint(fields=("job", "name"), name="metric_once")],
                "indexes": [
                    models.Index(fields=["name", "last", "job"], name="metric_last"),
                    models.Index(fields=["name", "min", "job"], name="metric_min"),
                    models.Index(fields=["name", "max", "job"], name="metric_max"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[("id", key()), ("name", models.CharField(max_length=50)), ("job", job("tags"))],
            options={
                "constraints": [models.UniqueConstraint(fields=("job", "name"), name="tag_once")],
                "indexes": [models.Index(fields=["name", "job"], name="tag_name")],
            },
        ),
        migrations.CreateModel(
            name="Trait",
            fields=[
                ("id", key()),
                ("name", models.TextField(help_text="hp.NAME, meta.KEY or file")),
                ("word", models.TextField(help_text="Its value in small letters.")),
                ("number", models.FloatField(help_text="The same where it is a number.", null=True)),
                ("job", job("traits")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("job", "name", "word"), name="trait_once")],
                "indexes": [
                    models.Index(fields=["name", "word", "job"], name="trait_word"),
                    models.Index(fields=["name", "number", "job"], name="trait_number"),
                ],
            },
        ),
        index_columns("job_account", "account"),
        index_columns("job_state", "state"),
        index_jobs("job_name", NAME),
        index_jobs("job_base_model", BASE_MODEL),
        index_jobs("job_method", METHOD),
        index_jobs("job_duration", DURATION),
        index_columns("job_best_loss", "best_loss"),
        index_columns("job_step", "step"),
        index_columns("job_tokens", "trained_tokens"),
        index_columns("job_started", "started_at"),
        index_columns("job_ended", "ended_at"),
        migrations.RunPython(make_words, migrations.RunPython.noop),
        migrations.RunPython(remember, migrations.RunPython.noop),
        migrations.RunPython(sum_up, migrations.RunPython.noop),
    ]
