"""`channel add`, `change` and `show`: what gives a channel its character."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import astuple, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from ytempire.channels import change_channel, create_channel, find_channel, find_connection, on_autopilot
from ytempire.channels.model import Brand, Channel, Connection, Visibility
from ytempire.cli.door import Door, Session
from ytempire.cli.terminal import console, fitted, show
from ytempire.kit.errors import BadInput
from ytempire.kit.ids import new_id
from ytempire.production import channel_choices
from ytempire.production.looks import palette_from_logo

MOST_LOGO_BYTES = 5_000_000
Handle = Annotated[str, typer.Argument(help="Short name for commands, like deep-sea.")]
Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="The rehearsal's channels.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
Store = Callable[[Session, str, dict[str, Any]], Awaitable[Channel]]
_BRAND = {"palette", "look", "mark", "colours"}


def register(family: typer.Typer, door: Door) -> None:
    """Add the commands to the family `channel`."""
    _register_storing(family, door, "add", _add, "Add a channel; `ytempire connect` then signs it in at YouTube.")
    _register_storing(family, door, "change", _change, "Change a channel; what is not named stays as it is.")

    @family.command("show")
    def show_command(channel: Handle, rehearsal: Rehearsal = False, as_json: AsJson = False) -> None:
        """Everything that gives a channel its character."""

        async def work() -> None:
            async with door.open_session(rehearsal=rehearsal) as session:
                database = session.platform.tools.database
                found = await find_channel(database, session.user_id, channel)
                connection = await find_connection(database, session.user_id, found.id)
            facts = told(found, connection)
            if as_json:
                sys.stdout.write(json.dumps(facts) + "\n")
                return
            screen = console()
            lines = [(name, "–" if value in (None, "", []) else _shown(value)) for name, value in facts.items()]
            show(screen, fitted(("", found.name), lines, screen.width, gives_way=found.name))

        asyncio.run(work())


def _register_storing(family: typer.Typer, door: Door, command: str, store: Store, about: str) -> None:
    @family.command(command, help=about)
    def storing_command(
        handle: Handle,
        name: Annotated[str | None, typer.Option(help="The channel's name.")] = None,
        niche: Annotated[str | None, typer.Option(help="What it is about.")] = None,
        audience: Annotated[str | None, typer.Option(help="Whom it speaks to.")] = None,
        tone: Annotated[str | None, typer.Option(help="How it speaks.")] = None,
        language: Annotated[str | None, typer.Option(help="Language tag, such as en.")] = None,
        format: Annotated[str | None, typer.Option(help="9:16 or 16:9.")] = None,  # noqa: A002
        minutes: Annotated[float | None, typer.Option(help="Usual length in minutes.")] = None,
        voice: Annotated[
            str | None, typer.Option(help="local:NAME (doctor lists them) or elevenlabs:VOICE_ID.")
        ] = None,
        music_mood: Annotated[str | None, typer.Option(help="Mood of the music.")] = None,
        intro: Annotated[str | None, typer.Option(help="Spoken first in every video.")] = None,
        outro: Annotated[str | None, typer.Option(help="Spoken last in every video.")] = None,
        look: Annotated[str | None, typer.Option(help="Look of the picture.")] = None,
        palette: Annotated[str | None, typer.Option(help="A named palette, in place of own colours.")] = None,
        colours: Annotated[
            str | None,
            typer.Option(help="Five own colours with commas: background, surface, text, accent, second accent."),
        ] = None,
        logo: Annotated[Path | None, typer.Option(help="Picture whose colours become the channel's.")] = None,
        mark: Annotated[str | None, typer.Option(help="Two letters in the corner of the picture.")] = None,
        category_id: Annotated[
            str | None, typer.Option("--category", help="YouTube's category number; 27 is education.")
        ] = None,
        made_for_kids: Annotated[bool | None, typer.Option(help="Whether it is made for children.")] = None,
        visibility: Annotated[
            Visibility | None, typer.Option(help="Who sees a published video.", case_sensitive=False)
        ] = None,
        playlist: Annotated[str | None, typer.Option(help="Playlist that its videos go into.")] = None,
        upload_captions: Annotated[
            bool | None, typer.Option(help="Captions as a track of their own (400 units of quota).")
        ] = None,
        publish_hour: Annotated[int | None, typer.Option(help="Full hour of publishing, 0 to 23.")] = None,
        time_zone: Annotated[
            str | None, typer.Option(help="Time zone of that hour, such as Europe/Berlin; empty: yours.")
        ] = None,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        given = {
            "name": name, "niche": niche, "audience": audience, "tone": tone, "language": language, "format": format,
            "minutes": minutes, "voice": voice, "music_mood": music_mood, "intro": intro, "outro": outro,
            "look": look, "palette": palette, "colours": _colours(colours, logo, palette), "mark": mark,
            "category_id": category_id, "made_for_kids": made_for_kids, "visibility": visibility,
            "playlist": playlist, "upload_captions": upload_captions, "publish_hour": publish_hour,
            "time_zone": time_zone,
        }  # fmt: skip
        named = {field: value for field, value in given.items() if value is not None}

        async def work() -> None:
            async with door.open_session(rehearsal=rehearsal) as session:
                stored = await store(session, handle, named)
                connection = await find_connection(session.platform.tools.database, session.user_id, stored.id)
            if as_json:
                sys.stdout.write(json.dumps(told(stored, connection)) + "\n")
                return
            after = "added" if command == "add" else "changed"
            then = "" if connection else f"; next: ytempire connect {stored.handle}"
            console().print(f"{after} {stored.handle}{then}", markup=False)

        asyncio.run(work())


async def _add(session: Session, handle: str, named: dict[str, Any]) -> Channel:
    tools = session.platform.tools
    name = named.get("name") or handle
    blank = Channel(new_id(), session.user_id, handle, name, brand=Brand(mark=name[:1].upper()))
    channel = _with(blank, named | {"name": name})
    return await create_channel(tools.database, tools.clock, channel, channel_choices(tools))


async def _change(session: Session, handle: str, named: dict[str, Any]) -> Channel:
    tools = session.platform.tools
    if not named:
        raise BadInput("nothing to change was named", fix="`ytempire channel change --help` lists what can be.")
    channel = _with(await find_channel(tools.database, session.user_id, handle), named)
    return await change_channel(tools.database, channel, channel_choices(tools))


def _with(channel: Channel, named: dict[str, Any]) -> Channel:
    brand = {field: value for field, value in named.items() if field in _BRAND}
    plain = {field: value for field, value in named.items() if field not in _BRAND}
    return replace(channel, brand=replace(channel.brand, **brand), **plain)


def _colours(listed: str | None, logo: Path | None, palette: str | None) -> tuple[str, ...] | None:
    """Own colours; the empty tuple where a named palette takes their place, None where nothing was said of them."""
    if sum(one is not None for one in (listed, logo, palette)) > 1:
        raise BadInput("were given together", field="palette, colours, logo", fix="Give one of them.")
    if listed is not None:
        return tuple(colour.strip() for colour in listed.split(",") if colour.strip())
    if logo is not None:
        return astuple(palette_from_logo(_picture(logo)))
    return () if palette is not None else None


def _picture(file: Path) -> bytes:
    if not file.is_file():
        raise BadInput(f"{file} is not a file", field="logo", fix="Give the path of a picture.")
    if file.stat().st_size > MOST_LOGO_BYTES:
        raise BadInput(
            f"{file} has {file.stat().st_size:,} bytes, the limit is {MOST_LOGO_BYTES:,}",
            field="logo",
            fix="Save it smaller.",
        )
    return file.read_bytes()


def told(channel: Channel, connection: Connection | None) -> dict[str, Any]:
    """A channel for machines and for people."""
    consent = channel.consent
    return {
        "handle": channel.handle,
        "name": channel.name,
        "id": str(channel.id),
        "version": channel.version,
        "archived_at": channel.archived_at.isoformat() if channel.archived_at else None,
        "connected_to": connection.title if connection else None,
        "broken": connection.broken if connection else "",
        "niche": channel.niche,
        "audience": channel.audience,
        "tone": channel.tone,
        "language": channel.language,
        "format": channel.format,
        "minutes": channel.minutes,
        "voice": channel.voice,
        "music_mood": channel.music_mood,
        "intro": channel.intro,
        "outro": channel.outro,
        "look": channel.brand.look,
        "palette": channel.brand.palette,
        "colours": list(channel.brand.colours),
        "mark": channel.brand.mark,
        "category_id": channel.category_id,
        "made_for_kids": channel.made_for_kids,
        "visibility": channel.visibility.value,
        "playlist": channel.playlist,
        "upload_captions": channel.upload_captions,
        "autopilot": channel.autopilot.value,
        "on_autopilot": on_autopilot(channel),
        "consented_at": consent.given_at.isoformat() if consent else None,
        "consented_visibility": consent.visibility.value if consent else None,
        "publish_hour": channel.publish_hour,
        "time_zone": channel.time_zone or None,
        "topics_left": len(channel.topics),
        "sources": len(channel.sources),
    }


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
