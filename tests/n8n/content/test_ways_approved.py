"""The recipe of the documentation: a person in a chat says whether a video is published, a step before *Review*.

The chat is Telegram's node, because its address can be set, and a server of the test stands there. Slack's asks and
answers by the same code of n8n's (*Send and Wait for Response*).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bench.n8n_stage import Driven
from tests.n8n.content.stage import WITHIN_S, Nodes, Ways, between
from tests.n8n.editor import node
from tests.n8n.recording import Recorded, recording
from ytempire.channels.model import Channel

VIDEO = "={{ $('A video').first().json.video_id }}"
TOKEN = "={{ $('A video').first().json.token }}"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
WAIT_FOR_MINUTES = 1


@dataclass(frozen=True)
class Asked:
    """Three videos whose executions ask in the chat, in the order in which they come so far."""

    copy: str
    channels: list[Channel]
    chat: Recorded
    uploaded: int
    """Videos that were on the platform before."""

    async def next(self, ways: Ways, number: int) -> tuple[Driven, dict[str, str]]:
        """The video that is asked about as the `number`-th, and the address behind each button."""
        until = time.monotonic() + WITHIN_S
        while len(self.chat.asked) <= number:
            assert time.monotonic() < until, await ways.up.runs(self.channels)
            await asyncio.sleep(0.1)
        body = self.chat.asked[number].body
        (driven,) = [one for one in await ways.up.runs(self.channels) if body["text"] == f"Publish {one.video_id}"]
        return driven, {one["text"]: one["url"] for one in body["reply_markup"]["inline_keyboard"][0]}


async def press(address: str) -> None:
    """No person is as quick: n8n answers 409 until the execution that has just sent the message waits."""
    async with httpx.AsyncClient(headers=BROWSER, timeout=30, trust_env=False) as browser:
        for _ in range(100):
            if (answer := await browser.get(address)).status_code != httpx.codes.CONFLICT:
                break
            await asyncio.sleep(0.2)
        answer.raise_for_status()


@pytest.fixture(scope="module")
def chat() -> Iterator[Recorded]:
    with recording() as recorded:
        yield recorded


@pytest.fixture(scope="module")
async def asked(ways: Ways, chat: Recorded) -> Asked:
    telegram = ways.editor.credential("telegramApi", accessToken="1:test", baseUrl=chat.url)

    def with_approval(nodes: Nodes, connections: dict[str, Any]) -> None:
        ours = {key: nodes["Review"][key] for key in ("type", "typeVersion", "credentials", "onError")}
        run = {"videoId": VIDEO, "runToken": TOKEN}
        for name, operation, more in (
            ("Ask for approval", "ask", {"askedOf": "the editors' chat", "minutes": WAIT_FOR_MINUTES}),
            ("Approved?", "answer", {"why": "by a button of the chat"}),
        ):
            parameters = {"resource": "approval", "operation": operation, **run, **more}
            nodes[name] = node(name, ours["type"], ours["typeVersion"], parameters) | ours
        chat_asks = {
            "resource": "message", "operation": "sendAndWait", "chatId": "7", "message": f"=Publish {VIDEO[1:]}",
            "approvalOptions": {
                "values": {"approvalType": "double", "approveLabel": "Approve", "disapproveLabel": "Decline"}
            },
            "options": {"appendAttribution": False},
        }  # fmt: skip
        nodes["Chat"] = node(
            "Chat", "telegram", 1.2, chat_asks, credentials=telegram, onError="continueErrorOutput",
            webhookId="00000000-0000-4000-8000-0000000000c4",
        )  # fmt: skip
        between(connections, "Quality", "Ask for approval", "Chat", "Approved?", after="Review")

    copy = ways.copy("content-generation.json", with_approval)
    uploaded = len((await ways.up.books())["uploads"])
    ways.starter("approvals", copy)
    channels = await ways.up.creators(3)
    claimed = await ways.up.claim()
    assert len(claimed) == len(channels)
    await ways.started("approvals", claimed)
    return Asked(copy, channels, chat, uploaded)


async def test_a_yes_publishes_and_a_no_cancels_in_plain_words(ways: Ways, asked: Asked) -> None:
    waits, buttons = await asked.next(ways, 0)
    with ways.door(await ways.key(waits, "read")) as door:
        run = door.get(f"/videos/{waits.video_id}/run").json()
    await press(buttons["Approve"])
    assert waits.reason.startswith("waits for an answer of the editors' chat until ")
    assert (run["state"], run["approval"]["asked_of"]) == ("driving", "the editors' chat")
    _, buttons = await asked.next(ways, 1)
    await press(buttons["Decline"])
    (published, _), (refused, _) = [await asked.next(ways, number) for number in (0, 1)]
    published, refused = await ways.up.rested(published), await ways.up.rested(refused)
    assert (published.state, published.run_state) == ("published", "published")
    why = "refused by the editors' chat: by a button of the chat"
    assert (refused.state, refused.reason, refused.run_state, refused.why) == ("cancelled", why, "cancelled", why)
    uploads = (await ways.up.books())["uploads"]
    assert [one["title"] for one in uploads[asked.uploaded :]] == [published.title], "the platform's own books"


async def test_silence_publishes_nothing_and_leaves_the_video_to_its_creator(ways: Ways, asked: Asked) -> None:
    silent, buttons = await asked.next(ways, 2)
    rests = await ways.up.rested(silent)
    assert (rests.state, rests.run_state) == ("in_review", "taken_over")
    assert rests.why.startswith("the editors' chat gave no answer in time")
    assert "the editors' chat was asked for an approval, and none was given" in rests.reason
    await press(buttons["Approve"])
    ran = await ways.ended(asked.copy, how_many=3)
    (late,) = [nodes for nodes in ran if "Handle errors" in nodes and "Review" not in nodes]
    assert "no answer in time" in late["Handle errors"][0]["data"]["main"][0][0]["json"]["message"]
    assert (await ways.up.rested(silent)).state == "in_review"
