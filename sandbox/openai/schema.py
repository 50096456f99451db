"""The part of JSON Schema that strict structured output takes, checked as the vendor checks it."""

from typing import Any

from sandbox.state import Json

Schema = dict[str, Any]


def complaint(schema: Json, path: str = "()") -> str | None:
    """What strict mode would refuse about a schema, in the vendor's words; None if it is fine."""
    if not isinstance(schema, dict):
        return f"In context={path}, schema must be an object."
    for name, inner in schema.get("$defs", {}).items():
        found = complaint(inner, f"('$defs', '{name}')")
        if found:
            return found
    for option in schema.get("anyOf", []):
        found = complaint(option, path)
        if found:
            return found
    if schema.get("type") == "object" or "properties" in schema:
        return _object_complaint(schema, path)
    if schema.get("type") == "array":
        if "items" not in schema:
            return f"In context={path}, array schema missing items."
        return complaint(schema["items"], f"{path[:-1]}, 'items')")
    if not ({"type", "anyOf", "$ref", "enum", "const"} & set(schema)):
        return f"In context={path}, schema must have a 'type' key."
    return None


def _object_complaint(schema: Schema, path: str) -> str | None:
    if schema.get("additionalProperties") is not False:
        return f"In context={path}, 'additionalProperties' is required to be supplied and to be false."
    properties = schema.get("properties", {})
    missing = sorted(set(properties) - set(schema.get("required", [])))
    if missing:
        return (
            f"In context={path}, 'required' is required to be supplied and to be an array including every key "
            f"in properties. Missing '{missing[0]}'."
        )
    for name, inner in properties.items():
        found = complaint(inner, f"('properties', '{name}')")
        if found:
            return found
    return None


def mismatch(value: Json, schema: Schema, root: Schema | None = None, path: str = "$") -> str | None:
    """Where a value does not fit a schema; None if it fits."""
    root = root or schema
    if "$ref" in schema:
        return mismatch(value, _resolve(schema["$ref"], root), root, path)
    if "anyOf" in schema:
        found = [mismatch(value, option, root, path) for option in schema["anyOf"]]
        return None if None in found else found[0]
    if "enum" in schema and value not in schema["enum"]:
        return f"{path}: {value!r} is not in the enum"
    if "const" in schema and value != schema["const"]:
        return f"{path}: not the constant"
    kinds = schema.get("type")
    if kinds is not None and not any(_is(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return f"{path}: {type(value).__name__} is not {kinds}"
    return _inner_mismatch(value, schema, root, path)


def _inner_mismatch(value: Json, schema: Schema, root: Schema, path: str) -> str | None:
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        for name in schema.get("required", []):
            if name not in value:
                return f"{path}.{name}: missing"
        for name, inner in value.items():
            if name in properties:
                found = mismatch(inner, properties[name], root, f"{path}.{name}")
                if found:
                    return found
            elif schema.get("additionalProperties") is False:
                return f"{path}.{name}: not in the schema"
    elif isinstance(value, list):
        return _list_mismatch(value, schema, root, path)
    elif (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and (value < schema.get("minimum", value) or value > schema.get("maximum", value))
    ):
        return f"{path}: {value} is out of range"
    return None


def _list_mismatch(value: list[Any], schema: Schema, root: Schema, path: str) -> str | None:
    if len(value) < schema.get("minItems", 0) or len(value) > schema.get("maxItems", len(value)):
        return f"{path}: {len(value)} items"
    for at, inner in enumerate(value):
        found = mismatch(inner, schema.get("items", {}), root, f"{path}[{at}]")
        if found:
            return found
    return None


def _resolve(reference: str, root: Schema) -> Schema:
    found: Json = root
    for part in reference.removeprefix("#/").split("/"):
        if part != "#":
            found = found[part]
    return dict(found)


def _is(value: Json, kind: str) -> bool:
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    known: dict[str, type | tuple[type, ...]] = {
        "string": str,
        "object": dict,
        "array": list,
        "boolean": bool,
        "null": type(None),
    }
    return isinstance(value, known[kind])
