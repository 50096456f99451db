"""The relay when the vendor refuses, fails or is lost, and when our own process dies: nothing is paid twice."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import DatabaseUrls
from tests.contracts.relay_stage import MODEL, Run, chat, driven, relay_stage
from tests.contracts.running_sandbox import VOICE, RunningSandbox
from ytempire.ledger.model import CallState, HoldState

CALL, SPEAK = "chat.completions.create", "text_to_speech.convert_with_timestamps"
TEXT = "Squid glow to hide. Their light comes from below."


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("rate_limit_seconds", 429, "rate_limit_exceeded"),
        ("rate_limit_absurd", 429, "rate_limit_exceeded"),
        ("insufficient_quota", 429, "insufficient_quota"),
        ("context_length_exceeded", 400, "context_length_exceeded"),
        ("unauthorized", 503, "vendor_refused"),
        ("redirect", 503, "vendor_refused"),
    ],
)
async def test_what_the_vendor_refuses_keeps_its_status_and_is_not_billed(
    run: Run, sandbox: RunningSandbox, fault: str, status: int, code: str
) -> None:
    sandbox.fault("openai", CALL, fault)
    with sandbox.paying("openai", 0):
        answer = await run.ask("chat/completions", chat())
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["status"] == status
    assert int(answer.headers.get("retry-after", "1")) <= 3_600
    call = await run.only_call()
    assert (call.state, call.hold_state) == (CallState.REFUSED, HoldState.VOID)
    with sandbox.paying("openai", 1):
        assert (await run.ask("chat/completions", chat())).status_code == 200


@pytest.mark.parametrize(("fault", "made"), [("server_error", 0), ("huge", 0), ("html_200", 0), ("broken_json", 1),
                                             ("nan", 1), ("answer_lost", 1), ("truncated", 1)])  # fmt: skip
async def test_a_lost_answer_is_looked_up_and_not_paid_again(
    run: Run, sandbox: RunningSandbox, fault: str, made: int
) -> None:
    sandbox.fault("openai", CALL, fault)
    with sandbox.paying("openai", made):
        lost = await run.ask("chat/completions", chat())
    assert lost.json()["code"] == "outcome_unknown"
    assert lost.status_code == (500 if fault == "server_error" else 409)
    assert lost.json()["error"]["message"]
    assert (await run.only_call()).hold_state is HoldState.HELD
    with sandbox.paying("openai", 1 - made):
        found = await run.ask("chat/completions", chat())
    assert found.status_code == 200
    assert found.json()["choices"][0]["message"]["content"]
    assert "metadata" not in found.json()
    assert (await run.only_call()).hold_state is HoldState.SETTLED


async def test_no_other_request_is_made_under_the_hold_of_one_that_was_lost(run: Run, sandbox: RunningSandbox) -> None:
    once = {"Idempotency-Key": "231:node:0"}
    sandbox.fault("openai", CALL, "server_error")
    with sandbox.paying("openai", 0):
        assert (await run.ask("chat/completions", chat(), **once)).json()["code"] == "outcome_unknown"
        dear = await run.ask("chat/completions", chat(max_completion_tokens=100_000), **once)
    assert (dear.status_code, dear.json()["code"]) == (422, "key_reused")
    with sandbox.paying("openai", 1):
        assert (await run.ask("chat/completions", chat(), **once)).status_code == 200
    sandbox.fault("openai", CALL, "context_length_exceeded")
    with sandbox.paying("openai", 1):
        assert (await run.ask("chat/completions", chat(), **{"Idempotency-Key": "2"})).status_code == 400
        shorter = await run.ask("chat/completions", chat(seed=3), **{"Idempotency-Key": "2"})
    assert shorter.status_code == 200, "what was refused cost nothing, and its key is free"


async def test_a_response_whose_answer_is_lost_counts_as_spent(run: Run, sandbox: RunningSandbox) -> None:
    sandbox.fault("openai", "responses.create", "broken_json")
    asked = {"model": MODEL, "input": "x", "max_output_tokens": 300}
    with sandbox.paying("openai", 2):
        assert (await run.ask("responses", asked)).json()["code"] == "outcome_unknown"
        assert (await run.ask("responses", asked)).status_code == 200
    lines = (await run.receipt()).lines
    assert [line.state for line in lines] == ["unknown", "settled"]


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ("rate_limit_seconds", 429, "system_busy"),
        ("voice_not_found", 404, "voice_not_found"),
        ("unauthorized", 503, "vendor_refused"),
    ],
)
async def test_what_the_voice_s_vendor_refuses_keeps_its_status(
    run: Run, sandbox: RunningSandbox, fault: str, status: int, said: str
) -> None:
    sandbox.fault("elevenlabs", SPEAK, fault)
    at = f"/api/v1/relay/elevenlabs/v1/text-to-speech/{VOICE}/with-timestamps"
    with sandbox.paying("elevenlabs", 0):
        answer = await run.client().post(at, json={"text": TEXT})
    assert answer.status_code == status
    assert answer.json()["detail"]["status"] == said
    assert answer.json()["code"] == "vendor_refused"


@pytest.mark.parametrize("fault", ["broken_json", "answer_lost", "nan"])
async def test_lost_speech_is_found_in_the_history(run: Run, sandbox: RunningSandbox, fault: str) -> None:
    sandbox.fault("elevenlabs", SPEAK, fault)
    at, body = f"/api/v1/relay/elevenlabs/v1/text-to-speech/{VOICE}/with-timestamps", {"text": f"{TEXT} {fault}"}
    with sandbox.paying("elevenlabs", 1):
        assert (await run.client().post(at, json=body)).json()["code"] == "outcome_unknown"
        found = await run.client().post(at, json=body)
    assert found.status_code == 200
    assert "".join(found.json()["alignment"]["characters"]) == body["text"]
    assert base64.b64decode(found.json()["audio_base64"])


@pytest.mark.parametrize("vendor", ["openai", "elevenlabs"])
async def test_a_process_killed_between_call_and_record_leaves_a_call_that_is_looked_up(
    run: Run,
    sandbox: RunningSandbox,
    database_urls: DatabaseUrls,
    valkey_url: str,
    admin: psycopg.AsyncConnection,
    tmp_path: Path,
    vendor: str,
) -> None:
    step, operation = ("script", CALL) if vendor == "openai" else ("voice", SPEAK)
    body: Any = chat() if vendor == "openai" else {"text": f"{TEXT} Killed."}
    options = {} if vendor == "openai" else {"voice_id": VOICE, "output_format": "pcm_24000"}
    given = {
        "database_url": database_urls.app, "valkey_url": valkey_url, "sandbox_url": sandbox.url, "vendor": vendor,
        "folder": str(tmp_path), "user_id": str(run.user_id), "video_id": str(run.video_id), "operation": operation,
        "body": json.dumps(body), "options": json.dumps(options),
    }  # fmt: skip
    path = "chat/completions" if vendor == "openai" else f"text-to-speech/{VOICE}/with-timestamps"
    at = f"/api/v1/relay/{vendor}/v1/{path}"
    with sandbox.paying(vendor, 1):
        died = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "tests.contracts.relay_stage", json.dumps(given)],
            env=dict(os.environ) | {"YTEMPIRE_FAILPOINT": f"{step}.after_call"},
            check=False,
        )
        assert died.returncode == -signal.SIGKILL
        call = await run.only_call()
        assert (call.state, call.claimed, call.hold_state) == (CallState.OPEN, True, HoldState.HELD)
        await admin.execute("update paid_calls set begun_at = begun_at - interval '10 minutes'")
        query = {"output_format": "pcm_24000"} if options else {}
        found = await run.client().post(at, json=body, params=query)
    assert found.status_code == 200, found.text
    assert found.headers["ytempire-call"] == str(call.id)
    assert (await run.only_call()).hold_state is HoldState.SETTLED
    assert await run.stage.parts.ledger.audit() == []


@pytest.mark.parametrize("fault", ["hang", "drip"])
async def test_a_vendor_that_takes_too_long_is_given_up_and_looked_up(
    database_urls: DatabaseUrls, valkey_url: str, sandbox: RunningSandbox, tmp_path: Path, fault: str
) -> None:
    async with relay_stage(database_urls.app, valkey_url, sandbox.url, tmp_path, deadline_s=1.0) as hurried:
        run = await driven(hurried)
        sandbox.fault("openai", CALL, fault, **({"perform": True} if fault == "hang" else {}))
        with sandbox.paying("openai", 1):
            lost = await run.ask("chat/completions", chat())
            assert (lost.status_code, lost.json()["code"]) == (409, "outcome_unknown")
            assert (await run.ask("chat/completions", chat())).status_code == 200
        assert (await run.only_call()).hold_state is HoldState.SETTLED
