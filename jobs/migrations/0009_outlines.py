from django.db import migrations, models
from django.db.models.deletion import CASCADE

from jobs.models.outline import GRAINS, extremes
from jobs.models.packing import CHUNK, Packed, as_packed, from_bytes, pack, steps_of


def trace(apps, schema_editor):
    """Outline the full chunks that are there already."""
    Series, Outline = apps.get_model("jobs", "Series"), apps.get_model("jobs", "Outline")
    full = Series.objects.filter(size=CHUNK).values_list("job_id", "chunk", *Packed._fields)
    for job, number, *columns in full.iterator(chunk_size=100):
        chunk = as_packed(tuple(columns))
        steps, values = steps_of(chunk), from_bytes(chunk.kind, chunk.values)
        Outline.objects.bulk_create(
            Outline(job_id=job, name=chunk.name, chunk=number, level=level, **pack(*thinned))
            for level, thinned in enumerate(extremes(steps, values, grain) for grain in GRAINS)
        )


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0008_health"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("level", models.PositiveSmallIntegerField()),
                ("chunk", models.PositiveIntegerField()),
                ("first_step", models.PositiveBigIntegerField()),
                ("last_step", models.PositiveBigIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("stride", models.PositiveBigIntegerField(null=True)),
                ("steps", models.BinaryField()),
                ("kind", models.CharField(max_length=1)),
                ("values", models.BinaryField()),
                ("job", models.ForeignKey(on_delete=CASCADE, related_name="+", to="jobs.job")),
            ],
        ),
        migrations.AddConstraint(
            model_name="outline",
            constraint=models.UniqueConstraint(fields=("job", "name", "level", "chunk"), name="outline_once"),
        ),
        migrations.RunPython(trace, migrations.RunPython.noop),
    ]
