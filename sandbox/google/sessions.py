"""Resumable upload sessions: opened with the metadata, filled by PUTs, finished into a video, thumbnail or caption."""

import dataclasses
import json
import re
import secrets
from collections.abc import Callable
from typing import Final

from sandbox.google.errors import Refused
from sandbox.google.query import Query, Resource
from sandbox.google.videos import Facts
from sandbox.state import Row, State

STEP: Final = 256 * 1024
"""Every chunk but the last is a multiple of this."""
LIFETIME_S: Final = 7 * 86_400
_RANGE: Final = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)$")


@dataclasses.dataclass(frozen=True)
class Finish:
    """How a full session becomes a thing: look at the file (slow), then make it (in the transaction)."""

    look: Callable[[State, Row], Facts | None]
    made: Callable[[State, Row, Facts | None], Resource]


def open_session(
    state: State,
    *,
    operation: str,
    channel_id: str,
    project: str,
    query: Query,
    kept: Resource,
    headers: dict[str, str],
) -> str:
    """Store a session before its first byte; its id."""
    length = headers.get("x-upload-content-length", "")
    session_id = "ABPsandbox" + secrets.token_urlsafe(36)
    file = state.new_file(".part")
    file.touch()
    state.run(
        "insert into upload_sessions (id, operation, channel_id, project, created, total, mime, query,"
        " resource, file) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        session_id,
        operation,
        channel_id,
        project,
        state.now(),
        int(length) if length.isdecimal() else None,
        headers.get("x-upload-content-type", "application/octet-stream"),
        json.dumps(query),
        json.dumps(kept),
        file.name,
    )
    return session_id


def find(state: State, session_id: str) -> Row:
    """A live session; Refused `sessionGone` when unknown or a week old."""
    row = state.row("select * from upload_sessions where id = ?", session_id)
    if row is None or row["created"] + LIFETIME_S < state.now():
        raise Refused("sessionGone")
    return row


def window(row: Row, content_range: str, content_length: int) -> tuple[int, int | None] | None:
    """(first byte, total if known) of a PUT; None when it only asks how far the session is."""
    if not content_range:
        return 0, content_length
    found = _RANGE.match(content_range.strip())
    if not found:
        raise Refused("invalidContentRange", f"Failed to parse Content-Range header: {content_range}")
    first, last, size = found.groups()
    total = row["total"] if size == "*" else int(size)
    if first is None:
        return None
    start, end = int(first), int(last)
    if row["total"] is not None and total != row["total"]:
        raise Refused("invalidContentRange", "The total differs from X-Upload-Content-Length.")
    if end - start + 1 != content_length or start > row["received"] or (total is not None and end >= total):
        raise Refused(
            "invalidContentRange", f"The session holds {row['received']} bytes; {content_range} does not fit."
        )
    if (total is None or end + 1 < total) and (end + 1) % STEP:
        raise Refused("invalidContentRange", "A chunk that is not the last must end on a multiple of 256 KiB.")
    return start, total


def progress(state: State, session_id: str, received: int) -> None:
    """Remember how many bytes are safe."""
    state.run("update upload_sessions set received = max(received, ?) where id = ?", received, session_id)


def resume_headers(row: Row) -> dict[str, str]:
    """Headers of a 308: which bytes are here."""
    return {"range": f"bytes=0-{row['received'] - 1}"} if row["received"] else {}


def finish(state: State, session_id: str, how: Finish) -> Resource:
    """Turn a full session into its effect, once; later calls answer the same."""
    row = find(state, session_id)
    facts = how.look(state, row) if row["result"] is None else None
    with state.change():
        row = find(state, session_id)
        if row["result"] is None:
            made = how.made(state, row, facts)
            state.run("update upload_sessions set result = ? where id = ?", json.dumps(made), session_id)
            return made
        known: Resource = json.loads(row["result"])
        return known
