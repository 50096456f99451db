"""All SQL of webhooks and their deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, dict_row

from ytempire.events.model import Event
from ytempire.kit.database import Connection, Sql
from ytempire.webhooks.model import Delivery, DeliveryState, Webhook

_WEBHOOK: Sql = """
    select id, user_id, url, types, description, enabled, disabled_because, failing_since, created_at from webhooks"""

_DELIVERY: Sql = """
    select d.id, d.webhook_id, d.number, e.type, d.state, d.attempts, d.next_at, d.tried_at, d.last_status, d.last_error
    from webhook_deliveries d join events e on e.user_id = d.user_id and e.number = d.number"""

# A trial is for the webhook that it is about, whatever types that one wants.
_WRITE_DELIVERIES: Sql = """
    insert into webhook_deliveries (user_id, webhook_id, number, next_at)
    select w.user_id, w.id, e.number, %(now)s
    from webhooks w join events e on e.user_id = w.user_id and e.number > w.seen and e.number <= %(last)s
    where w.enabled and case when e.type = 'webhook.test' then e.subject = w.id::text
        else w.types = '{}' or e.type = any(w.types) end
    on conflict (webhook_id, number) do nothing"""

_CLAIM: Sql = """
    update webhook_deliveries set attempts = attempts + 1, next_at = %(until)s, tried_at = %(now)s
    where id = (select id from webhook_deliveries where id = %(id)s and state = 'pending' and next_at <= %(now)s
        for update skip locked)
    returning webhook_id, number, attempts"""


async def add_webhook(conn: Connection, made: Webhook, secret: bytes, seen: int) -> None:
    """Keep a new one, which is told of what comes after the event of that number."""
    await conn.execute(
        "insert into webhooks (id, user_id, url, types, description, enabled, secret, seen, created_at)"
        " values (%(id)s, %(user_id)s, %(url)s, %(types)s, %(description)s, %(enabled)s, %(secret)s, %(seen)s,"
        " %(created_at)s)",
        vars(made) | {"types": list(made.types), "secret": secret, "seen": seen},
    )


async def webhooks(conn: Connection, after: tuple[datetime, UUID] | None, most: int) -> list[Webhook]:
    """The user's, oldest first."""
    place: Sql = " where %(at)s::timestamptz is null or (created_at, id) > (%(at)s, %(id)s::uuid)"
    at, last = after or (None, None)
    return await _webhooks(
        conn, _WEBHOOK + place + " order by created_at, id limit %(most)s", {"at": at, "id": last, "most": most}
    )


async def webhook(conn: Connection, webhook_id: UUID, *, to_change: bool = False) -> Webhook | None:
    """One, or None."""
    lock: Sql = " for update" if to_change else ""
    return next(iter(await _webhooks(conn, _WEBHOOK + " where id = %(id)s" + lock, {"id": webhook_id})), None)


async def _webhooks(conn: Connection, query: Sql, values: dict[str, Any]) -> list[Webhook]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, values)
        return [Webhook(**row | {"types": tuple(row["types"])}) for row in await cursor.fetchall()]


async def count_webhooks(conn: Connection, user_id: UUID) -> int:
    """How many the user has; until the transaction ends nobody else adds one."""
    await conn.execute("select from users where id = %s for no key update", (user_id,))
    row = await (await conn.execute("select count(*) from webhooks")).fetchone()
    return int(str(row[0])) if row else 0


async def change_webhook(conn: Connection, changed: Webhook, *, seen: int | None) -> None:
    """Write it anew; `seen`: go on with what comes after the event of that number."""
    await conn.execute(
        "update webhooks set url = %(url)s, types = %(types)s, description = %(description)s, enabled = %(enabled)s,"
        " disabled_because = %(disabled_because)s, failing_since = %(failing_since)s,"
        " seen = coalesce(%(seen)s, seen) where id = %(id)s",
        vars(changed) | {"types": list(changed.types), "seen": seen},
    )
    if not changed.enabled:
        await conn.execute(
            "update webhook_deliveries set state = 'failed', next_at = null, last_error = 'the webhook is off'"
            " where webhook_id = %s and state = 'pending'",
            (changed.id,),
        )


async def set_secret(conn: Connection, webhook_id: UUID, secret: bytes, old: bytes, old_until: datetime) -> None:
    """A new one; the old one counts until then."""
    await conn.execute(
        "update webhooks set secret = %s, old_secret = %s, old_secret_until = %s where id = %s",
        (secret, old, old_until, webhook_id),
    )


