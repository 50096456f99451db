"""Text to speech with timestamps: spoken by the local voice, billed, and kept in the history."""

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from localvoice import UnspeakableText, speak
from sandbox import bills
from sandbox.elevenlabs import catalogue
from sandbox.elevenlabs.alignment import per_character
from sandbox.elevenlabs.audio import CONTENT_TYPES, FORMATS, encode
from sandbox.elevenlabs.errors import Invalid, Refused
from sandbox.elevenlabs.hum import hum
from sandbox.state import State, digest

_one_voice = threading.Lock()
"""The local voice speaks one text at a time: a stand-in shall not take every core of a small machine."""
_busy = threading.Lock()
_running = 0


def convert(
    state: State, voice_id: str, query: dict[str, str], asked: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """(answer, headers) of one call; the bill and the history item are one transaction."""
    model_id, output_format = _checked(state, voice_id, query, asked)
    text = str(asked["text"])
    with _slot(state):
        request_hash = digest([voice_id, output_format, asked])
        audio, alignment = _spoken(state, request_hash, voice_id, asked, output_format)
        cost, request_id = catalogue.credits_for(model_id, len(text)), secrets.token_hex(10)
        with state.change():
            before = used_credits(state)
            if before + cost > int(state.setting("elevenlabs_character_limit")):
                raise Refused(
                    "quota_exceeded",
                    f"This request needs {cost} credits, you have "
                    f"{int(state.setting('elevenlabs_character_limit')) - before} left.",
                )
            state.run(
                "insert into speech_usage values (1, ?) on conflict (only) do update"
                " set credits = credits + excluded.credits",
                cost,
            )
            if query.get("enable_logging", "true") != "false":
                _keep(
                    state,
                    voice_id,
                    model_id,
                    asked,
                    request_id,
                    request_hash,
                    output_format,
                    cost,
                    before,
                    audio,
                    alignment,
                )
            bills.charge(
                state,
                vendor="elevenlabs",
                operation="text_to_speech.convert_with_timestamps",
                model=model_id,
                request_hash=request_hash,
                marker=None,
                cost_microusd=catalogue.cost_microusd(model_id, len(text), state.now()),
                meters={"characters": len(text), "credits": cost},
                reference=request_id,
            )
    # Nobody reads the second one of a hum, and the vendor's own client takes a tenth of a second for each.
    normalized = None if state.setting("elevenlabs_sound") == "hum" else alignment
    body = {
        "audio_base64": base64.b64encode(audio).decode(),
        "alignment": alignment,
        "normalized_alignment": normalized,
    }
    return body, {"request-id": request_id, "character-cost": str(cost)}


def used_credits(state: State) -> int:
    """Credits spent so far."""
    row = state.row("select credits from speech_usage")
    return int(row["credits"]) if row else 0


def _checked(state: State, voice_id: str, query: dict[str, str], asked: dict[str, Any]) -> tuple[str, str]:
    text, model_id = asked.get("text"), str(asked.get("model_id") or "eleven_multilingual_v2")
    output_format = query.get("output_format", "mp3_44100_128")
    if not isinstance(text, str):
        raise Invalid(["body", "text"], "Field required", "missing")
    if not text.strip():
        raise Invalid(["body", "text"], "String should have at least 1 character", "string_too_short")
    if output_format not in FORMATS:
        raise Invalid(["query", "output_format"], f"Input should be one of {', '.join(sorted(FORMATS))}", "enum")
    if voice_id not in catalogue.catalogue()["voices"]:
        raise Refused("voice_not_found", f"A voice with the voice_id {voice_id} was not found.")
    models = catalogue.catalogue()["models"]
    if model_id not in models:
        raise Refused("model_not_found", f"A model with model ID {model_id} does not exist")
    longest = int(models[model_id]["max_characters"])
    if len(text) > longest:
        raise Refused(
            "max_character_limit_exceeded",
            f"The text has {len(text)} characters; {model_id} takes {longest} in one request.",
        )
    left = int(state.setting("elevenlabs_character_limit")) - used_credits(state)
    if catalogue.credits_for(model_id, len(text)) > left:
        raise Refused("quota_exceeded", f"This request exceeds your quota: {left} credits remain.")
    return model_id, output_format


def _spoken(
    state: State, request_hash: str, voice_id: str, asked: dict[str, Any], output_format: str
) -> tuple[bytes, dict[str, Any]]:
    """Audio and alignment; the same request heard before is read from disk (it is billed all the same)."""
    known = state.row("select file, alignments from speech_history where request_hash = ? limit 1", request_hash)
    if known and Path(state.files / known["file"]).exists():
        return (state.files / known["file"]).read_bytes(), json.loads(known["alignments"])
    settings = asked.get("voice_settings") or {}
    wanted = float(settings.get("speed") or 1.0)
    if not 0.7 <= wanted <= 1.2:
        raise Invalid(["body", "voice_settings", "speed"], "Input should lie between 0.7 and 1.2")
    speaker = catalogue.catalogue()["voices"][voice_id]
    speed = wanted * float(speaker["speed"])
    try:
        if state.setting("elevenlabs_sound") == "hum":
            speech = hum(str(asked["text"]), speed=speed)
        else:
            with _one_voice:
                speech = speak(str(asked["text"]), voice=speaker["speaker"], speed=speed)
    except UnspeakableText as unspeakable:
        raise Invalid(["body", "text"], str(unspeakable)) from unspeakable
    audio = encode(speech.pcm, speech.sample_rate_hz, output_format)
    return audio, per_character(str(asked["text"]), speech.words)


def _keep(
    state: State,
    voice_id: str,
    model_id: str,
    asked: dict[str, Any],
    request_id: str,
    request_hash: str,
    output_format: str,
    cost: int,
    before: int,
    audio: bytes,
    alignment: dict[str, Any],
) -> None:
    path = state.new_file("." + output_format.split("_", maxsplit=1)[0])
    path.write_bytes(audio)
    state.run(
        "insert into speech_history values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        secrets.token_urlsafe(15),
        state.next_seq("speech_history"),
        state.now(),
        voice_id,
        model_id,
        asked["text"],
        request_id,
        request_hash,
        output_format,
        cost,
        before,
        json.dumps(asked.get("voice_settings") or {}),
        json.dumps(alignment),
        path.name,
    )


def content_type(output_format: str) -> str:
    """MIME type of an output format."""
    return CONTENT_TYPES[output_format.split("_", maxsplit=1)[0]]


@contextmanager
def _slot(state: State) -> Iterator[None]:
    global _running
    with _busy:
        if _running >= int(state.setting("elevenlabs_concurrency")):
            raise Refused("too_many_concurrent_requests")
        _running += 1
    try:
        yield
    finally:
        with _busy:
            _running -= 1
