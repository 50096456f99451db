"""A database and media such as a platform has after a while: for the restore drill, its benchmark, and `gc`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg

from tests.stores.tenant_rows import TENANT_WITH_A_VIDEO, new_tenant
from ytempire.accounts import TenantKeys
from ytempire.kit.clock import SetClock
from ytempire.kit.crypto import wrapping_key
from ytempire.kit.database import Database
from ytempire.kit.media_store import LocalMediaStore, MediaRef

TOKEN = "1//a-refresh-token-that-only-its-owner-may-read"

_BUDGET = """
    insert into budgets (id, user_id, name, resource, cap, margin, held, spent)
    values ('user-day:' || %(user)s || ':2030-01-01', %(user)s, 'user-day', 'microusd', 3000000, 0, 0, %(calls)s * 7)"""
_DAY = """
    insert into cost_days (user_id, day, category, bills, spent)
    values (%(user)s, '2030-01-01', 'openai', %(calls)s, %(calls)s * 7)"""
_CALLS = """
    insert into paid_calls (id, user_id, step, resource, category, what, once, attempt, state, claimed, performed,
        estimate, estimated_meters, meters, result, hold_id, hold_amount, hold_state, begun_at, ended_at)
    select gen_random_uuid(), %(user)s, 'script', 'microusd', 'openai', 'a draft', 'call ' || n, 1, 'done', true, 1,
        10, '{"tokens": 10}', '{"tokens": 7}', jsonb_build_object('text', repeat('words ', 10), 'n', n),
        gen_random_uuid(), 10, 'settled', '2030-01-01Z', '2030-01-01Z'
    from generate_series(1, %(calls)s) as n"""
_TRANSFERS = """
    insert into transfers (id, user_id, call_id, hold_id, kind, budgets, held, spent, overrun, attempt, at)
    select gen_random_uuid(), c.user_id, c.id, c.hold_id, k.kind, array['user-day:' || c.user_id || ':2030-01-01'],
        k.held, k.spent, 0, 1, '2030-01-01Z'
    from paid_calls c cross join (values ('hold', 10, 0), ('settle', -10, 7)) as k (kind, held, spent)
    where c.user_id = %(user)s and c.state = 'done'"""


async def fill(
    database: Database, admin_url: str, media: LocalMediaStore, key_file: Path, *, calls: int, sizes: list[int]
) -> tuple[UUID, list[MediaRef]]:
    """A tenant with a connected channel, `calls` settled calls (two transfers each) and media of these sizes."""
    ids = new_tenant()
    async with await psycopg.AsyncConnection.connect(admin_url) as conn:
        for statement in TENANT_WITH_A_VIDEO:
            await conn.execute(statement, ids)
        for statement in (_BUDGET, _DAY, _CALLS, _TRANSFERS):
            await conn.execute(statement, {"user": ids["user"], "calls": calls})
        keys = TenantKeys(wrapping_key(key_file), SetClock(datetime(2030, 1, 1, tzinfo=UTC)))
        sealed = await keys.seal(
            conn, TOKEN.encode(), user_id=ids["user"], table="channel_connections", column="refresh_token",
            row=ids["channel"],
        )  # fmt: skip
        await conn.execute(
            "insert into channel_connections (channel_id, user_id, platform, platform_channel_id, title, scopes,"
            " refresh_token, connected_at, broken)"
            " values (%s, %s, 'sandbox', 'UC1', 'One', '{}', %s, '2030-01-01Z', '')",
            (ids["channel"], ids["user"], sealed),
        )
    return ids["user"], [media.put_bytes(os.urandom(size), ".mp4") for size in sizes]
