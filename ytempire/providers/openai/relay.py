"""The port `VendorRelay` over OpenAI's responses and chat completions: text in, text out, at a known most.

What may cost more than its words and its limit of tokens (tools, files, pictures, stored conversations, other tiers)
is refused, because nothing could be held for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ytempire.kit.clock import Clock
from ytempire.kit.errors import OUR_KEY, BadInput, NotConfigured, OutcomeUnknown, VendorRefused, YtempireError
from ytempire.orchestration.ports import Answered, Asked, Checked
from ytempire.providers.openai.answers import meters_of
from ytempire.providers.openai.wire import DEADLINE_S, LOOK_AGAIN_S, LOOK_DEADLINE_S, OpenAiWire, upper_bound

RESPONSES, CHAT = "responses.create", "chat.completions.create"
_MOST_NAMED = 128_000
_SAID = frozenset({"message", "type", "param", "code"})
_BOTH = frozenset(
    {
        "model", "metadata", "store", "temperature", "top_p", "top_logprobs", "parallel_tool_calls", "tool_choice",
        "service_tier", "prompt_cache_key", "safety_identifier", "user",
    }
)  # fmt: skip
_KNOWN = {
    RESPONSES: _BOTH | {"input", "instructions", "max_output_tokens", "reasoning", "text", "truncation", "include"},
    CHAT: _BOTH
    | {
        "messages", "max_completion_tokens", "max_tokens", "response_format", "reasoning_effort", "verbosity", "seed",
        "stop", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs",
    },
}  # fmt: skip
_LIMITS = {RESPONSES: ("max_output_tokens",), CHAT: ("max_completion_tokens", "max_tokens")}
_IF_SO: Mapping[str, tuple[object, ...]] = {
    "stream": (False, None),
    "background": (False, None),
    "tools": ([], None),
    "n": (1, None),
    "service_tier": ("auto", "default", None),
    "tool_choice": ("auto", "none", None),
    "include": ([], None),
    "modalities": (["text"], None),
    "truncation": ("auto", "disabled", None),
}
"""Fields that are relayed with these values only."""
_TEXTS = frozenset({"text", "input_text", "output_text", "refusal"})
_ROLES = frozenset({"system", "developer", "user", "assistant"})
_OF_TURN = frozenset({"type", "role", "content", "name", "id", "status", "refusal", "phase"})
_OF_PART = frozenset({"type", "text", "refusal", "annotations", "logprobs"})


class OpenAiRelay:
    """Another driver's questions to the installation's models; `models` maps `cheap` and `strong` to their names."""

    def __init__(
        self,
        *,
        key: str,
        base_url: str,
        models: Mapping[str, str],
        most_tokens: int,
        stand_in: bool = False,
        keeps_answers: bool | None = None,
        deadline_s: float = DEADLINE_S,
        clock: Clock | None = None,
    ) -> None:
        """`most_tokens` of an answer where the request names no limit."""
        self._key, self._most_tokens = key, most_tokens
        self._roles: dict[str, str] = {}
        for role, name in models.items():
            if name:
                self._roles.setdefault(name, role)
        self._wire = OpenAiWire(
            key=key,
            base_url=base_url,
            stand_in=stand_in,
            keeps_answers=keeps_answers,
            deadline_s=deadline_s,
            clock=clock,
        )
        self.longest_s = deadline_s + 2 * LOOK_DEADLINE_S + LOOK_AGAIN_S + 5

    def models(self) -> dict[str, Any]:
        """The two models, as the vendor lists its own."""
        listed = [{"id": name, "object": "model", "created": 0, "owned_by": "system"} for name in self._roles]
        return {"object": "list", "data": listed}

    def check(self, asked: Asked) -> Checked:
        """See `VendorRelay`."""
        if not self._key:
            raise NotConfigured("OpenAI needs a key", field="OPENAI_API_KEY", fix="Set OPENAI_API_KEY.")
        body = {name: value for name, value in asked.body.items() if value is not None}
        _check_fields(asked.operation, body)
        model = body.get("model")
        if not isinstance(model, str) or model not in self._roles:
            known = " or ".join(self._roles)
            raise BadInput(
                f"{str(model)[:100]!r} is none of this installation's models", field="model", fix=f"Name {known}."
            )
        most = _most_tokens(asked.operation, body) or self._most_tokens
        if asked.operation == CHAT:
            for name in _LIMITS[CHAT]:
                body.pop(name, None)
            body[self._wire.limit_name] = most
        else:
            body["max_output_tokens"] = most
        turns = body.get("messages" if asked.operation == CHAT else "input")
        _check_turns("messages" if asked.operation == CHAT else "input", turns)
        can_look = asked.operation == CHAT and self._wire.can_look and body.get("store") is not False
        if can_look:
            _check_metadata(body.get("metadata"))
        return Checked(
            operation=asked.operation,
            body=body,
            options={},
            estimate=upper_bound(
                model,
                size_bytes=_size(body),
                messages=len(turns) if isinstance(turns, list) else 1,
                most_output_tokens=most,
                bytes_per_token=1.0,
            ),
            what=f"{'chat completion' if asked.operation == CHAT else 'response'} of a workflow ({self._roles[model]})",
            role=self._roles[model],
            can_look=can_look,
        )

    async def call(self, checked: Checked, once: str) -> Answered:
        """See `VendorRelay`."""
        if checked.operation == RESPONSES:
            text, body = await self._wire.respond(checked.body)
        else:
            marked = {"store": True, "metadata": {**(checked.body.get("metadata") or {}), "once": once}}
            text, body = await self._wire.complete(checked.body | (marked if checked.can_look else {}))
        return Answered(text, meters_of(body, checked.estimate.model, checked.estimate))

    async def look(self, checked: Checked, once: str) -> Answered | None:
        """See `VendorRelay`."""
        found = await self._wire.look(once)
        if found is None:
            return None
        found.pop("metadata", None)  # the answer of the call itself has none
        return Answered(json.dumps(found, ensure_ascii=False), meters_of(found, checked.estimate.model, None))

    async def close(self) -> None:
        """Close the connections."""
        await self._wire.close()

    def in_its_words(self, error: YtempireError) -> dict[str, Any]:
        """See `VendorRelay`."""
        told = error.said if isinstance(error, VendorRefused | OutcomeUnknown) else None
        said = told.body.get("error") if told and told.status not in OUR_KEY else None
        if isinstance(said, dict) and "message" in said:
            return {"error": {name: said.get(name) for name in sorted(_SAID)}}
        return {"error": {"message": str(error), "type": error.code, "param": error.field, "code": error.code}}


def _check_fields(operation: str, body: Mapping[str, Any]) -> None:
    for name, value in body.items():
        only = _IF_SO.get(name)
        if only is not None and value not in only:
            raise BadInput(
                f"{json.dumps(value)[:60]} is not relayed: nothing could be held for it",
                field=name,
                fix=f"Leave {name} out, or send {json.dumps(only[0])}.",
            )
        if only is None and name not in _KNOWN[operation]:
            raise BadInput(
                f"the relay doesn't pass {name[:60]} on",
                field=name[:60],
                fix=f"Leave it out; what is passed on: {', '.join(sorted(_KNOWN[operation]))}.",
            )


def _most_tokens(operation: str, body: Mapping[str, Any]) -> int:
    most = 0
    for name in _LIMITS[operation]:
        given = body.get(name)
        if given is None:
            continue
        if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= _MOST_NAMED:
            raise BadInput(
                f"{json.dumps(given)[:60]} is no limit of tokens", field=name, fix=f"Send 1 to {_MOST_NAMED:,}."
            )
        most = max(most, given)
    return most


def _check_turns(field: str, turns: object) -> None:
    """Texts of people and models only: what else there is (pictures, files, results of tools) has no bound."""
    if isinstance(turns, str) and field == "input":
        return
    if not isinstance(turns, list) or not turns:
        raise BadInput(f"{field} is no list of messages", field=field, fix='Send [{"role": "user", "content": "…"}].')
    for at, turn in enumerate(turns):
        place = f"{field}.{at}"
        if not isinstance(turn, dict) or turn.get("type", "message") != "message" or turn.get("role") not in _ROLES:
            raise BadInput(
                "only messages with a role are relayed", field=place, fix=f"Roles: {', '.join(sorted(_ROLES))}."
            )
        _check_names(place, turn, _OF_TURN)
        content = turn.get("content")
        for part_at, part in enumerate(content if isinstance(content, list) else ()):
            if not isinstance(part, dict) or part.get("type") not in _TEXTS:
                raise BadInput(
                    "only text is relayed", field=f"{place}.content.{part_at}", fix="Send a part of type text."
                )
            _check_names(f"{place}.content.{part_at}", part, _OF_PART)
        if not isinstance(content, str | list):
            raise BadInput("the message has no text", field=f"{place}.content", fix="Send a text, or parts of text.")


def _check_names(place: str, given: Mapping[str, Any], known: frozenset[str]) -> None:
    """What refers to more than the text beside it (an earlier sound, calls of tools) has no bound either."""
    for name, value in given.items():
        if name not in known and value is not None:
            raise BadInput(
                f"the relay doesn't pass {name[:60]} on", field=f"{place}.{name[:60]}", fix="Send the text alone."
            )


def _check_metadata(metadata: object) -> None:
    if metadata is None:
        return
    if not isinstance(metadata, dict) or "once" in metadata or len(metadata) > 15:
        raise BadInput(
            "metadata is an object of at most 15 texts, and the name once is ours", field="metadata", fix="Change it."
        )


def _size(body: Mapping[str, Any]) -> int:
    try:
        return len(json.dumps(body, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, RecursionError) as error:
        raise BadInput(
            "the body holds what JSON can't say (NaN, half a character, too deep)", field="body", fix="Take it out."
        ) from error
