"""The resumable protocol's steps one by one: start, ask, send. Google's client hides them in one call.

Protocol: https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from ytempire.kit.errors import VendorRefused
from ytempire.providers.youtube.refusals import VENDOR, Answer
from ytempire.providers.youtube.transport import AnswerBroken, Untyped, Wire
from ytempire.publishing.ports import UploadProgress

PIECE_BYTES = 8 * 1024 * 1024
"""A multiple of 256 KiB, as the protocol wants."""
_RANGE = re.compile(r"(?:bytes=)?0-(\d+)")


class Refused(Exception):  # noqa: N818
    """An error answer, to be put in our words by the caller."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


def start(wire: Wire, request: Untyped, *, size_bytes: int, root: str) -> str:
    """Open a session with a prepared `videos.insert` request; returns the session's address."""
    headers = dict(request.headers) | {
        "X-Upload-Content-Type": "video/mp4",
        "X-Upload-Content-Length": str(size_bytes),
        "content-length": str(len(request.body.encode())),
    }
    response, content = wire.request(request.uri, method=request.method, body=request.body, headers=headers)
    if response.status != 200 or "location" not in response:
        raise Refused(_answer(response, content))
    session = str(response["location"])
    require_same_side(session, root)
    return session


def ask(wire: Wire, session: str, *, size_bytes: int) -> UploadProgress:
    """What the session has received: an empty PUT."""
    headers = {"Content-Range": f"bytes */{size_bytes}", "content-length": "0"}
    return _progress(*wire.request(session, method="PUT", headers=headers))


def send(wire: Wire, session: str, file: Path, *, offset_bytes: int, most_bytes: int) -> UploadProgress:
    """One piece of at most `most_bytes` (a multiple of 256 KiB)."""
    size_bytes = file.stat().st_size
    with file.open("rb") as source:
        source.seek(offset_bytes)
        piece = source.read(most_bytes)
    last = offset_bytes + len(piece) - 1
    headers = {
        "Content-Range": f"bytes {offset_bytes}-{last}/{size_bytes}",
        "content-length": str(len(piece)),
        "content-type": "video/mp4",
    }
    return _progress(*wire.request(session, method="PUT", body=piece, headers=headers))


def require_same_side(session: str, root: str) -> None:
    """A session's address is where our token and our video go: only to whom it was asked of, or Google's upload host.

    Raises VendorRefused.
    """
    there, here = urlsplit(session), urlsplit(root)
    same = (there.scheme, there.netloc) == (here.scheme, here.netloc)
    googles = there.scheme == "https" and (there.hostname or "").endswith(".googleapis.com")
    if not same and not (googles and (here.hostname or "").endswith(".googleapis.com")):
        raise VendorRefused(
            f"the upload session lies at {there.hostname!r}, not at YouTube", vendor=VENDOR, reason="foreignSession"
        )


def _progress(response: Untyped, content: bytes) -> UploadProgress:
    if response.status in {200, 201}:
        return UploadProgress(received_bytes=0, platform_id=_video_id(content))
    if response.status == 308:
        found = _RANGE.fullmatch(response.get("range", ""))
        return UploadProgress(received_bytes=int(found[1]) + 1 if found else 0)
    if response.status in {404, 410}:
        return UploadProgress(received_bytes=0, gone=True)
    raise Refused(_answer(response, content))


def _video_id(content: bytes) -> str:
    try:
        return str(json.loads(content)["id"])
    except (ValueError, KeyError, TypeError) as error:
        # finished, but which video is it? The marker tells.
        raise AnswerBroken("the finished upload's answer names no video") from error


def _answer(response: Untyped, content: bytes) -> Answer:
    return Answer(int(response.status), {str(k).lower(): str(v) for k, v in response.items()}, content)
