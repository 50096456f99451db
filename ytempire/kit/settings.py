"""Settings: environment variables, with a default that works. Only `bootstrap` reads them.

Variables carry the prefix `YTEMPIRE_`, except the addresses and keys that the field knows by other names.
"""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ytempire.kit.errors import BadInput


def default_state_dir() -> Path:
    """Where an installation keeps its state: /var/lib/ytempire for root, else the user's data folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/ytempire")
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "ytempire"


def _named(*names: str) -> AliasChoices:
    return AliasChoices(*names)


class Settings(BaseSettings):
    """All settings of an installation (reference: docs/reference/settings.md)."""

    model_config = SettingsConfigDict(env_prefix="YTEMPIRE_", extra="ignore", populate_by_name=True)

    state_dir: Path = Field(default_factory=default_state_dir, description="folder of all state of this machine")
    database_url: SecretStr | None = Field(
        None, validation_alias=_named("DATABASE_URL"), description="own PostgreSQL, role ytempire_app; empty: embedded"
    )
    database_owner_url: SecretStr | None = Field(
        None, validation_alias=_named("DATABASE_OWNER_URL"), description="the owner's address, for migrations"
    )
    redis_url: SecretStr | None = Field(
        None, validation_alias=_named("REDIS_URL"), description="own Valkey or Redis; empty: embedded"
    )
    postgres_port: int = Field(0, ge=0, le=65535, description="port of the embedded PostgreSQL; 0: a free one")
    valkey_port: int = Field(0, ge=0, le=65535, description="port of the embedded Valkey; 0: a free one")
    database_connections: int = Field(8, ge=2, le=100, description="most connections of one process")

    rehearsal: bool = Field(False, description="use the sandbox for every vendor that has no key, and show it")
    sandbox_url: str | None = Field(None, description="address of a running sandbox; empty: started when needed")

    openai_api_key: SecretStr | None = Field(
        None, validation_alias=_named("OPENAI_API_KEY"), description="key of the model vendor"
    )
    openai_base_url: str = Field(
        "https://api.openai.com/v1",
        validation_alias=_named("OPENAI_BASE_URL"),
        description="any OpenAI-compatible endpoint (OpenAI, Ollama, vLLM)",
    )
    model_cheap: str = Field("gpt-6-luna", description="model of the cheap role")
    model_strong: str = Field("gpt-6.1-terra", description="model of the strong role")
    elevenlabs_api_key: SecretStr | None = Field(
        None, validation_alias=_named("ELEVENLABS_API_KEY"), description="key of the voice vendor"
    )
    elevenlabs_base_url: str = Field("https://api.elevenlabs.io", description="address of the voice vendor")
    elevenlabs_model: str = Field("eleven_v4_turbo", description="voice model")
    google_client_id: str | None = Field(None, description="OAuth client of your Google project")
    google_client_secret: SecretStr | None = Field(None, description="its secret")
    youtube_root_url: str = Field("https://youtube.googleapis.com/", description="address of the YouTube API")

    wrapping_key_file: Path | None = Field(None, description="file of the key that wraps tenants' keys; empty: state")
    video_cap_usd: str = Field("3.00", description="most that one video may cost, in dollars")
    platform_day_cap_usd: str = Field("150.00", description="most that one day may cost, in dollars")
    money_day_zone: str = Field("UTC", description="time zone of the money day")
    processing_usd_per_cpu_hour: str = Field("0.05", description="what an hour of one core is priced at, in dollars")
    disk_floor_bytes: int = Field(2_000_000_000, ge=0, description="no render starts below this much free disk")
    render_slots: int = Field(1, ge=1, le=64, description="videos rendered at once by one render worker")
    render_processes: int = Field(2, ge=1, le=16, description="scenes of one video encoded at once")
    video_encoder: str = Field("libx264", description="ffmpeg encoder: libx264, h264_nvenc")


def read_settings() -> Settings:
    """The settings of this process. Raises BadInput naming the variable that can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        shown = name if name.isupper() else f"YTEMPIRE_{name.upper()}"
        raise BadInput(first["msg"], field=shown, fix="See docs/reference/settings.md.") from error
