"""JSON Schema from Google's discovery document: what the sandbox answers must fit it, with no field of its own."""

from __future__ import annotations

from typing import Any

import jsonschema

from tests.contracts.running_sandbox import DISCOVERY

_PATTERNS = {
    "uint64": r"^\d+$",
    "int64": r"^-?\d+$",
    "date-time": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$",
}


def _translated(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    kind = schema.get("type")
    made: dict[str, Any] = {} if kind in (None, "any") else {"type": kind}
    if "enum" in schema:
        made["enum"] = schema["enum"]
    if kind == "string" and schema.get("format") in _PATTERNS:
        made["pattern"] = _PATTERNS[schema["format"]]
    if "properties" in schema:
        made["properties"] = {name: _property(name, inner) for name, inner in schema["properties"].items()}
        made["additionalProperties"] = False
        if "kind" in schema["properties"] and "default" in schema["properties"]["kind"]:
            made["required"] = ["kind", "etag"] if "etag" in schema["properties"] else ["kind"]
    elif "additionalProperties" in schema:
        made["additionalProperties"] = _translated(schema["additionalProperties"])
    if "items" in schema:
        made["items"] = _translated(schema["items"])
    return made


def _property(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    if name == "kind" and "default" in schema:
        return {"const": schema["default"]}
    return _translated(schema)


_DEFS = {name: _translated(schema) for name, schema in DISCOVERY["schemas"].items()}
_VALIDATORS: dict[str, jsonschema.Draft202012Validator] = {}


def fits(name: str, body: Any) -> Any:
    """`body` is a `name` of the discovery document, to the field; returned for further looks."""
    if name not in _VALIDATORS:
        _VALIDATORS[name] = jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": _DEFS})
    _VALIDATORS[name].validate(body)
    return body
