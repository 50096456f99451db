"""Commands over channels: list, archive, consent, connect; what gives them their character is in `character`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from ytempire.channels import (
    DISCLOSURE,
    archive_channel,
    consent_to_autopilot,
    find_channel,
    find_connection,
    list_channels,
    restore_channel,
    revoke_autopilot,
)
from ytempire.channels.model import Channel
from ytempire.cli import character, sources
from ytempire.cli.character import Handle, Rehearsal, told
from ytempire.cli.door import Door, Session
from ytempire.cli.terminal import console, fitted, show


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""
    family = typer.Typer(no_args_is_help=True, help="Your channels.", rich_markup_mode=None)
    app.add_typer(family, name="channel")
    character.register(family, door)
    sources.register(family, door)
    _register_keeping(family, door)

    @app.command("channels")
    def list_command(
        archived: Annotated[bool, typer.Option("--archived", help="Those that were put away.")] = False,
        rehearsal: Rehearsal = False,
        as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False,
    ) -> None:
        """List your channels and whether they are connected."""
        asyncio.run(_list(door, archived=archived, rehearsal=rehearsal, as_json=as_json))

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


def _register_keeping(family: typer.Typer, door: Door) -> None:
    @family.command("archive")
    def archive_command(channel: Handle, rehearsal: Rehearsal = False) -> None:
        """Put a channel away: it makes no videos and loses nothing."""

        async def put_away(session: Session, found: Channel) -> str:
            await archive_channel(session.platform.tools.database, session.platform.tools.clock, found)
            return f"{found.handle} is archived; `ytempire channel restore {found.handle}` brings it back"

        asyncio.run(_with_channel(door, channel, put_away, rehearsal=rehearsal))

    @family.command("restore")
    def restore_command(channel: Handle, rehearsal: Rehearsal = False) -> None:
        """Bring an archived channel back."""

        async def bring_back(session: Session, found: Channel) -> str:
            await restore_channel(session.platform.tools.database, found)
            return f"{found.handle} is back"

        asyncio.run(_with_channel(door, channel, bring_back, rehearsal=rehearsal))

    @family.command("consent")
    def consent_command(
        channel: Handle,
        revoke: Annotated[bool, typer.Option("--revoke", help="Take the consent back.")] = False,
        rehearsal: Rehearsal = False,
    ) -> None:
        """Consent to the autopilot: videos are published without your review.

        The consent is dated and covers the channel's present visibility; the command says what you agree to.
        """

        async def agree(session: Session, found: Channel) -> str:
            tools = session.platform.tools
            if revoke:
                await revoke_autopilot(tools.database, tools.clock, found)
                return f"the consent is revoked; videos of {found.handle} wait for your review"
            agreed = await consent_to_autopilot(tools.database, tools.clock, found)
            return (
                f"{found.handle} is on autopilot: its videos are published as {agreed.visibility} without your review."
                f" {DISCLOSURE} `ytempire channel consent {found.handle} --revoke` takes it back."
            )

        asyncio.run(_with_channel(door, channel, agree, rehearsal=rehearsal))


async def _with_channel(
    door: Door, name: str, do: Callable[[Session, Channel], Awaitable[str]], *, rehearsal: bool
) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        said = await do(session, await find_channel(session.platform.tools.database, session.user_id, name))
    console().print(said, markup=False, soft_wrap=True)


async def _list(door: Door, *, archived: bool, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        database = session.platform.tools.database
        channels = await list_channels(database, session.user_id, archived=archived)
        connections = [await find_connection(database, session.user_id, channel.id) for channel in channels]
    if as_json:
        listed = [told(channel, connection) for channel, connection in zip(channels, connections, strict=True)]
        sys.stdout.write(json.dumps(listed) + "\n")
        return
    screen = console()
    if not channels:
        screen.print(
            "No channel is archived." if archived else "No channels yet. `ytempire channel add HANDLE` makes one."
        )
        return
    lines = []
    for channel, connection in zip(channels, connections, strict=True):
        state = "no" if connection is None else connection.broken or f"yes, {connection.title}"
        lines.append((channel.handle, channel.name, channel.format, str(len(channel.topics)), state))
    heads = ("channel", "name", "format", "topics left", "connected")
    show(screen, fitted(heads, lines, screen.width, gives_way="connected"))
