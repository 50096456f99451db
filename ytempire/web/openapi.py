"""The OpenAPI 3.1 document: FastAPI's, with our errors in place of its own, scopes, and an example of everything."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ytempire.web.problems import MEDIA_TYPE

_JSON = "application/json"
_METHODS = {"get", "put", "post", "delete", "patch"}
_DESCRIPTION = """Errors are RFC 9457 problems with a stable `code`, the `field` at fault and the `fix`.
Lists are paged by `cursor`. A change names the version it was made from (`If-Match`). A POST with an `Idempotency-Key`
is done once for 24 hours. `Server-Timing` tells our own time and the time spent waiting for others."""


def install(app: FastAPI) -> None:
    """Make the document when it is first asked for."""

    def document() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title="YTEMPIRE", version="1", openapi_version="3.1.0", description=_DESCRIPTION, routes=app.routes
    )
    schemas = made.get("components", {}).get("schemas", {})
    for schema in schemas.values():
        for example in schema.get("examples", ()):
            # FastAPI drops every null of the document, also those that an example must have
            example.update({name: None for name in schema.get("required", ()) if name not in example})
    for path in made["paths"].values():
        for method, operation in path.items():
            if method not in _METHODS:
                continue
            operation["responses"].pop("422", None)  # FastAPI's own form of it, which nobody gets
            for ways in operation.get("security", ()):
                for scopes in ways.values():
                    scopes[:] = scopes or ["read" if method == "get" else "write"]
            problem = operation["responses"]["default"]["content"]
            problem[MEDIA_TYPE] = problem.pop(_JSON)
            if method == "post":
                operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
            for part in (operation.get("requestBody", {}), *operation["responses"].values()):
                _add_example(part.get("content", {}), schemas)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return made


_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Done once under this key; a repeat gets the first answer. Not for what needs no sign-in.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x21-\x7e]+$"},
    "example": "0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6",
}


def _add_example(content: dict[str, Any], schemas: dict[str, Any]) -> None:
    for media_type, media in content.items():
        if media_type.endswith("json") and "schema" in media:
            media.setdefault("example", _example(media["schema"], schemas))


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """The schema's own example, or one put together from those of its parts."""
    if "$ref" in schema:
        return _example(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    for word in ("examples", "enum"):
        if schema.get(word):
            return schema[word][0]
    for word in ("default", "const"):
        if word in schema:
            return schema[word]
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], schemas)
    if schema.get("type") == "array":
        return [_example(schema["items"], schemas)]
    if "properties" in schema:
        return {name: _example(part, schemas) for name, part in schema["properties"].items()}
    raise ValueError(f"a schema without an example: {schema.get('title', schema)}; give it `examples`")
