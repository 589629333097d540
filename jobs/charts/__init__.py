"""Packed points in, Plotly figures out. Nothing here knows a request or a model.

families   which metrics share a chart, and what each line is called in words
figure     the chart of one family as a binary message
sparkline  a curve as the points of a small SVG
"""

from jobs.charts.families import TITLES, cards, families, family_of, labels, rank, title
from jobs.charts.figure import EVERYWHERE, Arrays, Chunk, Json, Mark, Span, figure, spelled_out
from jobs.charts.sparkline import SPARKLINE, sparkline

__all__ = [
    "EVERYWHERE",
    "SPARKLINE",
    "TITLES",
    "Arrays",
    "Chunk",
    "Json",
    "Mark",
    "Span",
    "cards",
    "families",
    "family_of",
    "figure",
    "labels",
    "rank",
    "sparkline",
    "spelled_out",
    "title",
]
