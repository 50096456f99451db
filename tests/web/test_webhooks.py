"""Webhooks out: a real receiver, real deliveries, signatures checked by another's library."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from tests.conftest import DatabaseUrls
from tests.web.conftest import Stage
from tests.web.listening import tell
from tests.web.receiving import Message, Receiver, receiving
from ytempire.kit.http import Fetcher
from ytempire.webhooks.courier import MOST_OF_ONE_USER
from ytempire.webhooks.rules import LEASE, WAITS, headers_of

HOOKS = "/api/v1/webhooks"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


async def hook(client: httpx.AsyncClient, url: str, **more: Any) -> dict[str, Any]:
    answer = await client.post(HOOKS, json={"url": url, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def posted(stage: Stage) -> None:
    """A worker's round, and all that it began."""
    await stage.parts.courier.round()
    await stage.parts.courier.idle()


async def deliveries(client: httpx.AsyncClient, made: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get(f"{HOOKS}/{made['id']}/deliveries", params=params)).json()["items"]
    return items


def verified(stage: Stage, message: Message, secret: str) -> dict[str, Any]:
    """What the library says of it; its clock is the machine's, so the time is set to now by signing what came anew."""
    at = int(message.headers["webhook-timestamp"])
    assert at == int(stage.clock.now().timestamp())
    signed = Verifier(secret).sign(message.headers["webhook-id"], stage.clock.now(), message.body.decode())
    assert signed in message.headers["webhook-signature"].split(" ")
    told: dict[str, Any] = json.loads(message.body)
    return told


async def test_an_event_is_posted_once_and_signed(stage: Stage, receiver: Receiver) -> None:
    user, client = await stage.signed_in()
    await tell(stage, user, "before it was there")
    made = await hook(client, f"{receiver.url}/a", types=["video.step_begun"])
    await hook(client, f"{receiver.url}/b", types=["video.published"])
    await tell(stage, user, "voice")
    await posted(stage)
    await posted(stage)
    (message,) = await receiver.until(1)
    assert message.path == "/a"
    told = verified(stage, message, made["secret"])
    assert (told["id"], told["type"], told["data"]["step"]) == (2, "video.step_begun", "voice")
    assert message.headers["content-type"] == "application/json"
    (delivery,) = await deliveries(client, made)
    assert (delivery["state"], delivery["attempts"], delivery["last_status"]) == ("delivered", 1, 200)
    assert delivery["next_at"] is None


async def test_the_library_verifies_what_we_sign_today(stage: Stage) -> None:
    from datetime import UTC, datetime

    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"a":1}'
    headers = headers_of("evt_1", body, [b"whsec_" + b"AAAA" * 8, secret.encode()], datetime.now(UTC))  # noqa: TID251
    assert Verifier(secret).verify(body, headers) == {"a": 1}


async def test_what_is_refused_is_tried_again_under_the_same_id(stage: Stage, receiver: Receiver) -> None:
    user, client = await stage.signed_in()
    made = await hook(client, f"{receiver.url}/a")
    receiver.answers["/a"] = 503
    await tell(stage, user, "voice")
    await posted(stage)
    (delivery,) = await deliveries(client, made)
    assert (delivery["state"], delivery["last_status"], delivery["last_error"]) == ("pending", 503, "it answered 503")
    for wait in WAITS[:3]:
        await posted(stage)  # not due
        stage.clock.at += wait
        await posted(stage)
    receiver.answers["/a"] = 302  # not followed
    stage.clock.at += WAITS[3]
    await posted(stage)
    receiver.answers["/a"] = 204
    stage.clock.at += WAITS[4]
    await posted(stage)
    (delivery,) = await deliveries(client, made)
    assert (delivery["state"], delivery["attempts"], delivery["last_status"]) == ("delivered", 6, 204)
    assert len({message.headers["webhook-id"] for message in receiver.got}) == 1
    assert len(receiver.got) == 6


