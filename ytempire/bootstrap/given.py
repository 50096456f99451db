"""The settings as this process goes by them: read, hidden from logs, of the rehearsal where that is asked for."""

from __future__ import annotations

from pydantic import SecretStr

from ytempire.kit.logs import hide
from ytempire.kit.settings import Settings, read_settings
from ytempire.ledger import Policy


def read() -> Settings:
    """The settings, whose secrets no log line may contain from here on."""
    settings = read_settings()
    given = (getattr(settings, name) for name in Settings.model_fields)
    hide(secret.get_secret_value() for secret in given if isinstance(secret, SecretStr))
    return settings


def settings_for(rehearsal: bool) -> Settings:
    """The settings, of the rehearsal if the command or the settings say so."""
    settings = read()
    if settings.rehearsal or not rehearsal:
        return settings
    return settings.model_copy(update={"rehearsal": True, "state_dir": settings.state_dir / "rehearsal"})


def policy_of(settings: Settings) -> Policy:
    """The caps that the settings name."""
    return Policy.in_dollars(
        video=settings.video_cap_usd,
        platform_day=settings.platform_day_cap_usd,
        platform_day_raise=settings.platform_day_raise_usd,
        cpu_hour=settings.processing_usd_per_cpu_hour,
        money_day_zone=settings.money_day_zone,
        youtube_units=settings.youtube_units_per_day,
        youtube_uploads=settings.youtube_uploads_per_day,
    )
