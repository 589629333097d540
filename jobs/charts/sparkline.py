from collections.abc import Sequence

SPARKLINE = (96, 24, 48)  # width, height, most points
HIGHEST = 1e300  # twice as much is still a number


def sparkline(values: Sequence[float]) -> str:
    """A series as the points of a small SVG polyline, "x,y x,y …": means of equal stretches."""
    width, height, most = SPARKLINE
    size = max(1, -(-len(values) // most))
    means = [
        max(-HIGHEST, min(sum(stretch) / len(stretch), HIGHEST))
        for stretch in (values[start : start + size] for start in range(0, len(values), size))
    ]
    if len(means) < 2:
        return ""
    low, high = min(means), max(means)
    scale = (height - 2) / (high - low) if high > low else 0
    return " ".join(
        f"{index * width / (len(means) - 1):.4g},{1 + (high - mean) * scale:.4g}"
        for index, mean in enumerate(means)
    )