async def test_a_webhook_that_takes_nothing_for_days_is_switched_off_and_says_so(
    stage: Stage, receiver: Receiver
) -> None:
    user, client = await stage.signed_in()
    made = await hook(client, f"{receiver.url}/a", types=["video.step_begun"])
    receiver.answers["/a"] = 500
    await tell(stage, user, "first")
    for wait in (timedelta(0), *WAITS):
        stage.clock.at += wait
        await posted(stage)
    (delivery,) = await deliveries(client, made)
    assert (delivery["state"], delivery["attempts"], delivery["next_at"]) == ("failed", 1 + len(WAITS), None)
    stage.clock.at += timedelta(days=2)
    await tell(stage, user, "second")
    await posted(stage)
    shown = (await client.get(f"{HOOKS}/{made['id']}")).json()
    assert (shown["enabled"], "5 days" in shown["disabled_because"]) == (False, True)
    events = (await client.get("/api/v1/events", params={"types": "webhook.disabled"})).json()["items"]
    assert [event["subject"] for event in events] == [made["id"]]
    assert {one["state"] for one in await deliveries(client, made)} == {"failed"}
    await tell(stage, user, "while it is off")
    receiver.answers["/a"] = 200
    etag = (await client.get(f"{HOOKS}/{made['id']}")).headers["etag"]
    on = await client.patch(f"{HOOKS}/{made['id']}", json={"enabled": True}, headers={"If-Match": etag})
    assert (on.json()["enabled"], on.json()["disabled_because"]) == (True, "")
    await tell(stage, user, "third")
    before = len(receiver.got)
    await posted(stage)
    assert [json.loads(message.body)["data"]["step"] for message in receiver.got[before:]] == ["third"]
    failed = (await deliveries(client, made))[-1]
    again = await client.post(f"{HOOKS}/{made['id']}/deliveries/{failed['id']}/retry")
    assert (again.status_code, again.json()["state"]) == (202, "pending")
    await posted(stage)
    assert json.loads(receiver.got[-1].body)["data"]["step"] == "first"
    receiver.answers["/a"] = 410
    await tell(stage, user, "last")
    await posted(stage)
    assert "410" in (await client.get(f"{HOOKS}/{made['id']}")).json()["disabled_because"]


async def test_a_worker_that_dies_after_the_call_leaves_it_to_be_sent_again_under_the_same_id(
    stage: Stage, receiver: Receiver, database_urls: DatabaseUrls
) -> None:
    user, client = await stage.signed_in()
    made = await hook(client, f"{receiver.url}/a")
    await tell(stage, user, "voice")
    program = f"""
import asyncio
from datetime import datetime
from ytempire.accounts import TenantKeys
from ytempire.kit.clock import SetClock
from ytempire.kit.database import Database
from ytempire.kit.http import Fetcher
from ytempire.webhooks import Courier

async def main():
    clock = SetClock(datetime.fromisoformat({stage.clock.now().isoformat()!r}))
    database = Database({database_urls.app!r})
    await database.open()
    keys = TenantKeys(bytes.fromhex({stage.parts.keys.wrapping_key.hex()!r}), clock)
    courier = Courier(database, keys, clock, Fetcher(permits=lambda address: address.is_loopback), plain_http=True)
    await courier.round()
    await courier.idle()

asyncio.run(main())
"""
    environment = os.environ | {"YTEMPIRE_FAILPOINT": "webhook.posted"}
    process = subprocess.Popen([sys.executable, "-c", program], env=environment)
    await receiver.until(1)
    assert await __import__("asyncio").to_thread(process.wait, 20) == -9
    (delivery,) = await deliveries(client, made)
    assert (delivery["state"], delivery["attempts"], delivery["last_status"]) == ("pending", 1, None)
    await posted(stage)
    assert len(receiver.got) == 1, "it is the dead one's until its lease is over"
    stage.clock.at += LEASE
    await posted(stage)
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert (await deliveries(client, made))[0]["state"] == "delivered"


async def test_of_many_workers_one_delivers(stage: Stage, receiver: Receiver) -> None:
    user, client = await stage.signed_in()
    await hook(client, f"{receiver.url}/a")
    await tell(stage, user, *(str(n) for n in range(8)))
    workers = [
        stage.parts.courier,
        *(replace(stage.parts.courier, _under_way={}, _of_user=type(stage.parts.courier._of_user)()) for _ in range(3)),
    ]
    for _ in range(8):
        await asyncio.gather(*(worker.round() for worker in workers))
        await asyncio.gather(*(worker.idle() for worker in workers))
    assert len(receiver.got) == len({message.headers["webhook-id"] for message in receiver.got}) == 8


async def test_a_receiver_that_hangs_holds_up_nobody_else(stage: Stage, receiver: Receiver) -> None:
    slow, slow_client = await stage.signed_in()
    quick, quick_client = await stage.signed_in()
    await hook(slow_client, f"{receiver.url}/slow")
    await hook(quick_client, f"{receiver.url}/quick")
    receiver.answers["/slow"] = None
    await tell(stage, slow, *(str(n) for n in range(100)))
    await tell(stage, quick, "x")
    for _ in range(10):
        await stage.parts.courier.round()
    await receiver.until(1, "/quick")
    assert len(await receiver.until(MOST_OF_ONE_USER, "/slow")) == MOST_OF_ONE_USER
    assert len(stage.parts.courier._under_way) <= MOST_OF_ONE_USER + 1
    await stage.parts.courier.close()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://studio.example.org/hook", "https://"),
        ("https://127.0.0.1/hook", "127.0.0.1"),
        ("https://[::1]/", "::1"),
        ("https://169.254.169.254/latest/meta-data", "169.254.169.254"),
        ("https://10.0.0.8/", "10.0.0.8"),
        ("https://[64:ff9b::7f00:1]/", "64:ff9b::7f00:1"),
        ("https://name:word@studio.example.org/", "name or password"),
        ("https://studio.example.org:22/", "port 22"),
        ("ftp://studio.example.org/", "https://"),
        ("https://a b/", "no web address"),
    ],
)
async def test_an_address_inside_is_refused(stage: Stage, url: str, reason: str) -> None:
    stage.parts.courier.fetcher, stage.parts.courier.plain_http = Fetcher(), False
    _, client = await stage.signed_in()
    answer = await client.post(HOOKS, json={"url": url})
    assert (answer.status_code, answer.json()["field"]) == (422, "url")
    assert reason in answer.json()["detail"]


