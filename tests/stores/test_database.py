"""The pool: who comes after a restart of PostgreSQL gets none of the connections that it left."""

from __future__ import annotations

import asyncio

import psycopg

from ytempire.kit.database import Database


async def test_connections_that_the_server_left_are_given_to_nobody(
    database: Database, admin: psycopg.AsyncConnection
) -> None:
    async def work() -> None:
        async with database.system() as conn:
            await conn.execute("select pg_sleep(0.1)")

    many = [work() for _ in range(database.pool.max_size)]
    await asyncio.gather(*many)
    left = await admin.execute(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
        " where application_name = 'ytempire' and datname = current_database()"
    )
    assert left.rowcount > 1
    for _ in range(left.rowcount):
        await work()
