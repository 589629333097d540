"""On what it was measured: without that no figure can be read."""

import os
import platform
from importlib import metadata
from pathlib import Path

import psutil


def load() -> str:
    return " ".join(f"{each:.2f}" for each in os.getloadavg())


def described() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{processor()}, {psutil.cpu_count()} cores, {memory:.0f} GiB;"
        f" {platform.system()} {platform.machine()}, Python {platform.python_version()},"
        f" Django {metadata.version('django')}"
    )


def processor() -> str:
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text().splitlines() if listed.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "an unknown processor"
