"""The openai SDK against the sandbox."""

from __future__ import annotations

import base64
import io
from typing import Any

import openai
import pytest
from openai.types import ImagesResponse, Model
from openai.types.chat import ChatCompletion, ChatCompletionStoreMessage
from openai.types.responses import Response
from PIL import Image
from pydantic import BaseModel

from tests.contracts.running_sandbox import RunningSandbox

SOURCE = "Bees dance to tell the others where the flowers are. Honey keeps for centuries. A hive holds 50,000 bees."
STRICT = {
    "type": "json_schema",
    "json_schema": {
        "name": "script",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {
                "title": {"type": "string"},
                "lines": {"type": "array", "items": {"type": "string"}},
                "mood": {"type": "string", "enum": ["calm", "lively"]},
            },
            "required": ["title", "lines", "mood"],
            "additionalProperties": False,
        },
    },
}


def exactly(model: type[BaseModel], body: Any) -> Any:
    """`body` fits the SDK's response model, and has no field the model doesn't know."""
    made = model.model_validate(body)
    assert not _unknown(made), _unknown(made)
    return made


def _unknown(value: Any, at: str = "") -> list[str]:
    if isinstance(value, BaseModel):
        found = [f"{at}.{name}" for name in value.model_extra or {}]
        for name in type(value).model_fields:
            found += _unknown(getattr(value, name), f"{at}.{name}")
        return found
    if isinstance(value, list):
        return [name for inner in value for name in _unknown(inner, at)]
    return []


def ask(client: openai.OpenAI, text: str = SOURCE, **more: Any) -> Any:
    return client.chat.completions.create(
        **({"model": "gpt-6-luna", "messages": [{"role": "user", "content": text}]} | more)
    )


def test_completion_fits_the_sdk_and_the_schema(sandbox: RunningSandbox) -> None:
    with sandbox.openai() as client:
        raw = client.chat.completions.with_raw_response.create(
            model="gpt-6-luna",
            messages=[{"role": "system", "content": "You write."}, {"role": "user", "content": SOURCE}],
            response_format=STRICT,
        )
    made = exactly(ChatCompletion, raw.http_response.json())
    value = openai.types.chat.ChatCompletion.model_validate(raw.http_response.json()).choices[0].message.content
    assert '"lines"' in value
    assert made.usage.total_tokens == made.usage.prompt_tokens + made.usage.completion_tokens > 20
    assert raw.headers["x-request-id"]


def test_stored_completions_are_found_by_metadata(sandbox: RunningSandbox) -> None:
    with sandbox.openai() as client:
        first = ask(client, store=True, metadata={"once": "video-1/script"})
        ask(client, store=True, metadata={"once": "video-2/script"})
        ask(client, metadata={"once": "video-1/script"})  # not stored: never found
        found = client.chat.completions.list(metadata={"once": "video-1/script"}).data
        assert [item.id for item in found] == [first.id]
        assert found[0].choices[0].message.content == first.choices[0].message.content
        assert found[0].metadata == {"once": "video-1/script"}
        assert client.chat.completions.list(metadata={"once": "none"}).data == []
        raw = client.chat.completions.with_raw_response.retrieve(first.id).http_response.json()
        assert exactly(ChatCompletion, raw).usage == first.usage
        messages = client.chat.completions.messages.list(first.id).data
        assert [message.content for message in messages] == [SOURCE]
        assert isinstance(messages[0], ChatCompletionStoreMessage)


def test_stored_completions_page_change_and_go(sandbox: RunningSandbox) -> None:
    with sandbox.openai() as client:
        made = [ask(client, store=True, metadata={"batch": "p"}).id for _ in range(5)]
        assert [item.id for item in client.chat.completions.list(metadata={"batch": "p"}, limit=2)] == made
        newest = client.chat.completions.list(metadata={"batch": "p"}, order="desc", limit=1).data
        assert newest[0].id == made[-1]
        client.chat.completions.update(made[0], metadata={"batch": "q"})
        assert client.chat.completions.delete(made[1]).deleted
        assert [item.id for item in client.chat.completions.list(metadata={"batch": "p"})] == made[2:]


def test_a_store_that_lags_is_seen_later(sandbox: RunningSandbox) -> None:
    sandbox.post("/_settings", openai_store_lag_s=30)
    with sandbox.openai() as client:
        ask(client, store=True, metadata={"once": "slow store"})
        assert client.chat.completions.list(metadata={"once": "slow store"}).data == []
        sandbox.post("/_clock", offset_s=60)
        assert len(client.chat.completions.list(metadata={"once": "slow store"}).data) == 1


