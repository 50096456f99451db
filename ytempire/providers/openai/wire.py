"""The wire under the vendor's client: one attempt, no redirect, a bounded, strict answer, a total deadline.

Answers are stored at OpenAI under the mark `once`, so that a call without an answer can be looked up before it is made
again. Servers that don't keep answers (Ollama, vLLM) say so by `can_look`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from ytempire.kit.clock import Clock, SystemClock
from ytempire.kit.errors import OutcomeUnknown
from ytempire.ledger.model import Meters
from ytempire.providers.openai.answers import Json, strict_json
from ytempire.providers.openai.refusals import VENDOR, Answered, as_outcome, stop_before_body

DEADLINE_S = 120.0
LOOK_DEADLINE_S = 20.0
MOST_BYTES = 4_000_000
BYTES_PER_TOKEN = 2.5
"""Upper bound of tokens: English has about four bytes a token, Chinese and Japanese at least two and a half."""
TOKENS_PER_MESSAGE = 16
LEAST_CACHED_TOKENS = 1_024
"""OpenAI caches no shorter prompt."""
LOOK_AGAIN_S = 1.0
"""Stored answers appear a moment after the call."""


class OpenAiWire:
    """Calls to one server with one key."""

    def __init__(
        self,
        *,
        key: str,
        base_url: str,
        stand_in: bool = False,
        keeps_answers: bool | None = None,
        deadline_s: float = DEADLINE_S,
        clock: Clock | None = None,
    ) -> None:
        """`keeps_answers` None: OpenAI and its stand-in do, other servers don't."""
        host = urlsplit(base_url).hostname or ""
        self.at_openai = stand_in or host == "api.openai.com" or host.endswith(".api.openai.com")
        self.can_look = self.at_openai if keeps_answers is None else keeps_answers
        self.limit_name = "max_completion_tokens" if self.at_openai else "max_tokens"
        """What a chat completion's limit of tokens is called there."""
        self.deadline_s = deadline_s
        self._clock = clock or SystemClock()
        self._key, self._base_url = key, base_url
        self._made: AsyncOpenAI | None = None

    async def complete(self, asked: Mapping[str, Any]) -> tuple[str, Json]:
        """One chat completion, as it was written and read. Raises VendorRefused or OutcomeUnknown."""
        return await self._call("chat", asked)

    async def respond(self, asked: Mapping[str, Any]) -> tuple[str, Json]:
        """One response, in the same way."""
        return await self._call("responses", asked)

    async def look(self, once: str) -> Json | None:
        """The stored chat completion with this mark, or None. Raises OutcomeUnknown if the vendor can't say."""
        for wait_s in (0.0, LOOK_AGAIN_S):
            await asyncio.sleep(wait_s)
            found = await self._stored(once)
            if found is not None:
                return found
        return None

    async def close(self) -> None:
        """Close the connections."""
        if self._made is not None:
            await self._made.close()

    async def _call(self, kind: str, asked: Mapping[str, Any]) -> tuple[str, Json]:
        try:
            async with asyncio.timeout(self.deadline_s):
                client, body = self._client(), dict(asked)
                call: Any  # of two classes of the SDK's
                if kind == "chat":
                    call = client.chat.completions.with_streaming_response.create(
                        model=body["model"], messages=body["messages"], extra_body=body
                    )
                else:
                    call = client.responses.with_streaming_response.create(model=body["model"], extra_body=body)
                async with call as response:
                    text = (await _capped(response.iter_bytes())).decode()
                    return text, strict_json(text)
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
                api_key=self._key, base_url=self._base_url, max_retries=0, timeout=self.deadline_s, http_client=web
            )
        return self._made


def upper_bound(
    model: str, *, size_bytes: int, messages: int, most_output_tokens: int, bytes_per_token: float = BYTES_PER_TOKEN
) -> Meters:
    """Upper bound of the meters: input by bytes, all of it put into the prompt cache, output by its limit.

    A text that somebody chose to be dear (rare signs, noise) has a token for each byte, and never more.
    """
    tokens = int(size_bytes / bytes_per_token) + TOKENS_PER_MESSAGE * (messages + 1)
    return Meters(
        VENDOR,
        model,
        input_tokens=tokens,
        cache_write_tokens=tokens if tokens >= LEAST_CACHED_TOKENS else 0,
        output_tokens=most_output_tokens,
    )


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
