"""The port `VendorRelay` over ElevenLabs' speech with timestamps."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ytempire.kit.errors import OUR_KEY, BadInput, NotConfigured, OutcomeUnknown, VendorRefused, YtempireError
from ytempire.orchestration.ports import Answered, Asked, Checked
from ytempire.providers.elevenlabs import history
from ytempire.providers.elevenlabs.refusals import VENDOR, refusal
from ytempire.providers.elevenlabs.text import check_speakable, meters_of
from ytempire.providers.elevenlabs.wire import connected, vendor

SPEECH = "text_to_speech.convert_with_timestamps"
USUAL_FORMAT = "mp3_44100_128"
"""The vendor's own, where none is asked for."""
_FORMAT = re.compile(r"(mp3|pcm|wav|opus|ulaw|alaw)_\d{4,5}(_\d{2,3})?")
_KNOWN = frozenset(
    {
        "text", "model_id", "language_code", "voice_settings", "seed", "previous_text", "next_text",
        "apply_text_normalization",
    }
)  # fmt: skip
_TOLD = ("request-id", "character-cost")
_ALIGNMENTS = ("alignment", "normalized_alignment")
_FIELD = "audio_base64"


class ElevenLabsRelay:
    """Another driver's texts, spoken by the installation's model with any voice of its account."""

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str,
        model: str,
        deadline_s: float = 120.0,
        look_waits_s: Sequence[float] = (3.0, 6.0),
    ) -> None:
        self._api_key, self._model = api_key, model
        self._base_url = base_url.rstrip("/")
        self._deadline_s, self._look_waits_s = deadline_s, tuple(look_waits_s)
        self.longest_s = 2 * deadline_s + 5

    def models(self) -> dict[str, Any]:
        """The one model."""
        return {"models": [{"model_id": self._model}]}

    def check(self, asked: Asked) -> Checked:
        """See `VendorRelay`."""
        if not self._api_key:
            raise NotConfigured("ElevenLabs needs a key", field="ELEVENLABS_API_KEY", fix="Set ELEVENLABS_API_KEY.")
        body = {name: value for name, value in asked.body.items() if value is not None}
        for name in body:
            if name not in _KNOWN:
                raise BadInput(
                    f"the relay doesn't pass {name[:60]} on",
                    field=name[:60],
                    fix=f"Leave it out; what is passed on: {', '.join(sorted(_KNOWN))}.",
                )
        model, text = body.setdefault("model_id", self._model), body.get("text")
        if model != self._model:
            raise BadInput(
                f"{str(model)[:100]!r} is not this installation's model", field="model_id", fix=f"Name {self._model}."
            )
        if not isinstance(text, str):
            raise BadInput("there is no text to speak", field="text", fix='Send {"text": "…"}.')
        try:
            json.dumps(body, allow_nan=False, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise BadInput("the body holds what JSON can't say", field="body", fix="Take it out.") from error
        voice, made_as = asked.options["voice_id"], asked.options.get("output_format") or USUAL_FORMAT
        try:
            check_speakable(text, voice=voice, model=self._model)
        except BadInput as wrong:
            field = {"script": "text", "voice": "voice_id"}.get(wrong.field or "")
            raise BadInput(wrong.message, field=field, fix=wrong.fix) from wrong
        if not _FORMAT.fullmatch(made_as):
            raise BadInput(f"{made_as[:40]!r} is no format", field="output_format", fix=f"Send {USUAL_FORMAT}.")
        return Checked(
            operation=asked.operation,
            body=body,
            options={"voice_id": voice, "output_format": made_as},
            estimate=meters_of(text, self._model),
            what=f"{len(text)} characters of a workflow, elevenlabs:{voice}",
        )

    async def call(self, checked: Checked, once: str) -> Answered:  # noqa: ARG002 - the vendor takes no mark
        """See `VendorRelay`."""
        voice, made_as = checked.options["voice_id"], checked.options["output_format"]
        async with connected(deadline_s=self._deadline_s) as http:
            answer = await http.post(
                f"{self._base_url}/v1/text-to-speech/{voice}/with-timestamps",
                params={"output_format": made_as},
                json=checked.body,
                headers={"xi-api-key": self._api_key},
            )
            if answer.status_code != 200:
                raise refusal(answer.status_code, answer.headers, _object(answer.content))
            before, sound, after = _parted(answer.text, answer.json())
        headers = {name: answer.headers[name] for name in _TOLD if name in answer.headers}
        return Answered(before, checked.estimate, headers, sound, _suffix(made_as), after)

    async def look(self, checked: Checked, once: str) -> Answered | None:  # noqa: ARG002 - the vendor keeps no mark
        """The newest of the same text, voice, model and format in the account's history."""
        voice, made_as = checked.options["voice_id"], checked.options["output_format"]
        async with vendor(self._base_url, self._api_key, deadline_s=self._deadline_s) as client:
            item = await history.find(
                client, checked.body["text"], voice=voice, model=self._model, waits_s=self._look_waits_s,
                made_as=made_as,
            )  # fmt: skip
            if item is None:
                return None
            sound = await history.audio(client, item.history_item_id)
        alignments = item.alignments.model_dump(mode="json") if item.alignments else {}
        before, after = _around({name: alignments.get(name) for name in _ALIGNMENTS})
        headers = {"request-id": item.request_id} if item.request_id else {}
        return Answered(before, checked.estimate, headers, sound, _suffix(made_as), after)

    def in_its_words(self, error: YtempireError) -> dict[str, Any]:
        """See `VendorRelay`."""
        told = error.said if isinstance(error, VendorRefused | OutcomeUnknown) else None
        said = told.body.get("detail") if told and told.status not in OUR_KEY else None
        if isinstance(said, dict | list):
            return {"detail": said}
        return {"detail": {"status": error.code, "message": str(error)}}


def _parted(text: str, value: Mapping[str, Any]) -> tuple[str, bytes, str]:
    """What stands before the sound, the sound, and what stands after. Raises OutcomeUnknown if there is none."""
    encoded = value.get(_FIELD) if isinstance(value, dict) else None
    try:
        sound = base64.b64decode(encoded or "", validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise OutcomeUnknown("ElevenLabs' answer holds no sound", vendor=VENDOR) from error
    if not sound or not isinstance(encoded, str):
        raise OutcomeUnknown("ElevenLabs' answer holds no sound", vendor=VENDOR)
    before, found, after = text.partition(encoded)
    if not found or base64.b64encode(sound).decode() != encoded:  # written otherwise than it will be again
        before, after = _around({name: one for name, one in json.loads(text).items() if name != _FIELD})
    return before, sound, after


def _around(others: Mapping[str, Any]) -> tuple[str, str]:
    """What stands before a sound and after it, where the vendor didn't write it."""
    rest = json.dumps(others, separators=(",", ":")).removeprefix("{")
    return f'{{"{_FIELD}":"', f'",{rest}' if others else '"}'


def _suffix(made_as: str) -> str:
    return f".{made_as.partition('_')[0]}"


def _object(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
