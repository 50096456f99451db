"""The part of JSON Schema that strict structured output uses: servers that ignore it are found out."""

from __future__ import annotations

from typing import Any

_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "object": (dict,),
    "array": (list,),
    "boolean": (bool,),
    "null": (type(None),),
    "integer": (int,),
    "number": (int, float),
}


def mismatch(value: Any, schema: Any, root: Any = None, path: str = "$") -> str | None:  # noqa: ANN401 - any JSON
    """Where a value does not fit the schema, or None."""
    root = schema if root is None else root
    if "$ref" in schema:
        return mismatch(value, _resolved(schema["$ref"], root), root, path)
    if "anyOf" in schema:
        found = [mismatch(value, option, root, path) for option in schema["anyOf"]]
        return None if None in found else found[0]
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        return f"{path} is {type(value).__name__}, not {' or '.join(kinds)}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{path} is none of the allowed values"
    if isinstance(value, dict):
        return _object(value, schema, root, path)
    if isinstance(value, list):
        return _array(value, schema, root, path)
    return None


def _object(value: dict[str, Any], schema: Any, root: Any, path: str) -> str | None:  # noqa: ANN401
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            return f"{path}.{name} is missing"
    for name, inner in value.items():
        if name in properties:
            found = mismatch(inner, properties[name], root, f"{path}.{name}")
            if found:
                return found
        elif schema.get("additionalProperties") is False:
            return f"{path}.{name} was not asked for"
    return None


def _array(value: list[Any], schema: Any, root: Any, path: str) -> str | None:  # noqa: ANN401
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return f"{path} has {len(value)} items"
    found = (mismatch(inner, schema.get("items", {}), root, f"{path}[{at}]") for at, inner in enumerate(value))
    return next((one for one in found if one), None)


def _resolved(reference: str, root: Any) -> Any:  # noqa: ANN401
    found = root
    for part in reference.removeprefix("#/").split("/"):
        found = found if part in ("", "#") else found[part]
    return found


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _KINDS[kind])
