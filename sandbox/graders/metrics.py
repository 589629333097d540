"""Measures of how alike two texts are: f(text, reference) from 0 to 1.

The libraries are heavy and loaded by the first measure that needs one: a sandbox that grades
nothing never pays for them. Words are runs of letters and digits, and each other sign.
"""

import math
import re
from collections import Counter
from collections.abc import Callable
from functools import partial

from sandbox.graders.grade import Ungradable

WORD = re.compile(r"\w+|[^\w\s]")
LONGEST_ORDER = 4
MOST_CHARACTERS = 20_000
"""Of each text. Some measures take as long as the one length times the other."""

Measure = Callable[[str, str], float]


def likeness(measure: Measure, text: str, reference: str) -> float:
    if max(len(text), len(reference)) > MOST_CHARACTERS:
        raise Ungradable(truncated_observation_error=True)
    return min(1.0, max(0.0, measure(text, reference)))


def fuzzy_match(text: str, reference: str) -> float:
    """The share of characters that stay when one text becomes the other."""
    from rapidfuzz import fuzz

    return fuzz.ratio(text, reference) / 100


def partial_match(text: str, reference: str) -> float:
    """How much of the shorter stands in the longer, whatever the case. Only for the scorer."""
    from rapidfuzz import fuzz

    return fuzz.partial_ratio(text.casefold(), reference.casefold()) / 100


def cosine(text: str, reference: str) -> float:
    """Between counts of words: there is no embedding model here."""
    ours, theirs = Counter(_words(text.lower())), Counter(_words(reference.lower()))
    length = math.sqrt(_dot(ours, ours) * _dot(theirs, theirs))
    return _dot(ours, theirs) / length if length else 0.0


def bleu(text: str, reference: str) -> float:
    """Smoothed, and by no longer runs of words than both texts have."""
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

    ours, theirs = _words(text), _words(reference)
    order = min(LONGEST_ORDER, len(ours), len(theirs))
    if not order:
        return 0.0
    smooth = SmoothingFunction().method1
    weights = [1 / order] * order
    return float(sentence_bleu([theirs], ours, weights, smoothing_function=smooth))


def gleu(text: str, reference: str) -> float:
    from nltk.translate.gleu_score import sentence_gleu

    ours, theirs = _words(text), _words(reference)
    return float(sentence_gleu([theirs], ours)) if ours and theirs else 0.0


class NoSynonyms:
    """In place of WordNet, which is not ours to ship: METEOR without its third stage."""

    def synsets(self, word: str) -> list[object]:
        return []


def meteor(text: str, reference: str) -> float:
    """By equal words and equal stems."""
    from nltk.translate.meteor_score import single_meteor_score

    return float(single_meteor_score(_words(reference), _words(text), wordnet=NoSynonyms()))


class _Words:
    """The words that ROUGE compares; its own would drop all but a to z."""

    def tokenize(self, text: str) -> list[str]:
        return _words(text.lower())


def rouge(text: str, reference: str, *, order: int) -> float:
    """The f-measure of runs of so many words."""
    from rouge_score.rouge_scorer import RougeScorer

    kind = f"rouge{order}"
    return float(RougeScorer([kind], tokenizer=_Words()).score(reference, text)[kind].fmeasure)


def rouge_l(text: str, reference: str) -> float:
    """The f-measure of the longest common subsequence of words.

    rouge-score's own fills a table of all pairs: minutes and gigabytes for long texts.
    """
    from rapidfuzz.distance import LCSseq

    ours, theirs = _words(text.lower()), _words(reference.lower())
    return 2 * LCSseq.similarity(ours, theirs) / max(1, len(ours) + len(theirs))


def _words(text: str) -> list[str]:
    return WORD.findall(text)


def _dot(ours: Counter[str], theirs: Counter[str]) -> int:
    return sum(count * theirs[word] for word, count in ours.items())


METRICS: dict[str, Measure] = {
    "cosine": cosine,
    "fuzzy_match": fuzzy_match,
    "bleu": bleu,
    "gleu": gleu,
    "meteor": meteor,
    **{f"rouge_{order}": partial(rouge, order=order) for order in range(1, 6)},
    "rouge_l": rouge_l,
}
