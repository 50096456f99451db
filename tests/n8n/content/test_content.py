"""Content generation on a real n8n: a video from claim to published, a vendor's fault, several claims at once."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.n8n_stage import CLAIMS, WORKFLOW, Driven, Up
from tests.n8n.content.stage import nodes_of, ran
from tests.n8n.editor import Editor, node, password_in, webhook
from ytempire.local.n8n.credentials import API_ID, API_NAME
from ytempire.orchestration import order_video
from ytempire.production import OrderWishes, new_order
from ytempire.production.model import StepName

ON_THE_WAY = (
    "A video", "Check user quota", "Fits?", "Select channel", "Topic", "Script brief", "Ask a model?", "Cache",
    "Generate content", "Answer", "Keep in cache", "Hand in script", "Script", "Voice brief", "Ask a vendor?", "Parts",
    "Create voice", "Hand in voice", "Voice", "Visuals", "Captions", "Process video", "Thumbnail", "Quality", "Review",
    "Upload to YouTube", "Update costs",
)  # fmt: skip


async def made_by_steps_s(up: Up, driven: Driven) -> dict[str, float]:
    """How long our workers were at each step."""
    async with up.session.platform.tools.database.transaction(driven.user_id) as conn:
        cursor = await conn.execute(
            "select step, sum(extract(epoch from ended_at - started_at))::float from steps"
            " where video_id = %s group by 1",
            (driven.video_id,),
        )
        return {row[0]: row[1] for row in await cursor.fetchall()}  # type: ignore[misc]


def took_s(driven: Driven) -> float:
    assert driven.rested_at
    return (driven.rested_at - driven.made_at).total_seconds()


async def test_one_video_from_claim_to_published(up: Up) -> None:
    (channel,) = await up.creators(1)
    driven = await up.rested(channel)
    assert (driven.state, driven.run_state, driven.why) == ("published", "published", "")
    ran = await asyncio.to_thread(nodes_of, up, driven)
    assert set(ran) == set(ON_THE_WAY), "each once, and none that handles errors"
    assert {name: len(runs) for name, runs in ran.items() if len(runs) != 1} == {}
    costs = ran["Update costs"][0]["data"]["main"][0][0]["json"]
    assert costs["video_id"] == str(driven.video_id)

    platform = up.session.platform
    wished = new_order(channel, OrderWishes(), tools=platform.tools)
    await order_video(platform, channel, wished)
    built_in = await up.rested(channel)
    assert built_in.video_id != driven.video_id
    assert (built_in.state, built_in.run_state) == ("published", None)
    await _tell(up, driven, built_in, ran)
    steps = await made_by_steps_s(up, driven)
    assert set(steps) >= {str(step) for step in StepName if step not in {StepName.REVIEW, StepName.PUBLISH}}


async def _tell(up: Up, driven: Driven, built_in: Driven, ran: Mapping[str, Any]) -> None:
    for name, runs in ran.items():
        print(f"  {name:20} {sum(one['executionTime'] for one in runs):6} ms", file=sys.stderr)
    for who, one in (("n8n", driven), ("built-in", built_in)):
        at_work = sum((await made_by_steps_s(up, one)).values())
        print(
            f"{who}: {took_s(one):.1f} s from claim to rest, {at_work:.1f} s of them in steps, "
            f"{took_s(one) - at_work:.1f} s beside",
            file=sys.stderr,
        )


async def test_a_vendor_s_fault_ends_the_model_call_and_the_built_in_driver_makes_the_video(up: Up) -> None:
    await up.fault("responses.create")
    try:
        (channel,) = await up.creators(1)
        driven = await up.rested(channel)
    finally:
        await up.no_faults()
    assert (driven.state, driven.run_state) == ("published", "taken_over")
    assert "failed at 'Generate content'" in driven.why
    ran = await asyncio.to_thread(nodes_of, up, driven)
    assert {"Handle errors", "Costs so far"} <= set(ran)
    assert not {"Answer", "Hand in script", "Voice brief"} & set(ran)
    assert (await up.books())["uploaded_twice"] == []
    assert not any((await up.paid_twice()).values())


async def test_several_claims_at_once_get_each_video_once(up: Up) -> None:
    """Seen by the claims themselves; the real workflow may take some of the videos in between."""
    uses = {"ytempireApi": {"id": API_ID, "name": API_NAME}}
    claim = node(
        "Due", "n8n-nodes-ytempire.ytempire", 1, {"resource": "plan", "operation": "claimDue"}, credentials=uses
    )
    with Editor(up.n8n_url, up.email, password_in(str(up.password_file))) as editor:
        await asyncio.to_thread(editor.made, "several", [webhook("several"), claim])
        await asyncio.to_thread(editor.hooked, "several", {})
        channels = await up.creators(3, reviewed=True)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: editor.hooked("several", {}), range(4)))
    claimed = [one["video_id"] for answer in answers if answer.is_success for one in _items(answer.json())]
    assert len(claimed) == len(set(claimed))
    runs = await up.runs(channels)
    assert len(runs) == len({run.user_id for run in runs}) == len(channels), "one video for each, whoever claimed it"
    assert set(claimed) <= {str(run.video_id) for run in runs}


async def test_the_list_of_executions_has_videos_only(up: Up) -> None:
    """n8n has claimed every minute since it started, mostly nothing."""
    await asyncio.sleep(max(0.0, up.began_s + 130 - time.monotonic()))
    with Editor(up.n8n_url, up.email, password_in(str(up.password_file))) as editor:
        kept = await asyncio.to_thread(editor.executions, WORKFLOW)
        videos = [await asyncio.to_thread(ran, editor, WORKFLOW, one["id"]) for one in kept]
        claims = [one for one in await asyncio.to_thread(editor.executions, CLAIMS) if one["status"] != "running"]
    assert claims == []
    assert videos
    assert all(nodes["A video"][0]["data"]["main"][0][0]["json"]["video_id"] for nodes in videos)


def _items(answer: Any) -> list[dict[str, Any]]:
    items = answer if isinstance(answer, list) else [answer]
    return [one for one in items if "video_id" in one]
