"""A program leads a video from claim to publication over the API, as n8n does; real steps, a real worker, the sandbox.

It asks the model and has the voice spoken through the relay, with the vendors' own clients, and hands both in.
"""

from __future__ import annotations

import json
from collections import Counter
from uuid import UUID

from tests.contracts.running_sandbox import RunningSandbox
from tests.stories.led_stage import Installation, Leading, installation, sandbox
from ytempire.channels import find_channel
from ytempire.production.model import StepName

__all__ = ["installation", "sandbox"]


def books(sandbox: RunningSandbox) -> Counter[str]:
    """Calls that cost something, by vendor, as the vendors count them."""
    vendors = sandbox.get("/_books")["vendors"]
    return Counter({name: int(of["cost_microusd"]) for name, of in vendors.items()})


async def test_the_documented_beginning_leads_to_a_video_with_a_script(installation: Installation) -> None:
    """The example that the API itself documents, connected: its slot is claimed, and its topic has facts."""
    user, owner = await installation.stage.signed_in()
    described = (await owner.get("/api/v1/openapi.json")).json()["components"]["schemas"]["Beginning"]
    begun = await owner.post("/api/v1/onboarding", json=described["examples"][0])
    assert begun.status_code == 201, begun.text
    assert [todo["what"] for todo in begun.json()["left"]] == ["connect"]
    channel = await find_channel(installation.stage.parts.database, user, UUID(begun.json()["channel"]["id"]))
    await installation.built.youtube.sign_in(channel, lambda _: None)
    now = (await owner.get("/api/v1/onboarding")).json()
    assert (now["ready"], now["left"]) == (True, [])

    leading = Leading(installation, await installation.claim())
    for step in ("topic", "script"):
        told = await leading.step(step)
        assert told["state"] == "done", told
    shown = (await owner.get(f"/api/v1/videos/{leading.video}")).json()
    assert (shown["channel_id"], shown["topic"]) == (str(channel.id), "Why squid glow")


async def test_a_video_is_led_from_claim_to_publication_and_paid_once(
    installation: Installation, sandbox: RunningSandbox
) -> None:
    _, owner = await installation.channel()
    leading = Leading(installation, await installation.claim())
    before = books(sandbox)

    refused = await leading.client.get(f"/videos/{leading.video}/script/brief")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state"), "the topic comes first"
    assert (await leading.step("topic"))["state"] == "done"
    brief = await leading.get("script/brief")
    free = await leading.put("script", {"answer": {}})
    assert (free.status_code, free.json()["code"]) == (422, "draft_refused")
    answer = await leading.script()
    assert await leading.script() == answer, "a repeat is answered from the record"
    unpaid = await leading.put("script", {"answer": answer, "call": leading.video})
    assert (unpaid.status_code, unpaid.json()["code"], unpaid.json()["field"]) == (404, "not_found", "call")
    assert (await leading.put("script", {"answer": json.dumps(answer), "call": leading.call})).json()["accepted"]
    assert (await leading.step("script"))["state"] == "done"
    spoken = await leading.recordings()
    foreign = await leading.put("voice", {"recordings": [{**spoken[0], "call": leading.call}, *spoken[1:]]})
    assert (foreign.status_code, foreign.json()["code"]) == (404, "not_found"), "that one was paid for the script"
    without = [{**one, "alignment": None} for one in spoken]
    silent = await leading.put("voice", {"recordings": without})
    assert (silent.status_code, silent.json()["field"]) == (422, "recordings.0.alignment")
    assert (await leading.put("voice", {"recordings": spoken})).json()["accepted"]
    assert (await leading.step("voice"))["state"] == "done"
    paid = books(sandbox)

    resume = f"{installation.driver.url}/webhook-waiting/7"
    for step in [one for one in StepName if one not in {"topic", "script", "voice"}]:
        if step is StepName.RENDER:
            await leading.ask(step, resume_url=resume, wait_s=0)
            (message,) = await installation.driver.until(1, "/webhook-waiting/7", within_s=240)
            assert json.loads(message.body) == await leading.ask(step)
        else:
            told = await leading.step(step, resume_url=resume)
            assert told["state"] == "done", told
    assert len(installation.driver.got) == 1, "who has had the answer is not told again"

    shown = (await owner.get(f"/api/v1/videos/{leading.video}")).json()
    assert shown["state"] == "published"
    run = await leading.get("run")
    assert {one["state"] for one in run["steps"]} == {"done"}
    receipt = await leading.get("receipt")
    booked = sum(line["actual_microusd"] or 0 for line in receipt["lines"] if line["category"] != "processing")
    after = books(sandbox)
    assert after["openai"] == paid["openai"], "the steps asked no model themselves"
    assert after["elevenlabs"] == paid["elevenlabs"], "nor had they anything spoken"
    assert booked == (after["openai"] - before["openai"]) + (after["elevenlabs"] - before["elevenlabs"])
    assert len(sandbox.get("/_books")["uploads"]) == 1
    assert brief["model"] == "gpt-6-luna"
    assert await installation.stage.parts.ledger.audit() == []