async def sealed_secrets(conn: Connection, webhook_id: UUID, now: datetime) -> list[tuple[str, bytes]]:
    """(column, sealed) of those that count, the newest first."""
    cursor = await conn.execute(
        "select secret, case when old_secret_until > %s then old_secret end from webhooks where id = %s",
        (now, webhook_id),
    )
    row: Any = await cursor.fetchone() or (None, None)
    return [(name, bytes(cell)) for name, cell in zip(("secret", "old_secret"), row, strict=True) if cell is not None]


async def delete_webhook(conn: Connection, webhook_id: UUID) -> bool:
    """Delete it with its deliveries; False if there is none."""
    return (await conn.execute("delete from webhooks where id = %s", (webhook_id,))).rowcount == 1


async def users_behind(conn: Connection) -> list[UUID]:
    """Users of all tenants with events that no delivery was written for."""
    return [UUID(str(row[0])) for row in await (await conn.execute("select user_id from webhooks_behind()")).fetchall()]


async def write_deliveries(conn: Connection, last: int, now: datetime) -> None:
    """One for each webhook and each event, up to that number, that it wants and hasn't been given."""
    await conn.execute("select from webhooks where enabled order by id for update")
    await conn.execute(_WRITE_DELIVERIES, {"last": last, "now": now})
    await conn.execute("update webhooks set seen = %(last)s where enabled and seen < %(last)s", {"last": last})


async def due(conn: Connection, now: datetime, *, each: int, most: int) -> list[tuple[UUID, UUID]]:
    """(user, delivery) of what is due, of all tenants, at most so many of each user."""
    rows: list[Any] = await (
        await conn.execute("select user_id, id from deliveries_due(%s, %s, %s)", (now, each, most))
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def claim(conn: Connection, delivery_id: UUID, now: datetime, until: datetime) -> tuple[UUID, int, int] | None:
    """(webhook, number of the event, attempt) if it is due and nobody has it; it is the caller's until then."""
    row: Any = await (await conn.execute(_CLAIM, {"id": delivery_id, "now": now, "until": until})).fetchone()
    return (row[0], row[1], row[2]) if row else None


async def event(conn: Connection, number: int) -> Event:
    """The tenant's event of that number."""
    async with conn.cursor(row_factory=class_row(Event)) as cursor:
        await cursor.execute("select id, number, type, subject, data, at from events where number = %s", (number,))
        found = await cursor.fetchone()
    if found is None:
        raise RuntimeError("an event went before its delivery")
    return found


async def record(
    conn: Connection,
    delivery_id: UUID,
    attempt: int,
    state: DeliveryState,
    *,
    next_at: datetime | None,
    status: int | None,
    error: str,
) -> bool:
    """What the attempt came to; False if another has taken the delivery over."""
    cursor = await conn.execute(
        "update webhook_deliveries set state = %s, next_at = %s, last_status = %s, last_error = %s"
        " where id = %s and attempts = %s and state = 'pending'",
        (state, next_at, status, error, delivery_id, attempt),
    )
    return cursor.rowcount == 1


async def set_failing(conn: Connection, webhook_id: UUID, since: datetime | None) -> None:
    """Since when nothing was taken; a time that is there stays."""
    await conn.execute(
        "update webhooks set failing_since = case when %(since)s::timestamptz is null then null"
        " else coalesce(failing_since, %(since)s) end where id = %(id)s",
        {"since": since, "id": webhook_id},
    )


async def deliveries(conn: Connection, webhook_id: UUID, before: int | None, most: int) -> list[Delivery]:
    """The webhook's, newest first."""
    place: Sql = " where d.webhook_id = %(id)s and (%(before)s::bigint is null or d.number < %(before)s)"
    return await _deliveries(
        conn, _DELIVERY + place + " order by d.number desc limit %(most)s",
        {"id": webhook_id, "before": before, "most": most},
    )  # fmt: skip


async def _deliveries(conn: Connection, query: Sql, values: dict[str, Any]) -> list[Delivery]:
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, values)
        return [Delivery(**row | {"state": DeliveryState(row["state"])}) for row in await cursor.fetchall()]


async def send_again(conn: Connection, webhook_id: UUID, delivery_id: UUID, now: datetime) -> Delivery | None:
    """Make it due now, its tries counted on; None if there is none."""
    await conn.execute(
        "update webhook_deliveries set state = 'pending', next_at = %s where id = %s and webhook_id = %s",
        (now, delivery_id, webhook_id),
    )
    query: Sql = " where d.id = %(id)s and d.webhook_id = %(webhook)s"
    found = await _deliveries(conn, _DELIVERY + query, {"id": delivery_id, "webhook": webhook_id})
    return found[0] if found else None
