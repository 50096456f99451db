"""Pure decisions of publishing: the marker, disclosure, what differs, how long to wait."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ytempire.channels.model import Visibility
from ytempire.production.model import FinishedVideo, Format, Origin
from ytempire.publishing.model import Comparison, Disclosure, Provenance, Upload, UploadState
from ytempire.publishing.ports import Listing, RemoteVideo

SHORT_MOST_S = 180.0
UNCLEAR_FOR = timedelta(minutes=15)
"""How long after its last piece an upload that nobody can find may still turn up in the channel's list."""
CLOCKS_DIFFER_BY = timedelta(days=1)
PROCESSING_AGAIN_S = 600.0
APPEARS_LEAST_AHEAD = timedelta(minutes=15)
"""Longer than a publication takes from its first byte to its last read."""
_FAILED = frozenset({"failed", "rejected", "deleted"})
REJECTED = "rejected"
NOT_FOUND = "videoNotFound"
GONE = frozenset({REJECTED, NOT_FOUND})
"""Refusals that say: what was uploaded does not stand on the platform."""


def marker_of(video_id: UUID) -> str:
    """The tag that says which of our videos an upload is; the same for the same video, and it tells nobody else."""
    return "yte-" + hashlib.sha256(b"upload marker|" + video_id.bytes).hexdigest()[:20]


def provenance_of(finished: FinishedVideo, *, rehearsal: bool) -> Provenance:
    """Which parts of the video came from stand-ins."""
    parts = ["script"] if finished.script.origin is Origin.STAND_IN else []
    parts += ["picture or sound"] if Origin.STAND_IN in finished.origins else []
    return Provenance(tuple(parts), rehearsal)


def disclosure_of(finished: FinishedVideo) -> Disclosure:
    """Whether YouTube wants "altered or synthetic content" to be said, with the reason for each origin.

    Realistic synthetic people, events and places are to be disclosed; help with the script, captions and graphics
    that are clearly no footage are not (https://support.google.com/youtube/answer/14328491).
    """
    needed: list[str] = []
    free: list[str] = []
    for origin in dict.fromkeys(finished.origins):
        if origin is Origin.MODEL:
            needed.append("it shows pictures that a model generated, which may look real")
        elif origin in _NOT_TO_DISCLOSE:
            free.append(_NOT_TO_DISCLOSE[origin])
    if finished.script.origin in {Origin.MODEL, Origin.STAND_IN}:
        free.append("help with the script need not be disclosed")
    return Disclosure(bool(needed), tuple(needed or free))


_NOT_TO_DISCLOSE = {
    Origin.DRAWN: "motion graphics are clearly not real footage",
    Origin.CREATOR: "the creator's own pictures are their own record",
    Origin.STOCK: "stock footage is real",
    Origin.LOCAL_VOICE: "the narrator's voice imitates nobody",
    Origin.VENDOR_VOICE: "a narrator's voice that imitates nobody need not be disclosed",
}


def is_short(finished: FinishedVideo) -> bool:
    """Whether YouTube will show it as a Short: square or vertical, at most three minutes."""
    return finished.format is Format.VERTICAL and finished.duration_s <= SHORT_MOST_S


def differences(wanted: Listing, got: Listing, *, marker: str) -> list[Comparison]:
    """The fields that came back as something else, in the listing's order; the marker is one of the tags."""
    pairs = (
        ("title", wanted.title.strip(), got.title.strip()),
        ("description", _text(wanted.description), _text(got.description)),
        ("tags", _tags((*wanted.tags, marker)), _tags(got.tags)),
        ("category_id", wanted.category_id, got.category_id),
        ("language", wanted.language.casefold(), got.language.casefold()),
        ("visibility", wanted.visibility, got.visibility),
        ("publish_at", _instant(wanted.publish_at), _instant(got.publish_at)),
        ("made_for_kids", str(wanted.made_for_kids), str(got.made_for_kids)),
        ("synthetic_media", str(wanted.synthetic_media), str(got.synthetic_media)),
    )
    return [Comparison(name, mine, theirs, repaired=False) for name, mine, theirs in pairs if mine != theirs]


def appears_at(publish_at: datetime | None, visibility: Visibility, now: datetime) -> datetime | None:
    """When the platform is to make the video public by itself; None: it has its visibility at once.

    Only what is to be public can appear, and an hour that has nearly come is not waited for: on the way there it would
    pass.
    """
    ahead = publish_at is not None and publish_at > now + APPEARS_LEAST_AHEAD
    return publish_at if ahead and visibility is Visibility.PUBLIC else None


def rejection(remote: RemoteVideo) -> str:
    """Why the platform will not show the video, in plain words; empty if nothing is wrong."""
    if remote.upload_status in _FAILED:
        return f"YouTube says {remote.upload_status}" + (f" ({remote.rejection})" if remote.rejection else "")
    if remote.processing_status in {"failed", "terminated"}:
        return f"YouTube could not process the file ({remote.processing_status})"
    return ""


def processed(remote: RemoteVideo) -> bool:
    """Whether the platform is done with the file."""
    return remote.upload_status == "processed" or remote.processing_status == "succeeded"


@dataclass(frozen=True)
class Wait:
    """Look again after so many seconds."""

    seconds: float


def unclear_wait(upload: Upload, now: datetime) -> Wait | None:
    """Whether an upload that can't be found may still exist, so that starting anew could make a second one."""
    if upload.state is not UploadState.FINISHING or upload.last_piece_at is None:
        return None
    left = upload.last_piece_at + UNCLEAR_FOR - now
    return Wait(max(1.0, left.total_seconds())) if left > timedelta(0) else None


def may_be_older(uploaded_at: Iterable[datetime], upload: Upload) -> bool:
    """Whether a page of uploads (newest first) reaches back to before this one began, so that looking on is idle."""
    return any(at < upload.created_at - CLOCKS_DIFFER_BY for at in uploaded_at)


def _text(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))


def _tags(tags: Iterable[str]) -> str:
    return ", ".join(sorted({tag.strip().casefold() for tag in tags}))


def _instant(at: datetime | None) -> str:
    return str(int(at.timestamp())) if at else ""
