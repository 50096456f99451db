"""Our Writer against the stand-in of its vendor, by the vendor's own SDK: one answer, every fault, looked up again."""

import json
import socket
from collections.abc import AsyncIterator

import pytest

from tests.contracts.running_sandbox import RunningSandbox
from ytempire.channels.model import Channel, Source
from ytempire.kit.clock import SystemClock
from ytempire.kit.errors import NotConfigured, OutcomeUnknown, VendorRefused
from ytempire.kit.ids import new_id
from ytempire.ledger import Meters, load_prices
from ytempire.production.model import Origin
from ytempire.production.ports import Written
from ytempire.production.scripting import prompts
from ytempire.production.scripting.reading import read_draft
from ytempire.providers.openai import OpenAiWriter
from ytempire.providers.openai.answers import read_completion, strict_json

CALL = "chat.completions.create"
LOOK = "chat.completions.list"
TEXT = (
    "A lighthouse lens bends light into one beam. The beam of a first-order lens is seen from 30 kilometres. "
    "Augustin Fresnel built the first such lens in 1822. It needs far less glass than a plain lens of that size. "
    "Keepers wound the clockwork by hand every few hours. A single lamp can outshine a thousand candles."
)
CHANNEL = Channel(id=new_id(), user_id=new_id(), handle="t", name="Lights")
MESSAGES = prompts.script_messages(CHANNEL, "How a lighthouse lens works", (Source("Lenses", TEXT),), 0.5)
SCHEMA = prompts.script_schema(0.5)


def writer_at(sandbox: RunningSandbox, **changes: object) -> OpenAiWriter:
    settings: dict[str, object] = {
        "key": "sk-sandbox-tests",
        "base_url": f"{sandbox.url}/openai/v1",
        "models": {"cheap": "gpt-6-luna", "strong": "gpt-6.1-terra"},
        "stand_in": True,
        "deadline_s": 20.0,
    }
    return OpenAiWriter(**(settings | changes))  # type: ignore[arg-type]


@pytest.fixture
async def writer(sandbox: RunningSandbox) -> AsyncIterator[OpenAiWriter]:
    made = writer_at(sandbox)
    yield made
    await made.close()


async def ask(writer: OpenAiWriter, once: str = "a", *, most: int = 4_000) -> Written:
    return await writer.write("cheap", MESSAGES, schema=SCHEMA, max_output_tokens=most, once=once)


async def test_an_answer_fits_the_schema_and_its_meters_stay_under_the_estimate(writer: OpenAiWriter) -> None:
    bound = writer.estimate("cheap", MESSAGES, 4_000, schema=SCHEMA)
    written = await ask(writer)
    assert written.problem == ""
    assert len(read_draft(written.answer).beats) >= 4
    assert 0 < written.meters.input_tokens <= bound.input_tokens
    assert 0 < written.meters.output_tokens <= bound.output_tokens
    assert (written.meters.vendor, written.meters.model) == ("openai", "gpt-6-luna")
    assert writer.origin is Origin.STAND_IN


async def test_the_role_decides_the_model(writer: OpenAiWriter) -> None:
    written = await writer.write("strong", MESSAGES, schema=SCHEMA, max_output_tokens=4_000, once="s")
    assert written.meters.model == "gpt-6.1-terra"
    with pytest.raises(NotConfigured, match="YTEMPIRE_MODEL_HUGE"):
        writer.estimate("huge", MESSAGES, 10)


async def test_a_repeated_prompt_is_metered_as_cached(writer: OpenAiWriter) -> None:
    long = (*MESSAGES[:1], ("user", MESSAGES[1][1] + " " + "More to read. " * 400))
    for once in ("c1", "c2"):
        written = await writer.write("cheap", long, schema=SCHEMA, max_output_tokens=4_000, once=once)
    assert 1_024 <= written.meters.cached_input_tokens <= written.meters.input_tokens


@pytest.mark.parametrize("role", ["cheap", "strong"])
async def test_what_we_book_is_what_the_vendor_bills_to_the_micro_dollar(
    sandbox: RunningSandbox, writer: OpenAiWriter, role: str
) -> None:
    """Cold: the prompt goes into the cache and costs more; longer: part is read, part put in; warm: all is read."""
    prices = load_prices()

    def quote(meters: Meters) -> int:
        return prices.quote(meters, at=SystemClock().now(), cpu_hour_price=50_000)

    seen = []
    for extra in (400, 900, 900):
        asked = (("system", f"Nobody asked this {role} model before."), ("user", "More to read. " * extra))
        written = await writer.write(role, asked, schema=SCHEMA, max_output_tokens=4_000, once=f"b{len(seen)}")
        assert quote(written.meters) == sandbox.get("/_books")["bills"][-1]["cost_microusd"]
        assert quote(written.meters) <= quote(writer.estimate(role, asked, 4_000, schema=SCHEMA))
        seen.append((written.meters.cache_write_tokens > 0, written.meters.cached_input_tokens > 0))
    assert seen == [(True, False), (True, True), (False, True)]


async def test_a_lost_answer_is_found_again_and_paid_once(writer: OpenAiWriter, sandbox: RunningSandbox) -> None:
    sandbox.fault("openai", CALL, "answer_lost")
    with sandbox.paying("openai", 1):
        with pytest.raises(OutcomeUnknown):
            await ask(writer, "lost")
        found = await writer.look("lost", "cheap")
    assert found is not None
    assert found.problem == ""
    assert len(read_draft(found.answer).beats) >= 4


async def test_what_was_never_asked_is_not_found(writer: OpenAiWriter) -> None:
    await ask(writer, "other")
    assert await writer.look("never", "cheap") is None


