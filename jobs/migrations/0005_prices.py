"""What OpenAI asked for training when it last said so. People change it where their service asks for something else."""

from django.db import migrations

BY_TOKENS = "OpenAI's pricing page, October 2025: the last one to list training by tokens"
BY_HOURS = "OpenAI's pricing page, September 2026"

# Dollars per million training tokens.
SUPERVISED = {
    "gpt-4.1": "25",
    "gpt-4.1-mini": "5",
    "gpt-4.1-nano": "1.5",
    "gpt-4o": "25",
    "gpt-4o-mini": "3",
    "gpt-3.5-turbo": "8",
    "davinci-002": "6",
    "babbage-002": "0.4",
}
PREFERENCES = ("gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "gpt-4o", "gpt-4o-mini")


def note(apps, schema_editor):
    Price = apps.get_model("jobs", "Price")
    by_tokens = [(prefix, "supervised") for prefix in SUPERVISED]
    by_tokens += [(prefix, "dpo") for prefix in PREFERENCES]
    Price.objects.bulk_create(
        Price(prefix=prefix, method=method, per_million=SUPERVISED[prefix], source=BY_TOKENS)
        for prefix, method in by_tokens
    )
    Price.objects.create(
        prefix="o4-mini", method="reinforcement", per_hour="100", source=BY_HOURS
    )


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0004_orders'),
    ]

    operations = [
        migrations.RunPython(note, migrations.RunPython.noop),
    ]
