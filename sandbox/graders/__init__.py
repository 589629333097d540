"""Graders: how good is what a model wrote? Pure; knows no route and no training.

    with read(spec) as grader:
        grade = grader.grade("the sample", {"reference": "of the row"})

    grade, grader            a reward, or why there is none; what all graders have in common
    fields                   reads a grader's JSON, or refuses it and names the place
    templates                {{item.reference}}, {{sample.output_text}}
    string_check             equal or not, contained or not
    text_similarity, metrics eleven measures of likeness
    python, cell, inmate     somebody's code, in a limited process
    models, inputs, scorer   score_model and label_model, before a scorer that is no model
    multi, formula           several graders and a sum over them

A grader is used by one thread at a time, and closed in the end: one may hold a process.
"""

from sandbox.graders.fields import Fields
from sandbox.graders.grade import Grade
from sandbox.graders.grader import Grader
from sandbox.graders.multi import PARTS, Multi

__all__ = ["Grade", "Grader", "read"]

KINDS: dict[str, type[Grader]] = {
    **{kind: grader for kind, grader in PARTS.items() if kind != "label_model"},
    "multi": Multi,
}


def read(spec: object, *, where: str = "grader") -> Grader:
    """The grader that a request describes, or an ApiError that names what is wrong with it."""
    fields = Fields(spec, where)
    return KINDS[fields.choice("type", KINDS)](fields)
