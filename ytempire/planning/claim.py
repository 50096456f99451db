"""Verb: claim the slots that are due, over all users, and order their videos.

Each slot is a transaction of its own, in which everything is read, decided and written: who comes back after a crash
finds it either open or with its video. Any number of callers may do this at once; they take turns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog

from ytempire.channels import list_channels
from ytempire.channels.model import Channel
from ytempire.kit.database import Connection
from ytempire.kit.errors import YtempireError
from ytempire.planning import store
from ytempire.planning.candidates import candidates_of
from ytempire.planning.days import local_day, next_day_start, next_hour
from ytempire.planning.means import look_at_means
from ytempire.planning.model import Candidate, Choice, Deferral, Plan, Why
from ytempire.planning.ports import Planner
from ytempire.planning.rules import again_at, choose, holds, paused_words, refusal

log = structlog.get_logger()

FAULT_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Claimed:
    """A slot given to a driver, and its video."""

    user_id: UUID
    local_day: date
    number: int
    channel_id: UUID
    video_id: UUID


async def claim_due(
    planner: Planner, now: datetime, driver: str, *, most: int = 100, overdue: timedelta = timedelta()
) -> list[Claimed]:
    """Claim up to `most` slots for this driver: everybody's first slot of the day before anybody's second.

    `overdue`: only what has been due for so long, because another driver comes first.
    A user who can't be served is put off to when that may have changed, so that each is looked at once.
    """
    claimed: list[Claimed] = []
    looked_at: set[UUID] = set()
    while len(claimed) < most:
        async with planner.database.system() as conn:
            due = await store.plans_due(conn, now - overdue, rehearsal=planner.rehearsal)
        user_id = next((user for user in due if user not in looked_at), None)
        if user_id is None:
            break
        try:
            got = await _serve(planner, user_id, now, driver)
        except Exception as error:  # one user's fault must not keep the others from being served
            log.warning("a plan stumbled", user=str(user_id), error=str(error), exc_info=True)
            got = None
            async with planner.database.transaction(user_id) as conn:
                await store.put_off(conn, user_id, now + FAULT_AGAIN)
        if got:
            claimed.append(got)
        else:
            looked_at.add(user_id)
    return claimed


async def _serve(planner: Planner, user_id: UUID, now: datetime, driver: str) -> Claimed | None:
    """Serve the user's next open slot, or say why not and when to look again."""
    channels = {channel.id: channel for channel in await list_channels(planner.database, user_id, archived=None)}
    async with planner.database.transaction(user_id) as conn:
        await store.take_turn(conn)
        if not await planner.has_room(conn):
            return None
        plan = await store.due_plan(conn, user_id, now)
        if plan is None:
            return None
        day = local_day(now, plan.time_zone)
        await store.end_days(conn, user_id, day)
        number = await store.open_slot(conn, user_id, day, plan.slots_per_day, now)
        if number is None:
            await store.move_plan(conn, plan, next_day_start(now, plan.time_zone), next_number=1)
            return None
        found = await _fill(planner, conn, plan, day, channels, now)
        if isinstance(found, Deferral):
            await store.defer_slot(conn, user_id, day, number, why=found.why, reason=found.words, now=now)
            await store.move_plan(conn, plan, again_at(found.why, now, plan.time_zone), next_number=number)
            log.info("slot deferred", user=str(user_id), day=str(day), number=number, why=found.why)
            return None
        choice, video_id = found
        await store.claim_slot(
            conn,
            user_id,
            day,
            number,
            channel_id=choice.channel_id,
            topic=choice.topic,
            video_id=video_id,
            driver=driver,
            now=now,
        )
        more = number < plan.slots_per_day
        again = now if more else next_day_start(now, plan.time_zone)
        await store.move_plan(conn, plan, again, next_number=number + 1 if more else 1, served=True)
    log.info("slot claimed", user=str(user_id), day=str(day), number=number, video=str(video_id), driver=driver)
    return Claimed(user_id, day, number, choice.channel_id, video_id)


async def _fill(
    planner: Planner, conn: Connection, plan: Plan, day: date, channels: Mapping[UUID, Channel], now: datetime
) -> tuple[Choice, UUID] | Deferral:
    """The slot's channel and video, or why there are none."""
    if holds(plan.pause, day):
        return Deferral(Why.PAUSED, paused_words(plan.pause))
    candidates: list[Candidate] = await candidates_of(conn, list(channels.values()))
    served = await store.last_served(conn, plan.user_id)
    choice = choose(day, candidates, served, await store.pins(conn))
    if isinstance(choice, Deferral):
        return choice
    channel = channels[choice.channel_id]
    means, need = await look_at_means(planner, conn, plan.user_id, now, playlist=bool(channel.playlist))
    refused, in_playlist = refusal(need, means), True
    if refused and refused.why is Why.QUOTA and channel.playlist:
        # the playlist takes as many units as the thumbnail: a video outside it is better than none
        refused, in_playlist = refusal(replace(need, quota=planner.quota_of(videos=1, in_playlists=0)), means), False
    if refused:
        return refused
    publish_at = next_hour(now, channel.time_zone or plan.time_zone, channel.publish_hour)
    try:
        async with conn.transaction():  # of an order that is refused half-way, nothing stays
            video_id = await planner.order(conn, channel, choice.topic, publish_at, in_playlist=in_playlist)
    except YtempireError as error:
        return Deferral(Why.NOT_POSSIBLE, str(error))
    if choice.pin_id:
        await store.drop_pin(conn, choice.pin_id)
    return choice, video_id
