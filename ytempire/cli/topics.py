"""`ytempire topics`: a channel's backlog and series."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer

from ytempire.channels import add_series, add_topics, change_topic, find_channel, list_topics
from ytempire.channels.model import Channel, NewTopic, Topic, TopicState
from ytempire.cli.character import AsJson, Handle, Rehearsal
from ytempire.cli.door import Door, Session
from ytempire.cli.terminal import console, fitted, short_id, show
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput

MOST_FILE_BYTES = 400_000
TopicArgument = Annotated[str, typer.Argument(help="Its id, or the end of it as listed; or its number in the backlog.")]
T = TypeVar("T")
Change = Callable[[Database, Channel, UUID], Awaitable[Topic]]
Notes = Annotated[str, typer.Option(help="What the script should know of it.")]


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""
    family = typer.Typer(no_args_is_help=True, help="What a channel's videos are about next.", rich_markup_mode=None)
    app.add_typer(family, name="topics")

    @family.command("list")
    def list_command(
        channel: Handle,
        state: Annotated[TopicState, typer.Option(help="Which topics.", case_sensitive=False)] = TopicState.WAITING,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """A channel's topics; waiting ones as they will be taken."""
        asyncio.run(_list(door, channel, state, rehearsal=rehearsal, as_json=as_json))

    @family.command("add")
    def add_command(
        channel: Handle,
        topic: Annotated[list[str] | None, typer.Argument(help="One or more topics.")] = None,
        file: Annotated[Path | None, typer.Option(help="A text file with a topic on each line.")] = None,
        series: Annotated[str, typer.Option(help="Title of the series that these are the next parts of.")] = "",
        notes: Notes = "",
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Put topics at the end of the backlog, or a series with its parts.

        With a series, the notes are those of the series; else those of each topic.
        """
        wanted = [*(topic or []), *(_lines(file) if file else [])]
        if not wanted:
            raise BadInput("no topic was given", field="topic", fix="Name one, or give a --file with one on each line.")
        adding = _add(door, channel, wanted, series, notes, rehearsal=rehearsal, as_json=as_json)
        asyncio.run(adding)

    _register_changes(family, door)


def _register_changes(family: typer.Typer, door: Door) -> None:
    def change(channel: str, topic: str, to: Change, *, rehearsal: bool, as_json: bool) -> None:
        asyncio.run(_change(door, channel, topic, to, rehearsal=rehearsal, as_json=as_json))

    @family.command("move")
    def move_command(
        channel: Handle,
        topic: TopicArgument,
        place: Annotated[int, typer.Argument(help="Where it goes, from 1.")],
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Give a topic another place in the backlog."""
        change(channel, topic, partial(change_topic, place=place), rehearsal=rehearsal, as_json=as_json)

    @family.command("pin")
    def pin_command(
        channel: Handle,
        topic: TopicArgument,
        off: Annotated[bool, typer.Option("--off", help="Take the pin out.")] = False,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Put a topic before all that are not pinned."""
        change(channel, topic, partial(change_topic, pinned=not off), rehearsal=rehearsal, as_json=as_json)

    @family.command("skip")
    def skip_command(
        channel: Handle,
        topic: TopicArgument,
        off: Annotated[bool, typer.Option("--off", help="Let it wait again.")] = False,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Leave a topic out, without losing it."""
        change(channel, topic, partial(change_topic, skipped=not off), rehearsal=rehearsal, as_json=as_json)

    @family.command("edit")
    def edit_command(
        channel: Handle,
        topic: TopicArgument,
        words: Annotated[str | None, typer.Option(help="The topic's new words.")] = None,
        notes: Annotated[str | None, typer.Option(help="What the script should know of it.")] = None,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Change a topic's words or notes."""
        if words is None and notes is None:
            raise BadInput("nothing to change was named", field="words", fix="Give --words or --notes.")
        change(channel, topic, partial(change_topic, topic=words, notes=notes), rehearsal=rehearsal, as_json=as_json)


async def _with_channel(door: Door, name: str, do: Callable[[Session, Channel], Awaitable[T]], *, rehearsal: bool) -> T:
    async with door.open_session(rehearsal=rehearsal) as session:
        return await do(session, await find_channel(session.platform.tools.database, session.user_id, name))


async def _list(door: Door, name: str, state: TopicState, *, rehearsal: bool, as_json: bool) -> None:
    async def listed(session: Session, channel: Channel) -> list[Topic]:
        return await list_topics(session.platform.tools.database, channel, state)

    topics = await _with_channel(door, name, listed, rehearsal=rehearsal)
    if as_json:
        sys.stdout.write(json.dumps([told(topic) for topic in topics]) + "\n")
        return
    lines = [
        (
            str(at),
            short_id(one.id),
            one.topic,
            "pinned" if one.pinned else "",
            f"{one.series} {one.part}" if one.part else "",
        )
        for at, one in enumerate(topics, 1)
    ]
    screen = console()
    if not lines:
        screen.print(f"no topic is {state}", markup=False)
        return
    show(screen, fitted(("", "id", "topic", "", "series"), lines, screen.width, gives_way="topic"))


async def _add(
    door: Door, name: str, wanted: list[str], series: str, notes: str, *, rehearsal: bool, as_json: bool
) -> None:
    async def add(session: Session, channel: Channel) -> int:
        tools = session.platform.tools
        if series:
            return await add_series(tools.database, tools.clock, channel, series, wanted, notes=notes)
        new = [NewTopic(topic, notes) for topic in wanted]
        return await add_topics(tools.database, tools.clock, channel, new)

    added = await _with_channel(door, name, add, rehearsal=rehearsal)
    if as_json:
        sys.stdout.write(json.dumps({"added": added, "known": len(wanted) - added}) + "\n")
        return
    known = len(wanted) - added
    console().print(f"added {added}" + (f"; the channel had {known} already" if known else ""), markup=False)


async def _change(door: Door, name: str, topic: str, to: Change, *, rehearsal: bool, as_json: bool) -> None:
    async def change(session: Session, channel: Channel) -> Topic:
        found = await _named(session, channel, topic)
        return await to(session.platform.tools.database, channel, found.id)

    changed = await _with_channel(door, name, change, rehearsal=rehearsal)
    if as_json:
        sys.stdout.write(json.dumps(told(changed)) + "\n")
        return
    pinned = ", pinned" if changed.pinned else ""
    console().print(f"{changed.topic}: {changed.state}{pinned}", markup=False, soft_wrap=True)


async def _named(session: Session, channel: Channel, name: str) -> Topic:
    """By its number in the backlog, or by the end of its id."""
    database = session.platform.tools.database
    waiting = await list_topics(database, channel)
    if name.isdigit() and len(name) <= 4:
        if 1 <= int(name) <= len(waiting):
            return waiting[int(name) - 1]
        found = []
    else:
        every = [*waiting, *await list_topics(database, channel, TopicState.SKIPPED)]
        every += await list_topics(database, channel, TopicState.USED)
        found = [topic for topic in every if name and str(topic.id).endswith(name.lower())]
    if len(found) != 1:
        says = f"{name[:60]!r} ends {len(found)} ids" if found else f"no topic {name[:60]!r}"
        raise BadInput(says, field="topic", fix=f"`ytempire topics list {channel.handle}` lists them.")
    return found[0]


def _lines(file: Path) -> list[str]:
    if not file.is_file() or file.stat().st_size > MOST_FILE_BYTES:
        raise BadInput(
            f"{file} is no file of at most {MOST_FILE_BYTES:,} bytes",
            field="file",
            fix="Give a text file with a topic on each line.",
        )
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not UTF-8 text", field="file", fix="Save it as UTF-8.") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def told(topic: Topic) -> dict[str, Any]:
    """A topic for machines."""
    return {
        "id": str(topic.id),
        "topic": topic.topic,
        "notes": topic.notes,
        "state": topic.state.value,
        "pinned": topic.pinned,
        "series": topic.series or None,
        "part": topic.part,
        "video": str(topic.video_id) if topic.video_id else None,
    }
