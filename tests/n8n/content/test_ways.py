"""Ways through the workflows that a video takes seldom: what was paid before, and what somebody else took over."""

from __future__ import annotations

from typing import Any

from bench.n8n_stage import WORKFLOW
from tests.n8n.content.stage import Nodes, Ways
from ytempire.orchestration import take_report
from ytempire.orchestration.runs import Report

BEHIND_THE_CACHE = ("Hand in script",)
BEHIND_THE_VOICE = ("Voice",)


def as_it_is(_nodes: Nodes, _connections: dict[str, Any]) -> None:
    """Nothing else is changed."""


async def test_what_was_asked_spoken_and_handed_in_before_is_not_paid_again(ways: Ways) -> None:
    """Two executions break off: one before it hands in the script that it has, one before the voice it handed in."""
    (channel,) = await ways.up.creators(1)
    (claimed,) = await ways.up.claim()
    for path, without, hits in (("cut-1", BEHIND_THE_CACHE, False), ("cut-2", BEHIND_THE_VOICE, True)):
        copy = ways.copy("content-generation.json", as_it_is, without=without)
        ways.starter(path, copy)
        await ways.started(path, [claimed])
        (nodes,) = await ways.ended(copy)
        assert "Handle errors" not in nodes, nodes["Handle errors"]
        found = nodes["Cache"][0]["data"]["main"]
        assert ([bool(output) for output in found[:2]], "Generate content" in nodes) == ([hits, not hits], not hits)
    paid = await ways.calls_of(channel)

    await ways.started("ours", [claimed])
    driven = await ways.up.rested(channel)
    assert (driven.state, driven.run_state) == ("published", "published")
    nodes = (await ways.ended(WORKFLOW))[0]
    for name, why in (("Script brief", "handed in"), ("Voice brief", "handed in")):
        brief = nodes[name][0]["data"]["main"][0][0]["json"]
        assert brief["needed"] is False
        assert why in brief["why"]
    assert not {"Cache", "Generate content", "Hand in script", "Parts", "Create voice", "Hand in voice"} & set(nodes)
    assert await ways.calls_of(channel) == paid
    assert paid == [("script", "openai"), ("voice", "elevenlabs")], "our books"
    assert not any((await ways.up.paid_twice()).values()), "the vendors' books"
    with ways.door(await ways.key(channel, "read")) as door:
        (script,) = [one for one in door.get("/cache").json()["reads"] if one["namespace"] == "program.script"]
        assert (script["hits"], script["misses"]) == (1, 1)
        receipt = door.get(f"/videos/{driven.video_id}/receipt").json()
        assert len([one for one in receipt["lines"] if one["step"] == "script"]) == 1, receipt["lines"]


async def test_a_video_that_was_taken_over_meanwhile_costs_the_workflow_nothing(ways: Ways) -> None:
    (channel,) = await ways.up.creators(1, reviewed=True)
    (claimed,) = await ways.up.claim()
    (run,) = await ways.up.runs([channel])
    report = Report("msg_taken_over", "run.failed", WORKFLOW, "0", video_id=run.video_id)
    await take_report(ways.up.session.platform, report)
    await ways.started("ours", [claimed])
    nodes = (await ways.ended(WORKFLOW))[0]
    assert set(nodes) == {
        "A video", "Check user quota", "Fits?", "Select channel", "Topic", "Handle errors", "Costs so far",
    }  # fmt: skip
    reported = nodes["Handle errors"][0]["data"]["main"][0][0]["json"]
    assert reported["event"] == "run.finished"
    assert "built-in driver goes on" in reported["message"]
    assert await ways.calls_of(channel) == []
    assert [one.run_state for one in await ways.up.runs([channel])] == ["taken_over"]
