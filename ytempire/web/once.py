"""A POST with an Idempotency-Key is done once: a repeat gets the first answer (IETF draft, as Stripe does it).

The key belongs to the user, and to what the credential may do: an answer may hold an API key, and must not be told to
a lesser one that repeats the request. It is claimed in a transaction of its own, so that a second request at the same
time sees it. The answer is recorded in the request's transaction where it has one: work and record are there both or
neither. What failed may be sent again under the same key. The answer may hold a secret, so it is sealed with the
tenant's key.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Request, Response

from ytempire.accounts.model import Principal
from ytempire.kit.database import Connection
from ytempire.kit.errors import BadInput, YtempireError
from ytempire.web import store
from ytempire.web.envelope import takes_upload
from ytempire.web.parts import Parts, parts_of

KEPT = timedelta(hours=24)
_ABANDONED = timedelta(minutes=2)  # longer than any request takes: whoever claimed it is gone
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT_HEADERS = ("content-type", "location", "etag")


class InFlight(YtempireError):  # noqa: N818
    """The first request under this Idempotency-Key is still at work."""

    code = "in_flight"
    retry_after_s = 1


class KeyReused(YtempireError):  # noqa: N818
    """The Idempotency-Key was used for another request."""

    code = "key_reused"


async def answer_once(
    request: Request, who: Principal, key: str, handle: Callable[[Request], Awaitable[Response]]
) -> Response:
    """The answer of the first request under this key: now, or as it was recorded."""
    if not _KEY.fullmatch(key):
        raise BadInput(
            "an idempotency key has 1 to 200 visible ASCII characters",
            field="Idempotency-Key",
            fix="A fresh UUID does well.",
        )
    parts, user_id = parts_of(request), who.user_id
    print_of_request = await _fingerprint(request, who)
    claimed_at = parts.clock.now()
    recorded = await _claim(parts, user_id, key, print_of_request, claimed_at)
    if recorded is not None:
        return recorded
    try:
        response = await handle(request)
    except BaseException:
        await _release(parts, user_id, key, claimed_at)
        raise
    if response.status_code >= 300 or not hasattr(response, "body"):
        await _release(parts, user_id, key, claimed_at)
        return response
    # From here on nothing releases the key: the work may be done, and its transaction holds the key's row.
    conn: Connection | None = getattr(request.state, "transaction", None)
    if conn is not None:
        await _record(parts, conn, user_id, key, claimed_at, response)
    else:
        async with parts.database.transaction(user_id) as own:
            await _record(parts, own, user_id, key, claimed_at, response)
    return response


async def _fingerprint(request: Request, who: Principal) -> bytes:
    may = f"{who.via} {who.role} {' '.join(sorted(who.scopes))} {who.video_id or ''}"
    said = hashlib.sha256(f"{may}\n{request.method} {request.url.path}?{request.url.query}\n".encode())
    if takes_upload(request.scope):  # told by its length and digest, because reading it here would hold it in memory
        for name in ("content-length", "content-type", "content-digest"):
            said.update(f"{name}: {request.headers.get(name, '')}\n".encode())
    else:
        said.update(await request.body())
    return said.digest()


async def _claim(parts: Parts, user_id: UUID, key: str, fingerprint: bytes, now: datetime) -> Response | None:
    async with parts.database.transaction(user_id) as conn:
        if await store.claim_key(
            conn, user_id, key, fingerprint, now=now, abandoned_before=now - _ABANDONED, expires_at=now + KEPT
        ):
            return None
        first = await store.key_of(conn, key)
        if first is None or (first.answer is None and first.fingerprint == fingerprint):
            raise InFlight(
                "the first request under this key is still at work",
                field="Idempotency-Key",
                fix="Repeat it in a moment, with the same key.",
            )
        if first.fingerprint != fingerprint:
            raise KeyReused(
                "this key was used for another request", field="Idempotency-Key", fix="Use a fresh key for each."
            )
        plain = await parts.keys.unseal(
            conn, first.answer or b"", user_id=user_id, table="idempotency_keys", column="answer", row=key
        )
    said = json.loads(plain)
    headers = said["headers"] | {"Idempotent-Replayed": "true"}
    return Response(base64.b64decode(said["body"]), said["status"], headers)


async def _record(
    parts: Parts, conn: Connection, user_id: UUID, key: str, claimed_at: datetime, response: Response
) -> None:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    body = base64.b64encode(bytes(response.body)).decode()
    plain = json.dumps({"status": response.status_code, "headers": headers, "body": body}).encode()
    sealed = await parts.keys.seal(conn, plain, user_id=user_id, table="idempotency_keys", column="answer", row=key)
    if not await store.record_answer(conn, key, claimed_at, sealed):
        # Ours was taken for abandoned and another request did the work: ours must not count as well.
        raise InFlight("another request took this key over", field="Idempotency-Key", fix="Repeat it in a moment.")


async def _release(parts: Parts, user_id: UUID, key: str, claimed_at: datetime) -> None:
    async with parts.database.transaction(user_id) as conn:
        await store.release_key(conn, key, claimed_at)
