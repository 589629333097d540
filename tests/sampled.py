"""What services said: samples of our own writing, and the real ones in $SAMPLES_DIR where that is set."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OWN = Path(__file__).parent / "samples"
REAL = Path(os.environ["SAMPLES_DIR"]) if os.environ.get("SAMPLES_DIR") else None
FILES = sorted(path for folder in (OWN, REAL) if folder for path in folder.iterdir())
JSON_FILES = [path for path in FILES if path.suffix == ".json"]
RESULT_FILES = [path for path in FILES if path.name.startswith("result_file")]

Json = dict[str, Any]


def objects(value: Any, kind: str) -> Iterator[Json]:
    """Every object of that kind, however deep it lies."""
    if isinstance(value, dict) and value.get("object") == kind:
        yield value
        return
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        yield from objects(item, kind)


def files_with(kind: str) -> list[Path]:
    return [path for path in JSON_FILES if any(objects(json.loads(path.read_text()), kind))]


def found(path: Path, kind: str) -> list[Json]:
    return list(objects(json.loads(path.read_text()), kind))
