"""In place of a model that judges: it compares letters, understands nothing, and says so.

What the sample gives is what a text takes from `sample`, or the last text if none does. It is held
against the last thing taken from `item`, or against all other words if there is none. The same
question has the same answer for ever.
"""

from collections.abc import Sequence

from sandbox.graders.grade import Ungradable, Usage
from sandbox.graders.inputs import Reading
from sandbox.graders.metrics import fuzzy_match, likeness, partial_match
from sandbox.graders.templates import Piece

NAME = "sandbox-scorer"
READS = f"{NAME} is no language model: it compares texts"


def score(reading: Reading) -> float:
    """From 0 to 1."""
    answer, rest = _answer(reading)
    taken = [piece.text for piece in rest if piece.origin == "item"]
    words = "".join(piece.text for piece in rest if piece.origin is None)
    if not taken and not words.strip():
        raise _refusal(reading)
    return likeness(fuzzy_match, answer, taken[-1] if taken else words)


def label(reading: Reading, labels: Sequence[str]) -> str:
    """The one that can best be found in the answer; of equals the first."""
    answer, _ = _answer(reading)
    return max(labels, key=lambda label: likeness(partial_match, label, answer))


def usage(reading: Reading, verdict: str) -> dict[str, Usage]:
    """Tokens are bytes here, as they are for every model of the sandbox."""
    read = sum(len(_bytes(piece.text)) for text in reading.texts for piece in text)
    wrote = len(_bytes(verdict))
    used = {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}
    return {NAME: {**used, "cached_tokens": 0}}


def remark(reading: Reading) -> str | None:
    """What it left out."""
    if not reading.unread:
        return None
    kinds = sorted(set(reading.unread))
    counts = " and ".join(f"{reading.unread.count(kind)} {kind}" for kind in kinds)
    return f"{READS}, and left out {counts}"


def _answer(reading: Reading) -> tuple[str, list[Piece]]:
    """What is judged, and all pieces that it can be held against."""
    pieces = [piece for text in reading.texts for piece in text]
    given = [piece.text for piece in pieces if piece.origin == "sample"]
    if given:
        return "\n".join(given), [piece for piece in pieces if piece.origin != "sample"]
    if not reading.texts:
        raise _refusal(reading)
    *others, last = reading.texts
    return "".join(piece.text for piece in last), [piece for text in others for piece in text]


def _refusal(reading: Reading) -> Ungradable:
    details = remark(reading) or f"{READS}, and found only one"
    return Ungradable(model_grader_refusal_error=True, model_grader_server_error_details=details)


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
