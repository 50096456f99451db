"""What a webhook may be, how a message is signed (standardwebhooks.com), and what follows from an attempt."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from ytempire.kit.errors import BadInput

SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix only
_SECRET_BYTES = 32
OLD_SECRET_GOOD_FOR = timedelta(hours=24)
LEASE = timedelta(seconds=60)
"""Longer than a call may take: who has a delivery for longer is gone."""
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
"""After each failed attempt; the tenth, three days and four hours after the first, is the last."""
FAILS_FOR = timedelta(days=5)
"""A webhook of which nothing succeeded for so long is switched off."""
MOST_WEBHOOKS = 20


@dataclass(frozen=True)
class Outcome:
    """What an attempt came to: the answer's status, or why there was none."""

    status: int | None
    error: str = ""

    @property
    def good(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300


def new_secret() -> str:
    """As it is shown, once."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def message_id(event_id: UUID) -> str:
    """The same at every attempt, so that a receiver knows what it has."""
    return f"evt_{event_id.hex}"


def headers_of(message: str, body: bytes, keys: Sequence[bytes], at: datetime) -> dict[str, str]:
    """The message's id, time, and a signature by each secret that counts."""
    seconds = int(at.timestamp())
    signed = f"{message}.{seconds}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(_key(key), signed, hashlib.sha256)).decode() for key in keys)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _key(shown: bytes) -> bytes:
    return base64.b64decode(shown.removeprefix(SECRET_PREFIX.encode()))


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts; None: not any more."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def off_because(outcome: Outcome, failing_since: datetime | None, now: datetime) -> str:
    """Why the webhook is to be switched off; empty: it isn't."""
    if outcome.good:
        return ""
    if outcome.status == HTTPStatus.GONE:
        return "it answered 410 Gone"
    if failing_since and now - failing_since >= FAILS_FOR:
        return f"nothing was taken for {FAILS_FOR.days} days; the last answer: {outcome.error}"
    return ""


def require_https(url: str, *, plain_http: bool) -> None:
    """Raise BadInput for an address that events would travel to in the clear."""
    if not url.startswith("https://") and not (plain_http and url.startswith("http://")):
        raise BadInput("a webhook's address begins with https://", field="url", fix="Give one that does.")
