"""Deleting an account deletes: rows, key and media, whatever table they are in."""

from __future__ import annotations

from uuid import UUID

import psycopg

from tests.stores.tenant_rows import TENANT_WITH_A_VIDEO, new_tenant
from tests.web.conftest import Stage
from tests.web.test_accounts import API, PASSWORD, joined
from ytempire.kit.database import Database


async def test_deleting_an_account_really_deletes(
    stage: Stage, database: Database, admin: psycopg.AsyncConnection
) -> None:
    browser, user = await joined(stage)
    media = stage.parts.platform.tools.media
    own, shared = media.put_bytes(b"own", ".png"), media.put_bytes(b"shared", ".png")
    other = new_tenant()
    mine = new_tenant() | {"user": user["id"]}
    for ids, rows, files in ((mine, TENANT_WITH_A_VIDEO[1:], (own, shared)), (other, TENANT_WITH_A_VIDEO, (shared,))):
        async with database.transaction(ids["user"]) as conn:
            for row in rows:
                await conn.execute(row, ids)
            await conn.execute(
                "update paid_calls set what = 'the secret topic', state = 'done', result = %s where id = %s",
                ('{"text": "the secret topic"}', ids["call"]),
            )
            for number, file in enumerate(files):
                await conn.execute(
                    "insert into artifacts (user_id, kind, key, value, made_at, used_at)"
                    " values (%s, 'k', %s, %s, now(), now())",
                    (ids["user"], str(number), f'{{"sha256": "{file.sha256}"}}'),
                )
    export = (await browser.get(f"{API}/users/me/export")).json()["tables"]
    assert export["users"][0]["email"] == user["email"]
    assert len(export["channels"]) == len(export["videos"]) == 1
    assert "hash" not in export["passwords"][0]
    assert "wrapped_key" not in str(export)

    def delete(password: str) -> object:
        return browser.request("DELETE", f"{API}/users/me", json={"password": password})

    assert (await delete("wrong")).status_code == 403
    await admin.execute("update paid_calls set hold_state = 'held' where id = %s", (mine["call"],))
    assert (await delete(PASSWORD)).status_code == 409
    await admin.execute("update paid_calls set hold_state = 'void' where id = %s", (mine["call"],))
    await admin.execute(
        "insert into procrastinate_jobs (queue_name, task_name, args) select 'light', 'drive',"
        " jsonb_build_object('video_id', gen_random_uuid(), 'user_id', u) from unnest(%s::text[]) u",
        ([str(user["id"]), str(other["user"])],),
    )
    await admin.execute(
        "insert into driver_reports (id, event, workflow, execution, node, message, video_id, received_at)"
        " select v::text, 'run.failed', 'w', '7', '', 'of a video', v, now() from unnest(%s::uuid[]) v",
        ([mine["video"], other["video"]],),
    )
    gone = await delete(PASSWORD)
    assert (gone.status_code, gone.json()) == (200, {"access_given_back": [], "access_left": {}})
    waiting = await (await admin.execute("select args ->> 'user_id' from procrastinate_jobs")).fetchall()
    assert waiting == [(str(other["user"]),)]
    said = await (await admin.execute("select video_id from driver_reports")).fetchall()
    assert said == [(other["video"],)]
    assert (await browser.get(f"{API}/users/me")).status_code == 401
    assert (media.has(own), media.has(shared)) == (False, True)
    left = await rows_of(admin, user["id"])
    assert set(left) == {"paid_calls"}
    assert "secret topic" not in str(left)
    assert set(await rows_of(admin, other["user"])) >= {"users", "channels", "videos", "artifacts"}


async def test_a_stolen_key_can_not_guess_the_password_by_deleting(stage: Stage) -> None:
    _, user = await joined(stage)
    _, key = await stage.signed_in(user_id=UUID(user["id"]))

    async def delete(password: str) -> int:
        return (await key.request("DELETE", f"{API}/users/me", json={"password": password})).status_code

    assert [await delete(f"guess {n} orbit canvas") for n in range(11)] == [403] * 10 + [429]
    assert await delete(PASSWORD) == 429


async def rows_of(admin: psycopg.AsyncConnection, user_id: object) -> dict[str, list[object]]:
    tables = await (
        await admin.execute(
            "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid"
            " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
            " and (a.attname = 'user_id' or (c.relname = 'users' and a.attname = 'id'))"
        )
    ).fetchall()
    found = {}
    for table, column in tables:
        rows = await (await admin.execute(f"select t::text from {table} t where {column} = %s", (user_id,))).fetchall()
        if rows:
            found[table] = rows
    return found


async def test_every_tenant_table_goes_with_its_user(admin: psycopg.AsyncConnection) -> None:
    """A table added tomorrow needs `user_id … references users (id) on delete cascade`, or to be the ledger's."""
    kept = await (
        await admin.execute(
            "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id'"
            " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"
            " and not exists (select from pg_constraint f where f.conrelid = c.oid and f.contype = 'f'"
            "   and f.confrelid = 'users'::regclass and f.confdeltype = 'c') order by 1"
        )
    ).fetchall()
    assert [name for (name,) in kept] == ["budget_alerts", "budgets", "cost_days", "paid_calls", "transfers"]
