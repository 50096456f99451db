"""Commands over channels: list, add, connect, disconnect."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated

import typer

from ytempire.channels import create_channel, find_channel, find_connection, list_channels
from ytempire.channels.model import Brand, Channel
from ytempire.cli.door import Door
from ytempire.cli.terminal import console, fitted, show
from ytempire.kit.ids import new_id
from ytempire.production import check_voice
from ytempire.production.looks import look_of, palette_of

Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="The rehearsal's channels.")]


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""
    family = typer.Typer(no_args_is_help=True, help="Your channels.", rich_markup_mode=None)
    app.add_typer(family, name="channel")

    @app.command("channels")
    def list_command(
        rehearsal: Rehearsal = False,
        as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False,
    ) -> None:
        """List your channels and whether they are connected."""
        asyncio.run(_list(door, rehearsal=rehearsal, as_json=as_json))

    @family.command("add")
    def add_command(
        handle: Annotated[str, typer.Argument(help="Short name for commands, like deep-sea.")],
        name: Annotated[str, typer.Option(help="The channel's name.")] = "",
        format: Annotated[str, typer.Option(help="9:16 or 16:9.")] = "9:16",  # noqa: A002
        voice: Annotated[
            str, typer.Option(help="local:NAME (doctor lists them) or elevenlabs:VOICE_ID.")
        ] = "local:heart",
        palette: Annotated[str, typer.Option(help="Colours.")] = "midnight",
        look: Annotated[str, typer.Option(help="Look of the picture.")] = "bold",
        minutes: Annotated[float, typer.Option(help="Usual length in minutes.")] = 0.75,
        rehearsal: Rehearsal = False,
    ) -> None:
        """Add a channel; `ytempire connect` then signs it in at YouTube."""
        look_of(look)
        palette_of(palette)
        channel_brand = Brand(palette=palette, look=look, mark=(name or handle)[:1].upper())

        async def work() -> None:
            async with door.open_session(rehearsal=rehearsal) as session:
                channel = Channel(
                    id=new_id(),
                    user_id=session.user_id,
                    handle=handle,
                    name=name or handle,
                    format=format,
                    voice=voice,
                    brand=channel_brand,
                    minutes=minutes,
                )
                tools = session.platform.tools
                check_voice(tools, voice, channel.language)
                made = await create_channel(tools.database, tools.clock, channel)
            console().print(f"added {made.handle}; next: ytempire connect {made.handle}", markup=False)

        asyncio.run(work())

    @app.command("connect")
    def connect_command(
        channel: Annotated[str, typer.Argument(help="Handle of the channel.")], rehearsal: Rehearsal = False
    ) -> None:
        """Sign a channel in at YouTube.

        Opens Google's consent page and keeps the token encrypted.
        """

        async def work() -> None:
            screen = console()
            async with door.open_session(rehearsal=rehearsal) as session:
                found = await find_channel(session.platform.tools.database, session.user_id, channel)
                title = await door.connect(
                    session, found, lambda text: screen.print(text, markup=False, soft_wrap=True)
                )
            screen.print(f"{found.handle} is connected to “{title}”", markup=False)

        asyncio.run(work())

    @app.command("disconnect")
    def disconnect_command(
        channel: Annotated[str, typer.Argument(help="Handle of the channel.")], rehearsal: Rehearsal = False
    ) -> None:
        """Revoke a channel's authorisation, delete its token."""

        async def work() -> None:
            async with door.open_session(rehearsal=rehearsal) as session:
                found = await find_channel(session.platform.tools.database, session.user_id, channel)
                await door.disconnect(session, found)
            console().print(
                f"{found.handle} is disconnected; its token is revoked, and deleted with what YouTube told",
                markup=False,
            )

        asyncio.run(work())


async def _list(door: Door, *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        database = session.platform.tools.database
        channels = await list_channels(database, session.user_id)
        connections = [await find_connection(database, session.user_id, channel.id) for channel in channels]
    if as_json:
        listed = [
            {
                "handle": channel.handle,
                "name": channel.name,
                "format": channel.format,
                "connected_to": connection.title if connection else None,
                "broken": connection.broken if connection else "",
                "topics_left": len(channel.topics),
            }
            for channel, connection in zip(channels, connections, strict=True)
        ]
        sys.stdout.write(json.dumps(listed) + "\n")
        return
    screen = console()
    if not channels:
        screen.print("No channels yet. `ytempire channel add HANDLE` makes one.")
        return
    lines = []
    for channel, connection in zip(channels, connections, strict=True):
        state = "no" if connection is None else connection.broken or f"yes, {connection.title}"
        lines.append((channel.handle, channel.name, channel.format, str(len(channel.topics)), state))
    heads = ("channel", "name", "format", "topics left", "connected")
    show(screen, fitted(heads, lines, screen.width, gives_way="connected"))
