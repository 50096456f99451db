"""The wire under the vendor's client: one attempt, no redirect, a bounded, plain, strict answer, a total deadline."""

from __future__ import annotations

import asyncio
import functools
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NoReturn

import httpx
from elevenlabs.client import AsyncElevenLabs
from elevenlabs.core.api_error import ApiError
from elevenlabs.core.parse_error import ParsingError
from elevenlabs.core.request_options import RequestOptions

from ytempire.kit.errors import OutcomeUnknown, VendorRefused
from ytempire.providers.elevenlabs.refusals import VENDOR, refusal

ANSWER_MOST_BYTES = 48_000_000
"""2,500 characters spoken very slowly are 5 minutes: 15 MB of samples, 20 MB in base64, and room for twice that."""
CONNECT_S = 10.0
SILENCE_MOST_S = 100.0
"""A long text is worked on for many seconds before the first byte comes."""
RETRY_S = 10.0

ONCE: RequestOptions = {"max_retries": 0}
"""The SDK would repeat a paid call twice by itself."""


class AnswerBroken(Exception):  # noqa: N818
    """The answer is too large, compressed unasked, or not strict JSON."""


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Reading the list of authorities takes longer than a call's own work."""
    return httpx.create_ssl_context()


class _Bounded(httpx.AsyncBaseTransport):
    """Reads each answer whole within the limit, before the SDK sees any of it."""

    def __init__(self, most_bytes: int) -> None:
        self._inner = httpx.AsyncHTTPTransport(verify=_trusted(), retries=0)
        self._most_bytes = most_bytes

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["accept-encoding"] = "identity"
        answer = await self._inner.handle_async_request(request)
        try:
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise AnswerBroken("it is compressed, which was not asked for")
            body = bytearray()
            async for part in answer.aiter_raw():
                body += part
                if len(body) > self._most_bytes:
                    raise AnswerBroken(f"it is larger than {self._most_bytes} bytes")
        finally:
            await answer.aclose()
        value = None
        if answer.is_success and answer.headers.get("content-type", "").startswith("application/json"):
            value = _strict_json(bytes(body))
        headers = [(k, v) for k, v in answer.headers.raw if k.lower() not in (b"transfer-encoding", b"content-length")]
        return _Read(answer.status_code, headers=headers, content=bytes(body), request=request, value=value)

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Read(httpx.Response):
    """An answer whose JSON was read already: megabytes are not read twice."""

    def __init__(self, status_code: int, *, value: object, **given: Any) -> None:  # noqa: ANN401 - as its base takes them
        super().__init__(status_code, **given)
        self._value = value

    def json(self, **kwargs: Any) -> Any:  # noqa: ANN401 - as its base says
        """The value."""
        return super().json(**kwargs) if self._value is None else self._value


def _strict_json(body: bytes) -> object:
    """The value of an answer, its alignment so that the SDK doesn't walk over each of its thousand letters."""

    def refuse(constant: str) -> NoReturn:
        raise AnswerBroken(f"it holds {constant}, which is not JSON")

    try:
        value: object = json.loads(body, parse_constant=refuse)
    except ValueError as error:
        raise AnswerBroken("it is not JSON") from error
    if isinstance(value, dict):
        value.pop("normalized_alignment", None)  # times of the words as spoken out; ours are of the words as written
        alignment = value.get("alignment")
        if isinstance(alignment, dict):  # tuples it leaves as they are
            value["alignment"] = {name: tuple(x) if isinstance(x, list) else x for name, x in alignment.items()}
    return value


@asynccontextmanager
async def connected(*, deadline_s: float, most_bytes: int = ANSWER_MOST_BYTES) -> AsyncIterator[httpx.AsyncClient]:
    """A connection for one conversation of at most `deadline_s`, its failures turned into our errors.

    Raises VendorRefused where the vendor certainly did nothing, OutcomeUnknown where it may have. It lives for one
    conversation, so it belongs to no event loop longer than that.
    """
    timeout = httpx.Timeout(SILENCE_MOST_S, connect=CONNECT_S)
    try:
        async with (
            asyncio.timeout(deadline_s),
            httpx.AsyncClient(transport=_Bounded(most_bytes), timeout=timeout, follow_redirects=False) as http,
        ):
            yield http
    except ApiError as error:
        raise refusal(error.status_code, error.headers or {}, error.body) from error
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise VendorRefused(
            f"ElevenLabs could not be reached ({error or type(error).__name__})",
            vendor=VENDOR,
            reason="unreachable",
            retry_after_s=RETRY_S,
            fix="Check the connection and YTEMPIRE_ELEVENLABS_BASE_URL.",
        ) from error
    except TimeoutError as error:
        raise OutcomeUnknown(f"ElevenLabs gave no whole answer within {deadline_s:g} s", vendor=VENDOR) from error
    except (httpx.HTTPError, httpx.InvalidURL, AnswerBroken, ParsingError, ValueError) as error:
        words = str(error) or type(error).__name__
        raise OutcomeUnknown(f"ElevenLabs' answer did not come through: {words}", vendor=VENDOR) from error


@asynccontextmanager
async def vendor(
    base_url: str, api_key: str, *, deadline_s: float, most_bytes: int = ANSWER_MOST_BYTES
) -> AsyncIterator[AsyncElevenLabs]:
    """The SDK's client on such a connection."""
    async with connected(deadline_s=deadline_s, most_bytes=most_bytes) as http:
        yield AsyncElevenLabs(base_url=base_url, api_key=api_key, httpx_client=http, timeout=SILENCE_MOST_S)
