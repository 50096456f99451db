"""The relay under the vendors' own clients, the sandbox behind it: the vendor's answer, held before, paid once."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any

import elevenlabs.core.api_error
import openai
import pytest

from tests.contracts.relay_stage import MODEL, QUESTION, STRONG, Run, chat
from tests.contracts.running_sandbox import VOICE, RunningSandbox
from ytempire.ledger import Category, recorded_call
from ytempire.orchestration.runs import RunState
from ytempire.orchestration.runs import store as runs

CALL, SPEAK = "chat.completions.create", "text_to_speech.convert_with_timestamps"
TEXT = "Squid glow to hide. Their light comes from below."


async def test_the_vendor_s_own_client_gets_the_vendor_s_own_response_paid_once(
    live_run: Run, sandbox: RunningSandbox
) -> None:
    asked: Any = {"model": MODEL, "input": QUESTION, "store": True, "max_output_tokens": 300}
    client = live_run.openai()
    with sandbox.paying("openai", 1):
        first = await client.responses.with_raw_response.create(**asked)
        again = await client.responses.with_raw_response.create(**asked)
    assert first.content == again.content
    with sandbox.openai() as vendor:
        theirs = vendor.responses.with_raw_response.retrieve(first.parse().id)
    assert json.loads(first.content) == json.loads(theirs.content)
    assert first.parse().output_text
    assert (first.headers["ytempire-repeated"], again.headers["ytempire-repeated"]) == ("false", "true")
    assert first.headers["ytempire-call"] == again.headers["ytempire-call"]
    receipt = await live_run.receipt()
    (line,) = receipt.lines
    assert (line.step, line.category, line.state) == ("script", "openai", "settled")
    assert 0 < line.actual_microusd == int(first.headers["ytempire-cost-microusd"]) <= line.held_microusd
    assert line.actual_microusd == sandbox.get("/_books")["bills"][-1]["cost_microusd"]


async def test_a_chat_completion_is_the_stored_one_and_models_are_the_installation_s(
    live_run: Run, sandbox: RunningSandbox
) -> None:
    client = live_run.openai()
    got = await client.chat.completions.create(**chat(metadata={"of": "test"}))
    with sandbox.openai() as theirs:
        stored = theirs.chat.completions.retrieve(got.id)
    assert got.choices[0].message.content == stored.choices[0].message.content
    assert stored.metadata
    assert stored.metadata["of"] == "test"
    assert [one.id for one in (await client.models.list()).data] == [MODEL, STRONG]


async def test_speech_is_the_vendor_s_own_and_its_sound_lies_in_the_media_store(
    live_run: Run, sandbox: RunningSandbox
) -> None:
    client = live_run.elevenlabs()
    with sandbox.paying("elevenlabs", 1):
        first = await client.text_to_speech.convert_with_timestamps(VOICE, text=TEXT, output_format="pcm_24000")
        again = await client.text_to_speech.convert_with_timestamps(VOICE, text=TEXT, output_format="pcm_24000")
    assert first == again
    assert first.alignment
    assert "".join(first.alignment.characters) == TEXT
    (item,) = [one for one in sandbox.elevenlabs().history.list(voice_id=VOICE).history if one.text == TEXT][:1]
    heard = b"".join(sandbox.elevenlabs().history.get_audio(item.history_item_id))
    assert base64.b64decode(first.audio_base_64) == heard
    async with live_run.stage.parts.database.transaction(live_run.user_id) as conn:
        row: Any = await (await conn.execute("select length(result::text), result from paid_calls")).fetchone()
    assert row[0] < 30_000, "the sound is not in the books"
    assert row[1]["sound"]["suffix"] == ".pcm"
    (line,) = (await live_run.receipt()).lines
    assert (line.step, line.category, line.actual_microusd) == ("voice", "elevenlabs", line.held_microusd)


async def test_the_same_key_is_the_same_call_and_another_body_under_it_is_refused(
    run: Run, sandbox: RunningSandbox
) -> None:
    once = {"Idempotency-Key": "231:node:0"}
    with sandbox.paying("openai", 2):
        first = await run.ask("chat/completions", chat(seed=1), **once)
        other = await run.ask("chat/completions", chat(seed=2), **once)
        await run.ask("chat/completions", chat(seed=2))
        again = await run.ask("chat/completions", chat(seed=1), **once)
    assert first.content == again.content
    assert (other.status_code, other.json()["code"], other.json()["field"]) == (422, "key_reused", "Idempotency-Key")
    assert other.json()["error"]["code"] == "key_reused"


async def test_twenty_of_the_same_at_once_are_one_call(run: Run, sandbox: RunningSandbox) -> None:
    with sandbox.paying("openai", 1):
        answers = await asyncio.gather(*(run.ask("chat/completions", chat()) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert [answer.headers["ytempire-repeated"] for answer in answers].count("false") == 1


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("responses", {"model": "gpt-image-2.6-flare", "input": "x"}, "model"),
        ("responses", {"model": "gpt-4", "input": "x"}, "model"),
        ("responses", {"input": "x"}, "model"),
        ("responses", {"model": MODEL, "input": "x", "stream": True}, "stream"),
        ("responses", {"model": MODEL, "input": "x", "tools": [{"type": "web_search"}]}, "tools"),
        ("responses", {"model": MODEL, "input": "x", "background": True}, "background"),
        ("responses", {"model": MODEL, "input": "x", "previous_response_id": "resp_1"}, "previous_response_id"),
        ("responses", {"model": MODEL, "input": "x", "conversation": "c"}, "conversation"),
        ("responses", {"model": MODEL, "input": "x", "prompt": {"id": "p"}}, "prompt"),
        ("responses", {"model": MODEL, "input": "x", "service_tier": "priority"}, "service_tier"),
        ("responses", {"model": MODEL, "input": "x", "max_output_tokens": 0}, "max_output_tokens"),
        ("responses", {"model": MODEL, "input": "x", "max_output_tokens": True}, "max_output_tokens"),
        ("responses", {"model": MODEL, "input": [{"type": "item_reference", "id": "1"}]}, "input.0"),
        (
            "responses",
            {"model": MODEL, "input": [{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}]},
            "input.0.content.0",
        ),
        ("chat/completions", chat(n=5), "n"),
        ("chat/completions", chat(metadata={"once": "mine"}), "metadata"),
        ("chat/completions", chat(messages=[]), "messages"),
        ("chat/completions", chat(messages=[{"role": "tool", "content": "x"}]), "messages.0"),
        ("chat/completions", chat(web_search_options={}), "web_search_options"),
        ("chat/completions", chat(best_of=5), "best_of"),
        ("chat/completions", chat(modalities=["text", "audio"]), "modalities"),
        (
            "chat/completions",
            chat(messages=[{"role": "assistant", "content": "x", "audio": {"id": "a"}}]),
            "messages.0.audio",
        ),
        (
            "chat/completions",
            chat(messages=[{"role": "user", "content": [{"type": "text", "text": "x", "image_url": {}}]}]),
            "messages.0.content.0.image_url",
        ),
        ("chat/completions", chat(max_completion_tokens=10**9), "max_completion_tokens"),
        ("chat/completions", chat(model=f"{MODEL}-2026-01-01"), "model"),
        ("chat/completions", chat(model=f"ft:{MODEL}"), "model"),
    ],
)
async def test_what_nothing_could_be_held_for_is_refused_with_its_field(
    run: Run, sandbox: RunningSandbox, path: str, body: Any, field: str
) -> None:
    with sandbox.paying("openai", 0):
        answer = await run.ask(path, body)
    said = answer.json()
    assert (answer.status_code, said["code"], said["field"]) == (422, "bad_input", field)
    assert said["fix"]
    assert said["error"]["param"] == field
    assert answer.headers["x-should-retry"] == "false"
    assert (await run.receipt()).lines == ()


@pytest.mark.parametrize("sign", ["\U0001fae8", "\u1e9e", "~ ", "\n"])
async def test_a_text_that_is_dear_on_purpose_is_held_for_with_a_token_for_each_byte(run: Run, sign: str) -> None:
    text = sign * 2_000
    answer = await run.ask("chat/completions", chat(messages=[{"role": "user", "content": text}]))
    assert answer.status_code == 200, answer.text
    (line,) = (await run.receipt()).lines
    assert line.held_microusd >= len(text.encode()) * 0.1 + 400 * 0.5, "micro-dollars a token: prices/vendors.json"


async def test_what_a_body_can_t_be(run: Run) -> None:
    at, client = "/api/v1/relay/openai/v1/responses", run.client()
    json_type = {"Content-Type": "application/json"}
    for content in (b"[]", b"{", b'"x"', b'{"model": NaN, "input": "x"}', b""):
        answer = await client.post(at, content=content, headers=json_type)
        assert answer.status_code == 422, content
        assert answer.json()["error"]["message"]
    huge = await client.post(at, content=b'{"input": "' + b"x" * 1_100_000 + b'"}', headers=json_type)
    assert huge.status_code == 413
    deep = await client.post(at, content=b'{"input": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", headers=json_type)
    assert deep.status_code in {400, 422}
    for body, field in (
        ({"text": "x", "model_id": "eleven_v3"}, "model_id"),
        ({"text": "…"}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "x", "previous_request_ids": []}, "previous_request_ids"),
    ):
        spoken = await client.post(f"/api/v1/relay/elevenlabs/v1/text-to-speech/{VOICE}/with-timestamps", json=body)
        assert (spoken.status_code, spoken.json()["field"]) == (422, field)
        assert spoken.json()["detail"]["status"] == "bad_input"


async def test_the_vendor_s_client_tells_our_refusal(live_run: Run, sandbox: RunningSandbox) -> None:
    platform = live_run.stage.parts.platform
    held = {"category": "openai", "what": "more", "key": "k", "estimate_microusd": 1_990_000}
    assert (await live_run.client().post(f"/api/v1/videos/{live_run.video_id}/calls", json=held)).status_code == 200
    client, asked = live_run.openai(), chat(model=STRONG, max_completion_tokens=8_000)
    with sandbox.paying("openai", 0), pytest.raises(openai.ConflictError) as refused:
        await client.chat.completions.create(**asked)
    assert refused.value.code == "budget_refused"
    assert "would pass the cap of budget" in refused.value.message
    operator, _ = await live_run.stage.signed_in("operator")
    async with platform.tools.database.transaction(operator) as conn:
        await platform.tools.ledger.stop(conn, operator, "a look at the books")
    with sandbox.paying("openai", 0), pytest.raises(openai.ConflictError, match="a look at the books"):
        await client.chat.completions.create(**chat())
    voice = live_run.elevenlabs()
    with pytest.raises(elevenlabs.core.api_error.ApiError) as stopped:
        await voice.text_to_speech.convert_with_timestamps(VOICE, text=TEXT)
    assert (stopped.value.status_code, stopped.value.body["detail"]["status"]) == (409, "budget_refused")


async def test_the_cheap_model_keeps_its_share(run: Run, sandbox: RunningSandbox) -> None:
    strong = [await run.ask("chat/completions", chat(model=STRONG, seed=seed)) for seed in range(12)]
    assert [answer.status_code for answer in strong].count(409) > 0
    told = next(answer for answer in strong if answer.status_code == 409).json()
    assert "have to be" in told["detail"]
    assert sandbox.paid("openai") > 0


async def test_only_a_run_s_token_and_only_while_it_drives(run: Run, sandbox: RunningSandbox) -> None:
    stage = run.stage
    _, driver = await stage.signed_in("operator", scopes=("drive",))
    _, writer = await stage.signed_in("creator", scopes=("read", "write"))
    nobody = stage.client()
    for client, status in ((driver, 403), (writer, 403), (nobody, 401)):
        for path in ("responses", "chat/completions"):
            answer = await client.post(f"/api/v1/relay/openai/v1/{path}", json=chat())
            assert answer.status_code == status
            assert answer.json()["error"]["message"]
        assert (await client.get("/api/v1/relay/openai/v1/models")).status_code == status
    as_voice = stage.client({"xi-api-key": run.token})
    spoken = f"/api/v1/relay/elevenlabs/v1/text-to-speech/{VOICE}/with-timestamps"
    assert (await as_voice.post(spoken, json={"text": TEXT})).status_code == 200
    before = await _seen(run)
    assert (await run.ask("chat/completions", chat())).status_code == 200
    assert await _seen(run) > before, "a call is a sign of life"
    now = stage.parts.clock.now()
    async with stage.parts.database.transaction(run.user_id) as conn:
        ends_at = now + timedelta(minutes=5)
        await runs.end_run(conn, run.video_id, RunState.TAKEN_OVER, "it was silent", now, token_ends_at=ends_at)
    with sandbox.paying("openai", 0):
        ended = await run.ask("chat/completions", chat(seed=9))
    assert (ended.status_code, ended.json()["code"]) == (409, "wrong_state")
    assert "it was silent" in ended.json()["error"]["message"]


async def _seen(run: Run) -> Any:
    async with run.stage.parts.database.transaction(run.user_id) as conn:
        found = await runs.run_of(conn, run.video_id)
    assert found
    return found.seen_at


async def test_a_hand_in_finds_whether_its_call_was_paid(run: Run) -> None:
    async def paid(call: Any = None, category: Category = Category.OPENAI) -> bool:
        async with run.stage.parts.database.transaction(run.user_id) as conn:
            return await recorded_call(conn, run.video_id, call, category)

    assert not await paid()
    await run.ask("chat/completions", chat())
    call = (await run.only_call()).id
    assert await paid()
    assert await paid(call)
    assert not await paid(run.video_id)
    assert not await paid(call, Category.ELEVENLABS)
