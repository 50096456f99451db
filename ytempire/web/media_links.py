"""Signed addresses of media files: whoever has one may fetch that file until it ends, without signing in.

A file's name in the store is the hash of its content, so an address can name nothing else on the disk. The signature
covers hash, size, file name, tenant and end; its key is derived from the installation's own.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode
from uuid import UUID

from ytempire.kit.errors import YtempireError
from ytempire.kit.media_store import MediaRef
from ytempire.web.parts import Parts

VALID = timedelta(hours=1)
SHA256 = re.compile(r"[0-9a-f]{64}")
TYPES = {
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".wav": "audio/wav",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt; charset=utf-8",
}
"""What the store holds that is handed out; none of it is anything a browser would run."""


class LinkRefused(YtempireError):  # noqa: N818
    """The signed address was changed, was not made here, or has ended."""

    code = "link_refused"


@dataclass(frozen=True)
class MediaLink:
    """A file, the name it is given, whose it is, and when its address ends."""

    ref: MediaRef
    name: str
    user_id: UUID
    ends_at: datetime


def link_to(parts: Parts, user_id: UUID, ref: MediaRef, name: str) -> tuple[str, datetime]:
    """(address, end) of a file under this name, which ends in the file's suffix."""
    ends_at = (parts.clock.now() + VALID).replace(microsecond=0)
    link = MediaLink(ref, name, user_id, ends_at)
    said = urlencode(
        {"of": user_id.hex, "bytes": ref.size_bytes, "until": int(ends_at.timestamp()), "sig": _sign(parts, link)}
    )
    return f"{parts.public_url}/api/v1/media/{ref.sha256}/{quote(name)}?{said}", ends_at


def opened(parts: Parts, sha256: str, name: str, *, of: UUID, size_bytes: int, until: int, sig: str) -> MediaLink:
    """The link that an address stands for. Raises LinkRefused."""
    suffix = f".{name.rpartition('.')[2]}"
    link = MediaLink(MediaRef(sha256, size_bytes, suffix), name, of, datetime.fromtimestamp(until, UTC))
    signed = hmac.compare_digest(sig.encode(), _sign(parts, link).encode())
    if not signed or suffix not in TYPES or not SHA256.fullmatch(sha256):
        raise LinkRefused(
            "this address was not made here, or was changed", field="sig", fix="Use addresses as they are given."
        )
    if parts.clock.now() >= link.ends_at:
        raise LinkRefused(
            f"this address ended at {link.ends_at:%Y-%m-%d %H:%M} UTC",
            field="until",
            fix="Ask for the file's address again: GET /api/v1/videos/{id}/files.",
        )
    return link


def _sign(parts: Parts, link: MediaLink) -> str:
    key = hashlib.sha256(b"media links|" + parts.keys.wrapping_key).digest()
    ref = link.ref
    said = "|".join((ref.sha256, str(ref.size_bytes), str(int(link.ends_at.timestamp())), link.user_id.hex, link.name))
    return hmac.digest(key, said.encode("utf-8", "surrogatepass"), "sha256").hex()
