"""Upload requests: simple, multipart/related, and resumable with its PUTs."""

import asyncio
import contextlib
import os
from collections import defaultdict
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any, BinaryIO

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from sandbox.google import sessions
from sandbox.google.errors import Refused
from sandbox.google.query import Resource, body_of
from sandbox.state import Row, State

_writing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)


def split_related(content_type: str, raw: bytes) -> tuple[Resource, bytes, str]:
    """(metadata, media, its MIME type) of a multipart/related body."""
    message = BytesParser(policy=HTTP).parsebytes(b"content-type: " + content_type.encode() + b"\r\n\r\n" + raw)
    parts: list[Any] = list(message.iter_parts()) if message.is_multipart() else []
    if len(parts) != 2:
        raise Refused("badRequest", "A multipart upload has two parts: JSON, then media.")
    meta, media = (part.get_payload(decode=True) or b"" for part in parts)
    boundary = message.get_boundary() or ""
    # The mail parser treats line ends as text; the media's own bytes are cut from the body instead.
    exact = raw.split(b"--" + boundary.encode())[2]
    head = exact.index(b"\r\n\r\n") + 4 if b"\r\n\r\n" in exact else exact.index(b"\n\n") + 2
    tail = 2 if exact.endswith(b"\r\n") else 1
    return body_of(meta), exact[head:-tail] if media else b"", str(parts[1].get_content_type())


async def put(state: State, request: Request, session_id: str, how: sessions.Finish) -> Response:
    """One PUT to a session: 308 while bytes are missing, 200 with the result when all are here."""
    async with _writing[session_id]:
        row = sessions.find(state, session_id)
        if row["result"] is not None:
            return JSONResponse(await run_in_threadpool(sessions.finish, state, session_id, how))
        length = int(request.headers.get("content-length") or 0)
        placed = sessions.window(row, request.headers.get("content-range", ""), length)
        if placed is not None:
            start, total = placed
            received = await _store(state, request, row, start)
            if total is not None and row["total"] is None:
                state.run("update upload_sessions set total = ? where id = ?", total, session_id)
            if received is None:
                return Response(status_code=499)
        row = sessions.find(state, session_id)
        if row["total"] is not None and row["received"] >= row["total"]:
            return JSONResponse(await run_in_threadpool(sessions.finish, state, session_id, how))
        return Response(status_code=308, headers=sessions.resume_headers(row))


async def _store(state: State, request: Request, row: Row, start: int) -> int | None:
    """Write the body behind what is here; None when the caller went away (whole 256 KiB steps are kept)."""
    path: Path = state.files / row["file"]
    have = int(row["received"])
    at = start
    with path.open("r+b") as file:
        file.truncate(have)
        file.seek(have)
        written = have
        with contextlib.suppress(ClientDisconnect):
            async for block in request.stream():
                fresh = block[max(0, written - at) :] if at < written else block
                at += len(block)
                file.write(fresh)
                written += len(fresh)
                if written // sessions.STEP > have // sessions.STEP:
                    have = written // sessions.STEP * sessions.STEP
                    _flush(file)
                    sessions.progress(state, row["id"], have)
            _flush(file)
            sessions.progress(state, row["id"], written)
            return written
    return None


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fdatasync(file.fileno())
