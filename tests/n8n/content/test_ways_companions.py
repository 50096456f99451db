"""The workflows beside *Content generation*, set up as their notes say, started by a webhook in place of their hour."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.n8n.content.stage import Nodes, Ways
from tests.n8n.editor import leads_to, webhook
from tests.n8n.recording import recording
from ytempire.channels.model import Channel
from ytempire.orchestration import order_video
from ytempire.production import OrderWishes, new_order


def started_by(path: str, first: str, after: str, enabled: tuple[str, ...], key: dict[str, Any], **urls: str) -> Any:
    """The change that its note asks for; a webhook stands where its schedule is."""

    def change(nodes: Nodes, connections: dict[str, Any]) -> None:
        del nodes[first], connections[first]
        nodes["Webhook"] = webhook(path)
        connections["Webhook"] = leads_to(after)
        for name, one in nodes.items():
            if "credentials" in one:
                one["credentials"] = key
            if name in enabled:
                assert one.pop("disabled") is True, name
            if name in urls:
                one["parameters"]["url"] = urls[name]

    return change


async def ordered(ways: Ways, channel: Channel, **changed: Any) -> str:
    """A video of the built-in driver's."""
    platform = ways.up.session.platform
    order = new_order(channel, OrderWishes(minutes=0.25, even_if_similar=True), tools=platform.tools)
    return str((await order_video(platform, channel, replace(order, **changed))).id)


async def state_of(door: httpx.Client, video: str, *states: str) -> dict[str, Any]:
    """The video, once it is in one of these states."""
    for _ in range(600):
        found = dict((await asyncio.to_thread(door.get, f"/videos/{video}")).json())
        if found["state"] in states:
            return found
        await asyncio.sleep(0.3)
    raise AssertionError(found)


@pytest.fixture(scope="module")
async def owner(ways: Ways) -> Channel:
    """A creator whose plan is none of ours: what they order the built-in driver makes."""
    (channel,) = await ways.up.creators(1)
    await ways.up.claim()
    return channel


async def test_failed_videos_are_sent_on_and_what_cannot_succeed_costs_nothing_more(ways: Ways, owner: Channel) -> None:
    key = await ways.key(owner, "read", "write")
    with ways.door(key) as door:
        await ways.up.fault("text_to_speech.convert_with_timestamps", vendor="elevenlabs", kind="unauthorized")
        try:
            mended = await ordered(ways, owner)
            assert "voice: " in (await state_of(door, mended, "failed", "published"))["reason"]
        finally:
            await ways.up.no_faults()
        hopeless = await ordered(ways, owner, voice="elevenlabs:nobodysvoice00000000")
        cause = (await state_of(door, hopeless, "failed", "published"))["reason"]
        paid = {one: receipt(door, one) for one in (mended, hopeless)}

        uses = ways.editor.credential("ytempireApi", baseUrl=ways.up.web_url, apiKey=key)
        copy = ways.copy("retry-failed.json", started_by("retry", "Every night", "Failed videos", ("Retry",), uses))
        await asyncio.to_thread(ways.editor.hooked, "retry", {})
        assert (await state_of(door, mended, "failed", "published"))["state"] == "published"
        (nodes,) = await ways.ended(copy)
        assert len(nodes["Retry"][0]["data"]["main"][0]) == len(paid)
        assert (await state_of(door, hopeless, "failed"))["reason"] == cause
        assert receipt(door, hopeless) == paid[hopeless]
        assert paid[mended].items() <= receipt(door, mended).items(), "what was paid before it failed was kept"

        async with ways.up.session.platform.tools.database.transaction(owner.user_id) as conn:
            await conn.execute(
                "update steps set result = '{\"remake\": \"script\"}' where video_id = %s and state = 'failed'",
                (hopeless,),
            )
        await asyncio.to_thread(ways.editor.hooked, "retry", {})
        assert "Retry" not in (await ways.ended(copy, how_many=2))[0], "its script would be paid for again"
        async with ways.up.session.platform.tools.database.transaction(owner.user_id) as conn:
            await conn.execute(
                "update videos set created_at = created_at - interval '3 days' where id = %s", (hopeless,)
            )
        await asyncio.to_thread(ways.editor.hooked, "retry", {})
        assert "What it makes anew" not in (await ways.ended(copy, how_many=3))[0], "it is left alone"
    assert not any((await ways.up.paid_twice()).values())


def receipt(door: httpx.Client, video: str) -> dict[str, int]:
    """What each step cost, in micro-dollars."""
    lines = door.get(f"/videos/{video}/receipt").json()["lines"]
    return {one["step"]: one["actual_microusd"] for one in lines if one["actual_microusd"]}


async def test_the_morning_s_message_has_the_figures_of_our_api(ways: Ways, owner: Channel) -> None:
    """The costs of these tests are made those of yesterday."""
    async with ways.up.session.platform.tools.database.transaction(owner.user_id) as conn:
        await conn.execute("update users set role = 'operator' where id = %s", (owner.user_id,))
        await conn.execute("update cost_days set day = day - 1 where user_id = %s", (owner.user_id,))
    key = await ways.key(owner, "read", "admin")
    uses = ways.editor.credential("ytempireApi", baseUrl=ways.up.web_url, apiKey=key)
    with recording() as chat, ways.door(key) as door:
        change = started_by("costs", "Every morning", "Costs of today", ("Tell",), uses, Tell=f"{chat.url}/hook")
        copy = ways.copy("daily-costs.json", change)
        await asyncio.to_thread(ways.editor.hooked, "costs", {})
        await ways.ended(copy)
        (told,) = chat.asked
        day = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()  # noqa: TID251
        (costs,) = door.get("/admin/costs/days", params={"first": day, "last": day}).json()["days"]
        rates = door.get("/admin/runs/rates", params={"days": 1}).json()
    runs, well = (sum(one[what] for one in rates) for what in ("runs", "succeeded"))
    assert costs["spent_microusd"] > 0
    assert 0 <= well <= runs
    dollars = costs["spent_microusd"] / 1_000_000
    assert told.body == {"text": f"YTEMPIRE: {dollars} dollars yesterday; {well} of {runs} runs well"}
