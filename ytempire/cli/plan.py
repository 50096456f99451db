"""Commands over the plan: what comes today and next, pause and resume, pinned topics, the calendar."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated

import typer

from ytempire.accounts import ensure_local_user
from ytempire.channels import find_channel
from ytempire.cli.door import Door, Session
from ytempire.cli.planned import as_json_object, forecast_json, forecast_lines, plan_lines, plan_table
from ytempire.cli.terminal import console, show
from ytempire.kit.errors import BadInput
from ytempire.orchestration import idle_queues, planner_of
from ytempire.planning import (
    PlanView,
    look_at_forecast,
    look_at_plan,
    pause_channel,
    pause_plan,
    pin_topic,
    resume_channel,
    resume_plan,
    unpin_topic,
)
from ytempire.planning.model import Forecast

Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="The rehearsal's plan.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
Channel = Annotated[str, typer.Argument(help="Handle of a channel; empty: the whole plan.")]


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""
    family = typer.Typer(
        invoke_without_command=True, help="Your plan: a video a day, on your channels in turn.", rich_markup_mode=None
    )
    app.add_typer(family, name="plan")

    @family.callback()
    def plan_command(
        context: typer.Context,
        days: Annotated[int, typer.Option(min=1, max=366, help="How many days.")] = 7,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Your plan: a video a day, on your channels in turn.

        Without a command: today and the days to come, and what the day's money and YouTube's quota will hold.
        """
        if context.invoked_subcommand is None:
            asyncio.run(_show(door, days, None, rehearsal=rehearsal, as_json=as_json, forecast=True))

    @family.command("calendar")
    def calendar_command(
        first: Annotated[str, typer.Option("--from", help="First day, as 2026-11-23; empty: today.")] = "",
        days: Annotated[int, typer.Option(min=1, max=366, help="How many days.")] = 31,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """What was made on which day, and what is to come."""
        asyncio.run(_show(door, days, _day(first, "from"), rehearsal=rehearsal, as_json=as_json, forecast=False))

    _register_changes(family, door)
    _register_pins(family, door)


def _register_changes(family: typer.Typer, door: Door) -> None:
    @family.command("resume")
    def resume_command(
        channel: Channel = "",
        zone: Annotated[str, typer.Option("--time-zone", help="Whose midnight begins your day (IANA name).")] = "",
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Start the plan, or let it or one channel go on."""

        async def change(session: Session) -> str:
            tools = session.platform.tools
            if zone:
                await ensure_local_user(tools.database, tools.clock, time_zone=zone)
            if not channel:
                await resume_plan(tools.database, session.user_id, tools.clock.now(), rehearsal=session.rehearsal)
                return "the plan goes on: a video a day, on your connected channels in turn"
            found = await find_channel(tools.database, session.user_id, channel)
            paused = await resume_channel(tools.database, found, tools.clock.now())
            return f"{found.handle} takes its turns again" if paused else f"{found.handle} wasn't paused"

        asyncio.run(_change(door, change, rehearsal=rehearsal, as_json=as_json))

    @family.command("pause")
    def pause_command(
        channel: Channel = "",
        until: Annotated[str, typer.Option(help="First day that is served again; empty: until resumed.")] = "",
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Let the plan, or one channel, wait; what is being made goes on."""

        async def change(session: Session) -> str:
            tools, day = session.platform.tools, _day(until, "until")
            end = f"until {day}" if day else "until you resume"
            if not channel:
                await pause_plan(tools.database, session.user_id, tools.clock.now(), until=day)
                return f"the plan waits {end}"
            found = await find_channel(tools.database, session.user_id, channel)
            await pause_channel(tools.database, found, tools.clock.now(), until=day)
            return f"{found.handle} is left out {end}"

        asyncio.run(_change(door, change, rehearsal=rehearsal, as_json=as_json))


def _register_pins(family: typer.Typer, door: Door) -> None:
    @family.command("pin")
    def pin_command(
        channel: Annotated[str, typer.Argument(help="Handle of the channel.")],
        topic: Annotated[str, typer.Argument(help="What the video is about.")],
        day: Annotated[str, typer.Option(help="The day, as 2026-11-23; empty: today.")] = "",
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Put a topic on a day, out of turn."""

        async def change(session: Session) -> str:
            tools = session.platform.tools
            found = await find_channel(tools.database, session.user_id, channel)
            pin = await pin_topic(tools.database, found, topic, tools.clock.now(), day=_day(day, "day"))
            return f"pinned to {pin.local_day}; `ytempire plan unpin {str(pin.id)[-8:]}` takes it off"

        asyncio.run(_change(door, change, rehearsal=rehearsal, as_json=as_json))

    @family.command("unpin")
    def unpin_command(
        pin: Annotated[str, typer.Argument(help="The pin's id, or its end as shown by `ytempire plan`.")],
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Take a pinned topic off."""

        async def change(session: Session) -> str:
            tools = session.platform.tools
            view = await look_at_plan(tools.database, session.user_id, tools.clock.now(), days=1)
            ends = [known.id for known in view.pins if len(pin) >= 4 and str(known.id).endswith(pin.lower())]
            if len(ends) != 1:
                raise BadInput(f"{pin[:40]!r} names no pinned topic", field="pin", fix="`ytempire plan` lists them.")
            await unpin_topic(tools.database, session.user_id, ends[0])
            return "taken off"

        asyncio.run(_change(door, change, rehearsal=rehearsal, as_json=as_json))


async def _show(door: Door, days: int, first: date | None, *, rehearsal: bool, as_json: bool, forecast: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        tools = session.platform.tools
        now = tools.clock.now()
        view = await look_at_plan(tools.database, session.user_id, now, first=first, days=days)
        told = await look_at_forecast(planner_of(session.platform), session.user_id, now) if forecast else None
        idle = bool(await idle_queues(session.platform))
    if as_json:
        body = as_json_object(view) | ({"forecast": forecast_json(told)} if told else {})
        sys.stdout.write(json.dumps(body) + "\n")
        return
    _print(view, told, idle=idle, rehearsal=rehearsal)


def _print(view: PlanView, told: Forecast | None, *, idle: bool, rehearsal: bool) -> None:
    screen = console()
    if view.slots:
        show(screen, plan_table(view, screen.width))
    elif view.plan:
        screen.print("No slots on these days.")
    for line in plan_lines(view, idle=idle, rehearsal=rehearsal):
        screen.print(line, markup=False, soft_wrap=True)
    for line in forecast_lines(told) if told and view.plan else ():
        screen.print(line, markup=False, soft_wrap=True)


async def _change(door: Door, change: Callable[[Session], Awaitable[str]], *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        said = await change(session)
        tools = session.platform.tools
        view = await look_at_plan(tools.database, session.user_id, tools.clock.now(), days=7)
        idle = bool(await idle_queues(session.platform))
    if as_json:
        sys.stdout.write(json.dumps(as_json_object(view)) + "\n")
        return
    console().print(said, markup=False)
    _print(view, None, idle=idle, rehearsal=rehearsal)


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"{text[:20]!r} is no day", field=field, fix="Write it as 2026-11-23.") from None
