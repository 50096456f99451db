"""A model's answer is paid once whatever dies, and asked anew when a person has the step made anew."""

import asyncio
import os
import signal
import sys

import pytest

from tests.conftest import DatabaseUrls
from tests.contracts.asking_stage import CLOCK, TOO_FEW_TOKENS, answered
from tests.contracts.running_sandbox import RunningSandbox
from ytempire.accounts.local_user import LOCAL_USER_ID
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.ledger import Ledger, Policy, load_prices
from ytempire.production.asking import AnswerUnusable


async def test_an_answer_of_no_use_is_replayed_until_a_person_has_it_asked_anew(
    database: Database, sandbox: RunningSandbox
) -> None:
    video = new_id()
    with sandbox.paying("openai", 1):
        for attempt in (1, 2, 3):  # the first try, and what a crash or a restart repeats
            with pytest.raises(AnswerUnusable) as broken_off:
                await answered(database, sandbox.url, video, attempt=attempt, most_tokens=TOO_FEW_TOKENS)
    assert broken_off.value.remake == "script"
    with sandbox.paying("openai", 1), pytest.raises(AnswerUnusable):
        await answered(database, sandbox.url, video, takes=1, attempt=4, most_tokens=TOO_FEW_TOKENS)
    with sandbox.paying("openai", 1):
        answer = await answered(database, sandbox.url, video, takes=2, attempt=5)
        assert await answered(database, sandbox.url, video, takes=2, attempt=6) == answer
    assert answer["topics"]
    ledger = Ledger(database, CLOCK, load_prices(), Policy())
    lines = (await ledger.receipt(LOCAL_USER_ID, video)).lines
    assert [line.state for line in lines] == ["settled"] * 3
    assert all(line.held_microusd >= line.actual_microusd > 0 for line in lines)
    assert await ledger.audit() == []


@pytest.mark.parametrize(("point", "paid_after"), [("before_call", 1), ("after_call", 0), ("after_commit", 0)])
async def test_a_worker_killed_while_it_asks_anew_pays_once(
    database: Database, database_urls: DatabaseUrls, sandbox: RunningSandbox, point: str, paid_after: int
) -> None:
    video = new_id()
    await answered(database, sandbox.url, video)
    with sandbox.paying("openai", 1):
        killed = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.contracts.asking_stage"),
            *(database_urls.app, sandbox.url, str(video), "1"),
            env={**os.environ, "YTEMPIRE_FAILPOINT": f"script.{point}"},
        )
        assert await killed.wait() == -signal.SIGKILL
        with sandbox.paying("openai", paid_after):
            await answered(database, sandbox.url, video, takes=1, attempt=2)
    ledger = Ledger(database, CLOCK, load_prices(), Policy())
    lines = (await ledger.receipt(LOCAL_USER_ID, video)).lines
    assert sorted(line.state for line in lines) in (["settled", "settled"], ["settled", "settled", "void"])
    assert await ledger.audit() == []
