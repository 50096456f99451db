"""Media files by signed address: whole, in parts, or only what is said of them."""

from __future__ import annotations

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from fastapi.responses import FileResponse

from ytempire.kit.errors import YtempireError
from ytempire.web.media_links import TYPES, opened
from ytempire.web.parts import PartsOf
from ytempire.web.problems import answer
from ytempire.web.routing import resource

router = resource("media", anonymous=True)

_ONE_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.IGNORECASE)
_FILE = {"schema": {"type": "string", "format": "binary"}, "example": "the file's bytes"}
_WHAT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": dict.fromkeys(sorted(TYPES.values()), _FILE)},
    206: {"description": "The part that `Range` asks for.", "content": dict.fromkeys(sorted(TYPES.values()), _FILE)},
    304: {"description": "It is what `If-None-Match` names."},
    416: {"description": "The file has no such part; `Content-Range` tells its size."},
}


class RangeRefused(YtempireError):  # noqa: N818
    """The file has no such part."""

    code = "range_refused"


@router.head("/{sha256}/{name}", include_in_schema=False)
@router.get("/{sha256}/{name}", response_class=FileResponse, responses=_WHAT)
async def fetch(
    sha256: str,
    name: str,
    request: Request,
    parts: PartsOf,
    of: Annotated[UUID, Query(description="Whose it is.")],
    size_bytes: Annotated[int, Query(alias="bytes", ge=0, le=10**15)],
    until: Annotated[int, Query(ge=0, le=10**11, description="When the address ends, in seconds since 1970.")],
    sig: Annotated[str, Query(max_length=200)],
    download: Annotated[bool, Query(description="To be saved, not shown.")] = False,
) -> Response:
    """Fetch a file by its address as it was given; nobody needs to be signed in."""
    link = opened(parts, sha256, name, of=of, size_bytes=size_bytes, until=until, sig=sig)
    path = parts.platform.tools.media.path(link.ref)
    tag = f'"{sha256}"'
    left_s = int((link.ends_at - parts.clock.now()).total_seconds())
    headers = {"ETag": tag, "Cache-Control": f"private, max-age={left_s}, immutable", "Accept-Ranges": "bytes"}
    if _named(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    if not _has_part(request, size_bytes, tag):
        told = RangeRefused(f"the file has {size_bytes} bytes", field="Range", fix="Ask for a part within it.")
        return answer(told, request.state.request_id, {"Content-Range": f"bytes */{size_bytes}"})
    shown_as = "attachment" if download else "inline"
    return FileResponse(
        path, headers=headers, media_type=TYPES[link.ref.suffix], filename=name, content_disposition_type=shown_as
    )


def _has_part(request: Request, size_bytes: int, tag: str) -> bool:
    """Whether the file has what `Range` asks for. What isn't one range is not looked at: the file goes out whole."""
    said = _ONE_RANGE.fullmatch(request.headers.get("range", "").strip())
    first, last, tail = ((int(part) if part else None) for part in said.groups()) if said else (None, None, None)
    backwards = first is not None and last is not None and last < first
    if not said or backwards:
        request.scope["headers"] = [pair for pair in request.scope["headers"] if pair[0] != b"range"]
        return True
    if request.headers.get("if-range", tag) != tag:
        return True  # FileResponse compares it, too, and sends the file whole
    return size_bytes > 0 and bool(tail) if first is None else first < size_bytes


def _named(condition: str, tag: str) -> bool:
    return condition.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in condition.split(",")}
