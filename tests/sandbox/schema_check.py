"""Enough of JSON Schema to judge answers by the OpenAPI document; no package needed."""

from typing import Any

KINDS: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": int | float,
    "null": type(None),
}


class SchemaCheck:
    def __init__(self, document: dict[str, Any]) -> None:
        self.schemas = document["components"]["schemas"]

    def faults(self, value: object, schema: dict[str, Any], where: str = "answer") -> list[str]:
        """Everything in which the value is not as the schema says."""
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        if value is None and schema.get("nullable"):
            return []
        for key in ("anyOf", "oneOf"):
            options = [self.faults(value, option, where) for option in schema.get(key, [])]
            if options and all(options):
                return min(options, key=len)
        faults = [f for part in schema.get("allOf", []) for f in self.faults(value, part, where)]
        if "enum" in schema and value not in schema["enum"]:
            faults.append(f"{where}: {value!r} is none of {schema['enum']}")
        kind = schema.get("type")
        if kind and not self._is_kind(value, kind):
            return [*faults, f"{where}: {value!r} is no {kind}"]
        return faults + self._inner(value, schema, where)

    def _inner(self, value: object, schema: dict[str, Any], where: str) -> list[str]:
        if isinstance(value, list) and "items" in schema:
            items = schema["items"]
            return [f for n, v in enumerate(value) for f in self.faults(v, items, f"{where}[{n}]")]
        if not isinstance(value, dict):
            return []
        faults = [f"{where}: {k} is missing" for k in schema.get("required", []) if k not in value]
        for key, inner_schema in schema.get("properties", {}).items():
            if key in value:
                faults += self.faults(value[key], inner_schema, f"{where}.{key}")
        return faults

    @staticmethod
    def _is_kind(value: object, kind: str) -> bool:
        if isinstance(value, bool):
            return kind == "boolean"
        return isinstance(value, KINDS[kind])