async def test_an_answer_that_is_stored_late_is_found(writer: OpenAiWriter, sandbox: RunningSandbox) -> None:
    await ask(writer, "late")
    sandbox.post("/_settings", openai_store_lag_s=0.8)
    assert await writer.look("late", "cheap") is not None


@pytest.mark.parametrize(
    "fault",
    ["answer_lost", "drip", "half_close", "truncated", "broken_json", "nan", "hang", "html_200", "server_error"],
)
async def test_without_a_whole_answer_the_outcome_is_unknown(sandbox: RunningSandbox, fault: str) -> None:
    writer = writer_at(sandbox, deadline_s=2.0 if fault in {"drip", "half_close", "hang"} else 20.0)
    sandbox.fault("openai", CALL, fault)
    with pytest.raises(OutcomeUnknown):
        await ask(writer)
    await writer.close()


async def test_a_huge_answer_is_not_read_to_its_end(writer: OpenAiWriter, sandbox: RunningSandbox) -> None:
    sandbox.fault("openai", CALL, "huge", bytes=40_000_000)
    with pytest.raises(OutcomeUnknown, match="larger"):
        await ask(writer)


@pytest.mark.parametrize(
    "fault",
    [
        "insufficient_quota",
        "credit_balance_exhausted",
        "project_spend_limit_exceeded",
        "unauthorized",
        "model_not_found",
    ],
)
async def test_what_only_a_person_can_mend_is_not_tried_again(
    writer: OpenAiWriter, sandbox: RunningSandbox, fault: str
) -> None:
    sandbox.fault("openai", CALL, fault, times=-1)
    with sandbox.paying("openai", 0), pytest.raises(VendorRefused) as refused:
        await ask(writer)
    assert refused.value.retry_after_s is None
    assert refused.value.fix
    assert [planned["hits"] for planned in sandbox.get("/_faults")] == [1]


async def test_a_redirect_is_not_followed(writer: OpenAiWriter, sandbox: RunningSandbox) -> None:
    sandbox.fault("openai", CALL, "redirect")
    with pytest.raises(VendorRefused, match="redirect"):
        await ask(writer)


@pytest.mark.parametrize("fault", ["rate_limit_seconds", "slow_down", "rate_limit_date"])
async def test_a_short_wait_is_waited(writer: OpenAiWriter, sandbox: RunningSandbox, fault: str) -> None:
    sandbox.fault("openai", CALL, fault, retry_after_s=0.3)
    with sandbox.paying("openai", 1):
        assert (await ask(writer)).problem == ""


async def test_an_absurd_wait_is_clamped_and_left_to_the_driver(writer: OpenAiWriter, sandbox: RunningSandbox) -> None:
    sandbox.fault("openai", CALL, "rate_limit_absurd")
    with pytest.raises(VendorRefused) as refused:
        await ask(writer)
    assert refused.value.retry_after_s == 3_600.0


async def test_nobody_at_the_address_is_a_certain_refusal(sandbox: RunningSandbox) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    writer = writer_at(sandbox, base_url=address)
    with pytest.raises(VendorRefused) as refused:
        await writer._wire.complete({"model": "m", "messages": []})
    assert refused.value.reason == "unreachable"
    assert refused.value.retry_after_s
    await writer.close()


async def test_if_looking_fails_the_outcome_stays_unknown(writer: OpenAiWriter, sandbox: RunningSandbox) -> None:
    sandbox.fault("openai", LOOK, "unauthorized")
    with pytest.raises(OutcomeUnknown):
        await writer.look("a", "cheap")


async def test_an_answer_cut_at_its_limit_is_paid_and_says_so(writer: OpenAiWriter) -> None:
    written = await ask(writer, most=40)
    assert "limit" in written.problem
    assert written.answer == {}
    assert written.meters.output_tokens


def test_other_servers_are_not_asked_to_keep_answers() -> None:
    settings = {"key": "none", "models": {"cheap": "llama"}}
    assert not OpenAiWriter(base_url="http://127.0.0.1:11434/v1", **settings).can_look  # type: ignore[arg-type]
    assert OpenAiWriter(base_url="https://api.openai.com/v1", **settings).can_look  # type: ignore[arg-type]
    assert OpenAiWriter(base_url="http://10.0.0.1/v1", keeps_answers=True, **settings).can_look  # type: ignore[arg-type]


def completion(**message: object) -> dict[str, object]:
    return {
        "id": "x",
        "model": "gpt-6-luna-2026-09-01",
        "choices": [{"finish_reason": message.pop("finish", "stop"), "message": message}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2},
    }


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ({"refusal": "I can't help with that", "content": None}, "declined"),
        ({"content": "plain words"}, "no JSON"),
        ({"content": '{"a": NaN}'}, "NaN"),
        ({"content": '{"b": 1}'}, "missing"),
        ({"content": '{"a": "1"}'}, "not integer"),
        ({"content": '{"a": true}'}, "not integer"),
        ({"content": '{"a": 1, "c": 2}'}, "not asked for"),
        ({"content": "", "finish": "content_filter"}, "filter"),
        ({"content": "[1]"}, "object was expected"),
    ],
)
def test_a_billed_answer_of_no_use_names_its_problem(message: dict[str, object], problem: str) -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "integer"}},
        "required": ["a"],
        "additionalProperties": False,
    }
    written = read_completion(completion(**message), schema=schema, asked_model="gpt-6-luna", bound=None)
    assert problem in written.problem
    assert written.meters.model == "gpt-6-luna"


def test_json_is_strict() -> None:
    assert strict_json(json.dumps({"a": 1})) == {"a": 1}
    for broken in ("NaN", "[]", '{"a": Infinity}', '{"a": 1', ""):
        with pytest.raises(ValueError, match=r"."):
            strict_json(broken)
