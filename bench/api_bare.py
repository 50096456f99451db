"""The baseline of bench/api.py: what FastAPI, a pool of psycopg and a response model give without anything around them.

Each page of ours is a table here: a column for each field of an item, the rows as ours showed them. A route is a query
of fifty rows and `Page[Item]`; the answer has the very bytes of ours.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

import psycopg
import uvicorn
from fastapi import FastAPI
from psycopg import AsyncConnection, sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from ytempire.web.api import ROUTERS

ITEMS = ("items", "slots", "videos", "days")
"""Where an answer has its items."""


def models() -> dict[str, Any]:
    """The response model of each route of ours, by path."""
    return {route.path: route.response_model for router in ROUTERS for route in router.routes
            if "GET" in route.methods}  # type: ignore[attr-defined]  # fmt: skip


def route(pool: AsyncConnectionPool[AsyncConnection[Any]], table: str, frame: Any, where: str | None) -> Any:
    """A route: fifty rows of this table in their frame (what stands around the items, and where they go)."""
    query = sql.SQL("select * from {} order by bare_place limit 50").format(sql.Identifier(table))

    async def look() -> Any:
        async with pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(query)
            rows = await cursor.fetchall()
        return {**frame, where: rows} if where else rows

    return look


def make(url: str, pages: list[dict[str, Any]]) -> FastAPI:
    """The application."""
    pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(url, min_size=1, max_size=8, open=False)

    @asynccontextmanager
    async def open_pool(_app: FastAPI) -> AsyncIterator[None]:
        await pool.open()
        yield
        await pool.close()

    app = FastAPI(lifespan=open_pool)
    known = models()
    for page in pages:
        model = known[page["template"]]
        app.get(page["bare"], response_model=model)(route(pool, page["table"], page["frame"], page["where"]))
    return app


_COLUMNS = {UUID: "uuid", datetime: "timestamptz", date: "date", int: "bigint", bool: "boolean",
            float: "double precision", str: "text"}  # fmt: skip


def fill(admin_url: str, table_name: str, template: str, rows: list[dict[str, Any]]) -> None:
    """Make the table of a page with these rows."""
    model = _item(models()[template])
    columns = {"bare_place": "integer"} | {
        name: _column(field.annotation) for name, field in model.model_fields.items() if name in rows[0]
    }
    with psycopg.connect(admin_url, autocommit=True) as admin:
        made = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in columns.items()
        )
        table = sql.Identifier(table_name)
        admin.execute(sql.SQL("create table {} ({})").format(table, made))
        admin.execute(sql.SQL("grant select on {} to ytempire_app").format(table))
        for place, row in enumerate(rows):
            values = [
                place,
                *(Jsonb(row[n]) if columns[n] == "jsonb" else row[n] for n in columns if n != "bare_place"),
            ]
            marks = sql.SQL(", ").join(sql.Placeholder() * len(values))
            admin.execute(sql.SQL("insert into {} values ({})").format(table, marks), values)
        admin.execute(sql.SQL("create index on {} (bare_place)").format(table))
        admin.execute(sql.SQL("analyze {}").format(table))


def _item(model: Any) -> Any:
    """The model of an item of a page."""
    for name in ITEMS:
        if name in getattr(model, "model_fields", {}):
            return get_args(model.model_fields[name].annotation)[0]
    return get_args(model)[0]


def _column(annotation: Any) -> str:
    if get_origin(annotation) in {Union, UnionType}:
        (annotation,) = [one for one in get_args(annotation) if one is not type(None)]
    kind = annotation
    if get_origin(kind) is Literal:
        return "text"
    return next((column for known, column in _COLUMNS.items() if kind is known or (
        isinstance(kind, type) and known is str and issubclass(kind, str))), "jsonb")  # fmt: skip


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    uvicorn.run(make(given["url"], given["pages"]), fd=given["fd"], log_level="error", access_log=False)
