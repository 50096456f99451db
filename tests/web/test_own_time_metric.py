"""A request's own time is counted under its route's template, never under an id, and a fault under 5xx."""

from __future__ import annotations

from fastapi import APIRouter

from tests.web.conftest import Stage
from ytempire.kit.metrics import PROCESS

router = APIRouter()


@router.get("/things/{thing}")
async def thing(thing: str) -> dict[str, str]:
    if thing == "broken":
        raise RuntimeError("a fault")
    return {"thing": thing}


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
