"""The relay: a run asks a vendor in the vendor's own way, with its token; we hold, call with our key and record."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Header, Path, Query, Response
from pydantic import RootModel

from ytempire.accounts.model import Principal
from ytempire.orchestration import Asked, relay_call, relay_of
from ytempire.web.bodies import example
from ytempire.web.parts import Parts, PartsOf
from ytempire.web.principal import Driving
from ytempire.web.relaying import vendor_router

openai = vendor_router("openai")
elevenlabs = vendor_router("elevenlabs")

_USAGE = {"input_tokens": 14, "output_tokens": 12, "total_tokens": 26}
_TEXT = {"type": "output_text", "text": "Squid glow to hide.", "annotations": []}
_MESSAGE = {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [_TEXT]}
_RESPONSE = {"id": "resp_1", "object": "response", "status": "completed", "output": [_MESSAGE], "usage": _USAGE}
_CHOICE = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Squid glow to hide."}}
_COMPLETION = {"id": "chatcmpl-1", "object": "chat.completion", "model": "gpt-6-luna", "choices": [_CHOICE]}
_ALIGNMENT = {
    "characters": ["H", "i"],
    "character_start_times_seconds": [0.1, 0.18],
    "character_end_times_seconds": [0.18, 0.4],
}


class RelayedObject(RootModel[dict[str, Any]]):
    """The vendor's own answer."""


class ResponseRelayed(RelayedObject):
    """The vendor's own answer: https://platform.openai.com/docs/api-reference/responses."""

    model_config = example(_RESPONSE)


class CompletionRelayed(RelayedObject):
    """The vendor's own answer: https://platform.openai.com/docs/api-reference/chat."""

    model_config = example(_COMPLETION)


class ModelsRelayed(RelayedObject):
    """The models that may be asked, as the vendor lists them."""

    model_config = example({"object": "list", "data": [{"id": "gpt-6-luna", "object": "model", "owned_by": "system"}]})


class SpeechRelayed(RelayedObject):
    """The vendor's own answer: https://elevenlabs.io/docs/api-reference/text-to-speech/convert-with-timestamps."""

    model_config = example({"audio_base64": "SUQz", "alignment": _ALIGNMENT, "normalized_alignment": _ALIGNMENT})


class ResponseAsked(RelayedObject):
    """The vendor's own request: text in, text out."""

    model_config = example({"model": "gpt-6-luna", "input": "Why do squid glow?", "max_output_tokens": 400})


class CompletionAsked(RelayedObject):
    """The vendor's own request: text in, text out."""

    model_config = example({"model": "gpt-6-luna", "messages": [{"role": "user", "content": "Why do squid glow?"}]})


class SpeechAsked(RelayedObject):
    """The vendor's own request."""

    model_config = example({"text": "Squid glow to hide."})


Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$", include_in_schema=False),
]


Voice = Annotated[str, Path(max_length=100, description="Any voice of the account.", examples=["21m00Tcm4TlvDq8ikWAM"])]


@openai.get("/models")
async def models(_who: Driving, parts: PartsOf) -> ModelsRelayed:
    """The installation's two models; no others are relayed."""
    return ModelsRelayed(relay_of(parts.platform, "openai").models())


@openai.post("/responses", response_model=ResponseRelayed)
async def respond(given: ResponseAsked, who: Driving, parts: PartsOf, key: Key = None) -> Response:
    """A response of one of the installation's models, to text. The same request again is answered from the record."""
    return await _relayed(parts, who, "openai", Asked("responses.create", given.root), key)


@openai.post("/chat/completions", response_model=CompletionRelayed)
async def complete(given: CompletionAsked, who: Driving, parts: PartsOf, key: Key = None) -> Response:
    """A chat completion, in the same way."""
    return await _relayed(parts, who, "openai", Asked("chat.completions.create", given.root), key)


@elevenlabs.post("/text-to-speech/{voice_id}/with-timestamps", response_model=SpeechRelayed)
async def speak(
    voice_id: Annotated[
        str, Path(max_length=100, description="Any voice of the account.", examples=["21m00Tcm4TlvDq8ikWAM"])
    ],
    given: SpeechAsked,
    who: Driving,
    parts: PartsOf,
    output_format: Annotated[str, Query(max_length=40, description="As the vendor names it.")] = "mp3_44100_128",
    key: Key = None,
) -> Response:
    """Speech with the time of each character, by the installation's model. The token may come as `xi-api-key`."""
    options = {"voice_id": voice_id, "output_format": output_format}
    asked = Asked("text_to_speech.convert_with_timestamps", given.root, options)
    return await _relayed(parts, who, "elevenlabs", asked, key)


async def _relayed(parts: Parts, who: Principal, vendor: str, asked: Asked, key: str | None) -> Response:
    if who.video_id is None:
        raise TypeError("a run's token names its video")
    got = await relay_call(parts.platform, who.user_id, who.video_id, vendor, asked, key=key)
    ours = {
        "Ytempire-Call": str(got.call_id),
        "Ytempire-Cost-Microusd": str(got.cost_microusd),
        "Ytempire-Repeated": str(got.repeated).lower(),
    }
    return Response(got.body, headers={**got.headers, **ours}, media_type="application/json")
