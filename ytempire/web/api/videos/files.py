"""A video's finished files, each with a signed address."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from ytempire.orchestration import look_at_video_in
from ytempire.orchestration.model import ListedVideo
from ytempire.production import file_name, look_at_files
from ytempire.production.model import FileKind, MadeFile
from ytempire.web.bodies import example
from ytempire.web.media_links import TYPES, link_to
from ytempire.web.parts import Parts, PartsOf
from ytempire.web.principal import SignedIn, Transaction
from ytempire.web.routing import resource

router = resource("videos")

_FILE: dict[str, Any] = {
    "kind": "video",
    "name": "deep-sea-why-squid-glow-3c4d5e6f.mp4",
    "type": "video/mp4",
    "size_bytes": 7340032,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "address": "https://example.org/api/v1/media/9f86…/deep-sea-why-squid-glow-3c4d5e6f.mp4?of=…&bytes=7340032&sig=…",
    "ends_at": "2026-11-25T13:00:00Z",
}
_PART = {FileKind.THUMBNAIL: "thumbnail-{}", FileKind.REFUSED_VIDEO: "refused"}


class FileShown(BaseModel):
    """A file."""

    model_config = example(_FILE)
    kind: FileKind = Field(description="Of several thumbnails the first is the one that is published.")
    name: str
    type: str
    size_bytes: int
    sha256: str
    address: str | None = Field(
        description="Fetches it without signing in, in parts too (Range); with `&download=true` a browser saves it."
        " Null: it has been cleared away."
    )
    ends_at: datetime | None = Field(description="When the address ends.")


class FilesShown(BaseModel):
    """A video's files: of the newest version that passed the quality gate, and a newer one that it refused."""

    model_config = example({"files": [_FILE]})
    files: list[FileShown]


@router.get("/{video_id}/files")
async def files(video_id: UUID, who: SignedIn, conn: Transaction, parts: PartsOf) -> FilesShown:
    """The finished files: video, thumbnails, captions; none before the quality gate has looked."""
    view = await look_at_video_in(conn, who.user_id, video_id)
    made = await look_at_files(conn, video_id)
    return FilesShown(files=[_shown(parts, who.user_id, view.listed, file) for file in made])


def _shown(parts: Parts, user_id: UUID, video: ListedVideo, file: MadeFile) -> FileShown:
    media = file.media
    part = _PART.get(file.kind, "").format(file.number)
    name = file_name(video.channel_handle, video.title, video.id, media.suffix, part=part)
    kept = parts.platform.tools.media.has(media)
    address, ends_at = link_to(parts, user_id, media, name) if kept else (None, None)
    return FileShown(
        kind=file.kind,
        name=name,
        type=TYPES.get(media.suffix, "application/octet-stream"),
        size_bytes=media.size_bytes,
        sha256=media.sha256,
        address=address,
        ends_at=ends_at,
    )
