"""A completion's body to an answer with its meters. Strict: no NaN, no second guess at broken JSON."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from ytempire.kit.errors import OutcomeUnknown
from ytempire.ledger.model import Meters
from ytempire.production.ports import Written
from ytempire.providers.openai.refusals import VENDOR
from ytempire.providers.openai.schema import mismatch

Json = dict[str, Any]


def strict_json(text: bytes | str) -> Json:
    """A JSON object. Raises ValueError for anything else, NaN and Infinity included."""
    value = json.loads(text, parse_constant=_no_constant)
    if not isinstance(value, dict):
        raise ValueError(f"an object was expected, not {type(value).__name__}")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def read_completion(body: Json, *, schema: dict[str, object] | None, asked_model: str, bound: Meters | None) -> Written:
    """The answer of a chat completion. Raises OutcomeUnknown if the body is none.

    `bound` stands in for the meters of a server that doesn't count tokens.
    """
    try:
        choice = body["choices"][0]
        message = choice["message"]
        finish = choice.get("finish_reason")
        content, refusal = message.get("content"), message.get("refusal")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise OutcomeUnknown("the answer has another shape than a chat completion", vendor=VENDOR) from error
    meters = meters_of(body, asked_model, bound)
    answer, problem = _answer(content, refusal, finish, schema)
    return Written(answer, meters, str(body.get("id", "")), problem)


def _answer(content: object, refusal: object, finish: object, schema: dict[str, object] | None) -> tuple[Json, str]:
    if refusal:
        return {}, f"the model declined: {' '.join(str(refusal).split())[:200]}"
    if finish == "length":
        return {}, "it broke off at its length limit"
    if finish == "content_filter":
        return {}, "the vendor's content filter stopped it"
    if not isinstance(content, str) or not content.strip():
        return {}, "it is empty"
    try:
        answer = strict_json(content)
    except ValueError as error:
        return {}, f"it is no JSON: {error}"
    wrong = mismatch(answer, schema) if schema is not None else None
    return ({}, f"it does not fit the schema: {wrong}") if wrong else (answer, "")


def meters_of(body: Json, asked_model: str, bound: Meters | None) -> Meters:
    """What a chat completion or a response used; `bound` for a server that doesn't say. Raises OutcomeUnknown."""
    named = str(body.get("model") or asked_model)
    model = asked_model if named.startswith(asked_model) else named
    usage = body.get("usage")
    if not isinstance(usage, dict):
        if bound is None:
            raise OutcomeUnknown("the stored answer says no usage", vendor=VENDOR)
        return bound
    went_in, came_out = ("prompt", "completion") if "prompt_tokens" in usage else ("input", "output")
    details = usage.get(f"{went_in}_tokens_details")
    cached, into_cache = (
        (details.get("cached_tokens"), details.get("cache_write_tokens")) if isinstance(details, dict) else (0, 0)
    )
    try:
        return Meters(
            VENDOR,
            model,
            input_tokens=int(usage[f"{went_in}_tokens"]),
            cached_input_tokens=int(cached or 0),
            cache_write_tokens=int(into_cache or 0),
            output_tokens=int(usage[f"{came_out}_tokens"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise OutcomeUnknown("the answer's usage can't be read", vendor=VENDOR) from error
