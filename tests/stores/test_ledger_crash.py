"""A real process is killed at each point around a paid call; its successor pays nothing twice, the books balance."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from uuid import UUID

import pytest

from ytempire.kit.clock import SystemClock
from ytempire.kit.ids import new_id
from ytempire.ledger import Bucket, Category, Ledger, Meters, PaidCall, Policy, QuotaCall, load_prices

ESTIMATE = Meters("openai", "gpt-6.1-terra", output_tokens=4_000)
HELD = 20_000
BILL = Meters("openai", "gpt-6.1-terra", output_tokens=2_000)
BILLED = 10_000

CHILD = """
import asyncio, sys
from pathlib import Path
from uuid import UUID
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.ledger import *

async def main(url, user, video, vendor):
    database = Database(url)
    await database.open()
    ledger = Ledger(database, SystemClock(), load_prices(), Policy())
    async def perform():
        with Path(vendor).open("a") as book:
            book.write("paid\\n")
        return {"text": "hello"}, Meters("openai", "gpt-6.1-terra", output_tokens=2_000)
    async def upload():
        return (await perform())[0]
    call = PaidCall(UUID(user), UUID(video), "script", Category.OPENAI, "draft", "once",
                    Meters("openai", "gpt-6.1-terra", output_tokens=4_000))
    quota = QuotaCall(UUID(user), UUID(video), "publish", Bucket.UPLOADS, "upload", "up")
    await ledger.spend(call, perform)
    await ledger.spend_quota(quota, upload)
    await database.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def die(url: str, user: UUID, video: UUID, vendor: str, point: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, url, str(user), str(video), vendor,
        env={**os.environ, "YTEMPIRE_FAILPOINT": point},
    )  # fmt: skip
    assert await process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("can_look", [True, False])
async def test_whatever_dies_around_a_call_it_is_paid_once_and_booked_once(database, database_urls, tmp_path, can_look):
    ledger = Ledger(database, SystemClock(), load_prices(), Policy())
    points = [
        f"{step}.{where}" for step in ("script", "publish") for where in ("before_call", "after_call", "after_commit")
    ]
    users = {point: (new_id(), new_id()) for point in points}
    for half in (points[:3], points[3:]):
        await asyncio.gather(*(die(database_urls.app, *users[point], str(tmp_path / point), point) for point in half))
    assert await ledger.audit() == []
    for point in points:
        user, video = users[point]
        book = tmp_path / point
        paid = len(book.read_text().splitlines()) if book.exists() else 0
        calls = {"script": paid, "publish": 0} if point.startswith("script") else {"script": 1, "publish": paid - 1}

        def perform(step, calls=calls):
            async def made():
                calls[step] += 1
                return {"text": "hello"}, BILL

            return made

        def look(step, calls=calls):
            async def looked():
                return ({"text": "hello"}, BILL) if calls[step] else None

            return looked

        async def upload(calls=calls):
            calls["publish"] += 1
            return {"text": "hello"}

        async def find(calls=calls):
            return {"text": "hello"} if calls["publish"] else None

        call = PaidCall(user, video, "script", Category.OPENAI, "draft", "once", ESTIMATE, attempt=2)
        quota = QuotaCall(user, video, "publish", Bucket.UPLOADS, "upload", "up", attempt=2)
        for _ in range(2):
            assert await ledger.spend(call, perform("script"), look("script") if can_look else None) == {
                "text": "hello"
            }
            assert await ledger.spend_quota(quota, upload, find if can_look else None) == {"text": "hello"}

        receipt = await ledger.receipt(user, video)
        lost = not can_look and not point.endswith("after_commit")
        lost_money, lost_quota = lost and point.startswith("script"), lost and point.startswith("publish")
        assert receipt.actual_microusd == BILLED + (HELD if lost_money else 0), point
        assert receipt.youtube_uploads == 1 + lost_quota, point
        if can_look:
            assert calls == {"script": 1, "publish": 1}, point
        assert receipt.actual_microusd >= calls["script"] * BILLED
        assert receipt.youtube_uploads >= calls["publish"]
    assert await ledger.audit() == []
