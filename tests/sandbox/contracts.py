"""OpenAPI documents that answers are held against: the sandbox's own, and the official one.

The official one is not ours to keep here: it is read beside $SAMPLES_DIR, where that is set.
"""

import json
import os
import re
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from sandbox.openapi import document

Document = dict[str, Any]

BASE = "urn:document"
JSON = "application/json"
SCHEMAS = "/components/schemas/"


class Answer(NamedTuple):
    method: str
    path: str
    """Below /v1."""
    status: int
    media_type: str
    body: bytes


class Contract:
    """`refusal` is the schema of an error. One that says all knows every status; the other only
    what goes well.
    """

    def __init__(self, document: Document, refusal: str, *, says_all: bool) -> None:
        self.document = document
        self.refusal = SCHEMAS + refusal
        self.says_all = says_all
        resource = DRAFT202012.create_resource(document)
        self.registry: Registry[Any] = Registry().with_resource(BASE, resource)

    def faults(self, answer: Answer) -> list[str]:
        """Everything in which the answer is not as the document says."""
        method, status, template = answer.method.lower(), str(answer.status), self.template(answer)
        responses = self.document["paths"][template][method]["responses"] if template else {}
        if (known := responses.get(status)) is None:
            return self._faults_of_undocumented(answer, is_known=bool(template))
        if answer.media_type not in known["content"]:
            return [f"{answer.media_type} is not documented"] if self.says_all else []
        if answer.media_type != JSON:
            return []
        place = pointer("paths", template, method, "responses", status, "content", JSON, "schema")
        return self.misfits(answer.body, place)

    def template(self, answer: Answer) -> str:
        """The path as it is documented; nothing if it is not."""
        for template, pattern in self._patterns:
            has_method = answer.method.lower() in self.document["paths"][template]
            if has_method and pattern.fullmatch(answer.path):
                return template
        return ""

    def misfits(self, body: bytes, place: str) -> list[str]:
        check = Draft202012Validator({"$ref": BASE + "#" + place}, registry=self.registry)
        errors = check.iter_errors(json.loads(body))
        return [f"{error.json_path}: {error.message[:300]}" for error in errors]

    def _faults_of_undocumented(self, answer: Answer, *, is_known: bool) -> list[str]:
        """Of a status that is not documented, or of a path or a method that is not."""
        if answer.status >= 400 and not (is_known and self.says_all):
            return self.misfits(answer.body, self.refusal)
        return [f"{answer.status} is not documented"] if is_known or self.says_all else []

    @cached_property
    def _patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        paths = self.document["paths"]
        return [(path, re.compile(re.sub(r"\{\w+\}", "[^/]+", path))) for path in paths]


def pointer(*keys: str) -> str:
    """A JSON pointer."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


@cache
def contracts() -> list[Contract]:
    own = Contract(document(), "Error", says_all=True)
    samples = os.environ.get("SAMPLES_DIR")
    return [own, official(Path(samples).parent / "openapi-finetuning.json")] if samples else [own]


def official(path: Path) -> Contract:
    """With what the service is known to do against it: it pauses jobs, and several graders make
    up a multi, in a list as in the document's own example or by name as its users send them.
    """
    known = normal(json.loads(path.read_text()))
    schemas = known["components"]["schemas"]
    schemas["FineTuningJob"]["properties"]["status"]["enum"] += ["pausing", "paused"]
    parts = schemas["GraderMulti"]["properties"]
    by_name = {"type": "object", "additionalProperties": parts["graders"]}
    in_list = {"type": "array", "items": parts["graders"]}
    parts["graders"] = {"anyOf": [parts["graders"], in_list, by_name]}
    return Contract(known, "ErrorResponse", says_all=False)


def normal(schema: Any) -> Any:
    """It says 3.1 and speaks 3.0: `nullable`, and bounds that are excluded by a boolean."""
    if isinstance(schema, list):
        return [normal(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    read = {key: normal(value) for key, value in schema.items()}
    if read.get("exclusiveMinimum") is True:
        read["exclusiveMinimum"] = read.pop("minimum")
    if read.pop("nullable", False) is True:
        return {"anyOf": [read, {"type": "null"}]}
    return read
