"""Who gives due work to whom: another driver that asks comes first, and one that is gone keeps nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.stores.plan_stage import PlanStage
from tests.stores.test_runs import Led, led
from ytempire.kit.database import Database
from ytempire.orchestration import expect_driver, give_due, serve_plan
from ytempire.orchestration.platform import Platform

__all__ = ["led"]


class _Voice:
    def known(self) -> tuple[str, ...]:
        return ("heart",)


def _able(led: Led) -> Platform:
    """The stage's platform with what ordering a video takes."""
    needs: Any = {"writer": object(), "voices": {"local": _Voice()}}
    return replace(led.stage.platform, tools=replace(led.stage.platform.tools, **needs))


async def test_while_another_driver_asks_for_work_ours_takes_only_what_it_left_for_long(
    led: Led, admin: Any, database: Database
) -> None:
    planned = PlanStage(database, admin, clock=led.clock)
    for _ in range(2):
        await planned.user()
    platform = replace(_able(led), runs_at_once=1)
    (given,) = await give_due(platform, "n8n", most=20)
    assert given.begun.token.startswith("ytr_")
    assert await serve_plan(platform) == [], "the second waits for n8n's next turn"
    led.clock.at += timedelta(minutes=2)
    assert await give_due(platform, "n8n", most=20) == []
    led.clock.at += timedelta(minutes=29)
    assert await give_due(platform, "n8n", most=20) == []
    await planned.user()
    wider = replace(platform, runs_at_once=2)
    assert len(await give_due(wider, "n8n", most=20)) == 1
    led.clock.at += timedelta(minutes=29)
    assert await give_due(platform, "n8n", most=20) == []
    assert await serve_plan(platform) == [], "n8n is busy with what it took half an hour ago"
    led.clock.at += timedelta(minutes=1, seconds=1)
    assert await give_due(platform, "n8n", most=20) == []
    assert len(await serve_plan(platform)) == 1, "it waited for half an hour, and n8n took nothing"
    await planned.user()
    assert await serve_plan(platform) == []
    led.clock.at += timedelta(minutes=3, seconds=1)
    assert len(await serve_plan(platform)) == 1, "n8n asks no more"


async def test_nobodys_work_waits_for_hours_behind_a_driver_that_is_busy_with_others(
    led: Led, admin: Any, database: Database
) -> None:
    planned = PlanStage(database, admin, clock=led.clock)
    for _ in range(12):
        await planned.user()
    platform = _able(led)
    for turn in range(8):
        assert len(await give_due(platform, "n8n", most=1)) == 1
        assert await serve_plan(platform) == [], turn
        led.clock.at += timedelta(minutes=29)
    await expect_driver(platform, "n8n")
    assert await serve_plan(platform) == []
    led.clock.at += timedelta(minutes=9)
    assert len(await give_due(platform, "n8n", most=1)) == 1
    assert len(await serve_plan(platform)) == 3, "they waited for more than four hours"


async def test_what_is_due_waits_for_a_driver_that_is_being_started(led: Led, admin: Any, database: Database) -> None:
    planned = PlanStage(database, admin, clock=led.clock)
    await planned.user()
    platform = _able(led)
    await expect_driver(platform, "n8n")
    assert await serve_plan(platform) == []
    led.clock.at += timedelta(minutes=3, seconds=1)
    assert len(await serve_plan(platform)) == 1, "it never came"
