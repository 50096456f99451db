"""Commands over money: today, by video, by day; stop all generation, let it go on, raise today's cap."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from ytempire.cli.costs_shown import (
    day_json,
    day_lines,
    days_json,
    days_table,
    standing_json,
    video_json,
    videos_table,
)
from ytempire.cli.door import Door, Session
from ytempire.cli.terminal import console, show
from ytempire.kit.database import Connection
from ytempire.kit.errors import BadInput
from ytempire.ledger import Standing
from ytempire.orchestration import resume_generation, stop_generation

Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="The rehearsal's money.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
Why = Annotated[str, typer.Option("--why", help="The reason; it is written down.")]


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""
    family = typer.Typer(
        invoke_without_command=True,
        help="Money: what today cost, what is left, what stops it.",
        rich_markup_mode=None,
    )
    app.add_typer(family, name="costs")

    @family.callback()
    def costs_command(context: typer.Context, rehearsal: Rehearsal = False, as_json: AsJson = False) -> None:
        """Money: what today cost, what is left, what stops it.

        Without a command: today.
        """
        if context.invoked_subcommand is None:
            asyncio.run(_today(door, rehearsal=rehearsal, as_json=as_json))

    @family.command("today")
    def today_command(rehearsal: Rehearsal = False, as_json: AsJson = False) -> None:
        """Today's money by category, its alerts, and what is left."""
        asyncio.run(_today(door, rehearsal=rehearsal, as_json=as_json))

    @family.command("videos")
    def videos_command(
        last: Annotated[int, typer.Option(min=1, max=200, help="How many.")] = 20,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """What each of your latest videos cost."""
        asyncio.run(_videos(door, last, rehearsal=rehearsal, as_json=as_json))

    @family.command("days")
    def days_command(
        first: Annotated[str, typer.Option("--from", help="First day, as 2026-11-23; empty: thirty days.")] = "",
        until: Annotated[str, typer.Option("--to", help="Last day; empty: today.")] = "",
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Money by day and category."""
        asyncio.run(_days(door, _day(first, "from"), _day(until, "to"), rehearsal=rehearsal, as_json=as_json))

    @family.command("stop")
    def stop_command(why: Why, rehearsal: Rehearsal = False, as_json: AsJson = False) -> None:
        """Stop all generation at once; what is under way ends."""

        async def change(session: Session, conn: Connection) -> tuple[Standing, str]:
            standing = await stop_generation(session.platform, conn, session.user_id, why)
            return standing, "stopped: no paid call begins; `ytempire costs resume` lets it go on"

        asyncio.run(_change(door, change, rehearsal=rehearsal, as_json=as_json))

    @family.command("resume")
    def resume_command(
        why: Why,
        raise_usd: Annotated[str, typer.Option("--raise", help="What today's cap is raised by, in dollars.")] = "",
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Let generation go on; with --raise on a day whose money is used up."""
        more = _microusd(raise_usd)

        async def change(session: Session, conn: Connection) -> tuple[Standing, str]:
            standing, brought_on = await resume_generation(session.platform, conn, session.user_id, why, raise_by=more)
            return standing, f"it goes on; videos that waited and are due now: {brought_on}"

        asyncio.run(_change(door, change, rehearsal=rehearsal, as_json=as_json))


async def _today(door: Door, *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        tools = session.platform.tools
        async with tools.database.transaction(session.user_id) as conn:
            day = await tools.ledger.look_at_day(conn, session.user_id, operator=True)
        policy = tools.ledger.policy
    if as_json:
        _write(day_json(day))
        return
    screen = console()
    for line in day_lines(day, policy, rehearsal=rehearsal):
        screen.print(line, markup=False, soft_wrap=True)


async def _videos(door: Door, most: int, *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        tools = session.platform.tools
        async with tools.database.transaction(session.user_id) as conn:
            videos = await tools.ledger.look_at_videos(conn, session.user_id, limit=most)
    if as_json:
        _write({"videos": [video_json(video) for video in videos]})
        return
    screen = console()
    if not videos:
        screen.print("No video has cost anything yet.")
        return
    show(screen, videos_table(videos, screen.width))


async def _days(door: Door, first: date | None, last: date | None, *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        tools = session.platform.tools
        async with tools.database.transaction(session.user_id) as conn:
            rows = await tools.ledger.look_at_days(conn, session.user_id, first, last)
    if as_json:
        _write({"days": days_json(rows)})
        return
    screen = console()
    if not rows:
        screen.print("Nothing was paid or saved on these days.")
        return
    show(screen, days_table(rows, screen.width))


async def _change(
    door: Door,
    change: Callable[[Session, Connection], Awaitable[tuple[Standing, str]]],
    *,
    rehearsal: bool,
    as_json: bool,
) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        tools = session.platform.tools
        async with tools.database.transaction(session.user_id) as conn:
            standing, said = await change(session, conn)
    if as_json:
        _write(standing_json(standing))
        return
    console().print(said, markup=False, soft_wrap=True)


def _write(body: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(body) + "\n")


def _microusd(text: str) -> int:
    try:
        amount = Decimal(text or "0")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= 1_000_000 or amount * 1_000_000 % 1:
        raise BadInput(f"{text[:20]!r} is no amount of dollars", field="raise", fix="Write it like 25.00.")
    return int(amount * 1_000_000)


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"{text[:20]!r} is no day", field=field, fix="Write it as 2026-11-23.") from None
