from django.db import models


class Chunk(models.Model):
    """Points of one metric in one row, as `packing` lays them. What is whole and what is an outline of
    it look the same to a reader.
    """

    COLUMNS = ("first_step", "last_step", "size", "stride", "steps", "kind", "values")

    name = models.TextField()
    chunk = models.PositiveIntegerField()
    first_step = models.PositiveBigIntegerField()
    last_step = models.PositiveBigIntegerField()
    size = models.PositiveIntegerField()
    stride = models.PositiveBigIntegerField(null=True)
    steps = models.BinaryField()
    kind = models.CharField(max_length=1)
    values = models.BinaryField()

    class Meta:
        abstract = True
