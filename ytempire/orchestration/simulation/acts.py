"""Verbs: what owners do at their hour: approve what waits for them, send on what failed, pause, pin."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from ytempire.channels import add_sources, add_topics, drop_source, list_sources
from ytempire.orchestration.decide import approve
from ytempire.orchestration.platform import Platform
from ytempire.orchestration.retrying import retry
from ytempire.orchestration.simulation import store
from ytempire.orchestration.simulation.settling import TOPICS_AT_ONCE, Settled
from ytempire.planning import local_day, pause_plan, pin_topic, resume_plan
from ytempire.production.model import VideoState


async def begin(platform: Platform, who: Settled) -> None:
    """Their plan starts."""
    tools = platform.tools
    await resume_plan(tools.database, who.user_id, tools.clock.now(), rehearsal=platform.rehearsal)


async def leave(platform: Platform, who: Settled) -> None:
    """Their days are over; what is claimed goes on."""
    tools = platform.tools
    await pause_plan(tools.database, who.user_id, tools.clock.now())


async def look(platform: Platform, who: Settled, day: int, acted: Counter[str]) -> None:
    """Their hour has come, on their `day`-th day (0 is the first); what they do is counted by its name."""
    tools, habits = platform.tools, who.person.habits
    now = tools.clock.now()
    if habits.pauses and habits.pauses[0] == day:
        until = local_day(now, who.person.time_zone) + timedelta(days=1 + habits.pauses[1])
        await pause_plan(tools.database, who.user_id, now, until=until)
        acted["pauses"] += 1
    if (day + 1) % (TOPICS_AT_ONCE * len(who.channels)) == 0 and who.materials:
        await _bring_material(platform, who, (day + 1) // (TOPICS_AT_ONCE * len(who.channels)))
    if habits.pins_on == day:
        await _pin(platform, who, now)
        acted["pins"] += 1
    async with tools.database.transaction(who.user_id) as conn:
        waiting = await store.waiting_for_owner(conn)
    for video_id, state in waiting:
        if state == VideoState.IN_REVIEW:
            await approve(platform, who.user_id, video_id)
            acted["approvals"] += 1
        else:
            await retry(platform, who.user_id, video_id)
            acted["retries"] += 1


async def _bring_material(platform: Platform, who: Settled, turn: int) -> None:
    """New sources and topics for every channel; those of the turn before last go."""
    tools = platform.tools
    for number, channel in enumerate(who.channels):
        given = who.materials[(number + turn) % len(who.materials)]
        there = await list_sources(tools.database, channel)
        kept = {source.title for source in who.materials[(number + turn - 1) % len(who.materials)].sources}
        for source in there:
            if source.title not in kept:
                await drop_source(tools.database, channel, source.id)
        fresh = [source for source in given.sources if source.title not in kept]
        await add_sources(tools.database, tools.clock, channel, fresh)
        await add_topics(tools.database, tools.clock, channel, given.topics[:TOPICS_AT_ONCE])


async def _pin(platform: Platform, who: Settled, now: datetime) -> None:
    """A topic for their last channel that its sources carry and its backlog does not hold."""
    number = len(who.channels) - 1
    spare = who.materials[number % len(who.materials)].topics[TOPICS_AT_ONCE:]
    if spare:
        await pin_topic(platform.tools.database, who.channels[number], spare[0], now)
