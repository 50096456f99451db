"""The Responses API, as far as text and structured output go."""

import json
import secrets
from typing import Any

from sandbox import bills
from sandbox.openai.access import check_balance
from sandbox.openai.completions import check_metadata, check_model, check_schema, measure, write
from sandbox.openai.errors import Refused
from sandbox.state import State, digest


def create(state: State, asked: dict[str, Any]) -> dict[str, Any]:
    """One response, billed; stored unless `store` is false."""
    model, given = str(asked.get("model", "")), asked.get("input")
    check_model(model)
    if not given:
        raise Refused("missing_required_parameter", "Missing required parameter: 'input'.", "input")
    metadata = check_metadata(asked.get("metadata"))
    form = (asked.get("text") or {}).get("format") or {"type": "text"}
    wanted = None
    if form.get("type") == "json_schema":
        wanted = check_schema(form.get("name"), form.get("schema"), strict=bool(form.get("strict")))
    check_balance(state)
    messages = [{"role": "user", "content": given}] if isinstance(given, str) else list(given)
    if asked.get("instructions"):
        messages = [{"role": "system", "content": asked["instructions"]}, *messages]
    text = write(messages, wanted, asked)
    tier = str(asked.get("service_tier") or "default")
    usage, cost = measure(state, model, json.dumps(messages, ensure_ascii=False), text, tier)
    answer_id = f"resp_{secrets.token_hex(16)}"
    body = {
        "id": answer_id,
        "object": "response",
        "created_at": int(state.now()),
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": asked.get("instructions"),
        "metadata": metadata,
        "model": model,
        "output": [
            {
                "type": "message",
                "id": f"msg_{secrets.token_hex(16)}",
                "status": "completed",
                "role": "assistant",
                "content": [{"type": "output_text", "text": text, "annotations": []}],
            }
        ],
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "service_tier": tier,
        "text": {"format": form},
        "usage": {
            "input_tokens": usage["prompt"],
            "output_tokens": usage["output"],
            "total_tokens": usage["prompt"] + usage["output"],
            "input_tokens_details": {"cached_tokens": usage["cached"], "cache_write_tokens": usage["written"]},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }
    with state.change():
        if asked.get("store", True):
            state.run("insert into responses values (?, ?)", answer_id, json.dumps(body))
        bills.charge(
            state,
            vendor="openai",
            operation="responses.create",
            model=model,
            request_hash=digest(asked),
            marker=metadata.get("once"),
            cost_microusd=cost,
            meters=usage,
            reference=answer_id,
        )
    return body


def get(state: State, answer_id: str) -> dict[str, Any]:
    """A stored response."""
    row = state.row("select body from responses where id = ?", answer_id)
    if row is None:
        raise Refused("not_found", f"Response with id '{answer_id}' not found.")
    body: dict[str, Any] = json.loads(row["body"])
    return body
