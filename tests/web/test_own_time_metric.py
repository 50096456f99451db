"""A request's own time: without its waits, counted under its route's template, never under an id, a fault under 5xx."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from tests.web.conftest import Stage
from ytempire.kit.clock import stopwatch_s
from ytempire.kit.metrics import PROCESS
from ytempire.kit.outside import outside, union_s
from ytempire.web.routing import API

router = APIRouter(prefix=API)
waited_ms: list[float] = []
"""How long two waits at once took, by the clock of the route that waited."""


@router.get("/things/{thing}")
async def thing(thing: str) -> dict[str, str]:
    if thing == "broken":
        raise RuntimeError("a fault")
    return {"thing": thing}


@router.get("/waiting")
async def wait_outside() -> None:
    async def call() -> None:
        with outside():
            await asyncio.sleep(0.1)

    began_s = stopwatch_s()
    await asyncio.gather(call(), call())
    waited_ms.append((stopwatch_s() - began_s) * 1000)


def counted(route: str, status: str) -> float:
    labels = {"method": "GET", "route": route, "status": status}
    return PROCESS.get_sample_value("ytempire_http_own_duration_seconds_count", labels) or 0.0


async def test_each_request_counts_once_under_its_route(stage: Stage) -> None:
    client = stage.with_routes(router).client()
    template = "/api/v1/things/{thing}"
    for path in ("one", "two", "broken"):
        await client.get(f"/api/v1/things/{path}")
    await client.get("/api/v1/nowhere/at/all")
    assert (counted(template, "2xx"), counted(template, "5xx")) == (2, 1)
    assert counted("none", "4xx") >= 1
    families = [family for family in PROCESS.collect() if family.name == "ytempire_http_own_duration_seconds"]
    assert not any(
        part == "one"
        for family in families
        for sample in family.samples
        for part in sample.labels.get("route", "").split("/")
    )


async def test_own_time_is_without_the_union_of_the_waits(stage: Stage) -> None:
    """Whatever else the machine does meanwhile: what the waits took is measured beside them."""
    client = stage.with_routes(router).client()
    began_s = stopwatch_s()
    answer = await client.get("/api/v1/waiting")
    whole_ms = (stopwatch_s() - began_s) * 1000
    own, ext = (float(part.split("dur=")[1]) for part in answer.headers["server-timing"].split(","))
    assert 95 <= ext <= waited_ms.pop() + 1  # two waits at once count once
    assert own <= whole_ms - ext + 1
    assert union_s([(0, 2), (1, 3), (5, 9)], until=6) == 4
