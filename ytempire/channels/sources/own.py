"""Verbs: the creator's own texts and files as sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from uuid import UUID

from ytempire.channels.model import Channel, KeptSource, Source
from ytempire.channels.rules import SOURCE_TITLE_MAX, SOURCES_MAX, check_sources
from ytempire.channels.sources import store
from ytempire.kit.clock import Clock
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, NotFound

MOST_FILE_BYTES = 800_000
"""As many as the longest text can have in UTF-8."""
_KINDS = (".txt", ".md", ".markdown")


def read_file(name: str, content: bytes, *, title: str = "") -> Source:
    """A plain-text or Markdown file as a source; its name is the title unless one is given. Raises BadInput."""
    if PurePath(name).suffix.lower() not in _KINDS:
        raise BadInput(
            f"{name[:80]!r} is no text file", field="file", fix=f"Give plain text or Markdown ({', '.join(_KINDS)})."
        )
    if len(content) > MOST_FILE_BYTES:
        raise BadInput(
            f"{name[:80]!r} has {len(content):,} bytes, the limit is {MOST_FILE_BYTES:,}",
            field="file",
            fix="Split it into several files.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{name[:80]!r} is not UTF-8 text (byte {error.start})", field="file", fix="Save it as UTF-8."
        ) from error
    called = title or PurePath(name).stem.replace("-", " ").replace("_", " ")[:SOURCE_TITLE_MAX]
    return Source(called, text.replace("\r\n", "\n").strip())


async def add_sources(
    database: Database, clock: Clock, channel: Channel, sources: Sequence[Source], *, kind: str = "text"
) -> list[UUID]:
    """Keep texts (`kind` `text`) or read files (`file`) after those there are; their ids. Raises BadInput, NotFound."""
    check_sources(tuple(sources))
    async with database.transaction(channel.user_id) as conn:
        if not await store.lock_channel(conn, channel.id):
            raise NotFound(
                f"no channel {channel.id}",
                field="channel",
                fix="GET /api/v1/channels and `ytempire channels` list yours.",
            )
        there = await store.count_own(conn, channel.id)
        if there + len(sources) > SOURCES_MAX:
            raise BadInput(
                f"{there} sources are there, {len(sources)} more are too many",
                field="sources",
                fix=f"A channel keeps {SOURCES_MAX}: drop one, or join short ones.",
            )
        of = {"user_id": channel.user_id, "channel_id": channel.id}
        return await store.add_sources(conn, sources, **of, kind=kind, now=clock.now())


async def list_sources(database: Database, channel: Channel) -> list[KeptSource]:
    """All sources: the creator's own in their order, then what feeds brought, newest first."""
    async with database.transaction(channel.user_id) as conn:
        return await store.kept_sources(conn, channel.id)


async def drop_source(database: Database, channel: Channel, source_id: UUID) -> None:
    """Forget a text, a file, or a feed with what it brought. Videos that rest on it keep it. Raises NotFound."""
    async with database.transaction(channel.user_id) as conn:
        dropped = await store.drop_source(conn, channel.id, source_id)
        if not dropped and not await store.drop_feed(conn, channel.id, source_id):
            raise NotFound(
                f"no source {source_id}",
                field="source",
                fix=f"GET /api/v1/channels/{{id}}/sources and `ytempire channel sources {channel.handle}` list them;"
                " what a feed brought goes with the feed.",
            )
