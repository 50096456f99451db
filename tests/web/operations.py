"""The API's operations as its OpenAPI document tells them, for tests that cover every route there is."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

JSON = "application/json"
_METHODS = ("get", "put", "post", "delete", "patch")
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One method of one path. Ids are found by their place: the path, the query, the body (as a path of names)."""

    document: Document
    path: str
    method: str
    said: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def name(self) -> str:
        """Its operationId."""
        return str(self.said["operationId"])

    @property
    def tags(self) -> list[str]:
        return list(self.said.get("tags", ()))

    @property
    def path_ids(self) -> list[str]:
        """The path's parameters that name something of a tenant's, in their order."""
        parts = [part[1:-1] for part in self.path.split("/") if part.startswith("{")]
        return [part for part in parts if part not in self.path_choices]

    @property
    def path_choices(self) -> dict[str, str]:
        """The other ones, each with a value: a number (a place in what the ids before it name), a word out of a few."""
        found = {}
        for one in self.said.get("parameters", ()):
            schema = one["schema"]
            if ref := schema.get("$ref"):
                schema = self.document["components"]["schemas"][ref.rpartition("/")[2]]
            if one["in"] == "path" and (schema.get("type") == "integer" or "enum" in schema):
                found[one["name"]] = str(schema.get("enum", ["1"])[0])
        return found

    def query(self) -> dict[str, Mapping[str, Any]]:
        """The query's parameters with their schemas."""
        return {one["name"]: one.get("schema", {}) for one in self.said.get("parameters", ()) if one["in"] == "query"}

    def query_ids(self) -> list[str]:
        return [name for name, schema in self.query().items() if _is_id(schema)]

    def body(self) -> Any:
        """The body of the document's own example; None: it takes none, or none of JSON."""
        return copy.deepcopy(self._body().get("example"))

    def body_ids(self) -> list[tuple[str, ...]]:
        """Where a body of JSON names ids."""
        return list(_id_fields(self.document, self._body().get("schema", {}), ()))

    def media_types(self) -> set[str]:
        """What a good answer may come as."""
        return {kind for status, answer in self.said["responses"].items() for kind in answer.get("content", {})
                if status.startswith("2")}  # fmt: skip

    def _body(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.said.get("requestBody", {}).get("content", {}).get(JSON, {})
        return found


def operations(document: Document) -> list[Operation]:
    """Every operation."""
    return [
        Operation(document, path, method, item[method])
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    ]


def with_id(body: Any, where: tuple[str, ...], value: str) -> Any:
    """The body with this id at that place; `*` is every item of a list."""
    if not where:
        return value
    name, *rest = where
    if name == "*":
        return [with_id(item, tuple(rest), value) for item in body or [{}]]
    return {**(body or {}), name: with_id((body or {}).get(name), tuple(rest), value)}


def _is_id(schema: Mapping[str, Any]) -> bool:
    return any(one.get("format") == "uuid" for one in (schema, *schema.get("anyOf", ()), schema.get("items", {})))


def _id_fields(document: Document, schema: Mapping[str, Any], where: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Objects within objects and lists; a schema that holds itself is looked into once."""
    if len(where) > 6:
        return
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if schema.get("format") == "uuid":
        yield where
    for one in schema.get("anyOf", ()):
        yield from _id_fields(document, one, where)
    if "items" in schema:
        yield from _id_fields(document, schema["items"], (*where, "*"))
    for name, part in schema.get("properties", {}).items():
        yield from _id_fields(document, part, (*where, name))
