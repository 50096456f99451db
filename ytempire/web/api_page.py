"""Writes docs/reference/api.md from the OpenAPI document: `make docs`. A test compares the two."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ytempire.web.app import routed

Document = Mapping[str, Any]
_JSON = "application/json"
_METHODS = ("get", "post", "put", "patch", "delete")
_EVERYWHERE = {"Idempotency-Key"}
_HEAD = """# REST API

Made from the OpenAPI document by `make docs`; a running server has it at `/api/v1/openapi.json`.

- **Who asks.** Programs send an API key, `Authorization: Bearer yte_…` (`POST /api/v1/api-keys` makes one); a browser
  has its session's cookie. *Scope* is what a key must have: `read`, `write`, or `admin` for operators. An id of another
  user is a 404.
- **Errors** are `application/problem+json` with a stable `code`, the `field` at fault and the `fix`:
  [errors](errors.md). Any operation may answer 401, 403, 404, 422, 429 (too many requests: `RateLimit` and
  `Retry-After` tell) and 503.
- **Lists** are paged: `next` of one page is the `cursor` of the following one; null is the last. A cursor is good for
  the list and the filters it came from.
- **Edits** send the `ETag` of what was read as `If-Match`: 428 without, 412 if somebody changed it since.
- **`Idempotency-Key`** on any POST that needs a sign-in: done once within 24 hours, a repeat gets the first answer. 409
  while the first is at work, 422 for another request under the same key.
- **Times** are UTC, days are of your own time zone. **Money** is whole micro-dollars: 1,000,000 are $1.
- `Server-Timing` tells our `own` time and `ext`, the time spent waiting for others; `X-Request-Id` finds the lines of
  the log.

Fields and parameters with a `*` are needed.
"""


def api_page() -> str:
    """The page in Markdown."""
    document = routed().openapi()
    resources: dict[str, list[str]] = {}
    seen: dict[str, str] = {}
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                operations = resources.setdefault(item[method]["tags"][0], [])
                operations.append("\n".join(_operation(document, f"{method.upper()} {path}", item[method], seen)))
    contents = " · ".join(f"[{name}](#{_anchor(name)})" for name in resources)
    parts = [_HEAD, contents, ""]
    for name, operations in resources.items():
        parts += [f"## {name}", "", *operations]
    return "\n".join(parts).rstrip() + "\n"


def _anchor(name: str) -> str:
    return name.lower().replace("/", "")


def _operation(document: Document, name: str, said: Mapping[str, Any], seen: dict[str, str]) -> Iterator[str]:
    """One operation; an answer that looks as one shown before (`seen`, by its schema) is not shown again."""
    yield from (f"### `{name}`", "", said["description"], "")
    yield from (f"Scope: {_scope(said)} · answers {_codes(said)}", "")
    rows = [*_parameters(document, said), *_fields(document, said)]
    if rows:
        yield from ("| Name | In | Type | Meaning |", "|---|---|---|---|", *rows, "")
    body = said.get("requestBody", {}).get("content", {}).get(_JSON)
    if body:
        yield from ("```json", _shown(body["example"]), "```", "")
    answers = [answer["content"][_JSON] for answer in said["responses"].values() if _JSON in answer.get("content", {})]
    if answers:
        looks = _shown(answers[0]["schema"])
        if looks in seen:
            yield from (f"Answer: as of `{seen[looks]}`.", "")
        else:
            seen[looks] = name
            yield from ("Answer:", "", "```json", _shown(answers[0]["example"]), "```", "")


def _scope(said: Mapping[str, Any]) -> str:
    scopes = [scope for ways in said.get("security", ()) for names in ways.values() for scope in names]
    return f"`{scopes[0]}`" if scopes else "none, nobody need be signed in"


def _codes(said: Mapping[str, Any]) -> str:
    return ", ".join(code for code in said["responses"] if code != "default")


def _parameters(document: Document, said: Mapping[str, Any]) -> Iterator[str]:
    for one in said.get("parameters", ()):
        if one["name"] not in _EVERYWHERE:
            needed = one.get("required", False) or one["name"] == "If-Match"
            meaning = one.get("description", "")
            yield _row(document, one["name"], one["in"], one["schema"], meaning, needed=needed)


def _fields(document: Document, said: Mapping[str, Any]) -> Iterator[str]:
    """The fields of a body of JSON."""
    schema = said.get("requestBody", {}).get("content", {}).get(_JSON, {}).get("schema", {})
    schema = _known(document, next((one for one in schema.get("anyOf", ()) if "$ref" in one), schema))
    for name, part in schema.get("properties", {}).items():
        needed = name in schema.get("required", ())
        yield _row(document, name, "body", part, part.get("description", ""), needed=needed)


def _row(document: Document, name: str, place: str, schema: Mapping[str, Any], meaning: str, *, needed: bool) -> str:
    kind = _type(document, schema)
    told = f"{meaning} {_limits(schema)}".strip().replace("|", "\\|").replace("\n", " ")
    return f"| `{name}`{' *' if needed else ''} | {place} | {kind} | {told} |"


def _type(document: Document, schema: Mapping[str, Any]) -> str:
    known = _known(document, schema)
    for alternatives in (known.get("anyOf"), known.get("oneOf")):
        if alternatives:
            return " or ".join(_type(document, one) for one in alternatives if one.get("type") != "null")
    if "enum" in known:
        return ", ".join(f"`{value}`" for value in known["enum"])
    if "const" in known:
        return f"`{known['const']}`"
    if known.get("type") == "array":
        return f"list of {_type(document, known.get('items', {}))}"
    return str(known.get("format") or known.get("type") or known.get("title") or "any")


def _limits(schema: Mapping[str, Any]) -> str:
    said = [
        f"{words} {schema[name]}"
        for name, words in (("minimum", "at least"), ("maximum", "at most"), ("default", "default"))
        if schema.get(name) not in (None, "", [], False)
    ]
    return f"({', '.join(said)})" if said else ""


def _known(document: Document, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return found


def _shown(example: object) -> str:
    return json.dumps(example, indent=2, ensure_ascii=False)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(api_page())
