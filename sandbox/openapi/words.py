"""A few words for JSON Schemas, so that the document can be read."""

from typing import Any

Schema = dict[str, Any]

ANYTHING: Schema = {}
TEXT: Schema = {"type": "string"}
SOME_TEXT: Schema = {"type": "string", "minLength": 1}
INTEGER: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
NULL: Schema = {"type": "null"}
OBJECT: Schema = {"type": "object"}
BYTES: Schema = {"type": "string", "format": "binary"}
MOMENT: Schema = {"type": "integer", "minimum": 0, "description": "Seconds since 1970."}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def word(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


def text(least: int = 0, most: int | None = None) -> Schema:
    bounds = {"minLength": least, "maxLength": most}
    return TEXT | {key: bound for key, bound in bounds.items() if bound is not None}


def integer(least: int, most: int | None = None) -> Schema:
    return {**INTEGER, "minimum": least, **({} if most is None else {"maximum": most})}


def above(least: float, most: float | None = None) -> Schema:
    return {**NUMBER, "exclusiveMinimum": least, **({} if most is None else {"maximum": most})}


def or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, NULL]}


def one_of(*schemas: Schema) -> Schema:
    return {"oneOf": list(schemas)}


def any_of(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def several(of: Schema, least: int = 0, most: int | None = None) -> Schema:
    bounds = {"minItems": least or None, "maxItems": most}
    listed: Schema = {"type": "array", "items": of}
    return listed | {key: bound for key, bound in bounds.items() if bound is not None}


def named(of: Schema) -> Schema:
    """An object whose keys are names."""
    return {"type": "object", "additionalProperties": of}


def record(needed: Schema, optional: Schema | None = None, *, is_open: bool = False) -> Schema:
    """An object of these keys; only an open one may have others."""
    return {
        "type": "object",
        "required": list(needed),
        "properties": {**needed, **(optional or {})},
        "additionalProperties": is_open,
    }
