"""A file that is sent as a body, written to disk as it comes, so that its size costs no memory."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from fastapi import Request
from starlette.requests import ClientDisconnect

from ytempire.kit.errors import BadInput
from ytempire.kit.outside import outside

_WITHIN_S = 900
_AT_ONCE_BYTES = 1 << 20
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is. Under an Idempotency-Key two files of one length count as the same request,"
        " unless `Content-Digest` tells them apart.",
        "content": {
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary"},
                "example": "the bytes of a PNG, JPEG, WebP, GIF, MP4, MOV or WebM file",
            }
        },
    }
}
"""For `openapi_extra` of a route whose body is a file."""


async def receive(request: Request, file: Path) -> None:
    """Write the body to the file. Raises BadInput (it was cut off, took too long), TooLarge (see `takes_body`)."""
    try:
        with outside(), file.open("wb") as to:  # whoever sends decides how long it takes
            async with asyncio.timeout(_WITHIN_S):
                waiting = bytearray()
                async for chunk in request.stream():
                    waiting += chunk
                    if len(waiting) >= _AT_ONCE_BYTES:
                        await asyncio.to_thread(to.write, bytes(waiting))
                        waiting.clear()
                await asyncio.to_thread(to.write, bytes(waiting))
    except TimeoutError as error:
        raise BadInput(
            f"the file took more than {_WITHIN_S // 60} minutes to arrive", field="body", fix="Send a smaller one."
        ) from error
    except ClientDisconnect as error:
        raise BadInput("the file was cut off on its way", field="body", fix="Send it again.") from error
