"""Webhooks of many users and many at once: nobody takes more than their share."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.web.conftest import Stage
from tests.web.listening import tell
from tests.web.receiving import Receiver
from tests.web.test_webhooks import HOOKS, hook, receiver
from ytempire.webhooks.courier import MOST_AT_ONCE, MOST_OF_ONE_USER
from ytempire.webhooks.rules import MOST_WEBHOOKS

__all__ = ["receiver"]


async def test_many_users_with_slow_receivers_do_not_take_every_place_that_becomes_free(
    stage: Stage, receiver: Receiver
) -> None:
    receiver.answers["/slow"] = None
    for _ in range(MOST_AT_ONCE // MOST_OF_ONE_USER):
        user, client = await stage.signed_in()
        await hook(client, f"{receiver.url}/slow")
        await tell(stage, user, *(str(n) for n in range(MOST_AT_ONCE)))
    courier = stage.parts.courier
    await courier.round()
    await receiver.until(MOST_AT_ONCE, "/slow")
    quick, client = await stage.signed_in()
    await hook(client, f"{receiver.url}/quick")
    stage.clock.at += timedelta(seconds=1)
    await tell(stage, quick, "x")
    await courier.round()
    assert len(courier._under_way) == MOST_AT_ONCE
    one = next(iter(courier._under_way.values()))
    one.cancel()  # as its deadline would
    await asyncio.wait([one])
    await courier.round()
    await receiver.until(1, "/quick")
    await courier.close()


async def test_many_at_once_are_no_more_than_one_by_one(stage: Stage) -> None:
    _, client = await stage.signed_in()
    url = "https://studio.example.org/hook"
    answers = await asyncio.gather(*(client.post(HOOKS, json={"url": url}) for _ in range(30)))
    assert sorted(answer.status_code for answer in answers) == [201] * MOST_WEBHOOKS + [409] * (30 - MOST_WEBHOOKS)
