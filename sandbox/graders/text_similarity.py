"""text_similarity: how alike two texts are, from 0 to 1, by the measure of your choice."""

from sandbox.graders.fields import Fields
from sandbox.graders.grade import Grade
from sandbox.graders.grader import Grader
from sandbox.graders.metrics import METRICS, likeness
from sandbox.graders.templates import Scope, Template


class TextSimilarity(Grader):
    type = "text_similarity"
    keys = ("input", "reference", "evaluation_metric")

    def __init__(self, fields: Fields) -> None:
        super().__init__(fields)
        self._input = Template(fields.string("input"))
        self._reference = Template(fields.string("reference"))
        self._measure = METRICS[fields.choice("evaluation_metric", METRICS)]

    def _grade(self, scope: Scope) -> Grade:
        text, reference = self._input.render(scope), self._reference.render(scope)
        return Grade(reward=likeness(self._measure, text, reference))
