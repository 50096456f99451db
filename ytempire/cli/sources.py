"""`channel sources`, `add-source`, `drop-source` and `refresh`: where a channel's facts come from."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from ytempire.channels import (
    add_feed,
    add_sources,
    drop_source,
    find_channel,
    list_feeds,
    list_sources,
    read_file,
    refresh_feeds,
)
from ytempire.channels.model import Source
from ytempire.channels.ports import FeedReader
from ytempire.cli.character import AsJson, Handle, Rehearsal
from ytempire.cli.door import Door, Session
from ytempire.cli.terminal import console, fitted, short_id, show, when
from ytempire.kit.errors import BadInput


def register(family: typer.Typer, door: Door) -> None:
    """Add the commands to the family `channel`."""

    @family.command("sources")
    def sources_command(channel: Handle, rehearsal: Rehearsal = False, as_json: AsJson = False) -> None:
        """A channel's texts, files and feeds, and what the feeds brought."""
        asyncio.run(_list(door, channel, rehearsal=rehearsal, as_json=as_json))

    @family.command("add-source")
    def add_command(
        channel: Handle,
        file: Annotated[Path | None, typer.Option(help="Plain text or Markdown.")] = None,
        feed: Annotated[str | None, typer.Option(help="Address of an RSS or Atom feed.")] = None,
        text: Annotated[str | None, typer.Option(help="The text itself.")] = None,
        title: Annotated[str, typer.Option(help="What a text or file is called; a file's own name by default.")] = "",
        url: Annotated[str, typer.Option(help="Where a text or file comes from; named in descriptions.")] = "",
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Add a text, a file or a feed that facts may come from."""
        if sum(one is not None for one in (file, feed, text)) != 1:
            raise BadInput("give exactly one", field="file, feed, text", fix="Name a --file, a --feed or a --text.")

        async def work(session: Session) -> tuple[UUID, str]:
            tools = session.platform.tools
            found = await find_channel(tools.database, session.user_id, channel)
            if feed is not None:
                added = await add_feed(tools.database, tools.clock, found, feed, _reader(session))
                return added.feed.id, f"added the feed “{added.feed.title or feed}” with {added.new} items"
            source = _from_file(file, title) if file else Source(title, (text or "").strip())
            source = Source(source.title, source.text, url)
            kind = "file" if file else "text"
            (added_id,) = await add_sources(tools.database, tools.clock, found, [source], kind=kind)
            return added_id, f"added “{source.title}” with {len(source.text):,} characters"

        async def run() -> None:
            async with door.open_session(rehearsal=rehearsal) as session:
                added, said = await work(session)
            if as_json:
                sys.stdout.write(json.dumps({"source": str(added)}) + "\n")
            else:
                console().print(said, markup=False)

        asyncio.run(run())

    @family.command("drop-source")
    def drop_command(
        channel: Handle,
        source: Annotated[str, typer.Argument(help="Its id, or the end of it as shown by `channel sources`.")],
        rehearsal: Rehearsal = False,
    ) -> None:
        """Forget a text, a file, or a feed with what it brought."""

        asyncio.run(_drop(door, channel, source, rehearsal=rehearsal))

    @family.command("refresh")
    def refresh_command(channel: Handle, rehearsal: Rehearsal = False, as_json: AsJson = False) -> None:
        """Read a channel's feeds now."""

        asyncio.run(_refresh(door, channel, rehearsal=rehearsal, as_json=as_json))


async def _drop(door: Door, channel: str, source: str, *, rehearsal: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        database = session.platform.tools.database
        found = await find_channel(database, session.user_id, channel)
        kept, feeds = await list_sources(database, found), await list_feeds(database, found)
        listed = [one.id for one in kept] + [one.id for one in feeds]
        ids = [one for one in listed if source and str(one).endswith(source.lower())]
        if len(ids) != 1:
            says = f"{source[:60]!r} ends {len(ids)} ids" if ids else f"no source {source[:60]!r}"
            raise BadInput(says, field="source", fix=f"`ytempire channel sources {found.handle}` lists them.")
        await drop_source(database, found, ids[0])
    console().print("dropped", markup=False)


async def _refresh(door: Door, channel: str, *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        tools = session.platform.tools
        found = await find_channel(tools.database, session.user_id, channel)
        read = await refresh_feeds(tools.database, tools.clock, found, _reader(session))
    if as_json:
        told = [{"feed": one.feed.url, "new": one.new, "broken": one.broken} for one in read]
        sys.stdout.write(json.dumps(told) + "\n")
        return
    for one in read:
        says = f"could not be read: {one.broken}" if one.broken else f"{one.new} new items"
        console().print(f"{one.feed.title or one.feed.url}: {says}", markup=False, soft_wrap=True)
    if not read:
        console().print("the channel has no feeds", markup=False)


def _reader(session: Session) -> FeedReader:
    if session.platform.feeds is None:
        raise RuntimeError("this platform was put together without a reader of feeds")
    return session.platform.feeds


def _from_file(file: Path, title: str) -> Source:
    if not file.is_file():
        raise BadInput(f"{file} is not a file", field="file", fix="Give the path of a text file.")
    with file.open("rb") as opened:
        return read_file(file.name, opened.read(MOST_READ), title=title)


MOST_READ = 1_000_000
"""More than a source may have, so that the verb refuses it, and no more than that is read."""


async def _list(door: Door, channel: str, *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        database = session.platform.tools.database
        found = await find_channel(database, session.user_id, channel)
        kept, feeds = await list_sources(database, found), await list_feeds(database, found)
    if as_json:
        told = {
            "sources": [
                {
                    "id": str(one.id),
                    "kind": one.kind,
                    "title": one.title,
                    "characters": one.characters,
                    "url": one.url,
                    "published_at": one.published_at.isoformat() if one.published_at else None,
                    "feed": str(one.feed_id) if one.feed_id else None,
                }
                for one in kept
            ],
            "feeds": [
                {
                    "id": str(one.id),
                    "url": one.url,
                    "title": one.title,
                    "items": one.items,
                    "checked_at": one.checked_at.isoformat() if one.checked_at else None,
                    "broken": one.broken,
                }
                for one in feeds
            ],
        }
        sys.stdout.write(json.dumps(told) + "\n")
        return
    lines = [(short_id(one.id), "feed", one.title or one.url, one.broken or f"{one.items} items") for one in feeds]
    lines += [
        (short_id(one.id), one.kind, one.title, when(one.published_at) if one.published_at else f"{one.characters:,}")
        for one in kept
    ]
    screen = console()
    show(screen, fitted(("id", "kind", "title", "length or date"), lines, screen.width, gives_way="title"))