async def test_a_name_that_leads_inside_is_not_connected_to(stage: Stage, receiver: Receiver) -> None:
    async def inside(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    stage.parts.courier.fetcher = Fetcher(resolve=inside)
    user, client = await stage.signed_in()
    port = receiver.url.rsplit(":", 1)[1]
    made = await hook(client, f"http://studio.example.org:{port}/a")
    await tell(stage, user, "x")
    await posted(stage)
    (delivery,) = await deliveries(client, made)
    assert (delivery["state"], delivery["last_status"]) == ("pending", None)
    assert "no address of the public internet" in delivery["last_error"]
    assert "127.0.0.1" not in delivery["last_error"]
    assert receiver.got == []


async def test_webhooks_are_made_changed_and_deleted(
    stage: Stage, receiver: Receiver, admin: psycopg.AsyncConnection
) -> None:
    user, client = await stage.signed_in()
    made = await hook(client, f"{receiver.url}/a", description="bot")
    at = f"{HOOKS}/{made['id']}"
    row = await (await admin.execute("select secret from webhooks")).fetchone()
    assert made["secret"].encode() not in bytes(row[0])
    got = await client.get(at)
    assert "secret" not in got.json()
    assert (await client.get(HOOKS)).json()["items"] == [got.json()]
    assert (await client.patch(at, json={"description": "x"})).status_code == 428
    assert (await client.patch(at, json={"description": "x"}, headers={"If-Match": '"no"'})).status_code == 412
    match = {"If-Match": got.headers["etag"]}
    changed = await client.patch(at, json={"types": ["video.published"]}, headers=match)
    assert (changed.json()["types"], changed.json()["description"]) == (["video.published"], "bot")
    assert (await client.patch(at, json={"types": ["x"]}, headers={"If-Match": "*"})).json()["field"] == "types"
    assert (await client.post(f"{at}/test")).status_code == 202
    await posted(stage)
    assert json.loads(receiver.got[-1].body)["type"] == "webhook.test"
    rotated = (await client.post(f"{at}/secret")).json()["secret"]
    await client.post(f"{at}/test")
    await posted(stage)
    for secret in (made["secret"], rotated):
        verified(stage, receiver.got[-1], secret)
    stage.clock.at += timedelta(hours=24)
    await client.post(f"{at}/test")
    await posted(stage)
    verified(stage, receiver.got[-1], rotated)
    assert len(receiver.got[-1].headers["webhook-signature"].split(" ")) == 1
    assert [one["event"] for one in await deliveries(client, made, limit=2)] == [3, 2]
    assert (await client.delete(at)).status_code == 204
    assert (await client.get(at)).status_code == 404
    for _ in range(20):
        await hook(client, f"{receiver.url}/a")
    assert (await client.post(HOOKS, json={"url": receiver.url})).status_code == 409
    assert UUID(str(user))


async def test_another_tenant_s_webhook_is_not_there(stage: Stage, receiver: Receiver) -> None:
    user, client = await stage.signed_in()
    _, stranger = await stage.signed_in()
    made = await hook(client, f"{receiver.url}/a")
    await tell(stage, user, "x")
    await posted(stage)
    (delivery,) = await deliveries(client, made)
    at = f"{HOOKS}/{made['id']}"
    own = await hook(stranger, f"{receiver.url}/b")
    for method, path in (
        ("GET", at), ("PATCH", at), ("DELETE", at), ("POST", f"{at}/secret"), ("POST", f"{at}/test"),
        ("GET", f"{at}/deliveries"), ("POST", f"{at}/deliveries/{delivery['id']}/retry"),
        ("POST", f"{HOOKS}/{own['id']}/deliveries/{delivery['id']}/retry"),
    ):  # fmt: skip
        answer = await stranger.request(method, path, json={} if method == "PATCH" else None, headers={"If-Match": "*"})
        assert answer.status_code == 404, (method, path)
    assert [message.path for message in receiver.got] == ["/a"]
