"""A channel's own pictures, clips and logo: sent as they are, checked and made clean, described, put away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from ytempire.channels import (
    archive_media,
    change_media,
    channel_in,
    drop_logo,
    keep_logo,
    keep_media,
    logo_of,
    look_at_media,
    page_of_media,
)
from ytempire.channels.model import ChannelMedia
from ytempire.kit.errors import BadInput
from ytempire.kit.ids import new_id
from ytempire.web.bodies import Given, example
from ytempire.web.cursors import After, Limit, Page, at_time
from ytempire.web.etags import IfMatch, require_match, with_etag
from ytempire.web.parts import Parts, PartsOf
from ytempire.web.principal import SignedIn, Transaction
from ytempire.web.routing import resource, takes_body
from ytempire.web.uploads import BODY, receive

router = resource("channels")

MOST_BYTES = 200_000_000
MOST_LOGO_BYTES = 20_000_000
_EXAMPLE: dict[str, Any] = {
    "id": "0199f3c2-b7e1-7d02-9c44-1a2b3c4d5e6f",
    "kind": "image",
    "width_px": 1920,
    "height_px": 1080,
    "duration_s": 0.0,
    "size_bytes": 812345,
    "title": "Humboldt squid",
    "words": "a red squid in the dark, seen from below",
    "tags": ["squid", "deep sea"],
    "licence": "CC BY 4.0",
    "origin": "Ada Marin, 2024",
    "added_at": "2026-11-20T08:00:00Z",
    "archived_at": None,
    "file": "/api/v1/channels/0199f3c2-a4d6-7b1c-8e21-f0a9b3d4c5e6/media/0199f3c2-b7e1-7d02-9c44-1a2b3c4d5e6f/file",
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file; ranges may be asked for.",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}, "example": "bytes"}
            for kind in ("image/png", "video/mp4")
        },
    }
}


class MediaShown(BaseModel):
    """A picture or clip of a channel."""

    model_config = example(_EXAMPLE)
    id: UUID
    kind: Literal["image", "clip"]
    width_px: int
    height_px: int
    duration_s: float
    size_bytes: int
    title: str
    words: str = Field(description="What it shows; by these words and the tags a scene finds it.")
    tags: list[str]
    licence: str
    origin: str
    added_at: datetime
    archived_at: datetime | None = None
    file: str


class MediaEdit(Given):
    """What is said of it; what is left out stays."""

    model_config = example({"words": "a red squid in the dark"})
    title: str | None = Field(None, max_length=500)
    words: str | None = Field(None, max_length=2000)
    tags: list[str] | None = Field(None, max_length=100)
    licence: str | None = Field(None, max_length=2000)
    origin: str | None = Field(None, max_length=2000)
    archived: bool | None = Field(None, description="Put away: no new video shows it. Nothing is deleted.")


Title = Annotated[str, Query(max_length=500, examples=["Humboldt squid"])]
Words = Annotated[str, Query(max_length=2000, description="What it shows; empty: the title.", examples=["a red squid"])]
Tags = Annotated[list[str] | None, Query(alias="tag", max_length=100, description="May be repeated.")]
Licence = Annotated[str, Query(max_length=2000, description="Named in the description; empty: your own work.")]
Origin = Annotated[str, Query(max_length=2000, description="Where it comes from.")]


@router.get("/{channel_id}/media")
async def list_of_media(
    channel_id: UUID,
    who: SignedIn,
    conn: Transaction,
    parts: PartsOf,
    archived: Annotated[bool, Query(description="Those that were put away.")] = False,
    cursor: After = None,
    limit: Limit = 50,
) -> Page[MediaShown]:
    """A channel's pictures and clips, oldest first."""
    what = f"media?channel={channel_id}&archived={archived}"
    after = parts.cursors.read_time(what, who.user_id, cursor)
    rows = await page_of_media(conn, channel_id, archived=archived, after=after, limit=limit + 1)
    if not rows:  # no such channel, or one without any
        await channel_in(conn, channel_id)
    return parts.cursors.page(
        what,
        who.user_id,
        rows,
        limit,
        show=lambda row: _shown(channel_id, row),
        place=lambda row: at_time(row.added_at, row.id),
    )


@router.post("/{channel_id}/media", status_code=201, openapi_extra=BODY)
@takes_body(MOST_BYTES)
async def upload(
    channel_id: UUID,
    request: Request,
    who: SignedIn,
    parts: PartsOf,
    response: Response,
    title: Title = "",
    words: Words = "",
    tag: Tags = None,
    licence: Licence = "",
    origin: Origin = "",
) -> MediaShown:
    """Add a picture or clip of up to 200 MB and 10 minutes; kept is a clean copy without sound and hidden data.

    It answers when the copy is made: a clip takes about as long as it plays. The same file again is the same entry.
    """
    said = {"title": title, "words": words, "tags": tuple(tag or ()), "licence": licence, "origin": origin}
    media = await _taken(channel_id, request, who.user_id, parts, said)
    async with parts.database.transaction(who.user_id) as conn:
        channel = (await channel_in(conn, channel_id)).channel
        kept = await keep_media(conn, channel, media)
    shown = _shown(channel_id, kept)
    with_etag(response, shown)
    response.headers["Location"] = f"/api/v1/channels/{channel_id}/media/{kept.id}"
    return shown


