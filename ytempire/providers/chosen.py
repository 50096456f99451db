"""Which vendor answers where: settings alone decide."""

from __future__ import annotations

from dataclasses import dataclass

from ytempire.kit.settings import Settings

SANDBOX_KEY = "sandbox"
"""The sandbox takes any key; this one shows in its books."""
NO_KEY = "none"
"""A model server of one's own (Ollama, vLLM) asks for no key, but its protocol has a place for one."""


@dataclass(frozen=True)
class Vendors:
    """Where each vendor answers for this process."""

    sandbox_url: str
    openai_key: str
    openai_url: str
    openai_stand_in: bool
    elevenlabs_key: str
    elevenlabs_url: str
    elevenlabs_stand_in: bool
    youtube_root: str
    google_client: tuple[str, str]


def stand_in_vendors(sandbox_at: str) -> Vendors:
    """Nothing but the sandbox, whatever keys there are: a simulation pays nobody."""
    return Vendors(
        sandbox_url=sandbox_at,
        openai_key=SANDBOX_KEY,
        openai_url=f"{sandbox_at}/openai/v1",
        openai_stand_in=True,
        elevenlabs_key=SANDBOX_KEY,
        elevenlabs_url=f"{sandbox_at}/elevenlabs",
        elevenlabs_stand_in=True,
        youtube_root=f"{sandbox_at}/google/",
        google_client=("", ""),
    )


def chosen_vendors(settings: Settings, sandbox_at: str) -> Vendors:
    """Settings decide each vendor; in rehearsal what has no key is the sandbox, and YouTube always is."""
    rehearsal = settings.rehearsal
    openai_key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else ""
    eleven_key = settings.elevenlabs_api_key.get_secret_value() if settings.elevenlabs_api_key else ""
    secret = settings.google_client_secret.get_secret_value() if settings.google_client_secret else ""
    if not openai_key and "openai_base_url" in settings.model_fields_set:
        openai_key = NO_KEY
    openai_stands_in = rehearsal and not openai_key
    eleven_stands_in = rehearsal and not eleven_key
    return Vendors(
        sandbox_url=sandbox_at,
        openai_key=SANDBOX_KEY if openai_stands_in else openai_key,
        openai_url=f"{sandbox_at}/openai/v1" if openai_stands_in else settings.openai_base_url,
        openai_stand_in=openai_stands_in,
        elevenlabs_key=SANDBOX_KEY if eleven_stands_in else eleven_key,
        elevenlabs_url=f"{sandbox_at}/elevenlabs" if eleven_stands_in else settings.elevenlabs_base_url,
        elevenlabs_stand_in=eleven_stands_in,
        youtube_root=f"{sandbox_at}/google/" if rehearsal else settings.youtube_root_url,
        google_client=("", "") if rehearsal else (settings.google_client_id or "", secret),
    )
