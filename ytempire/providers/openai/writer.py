"""The `Writer` port on chat completions, by the vendor's own SDK with its retries off.

Every call has a total deadline, a size cap, no redirects and strict JSON. Answers are stored at the vendor under the
mark `once`, so that a call without an answer can be looked up before it is made again. Servers that don't keep answers
(Ollama, vLLM) say so by `can_look`: the ledger then counts such a call as spent.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import stamina
from openai import AsyncOpenAI, DefaultAsyncHttpxClient
from openai.types.chat import ChatCompletionMessageParam

from ytempire.kit.clock import Clock, SystemClock
from ytempire.kit.errors import NotConfigured, OutcomeUnknown, VendorRefused
from ytempire.ledger.model import Meters
from ytempire.production.model import Origin
from ytempire.production.ports import Written
from ytempire.providers.openai.answers import Json, read_completion, strict_json
from ytempire.providers.openai.refusals import VENDOR, Answered, as_outcome, stop_before_body

DEADLINE_S = 120.0
LOOK_DEADLINE_S = 20.0
MOST_BYTES = 4_000_000
BYTES_PER_TOKEN = 2.5
"""Upper bound of tokens: English has about four bytes a token, Chinese and Japanese at least two and a half."""
TOKENS_PER_MESSAGE = 16
LEAST_CACHED_TOKENS = 1_024
"""OpenAI caches no shorter prompt."""
TRIES = 3
LONGEST_WAIT_S = 20.0
"""A longer Retry-After is left to whoever drives the steps."""
LOOK_AGAIN_S = 1.0
"""Stored answers appear a moment after the call."""


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
        host = urlsplit(base_url).hostname or ""
        at_openai = stand_in or host == "api.openai.com" or host.endswith(".api.openai.com")
        self.can_look = at_openai if keeps_answers is None else keeps_answers
        self._at_openai = at_openai
        self._models = dict(models)
        self._deadline_s = deadline_s
        self._clock = clock or SystemClock()
        self._key, self._base_url = key, base_url
        self._made: AsyncOpenAI | None = None

    def estimate(
        self,
        role: str,
        messages: Sequence[tuple[str, str]],
        max_output_tokens: int,
        *,
        schema: dict[str, object] | None = None,
    ) -> Meters:
        """Upper bound of the meters: input by bytes, all of it put into the prompt cache, output by its limit."""
        size = sum(len(text.encode()) for _, text in messages) + len(json.dumps(schema or {}).encode())
        tokens = int(size / BYTES_PER_TOKEN) + TOKENS_PER_MESSAGE * (len(messages) + 1)
        return Meters(
            VENDOR,
            self._model(role),
            input_tokens=tokens,
            cache_write_tokens=tokens if tokens >= LEAST_CACHED_TOKENS else 0,
            output_tokens=max_output_tokens,
        )

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
            "max_completion_tokens" if self._at_openai else "max_tokens": max_output_tokens,
        }
        if self.can_look:
            asked |= {"store": True, "metadata": {"once": once}}
        async for attempt in stamina.retry_context(on=_short_wait, attempts=TRIES, timeout=60.0, wait_initial=0.5):
            with attempt:
                body = await self._answer(asked)
        return read_completion(body, schema=schema, asked_model=model, bound=bound)

    async def look(self, once: str, role: str) -> Written | None:
        """The stored answer with this mark, or None. Raises OutcomeUnknown if the vendor can't say."""
        model = self._model(role)
        for wait_s in (0.0, LOOK_AGAIN_S):
            await asyncio.sleep(wait_s)
            found = await self._stored(once)
            if found is not None:
                return read_completion(found, schema=None, asked_model=model, bound=None)
        return None

    async def close(self) -> None:
        """Close the connections."""
        if self._made is not None:
            await self._made.close()

    async def _answer(self, asked: dict[str, Any]) -> Json:
        try:
            async with asyncio.timeout(self._deadline_s):
                async with self._client().chat.completions.with_streaming_response.create(**asked) as response:
                    return strict_json(await _capped(response.iter_bytes()))
        except Exception as error:
            raise as_outcome(error, self._clock.now(), model=str(asked["model"])) from error

    async def _stored(self, once: str) -> Json | None:
        try:
            async with asyncio.timeout(LOOK_DEADLINE_S):
                listing = self._client().chat.completions.with_streaming_response.list(metadata={"once": once}, limit=5)
                async with listing as response:
                    page = strict_json(await _capped(response.iter_bytes()))
        except Exception as error:
            outcome = as_outcome(error, self._clock.now(), model="")
            # whatever keeps us from looking, the first call's outcome stays unknown
            raise OutcomeUnknown(f"an earlier call could not be looked up: {outcome}", vendor=VENDOR) from error
        entries = page.get("data")
        if not isinstance(entries, list):
            raise OutcomeUnknown("the list of stored answers has another shape than agreed", vendor=VENDOR)
        return next((one for one in entries if isinstance(one, dict) and _marked(one, once)), None)

    def _client(self) -> AsyncOpenAI:
        if self._made is None:
            web = DefaultAsyncHttpxClient(follow_redirects=False, event_hooks={"response": [stop_before_body]})
            self._made = AsyncOpenAI(
                api_key=self._key, base_url=self._base_url, max_retries=0, timeout=self._deadline_s, http_client=web
            )
        return self._made

    def _model(self, role: str) -> str:
        name = self._models.get(role, "")
        if not name:
            raise NotConfigured(
                f"no model is set for the role {role!r}",
                field=f"YTEMPIRE_MODEL_{role.upper()}",
                fix="Set it to a model of your vendor.",
            )
        return name


def _message(role: str, text: str) -> ChatCompletionMessageParam:
    if role == "system":
        return {"role": "system", "content": text}
    return {"role": "user", "content": text}


def _marked(stored: dict[str, Any], once: str) -> bool:
    metadata = stored.get("metadata")
    return isinstance(metadata, dict) and metadata.get("once") == once


async def _capped(chunks: Any) -> bytes:  # noqa: ANN401 - an async iterator of bytes, untyped in the SDK
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > MOST_BYTES:
            raise Answered(200, {}, b"", f"its answer is larger than {MOST_BYTES:,} bytes")
    return bytes(body)


def _short_wait(error: Exception) -> bool | float:
    """How long to wait before asking again in this very call; False: not here."""
    if not isinstance(error, VendorRefused) or error.retry_after_s is None or error.retry_after_s > LONGEST_WAIT_S:
        return False
    return error.retry_after_s
