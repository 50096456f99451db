"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

import asyncio
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from ytempire.kit.database import ConnectionLost
from ytempire.web import store
from ytempire.web.bodies import example
from ytempire.web.parts import parts_of
from ytempire.web.routing import PROBLEM, operation_id

_WITHIN_S = 2.0
router = APIRouter(prefix="/health", tags=["health"], responses=PROBLEM, generate_unique_id_function=operation_id)


class Live(BaseModel):
    """The process answers."""

    model_config = example({"status": "ok"})
    status: Literal["ok"]


class Ready(BaseModel):
    """Each part: without the database nothing is served; without Valkey all but progress and shared rates."""

    model_config = example({"database": "ok", "valkey": "ok"})
    database: Literal["ok", "missing"]
    valkey: Literal["ok", "missing"]


@router.get("/live")
async def live() -> Live:
    """Whether the process answers."""
    return Live(status="ok")


@router.get("/ready", responses={503: {"model": Ready, "description": "It can't serve now."}})
async def ready(request: Request, response: Response) -> Ready:
    """Whether requests can be served; 503 if not."""
    parts = parts_of(request)
    valkey = await parts.platform.live.answers()
    try:
        async with asyncio.timeout(_WITHIN_S), parts.database.system() as conn:
            await store.ping(conn)
        database: Literal["ok", "missing"] = "ok"
    except (ConnectionLost, TimeoutError):
        database = "missing"
        response.status_code = 503
    return Ready(database=database, valkey="ok" if valkey else "missing")
