"""Models, prices and voices of the ElevenLabs stand-in, from catalogue.json (dated)."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any


@cache
def catalogue() -> dict[str, Any]:
    """The whole file."""
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("catalogue.json").read_text("utf-8"))
    return loaded


def cost_microusd(model_id: str, characters: int, at: float) -> int:
    """Micro-dollars for a text's characters at a Unix time."""
    day = datetime.fromtimestamp(at, UTC).date().isoformat()
    dated = sorted(catalogue()["prices"], key=lambda entry: str(entry["effective_from"]))
    valid = [entry for entry in dated if entry["effective_from"] <= day] or dated[:1]
    return int(valid[-1]["microusd_per_character"][model_id]) * characters


def credits_for(model_id: str, characters: int) -> int:
    """Credits for a text's characters, rounded up: what the `character-cost` header says."""
    rate = float(catalogue()["models"][model_id]["credits_per_character"])
    return -(-int(characters * rate * 100) // 100)


def models() -> list[dict[str, Any]]:
    """Answer of GET /v1/models (elevenlabs.types.Model)."""
    return [
        {
            "model_id": model_id,
            "name": model["name"],
            "can_be_finetuned": False,
            "can_do_text_to_speech": True,
            "can_do_voice_conversion": False,
            "can_use_style": True,
            "can_use_speaker_boost": True,
            "serves_pro_voices": False,
            "token_cost_factor": model["credits_per_character"],
            "description": "Stand-in: spoken by the local voice.",
            "requires_alpha_access": False,
            "maximum_text_length_per_request": model["max_characters"],
            "languages": [{"language_id": "en", "name": "English"}],
            "model_rates": {"character_cost_multiplier": model["credits_per_character"]},
            "concurrency_group": "standard",
        }
        for model_id, model in catalogue()["models"].items()
    ]


def voice(voice_id: str) -> dict[str, Any]:
    """One voice (elevenlabs.types.Voice); KeyError if there is none."""
    found = catalogue()["voices"][voice_id]
    return {
        "voice_id": voice_id,
        "name": found["name"],
        "category": "premade",
        "description": found["description"],
        "labels": {"gender": found["gender"], "language": "en"},
        "settings": {"stability": 0.5, "similarity_boost": 0.75, "style": 0.0, "use_speaker_boost": True, "speed": 1.0},
        "available_for_tiers": [],
        "high_quality_base_model_ids": list(catalogue()["models"]),
        "is_owner": False,
        "is_legacy": False,
        "is_mixed": False,
    }


def voices() -> list[dict[str, Any]]:
    """All voices."""
    return [voice(voice_id) for voice_id in catalogue()["voices"]]