@router.get("/{channel_id}/media/{media_id}")
async def look_at_one(
    channel_id: UUID, media_id: UUID, _who: SignedIn, conn: Transaction, response: Response
) -> MediaShown:
    """One picture or clip."""
    shown = _shown(channel_id, await look_at_media(conn, channel_id, media_id))
    with_etag(response, shown)
    return shown


@router.get("/{channel_id}/media/{media_id}/file", response_class=FileResponse, responses=_FILE)
async def file(channel_id: UUID, media_id: UUID, who: SignedIn, parts: PartsOf) -> FileResponse:
    """The picture (PNG) or clip (MP4) itself."""
    async with parts.database.transaction(who.user_id) as conn:
        found = await look_at_media(conn, channel_id, media_id)
    return _file(parts, found)


@router.patch("/{channel_id}/media/{media_id}")
async def describe(
    channel_id: UUID,
    media_id: UUID,
    given: MediaEdit,
    _who: SignedIn,
    conn: Transaction,
    parts: PartsOf,
    response: Response,
    if_match: IfMatch = None,
) -> MediaShown:
    """Describe it in other words, put it away or bring it back."""
    found = await look_at_media(conn, channel_id, media_id, lock=True)
    require_match(if_match, _shown(channel_id, found))
    wanted = given.model_dump(exclude_none=True, exclude={"archived"})
    if "tags" in wanted:
        wanted["tags"] = tuple(wanted["tags"])
    found = replace(found, **wanted)
    await change_media(conn, found)
    if given.archived is not None:
        found = await archive_media(conn, found, parts.clock.now() if given.archived else None)
    shown = _shown(channel_id, found)
    with_etag(response, shown)
    return shown


@router.put("/{channel_id}/logo", status_code=204, openapi_extra=BODY)
@takes_body(MOST_LOGO_BYTES)
async def set_logo(channel_id: UUID, request: Request, who: SignedIn, parts: PartsOf) -> None:
    """Keep a picture as the channel's logo, for pages and programs to show. Videos show `mark` and `colours`."""
    media = await _taken(channel_id, request, who.user_id, parts, {"title": "logo"})
    if media.kind != "image":
        raise BadInput("a logo is a picture, and this is a clip", field="body", fix="Send a PNG, JPEG or WebP file.")
    async with parts.database.transaction(who.user_id) as conn:
        await keep_logo(conn, (await channel_in(conn, channel_id)).channel, media)


@router.get("/{channel_id}/logo", response_class=FileResponse, responses=_FILE)
async def logo(channel_id: UUID, who: SignedIn, parts: PartsOf) -> FileResponse:
    """The logo itself."""
    async with parts.database.transaction(who.user_id) as conn:
        await channel_in(conn, channel_id)
        found = await logo_of(conn, channel_id)
    return _file(parts, found)


@router.delete("/{channel_id}/logo", status_code=204)
async def remove_logo(channel_id: UUID, _who: SignedIn, conn: Transaction, parts: PartsOf) -> None:
    """Have none."""
    await channel_in(conn, channel_id)
    await drop_logo(conn, channel_id, parts.clock.now())


async def _taken(channel_id: UUID, request: Request, user_id: UUID, parts: Parts, said: dict[str, Any]) -> ChannelMedia:
    """What was sent, made clean and stored. No transaction is open while it comes and is decoded."""
    async with parts.database.transaction(user_id) as conn:
        await channel_in(conn, channel_id)
    tools = parts.platform.tools
    tools.media.require_space()
    async with tools.renderer.folder() as folder:
        await receive(request, folder / "the file")
        media, probe = await tools.renderer.take_in(folder / "the file")
    blank = {"title": "", "words": "", "tags": (), "licence": "", "origin": ""}
    return ChannelMedia(
        id=new_id(),
        file=media,
        kind=probe.kind,
        width_px=probe.width_px,
        height_px=probe.height_px,
        duration_s=probe.duration_s,
        added_at=parts.clock.now(),
        **blank | said,
    )


def _file(parts: Parts, media: ChannelMedia) -> FileResponse:
    kind = "image/png" if media.kind == "image" else "video/mp4"
    headers = {"Cache-Control": "private, max-age=3600"}
    return FileResponse(parts.platform.tools.media.path(media.file), media_type=kind, headers=headers)


def _shown(channel_id: UUID, media: ChannelMedia) -> MediaShown:
    own = {"size_bytes": media.file.size_bytes, "file": f"/api/v1/channels/{channel_id}/media/{media.id}/file"}
    return MediaShown.model_validate(vars(media) | own)
