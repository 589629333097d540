"""A tiny language model in numpy: the next byte, given the sixteen before it.

Each byte of the context is embedded, the embeddings go side by side through one hidden layer of
tanh units, and a softmax over the 256 bytes comes out. Cross entropy is differentiated by hand.
Everything is float32 and single-threaded: the same calls give the same bits.
"""

import os
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Weights = dict[str, Floats]

CONTEXT = 16
EMBEDDING = 16
VOCABULARY = 256
END = 5
"""The byte with which a message ends."""
CHUNK = 4096
"""Places scored at once: bounds the memory of a large batch."""

PRIMER = (
    "Hello, and thank you for writing to us. I am sorry that this has been a bother; let me "
    "look into it for you. Could you tell me when it began, and what you have tried so far? "
    "Most of the time it is quickly put right: open the settings, choose your account, and "
    "sign in again. If that does not help, we will replace it or give your money back."
)
"""What an untrained model knows: how often letters occur in text like this, and that a message
ends about as often as a sentence.
"""


@dataclass(frozen=True)
class Score:
    """How likely each target was, and whether it was the model's first guess."""

    log_probabilities: Floats
    hits: NDArray[np.bool_]


class TinyModel:
    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    @classmethod
    def base(cls, name: str, hidden: int) -> Self:
        """The untrained model of that name: always the same numbers."""
        random = np.random.default_rng(zlib.crc32(name.encode()))

        def normal(rows: int, columns: int, spread: float) -> Floats:
            return (random.standard_normal((rows, columns)) * spread).astype(np.float32)

        width = CONTEXT * EMBEDDING
        return cls(
            {
                "embedding": normal(VOCABULARY, EMBEDDING, 0.5),
                "inner": normal(width, hidden, width**-0.5),
                "inner_bias": np.zeros(hidden, np.float32),
                "outer": normal(hidden, VOCABULARY, 0.1),
                "outer_bias": _letter_frequencies(),
            }
        )

    def score(self, contexts: Bytes, targets: Bytes) -> Score:
        parts = [
            self._score(*self._forward(some)[1:], targets[where])
            for where, some in _chunks(contexts)
        ]
        return _joined(parts)

    def draw(self, contexts: Bytes, random: np.random.Generator) -> Bytes:
        """A next byte for each context, as likely as the model holds it."""
        luck = random.random(len(contexts), np.float32)
        drawn = np.empty(len(contexts), np.uint8)
        for where, some in _chunks(contexts):
            piled = np.cumsum(np.exp(self._forward(some)[2]), axis=1)
            below = piled <= luck[where, None] * piled[:, -1:]
            drawn[where] = np.minimum(below.sum(axis=1), VOCABULARY - 1)
        return drawn

    def copy(self) -> "TinyModel":
        return TinyModel({name: part.copy() for name, part in self.weights.items()})

    def gradient(self, contexts: Bytes, targets: Bytes, blame: Floats) -> tuple[Score, Weights]:
        """The score, and the gradient of the sum of -log p(target) times its `blame`."""
        total = {name: np.zeros_like(values) for name, values in self.weights.items()}
        parts = []
        for where, some in _chunks(contexts):
            seen, hidden, logits = self._forward(some)
            score = self._score(hidden, logits, targets[where])
            parts.append(score)
            error = np.exp(logits)
            error[np.arange(len(some)), targets[where]] -= 1
            error *= blame[where, None]
            self._backward(total, some, seen, hidden, error)
        return _joined(parts), total

    def _forward(self, contexts: Bytes) -> tuple[Floats, Floats, Floats]:
        """What the hidden layer sees, what it makes of it, and the log probabilities."""
        w = self.weights
        seen = w["embedding"][contexts].reshape(len(contexts), -1)
        hidden = np.tanh(seen @ w["inner"] + w["inner_bias"])
        logits = hidden @ w["outer"] + w["outer_bias"]
        logits -= logits.max(axis=1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return seen, hidden, logits

    @staticmethod
    def _score(hidden: Floats, logits: Floats, targets: Bytes) -> Score:
        chosen = logits[np.arange(len(targets)), targets]
        return Score(chosen, logits.argmax(axis=1) == targets)

    def _backward(
        self, total: Weights, contexts: Bytes, seen: Floats, hidden: Floats, error: Floats
    ) -> None:
        w = self.weights
        total["outer"] += hidden.T @ error
        total["outer_bias"] += error.sum(axis=0)
        inner = (error @ w["outer"].T) * (1 - hidden * hidden)
        total["inner"] += seen.T @ inner
        total["inner_bias"] += inner.sum(axis=0)
        seen_error = (inner @ w["inner"].T).reshape(-1, EMBEDDING)
        which = contexts.reshape(-1)
        for column in range(EMBEDDING):
            total["embedding"][:, column] += np.bincount(
                which, seen_error[:, column], minlength=VOCABULARY
            ).astype(np.float32)


class Adam:
    """The optimiser and its memory, which a snapshot must hold as well as the weights."""

    RATE = 3e-3
    FIRST, SECOND, TINY = np.float32(0.9), np.float32(0.99), np.float32(1e-8)
    LONGEST = 1.0
    """Gradients are shortened to this length: a wild batch must not throw the model over."""

    def __init__(self, weights: Weights) -> None:
        self.first = {name: np.zeros_like(values) for name, values in weights.items()}
        self.second = {name: np.zeros_like(values) for name, values in weights.items()}

    def step(self, weights: Weights, gradient: Weights, step: int, multiplier: float) -> None:
        length = np.sqrt(sum(float(np.vdot(part, part)) for part in gradient.values()))
        shrink = np.float32(min(1.0, self.LONGEST / (length + 1e-12)))
        rate = self.RATE * multiplier * np.sqrt(1 - self.SECOND**step) / (1 - self.FIRST**step)
        for name, slope in gradient.items():
            first, second = self.first[name], self.second[name]
            slope *= shrink
            first += (1 - self.FIRST) * (slope - first)
            second += (1 - self.SECOND) * (slope * slope - second)
            weights[name] -= np.float32(rate) * first / (np.sqrt(second) + self.TINY)


@dataclass
class Training:
    """A model while it is trained, and all that must be remembered to go on."""

    model: TinyModel
    adam: Adam
    trained_tokens: int = 0


def save(path: Path, training: Training) -> None:
    """All or nothing: a reader sees the whole snapshot or none."""
    draft = path.with_suffix(".draft")
    adam = training.adam
    memory = {"weights": training.model.weights, "first": adam.first, "second": adam.second}
    with draft.open("wb") as sink:
        flat = {f"{kind}.{name}": a for kind, group in memory.items() for name, a in group.items()}
        np.savez(sink, trained_tokens=training.trained_tokens, **flat)  # type: ignore[arg-type]
    os.replace(draft, path)


def load(path: Path) -> Training:
    groups: dict[str, Weights] = {"weights": {}, "first": {}, "second": {}}
    with np.load(path) as flat:
        trained_tokens = int(flat.get("trained_tokens", 0))  # version 0.1 did not note it
        for key in flat.files:
            kind, _, name = key.partition(".")
            if kind in groups:
                groups[kind][name] = flat[key]
    training = Training(TinyModel(groups["weights"]), Adam(groups["weights"]), trained_tokens)
    training.adam.first, training.adam.second = groups["first"], groups["second"]
    return training


def _letter_frequencies() -> Floats:
    counts = Counter(PRIMER.encode())
    counts[END] = counts[ord(".")] + counts[ord("?")]
    found = np.array([counts.get(byte, 0) for byte in range(VOCABULARY)], np.float32)
    frequencies: Floats = np.log((found + 0.1) / (found + 0.1).sum())
    return frequencies


def _chunks(contexts: Bytes) -> Iterator[tuple[slice, Bytes]]:
    for begin in range(0, len(contexts), CHUNK):
        where = slice(begin, begin + CHUNK)
        yield where, contexts[where]


def _joined(parts: list[Score]) -> Score:
    return Score(
        np.concatenate([part.log_probabilities for part in parts]),
        np.concatenate([part.hits for part in parts]),
    )
