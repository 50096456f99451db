"""Verbs: pin a topic to a day, and take it off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from ytempire.channels.model import Channel
from ytempire.kit.database import Database
from ytempire.kit.errors import BadInput, NotFound
from ytempire.kit.ids import new_id
from ytempire.planning import store
from ytempire.planning.days import local_day
from ytempire.planning.model import Pin
from ytempire.planning.pause import no_plan

TOPIC_MOST = 200
"""What an order takes."""
_JOINERS = dict.fromkeys(map(ord, "\u200d\ufe0f"))
"""Of emoji; all other signs that nobody sees are refused, those that turn the direction of text among them."""


async def pin_topic(database: Database, channel: Channel, topic: str, now: datetime, *, day: date | None = None) -> Pin:
    """Serve the channel with this topic on that local day (None: today), out of turn.

    If the day is served already, the topic waits for the channel's next turn.

    Raises BadInput naming the field, NotFound: there is no plan.
    """
    words = " ".join(topic.split())
    written = words.translate(_JOINERS)
    if not written or not written.isprintable() or len(words) > TOPIC_MOST:
        raise BadInput(f"{topic[:60]!r} is no topic", field="topic", fix=f"Write 1 to {TOPIC_MOST} characters of text.")
    async with database.transaction(channel.user_id) as conn:
        plan = await store.plan_of(conn, channel.user_id)
        if plan is None:
            raise no_plan()
        today = local_day(now, plan.time_zone)
        if day and day < today:
            raise BadInput(f"{day} has passed", field="day", fix="Name today or a day to come.")
        pin = Pin(new_id(), channel.id, words, day or today)
        pin = replace(pin, id=await store.add_pin(conn, channel.user_id, pin, now))
        await store.look_again(conn, channel.user_id, now)
    return pin


async def unpin_topic(database: Database, user_id: UUID, pin_id: UUID) -> None:
    """Take a pin off. Raises NotFound: a slot took it, or it never was."""
    async with database.transaction(user_id) as conn:
        if not await store.drop_pin(conn, pin_id):
            raise NotFound(
                f"no pinned topic {pin_id}",
                field="pin",
                fix="GET /api/v1/plan/today and `ytempire plan` list those there are.",
            )
