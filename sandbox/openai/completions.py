"""Chat completions: made, billed, stored when asked, and found again by metadata."""

import json
import secrets
from typing import Any

from sandbox import bills
from sandbox.openai import prices, schema, tokens
from sandbox.openai.access import check_balance
from sandbox.openai.composer import compose
from sandbox.openai.errors import Refused
from sandbox.state import Json, State, digest

PLAIN = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}


def create(state: State, asked: dict[str, Any]) -> dict[str, Any]:
    """One completion, billed in the same transaction that stores it."""
    model, messages = str(asked.get("model", "")), asked.get("messages")
    check_model(model)
    if not isinstance(messages, list) or not messages:
        raise Refused("missing_required_parameter", "Missing required parameter: 'messages'.", "messages")
    if asked.get("stream"):
        raise Refused("invalid_value", "Streaming is not served here.", "stream")
    metadata = check_metadata(asked.get("metadata"))
    wanted = _wanted_schema(asked.get("response_format"))
    check_balance(state)
    text = write(messages, wanted, asked)
    prompt = "\n".join(_text_of(message) for message in messages)
    limit = asked.get("max_completion_tokens") or asked.get("max_tokens")
    finish = "stop"
    if limit is not None and tokens.count(text) > int(limit):
        text, finish = text.encode()[: int(limit) * 4].decode("utf-8", "ignore"), "length"
    usage, cost = measure(state, model, prompt, text, str(asked.get("service_tier") or "default"))
    body: dict[str, Any] = {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": "chat.completion",
        "created": int(state.now()),
        "model": model,
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "logprobs": None,
                "message": {"role": "assistant", "content": text, "refusal": None, "annotations": []},
            }
        ],
        "usage": {
            "prompt_tokens": usage["prompt"],
            "completion_tokens": usage["output"],
            "total_tokens": usage["prompt"] + usage["output"],
            "prompt_tokens_details": {
                "cached_tokens": usage["cached"],
                "cache_write_tokens": usage["written"],
                "audio_tokens": 0,
            },
            "completion_tokens_details": {
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        },
        "service_tier": asked.get("service_tier") or "default",
        "system_fingerprint": "fp_sandbox",
    }
    with state.change():
        if asked.get("store"):
            state.run(
                "insert into completions values (?, ?, ?, ?, ?, ?, ?)",
                body["id"],
                state.next_seq("completions"),
                body["created"],
                model,
                json.dumps(metadata),
                json.dumps(body | {"metadata": metadata}),
                json.dumps(messages),
            )
        bills.charge(
            state,
            vendor="openai",
            operation="chat.completions.create",
            model=model,
            request_hash=digest(asked),
            marker=metadata.get("once"),
            cost_microusd=cost,
            meters=usage,
            reference=str(body["id"]),
        )
    return body


def check_model(model: str, *, images: bool = False) -> None:
    """Refused unless the price list knows the model for this kind of call."""
    if model not in prices.models() or model.startswith("gpt-image") != images:
        raise Refused(
            "model_not_found", f"The model `{model}` does not exist or you do not have access to it.", "model"
        )


def check_metadata(metadata: Json) -> dict[str, str]:
    """Up to 16 pairs of strings, keys to 64 and values to 512 characters (openai.types.shared.Metadata)."""
    if metadata is None:
        return {}
    fits = (
        isinstance(metadata, dict)
        and len(metadata) <= 16
        and all(
            isinstance(key, str) and isinstance(value, str) and len(key) <= 64 and len(value) <= 512
            for key, value in metadata.items()
        )
    )
    if not fits:
        raise Refused("invalid_value", "Invalid metadata: up to 16 pairs of short strings.", "metadata")
    return dict(metadata)


def write(messages: list[dict[str, Any]], wanted: dict[str, Any] | None, asked: dict[str, Any]) -> str:
    """The text of an answer: JSON of the wanted schema, or plain text."""
    seed = asked.get("seed")
    seed = int(seed) if seed is not None else int(digest([messages, wanted])[:8], 16)
    plain = [message | {"content": _text_of(message)} for message in messages]
    if wanted is None:
        return str(compose(plain, PLAIN, seed)["text"])
    value = compose(plain, wanted, seed)
    wrong = schema.mismatch(value, wanted)
    if wrong:
        raise Refused("server_error", f"The composed answer does not fit the schema: {wrong}")
    return json.dumps(value, ensure_ascii=False)


def measure(state: State, model: str, prompt: str, text: str, tier: str) -> tuple[dict[str, int], int]:
    """(token meters, cost in micro-dollars) of a prompt and its answer."""
    total, output = tokens.count(prompt), tokens.count(text)
    cached, written = tokens.cache_split(state, model, prompt)
    cost = prices.cost_microusd(
        model, at=state.now(), fresh=total - cached - written, cached=cached, written=written, output=output, tier=tier
    )
    return {"prompt": total, "cached": cached, "written": written, "output": output}, cost


def _wanted_schema(response_format: Json) -> dict[str, Any] | None:
    if response_format is None or response_format.get("type") == "text":
        return None
    if response_format.get("type") == "json_object":
        return PLAIN
    given = response_format.get("json_schema") or {}
    return check_schema(given.get("name"), given.get("schema"), strict=bool(given.get("strict")))


def check_schema(name: Json, wanted: Json, *, strict: bool) -> dict[str, Any]:
    """The schema, if the vendor would take it."""
    if not name or not isinstance(wanted, dict):
        raise Refused(
            "missing_required_parameter",
            "Missing required parameter: a named json_schema.",
            "response_format.json_schema",
        )
    found = schema.complaint(wanted) if strict else None
    if found is None and wanted.get("type") != "object":
        found = "schema must be a JSON Schema of 'type: \"object\"'."
    if found:
        raise Refused("invalid_json_schema", f"Invalid schema for response_format '{name}': {found}", "response_format")
    return wanted


def _text_of(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text", "")) for part in content)
