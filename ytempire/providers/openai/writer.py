"""The `Writer` port on chat completions, by the vendor's own SDK with its retries off.

Where the server keeps answers, a call without one can be looked up before it is made again; elsewhere the ledger counts
such a call as spent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import stamina

from ytempire.kit.clock import Clock
from ytempire.kit.errors import NotConfigured, VendorRefused
from ytempire.ledger.model import Meters
from ytempire.production.model import Origin
from ytempire.production.ports import Written
from ytempire.providers.openai.answers import read_completion
from ytempire.providers.openai.wire import DEADLINE_S, OpenAiWire, upper_bound

TRIES = 3
LONGEST_WAIT_S = 20.0
"""A longer Retry-After is left to whoever drives the steps."""


class OpenAiWriter:
    """A language model with structured output; `models` maps the roles `cheap` and `strong` to model names."""

    def __init__(
        self,
        *,
        key: str,
        base_url: str,
        models: Mapping[str, str],
        stand_in: bool = False,
        keeps_answers: bool | None = None,
        deadline_s: float = DEADLINE_S,
        clock: Clock | None = None,
    ) -> None:
        """`keeps_answers` None: OpenAI and its stand-in do, other servers don't."""
        self.origin = Origin.STAND_IN if stand_in else Origin.MODEL
        self._wire = OpenAiWire(
            key=key,
            base_url=base_url,
            stand_in=stand_in,
            keeps_answers=keeps_answers,
            deadline_s=deadline_s,
            clock=clock,
        )
        self.can_look = self._wire.can_look
        self._models = dict(models)

    def estimate(
        self,
        role: str,
        messages: Sequence[tuple[str, str]],
        max_output_tokens: int,
        *,
        schema: dict[str, object] | None = None,
    ) -> Meters:
        """Upper bound of the meters."""
        size = sum(len(text.encode()) for _, text in messages) + len(json.dumps(schema or {}).encode())
        model = self._model(role)
        return upper_bound(model, size_bytes=size, messages=len(messages), most_output_tokens=max_output_tokens)

    async def write(
        self,
        role: str,
        messages: Sequence[tuple[str, str]],
        *,
        schema: dict[str, object],
        max_output_tokens: int,
        once: str,
    ) -> Written:
        """One structured answer.

        Raises VendorRefused (nothing was made or billed; `retry_after_s` says whether waiting helps) or OutcomeUnknown
        (no whole answer came: it may be billed). An answer that is billed but of no use comes back with its `problem`.
        """
        model = self._model(role)
        bound = self.estimate(role, messages, max_output_tokens, schema=schema)
        asked: dict[str, Any] = {
            "model": model,
            "messages": [_message(kind, text) for kind, text in messages],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": schema, "strict": True},
            },
            self._wire.limit_name: max_output_tokens,
        }
        if self.can_look:
            asked |= {"store": True, "metadata": {"once": once}}
        async for attempt in stamina.retry_context(on=_short_wait, attempts=TRIES, timeout=60.0, wait_initial=0.5):
            with attempt:
                _, body = await self._wire.complete(asked)
        return read_completion(body, schema=schema, asked_model=model, bound=bound)

    async def look(self, once: str, role: str) -> Written | None:
        """The stored answer with this mark, or None. Raises OutcomeUnknown if the vendor can't say."""
        model = self._model(role)
        found = await self._wire.look(once)
        return read_completion(found, schema=None, asked_model=model, bound=None) if found is not None else None

    async def close(self) -> None:
        """Close the connections."""
        await self._wire.close()

    def _model(self, role: str) -> str:
        name = self._models.get(role, "")
        if not name:
            raise NotConfigured(
                f"no model is set for the role {role!r}",
                field=f"YTEMPIRE_MODEL_{role.upper()}",
                fix="Set it to a model of your vendor.",
            )
        return name


def _message(role: str, text: str) -> dict[str, str]:
    if role == "system":
        return {"role": "system", "content": text}
    return {"role": "user", "content": text}


def _short_wait(error: Exception) -> bool | float:
    """How long to wait before asking again in this very call; False: not here."""
    if not isinstance(error, VendorRefused) or error.retry_after_s is None or error.retry_after_s > LONGEST_WAIT_S:
        return False
    return error.retry_after_s
