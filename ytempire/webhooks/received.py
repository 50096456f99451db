"""Messages that others sign for us, by the same standard as ours (standardwebhooks.com): who says so, and when."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from ytempire.kit.errors import NotSignedIn

WINDOW = timedelta(minutes=5)
_LONGEST_ID = 200


def signed_id(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> str:
    """The message's id, if it is signed with this secret and of the last five minutes. Raises NotSignedIn."""
    message, at, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not message or len(message) > _LONGEST_ID or not message.isprintable() or not at.isascii() or not at.isdigit():
        raise _refused("webhook-id", "the message has no id and time")
    try:
        off = abs(datetime.fromtimestamp(int(at), UTC) - now)
    except (OverflowError, ValueError, OSError):
        raise _refused("webhook-timestamp", "the time is none") from None
    if off > WINDOW:
        raise _refused("webhook-timestamp", "the message is more than five minutes off")
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = secret.encode()
    wanted = hmac.digest(key, f"{message}.{at}.".encode() + body, hashlib.sha256)
    for one in signatures.split():
        version, _, said = one.partition(",")
        try:
            given = base64.b64decode(said, validate=True)
        except (binascii.Error, ValueError):
            continue
        if version == "v1" and hmac.compare_digest(given, wanted):
            return message
    raise _refused("webhook-signature", "the signature is not of this message and our secret")


def _refused(header: str, why: str) -> NotSignedIn:
    return NotSignedIn(why, field=header, fix="Sign it as standardwebhooks.com says, with this installation's secret.")