def test_long_prompts_are_cached_and_cheaper(sandbox: RunningSandbox) -> None:
    prompt = "The same long instruction again and again, for caching. " * 100
    with sandbox.openai() as client:
        cold, warm = ask(client, prompt, seed=1), ask(client, prompt, seed=1)
    written, cached = cold.usage.prompt_tokens_details, warm.usage.prompt_tokens_details
    assert written.cached_tokens == 0
    assert cached.cached_tokens == written.cache_write_tokens >= 1024
    bills = [bill["cost_microusd"] for bill in sandbox.get("/_books")["bills"][-2:]]
    # cached input costs a tenth, written input 1.25 times, of 0.10 $ a million tokens
    fresh = cold.usage.prompt_tokens - written.cache_write_tokens
    output = cold.usage.completion_tokens
    assert bills[0] == -(-(fresh * 100_000 + written.cache_write_tokens * 125_000 + output * 500_000) // 1_000_000)
    assert bills[1] == -(-(fresh * 100_000 + cached.cached_tokens * 10_000 + output * 500_000) // 1_000_000)


@pytest.mark.parametrize(
    ("model", "microusd_per_token"), [("gpt-6-luna", 0.5), ("gpt-6.1-terra", 5), ("gpt-6.1-sol", 10)]
)
def test_every_model_has_its_price(sandbox: RunningSandbox, model: str, microusd_per_token: float) -> None:
    with sandbox.openai() as client, sandbox.paying("openai", 2):
        made = ask(client, model=model, seed=7)
        ask(client, model=model, seed=7, service_tier="flex")
    full, flex = (bill["cost_microusd"] for bill in sandbox.get("/_books")["bills"][-2:])
    exact = (made.usage.prompt_tokens / 5 + made.usage.completion_tokens) * microusd_per_token
    assert exact <= full < exact + 1
    assert abs(flex - exact / 2) <= 1


def test_max_completion_tokens_cuts(sandbox: RunningSandbox) -> None:
    with sandbox.openai() as client:
        cut = ask(client, max_completion_tokens=3)
    assert cut.choices[0].finish_reason == "length"
    assert cut.usage.completion_tokens == 3


def test_models_responses_and_images(sandbox: RunningSandbox) -> None:
    with sandbox.openai() as client, sandbox.paying("openai", 2):
        listed = client.models.with_raw_response.list().http_response.json()
        assert {exactly(Model, item).id for item in listed["data"]} >= {"gpt-6-luna", "gpt-6.1-terra", "gpt-6.1-sol"}
        assert client.models.retrieve("gpt-6-luna").id == "gpt-6-luna"
        form = {"type": "json_schema"} | STRICT["json_schema"]
        raw = client.responses.with_raw_response.create(
            model="gpt-6.1-terra", input=SOURCE, text={"format": form}, metadata={"once": "r"}
        )
        answer = exactly(Response, raw.http_response.json())
        assert '"mood"' in answer.output_text
        assert client.responses.retrieve(answer.id).output_text == answer.output_text
        made = client.images.with_raw_response.generate(
            model="gpt-image-2.6-flare", prompt="a quiet lake", size="1280x720", quality="low"
        )
    pictures = exactly(ImagesResponse, made.http_response.json())
    with Image.open(io.BytesIO(base64.b64decode(pictures.data[0].b64_json))) as picture:
        assert picture.size == (1280, 720)
        assert len(picture.convert("RGB").getcolors(1 << 24)) > 1000


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"model": "gpt-3.5-turbo"}, 404, "model_not_found"),
        ({"model": "gpt-image-2.6-flare"}, 404, "model_not_found"),
        ({"messages": []}, 400, "missing_required_parameter"),
        ({"stream": True}, 400, "invalid_value"),
        ({"metadata": {"k": "v" * 513}}, 400, "invalid_value"),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}}, 400, "missing_required_parameter"),
        (
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {
                        "name": "x",
                        "strict": True,
                        "schema": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
                    },
                }
            },
            400,
            "invalid_json_schema",
        ),
    ],
)
def test_bad_requests_cost_nothing(sandbox: RunningSandbox, change: Any, status: int, code: str) -> None:
    with sandbox.openai() as client, sandbox.paying("openai", 0), pytest.raises(openai.APIStatusError) as refused:
        ask(client, **change)
    assert (refused.value.status_code, refused.value.code) == (status, code)


def test_a_real_looking_key_is_refused(sandbox: RunningSandbox) -> None:
    with sandbox.openai("sk-proj-abc") as client, pytest.raises(openai.AuthenticationError) as refused:
        ask(client)
    assert refused.value.code == "invalid_api_key"


@pytest.mark.parametrize("size", ["1000x1000", "16x16", "3840x1024", "huge"])
def test_images_of_illegal_size(sandbox: RunningSandbox, size: str) -> None:
    with sandbox.openai() as client, pytest.raises(openai.BadRequestError):
        client.images.generate(model="gpt-image-2.6-flare", prompt="x", size=size)


def test_an_empty_balance_stops_everything(sandbox: RunningSandbox) -> None:
    sandbox.post("/_settings", openai_balance_microusd=1)
    with sandbox.openai() as client, pytest.raises(openai.RateLimitError) as refused:
        ask(client)
    assert refused.value.code == "credit_balance_exhausted"


def test_unknown_ids(sandbox: RunningSandbox) -> None:
    with sandbox.openai() as client:
        for call in (client.chat.completions.retrieve, client.responses.retrieve, client.models.retrieve):
            with pytest.raises(openai.NotFoundError):
                call("nothing")
