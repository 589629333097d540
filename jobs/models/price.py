from typing import Self

from django.db import models


def base_of(model: str) -> str:
    """What a model that was tuned before is based on, else the model itself."""
    if model.startswith("ft:"):
        return model.split(":")[1]
    return model.split(".ft-")[0]


class PriceQuerySet(models.QuerySet["Price"]):
    def for_model(self, base_model: str, method: str) -> "Price | None":
        """The price with the longest prefix of its name; a tuned model is trained for what its base costs.
        They are few, and read once.
        """
        base = base_of(base_model)
        fits = (each for each in self if each.method == method and base.startswith(each.prefix))
        return max(fits, key=lambda price: len(price.prefix), default=None)

    def for_list(self) -> Self:
        return self.order_by("prefix", "method")


class Price(models.Model):
    """What a service asks for training: by the million tokens, or by the hour. People keep it true."""

    prefix = models.CharField(max_length=200, help_text="How the names of the models begin.")
    method = models.CharField(max_length=20)
    per_million = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    per_hour = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    source = models.CharField(max_length=300, blank=True, help_text="Who says so, and when.")

    objects = PriceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prefix", "method"], name="one_price_per_model"),
            models.CheckConstraint(
                condition=models.Q(per_million__isnull=False, per_hour=None)
                | models.Q(per_million=None, per_hour__isnull=False),
                name="price_by_tokens_or_by_hours",
            ),
        ]

    def __str__(self) -> str:
        amount, unit = (self.per_million, "million tokens")
        if amount is None:
            amount, unit = self.per_hour, "hour"
        return f"{self.prefix} ({self.method}): {amount} {self.currency} per {unit}"
