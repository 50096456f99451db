"""Reading the parameters every list call shares."""

import base64
import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from fastapi import Request

from sandbox.google.errors import Refused
from sandbox.state import digest

Query = dict[str, str]
Resource = dict[str, Any]
Item = TypeVar("Item")


def query_of(request: Request) -> Query:
    """Query parameters; a repeated one (`part=a&part=b`) is joined by commas, as the API reads it."""
    joined: Query = {}
    for key, value in request.query_params.multi_items():
        joined[key] = f"{joined[key]},{value}" if key in joined else value
    return joined


def base_of(request: Request) -> str:
    """The server's own address, as the caller wrote it, without a slash at the end."""
    return str(request.base_url).rstrip("/")


def parts_of(query: Query, known: Iterable[str]) -> frozenset[str]:
    """The wanted parts; Refused when missing or unknown."""
    if not query.get("part"):
        raise Refused("missingRequiredParameter", "No filter selected. Missing required parameter: part", "part")
    wanted = frozenset(part.strip() for part in query["part"].split(","))
    unknown = wanted - frozenset(known) - {"id"}
    if unknown:
        raise Refused("unexpectedPart", f"'{min(unknown)}'", "part")
    return wanted


def page(kind: str, query: Query, found: Sequence[Item], most: int = 50) -> tuple[Resource, Sequence[Item]]:
    """(envelope of a list answer, the items of this page)."""
    size = query.get("maxResults", "5")
    if not size.isdecimal() or not 0 <= int(size) <= most:
        raise Refused("invalidParameter", f"maxResults lies between 0 and {most}", "maxResults")
    start = _offset(query.get("pageToken"))
    past = start + int(size)
    body: Resource = {
        "kind": f"youtube#{kind}",
        "etag": digest([kind, query, len(found)])[:27],
        "pageInfo": {"totalResults": len(found), "resultsPerPage": int(size)},
    }
    if past < len(found):
        body["nextPageToken"] = _token(past)
    if start > 0:
        body["prevPageToken"] = _token(max(0, start - int(size)))
    return body, found[start:past]


def body_of(raw: bytes) -> Resource:
    """A JSON object; Refused `parseError` otherwise."""
    try:
        value = json.loads(raw or b"{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Refused("parseError")
    return value


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(b"offset:%d" % offset).decode().rstrip("=")


def _offset(token: str | None) -> int:
    if not token:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().partition(":")
    except ValueError:
        word, number = "", ""
    if word != "offset" or not number.isdecimal():
        raise Refused("invalidPageToken", location="pageToken")
    return int(number)
