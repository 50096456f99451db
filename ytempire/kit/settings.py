"""Settings: environment variables, with a default that works. Only `bootstrap` reads them.

Variables carry the prefix `YTEMPIRE_`, except the addresses and keys that the field knows by other names.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ytempire.kit.errors import BadInput

_NOT_SETTINGS = {"YTEMPIRE_FAILPOINT"}  # of the crash tests, see kit.failpoints


def default_state_dir() -> Path:
    """Where an installation keeps its state: /var/lib/ytempire for root, else the user's data folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/ytempire")
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "ytempire"


def default_n8n_dir() -> Path:
    """Where n8n is installed for all installations of this account: /var/cache/ytempire/n8n for root."""
    if os.geteuid() == 0:
        return Path("/var/cache/ytempire/n8n")
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "ytempire" / "n8n"


def _named(*names: str) -> AliasChoices:
    return AliasChoices(*names)


def _dollars(text: str) -> str:
    try:
        amount = Decimal(text)
        exact = amount.is_finite() and 0 <= amount <= MOST_DOLLARS and amount == round(amount, 6)
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount of dollars such as 3.00") from None
    if not exact:
        raise ValueError(f"{text!r} is no amount of dollars from 0 to {MOST_DOLLARS}, exact to a millionth")
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not found, a folder of zones, a path
        raise ValueError(f"{name!r} is no time zone such as Europe/Berlin") from None
    return name


def _http(address: str) -> str:
    # What two parsers might read differently is refused: the one that checks the host isn't the one that connects.
    plain = address.isascii() and address.isprintable() and not set(address) & set(" \\")
    try:
        parts = urlsplit(address)
        good = plain and parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket left open, a port beyond 65535
        good = False
    if not good:
        raise ValueError(f"{address!r} is no address such as https://api.example.org")
    return address


MOST_DOLLARS = 1_000_000
"""More than any installation spends in a day, and far below what a column of micro-dollars can hold."""
Dollars = Annotated[str, AfterValidator(_dollars)]
Zone = Annotated[str, AfterValidator(_zone)]
Http = Annotated[str, AfterValidator(_http)]


class Settings(BaseSettings):
    """All settings of an installation (reference: docs/reference/settings.md)."""

    model_config = SettingsConfigDict(
        env_prefix="YTEMPIRE_", extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    state_dir: Path = Field(default_factory=default_state_dir, description="folder of all state of this machine")
    database_url: SecretStr | None = Field(
        None, validation_alias=_named("DATABASE_URL"), description="own PostgreSQL, role ytempire_app; empty: embedded"
    )
    database_owner_url: SecretStr | None = Field(
        None, validation_alias=_named("DATABASE_OWNER_URL"), description="the owner's address, for migrations"
    )
    database_dump_url: SecretStr | None = Field(
        None,
        validation_alias=_named("DATABASE_DUMP_URL"),
        description="address of the role ytempire_dump on an own PostgreSQL, for backups and `gc`",
    )
    redis_url: SecretStr | None = Field(
        None, validation_alias=_named("REDIS_URL"), description="own Valkey or Redis; empty: embedded"
    )
    postgres_port: int = Field(0, ge=0, le=65535, description="port of the embedded PostgreSQL; 0: a free one")
    valkey_port: int = Field(0, ge=0, le=65535, description="port of the embedded Valkey; 0: a free one")
    database_connections: int = Field(8, ge=2, le=100, description="most connections of one process")

    rehearsal: bool = Field(False, description="use the sandbox for every vendor that has no key, and show it")
    sandbox_url: Http | None = Field(None, description="address of a running sandbox; empty: started when needed")

    openai_api_key: SecretStr | None = Field(
        None, validation_alias=_named("OPENAI_API_KEY"), description="key of the model vendor"
    )
    openai_base_url: Http = Field(
        "https://api.openai.com/v1",
        validation_alias=_named("OPENAI_BASE_URL"),
        description="any OpenAI-compatible endpoint (OpenAI, Ollama, vLLM)",
    )
    model_cheap: str = Field("gpt-6-luna", description="model of the cheap role")
    model_strong: str = Field("gpt-6.1-terra", description="model of the strong role")
    elevenlabs_api_key: SecretStr | None = Field(
        None, validation_alias=_named("ELEVENLABS_API_KEY"), description="key of the voice vendor"
    )
    elevenlabs_base_url: Http = Field("https://api.elevenlabs.io", description="address of the voice vendor")
    elevenlabs_model: str = Field("eleven_v4_turbo", description="voice model")
    google_client_id: str | None = Field(None, description="OAuth client of your Google project")
    google_client_secret: SecretStr | None = Field(None, description="its secret")
    youtube_root_url: Http = Field("https://youtube.googleapis.com/", description="address of the YouTube API")
    youtube_units_per_day: int = Field(
        10_000,
        ge=1_000,
        le=100_000_000,
        description="units a day that Google grants your project; 30 % stay in reserve",
    )
    youtube_uploads_per_day: int = Field(
        100, ge=1, le=1_000_000, description="uploads a day that Google grants your project"
    )

    plain_http_hosts: str = Field(
        "", description="own hosts, with commas, that keys and texts may be sent to without encryption"
    )

    web_host: str = Field("127.0.0.1", description="address that the web server listens on")
    web_port: int = Field(0, ge=0, le=65535, description="its port; 0: the one it had before, or a free one")
    web_url: Http | None = Field(
        None, description="where people reach it, e.g. https://studio.example.org; empty: this machine only"
    )
    domain: str | None = Field(
        None, description="name that `up` serves with https by Caddy, e.g. studio.example.org; empty: no https"
    )
    caddy: Path | None = Field(None, description="Caddy's program; empty: the one on PATH")
    web_proxies: str = Field(
        "127.0.0.1", description="addresses, with commas, of proxies that tell whom they forward for"
    )
    smtp_url: SecretStr | None = Field(
        None, description="mail server: smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://…:465; empty: no mail"
    )
    mail_from: str = Field("ytempire@localhost", description="sender of mails")
    requests_per_minute: int = Field(
        1200, ge=1, le=1_000_000, description="most requests a minute of one session or API key"
    )
    webhooks_to_this_machine: bool = Field(
        False, description="webhooks may go to 127.0.0.1, also over plain http; a rehearsal's always may"
    )
    streams_per_user: int = Field(
        20, ge=1, le=1_000, description="most event streams that one user may have open at one web process"
    )

    n8n_url: Http | None = Field(
        None, description="where n8n answers its operator and us, whom it waits for; empty: this machine's own"
    )
    others_first_s: float = Field(
        1800,
        ge=0,
        le=86_400,
        description="seconds that due work waits for an n8n that asks and takes nothing",
    )
    runs_at_once: int = Field(20, ge=0, le=1_000, description="most videos that another driver leads at once")
    silent_after_s: float = Field(
        900, ge=5, le=86_400, description="another driver that is silent for so long loses its video to ours"
    )
    wrapping_key_file: Path | None = Field(None, description="file of the key that wraps tenants' keys; empty: state")
    video_cap_usd: Dollars = Field("3.00", description="most that one video may cost, in dollars")
    platform_day_cap_usd: Dollars = Field("150.00", description="most that one day may cost, in dollars")
    platform_day_raise_usd: Dollars = Field(
        "150.00", description="most that operators may add to one day's cap, in dollars"
    )
    money_day_zone: Zone = Field("UTC", description="time zone of the money day")
    processing_usd_per_cpu_hour: Dollars = Field(
        "0.05", description="what an hour of one core is priced at, in dollars"
    )
    disk_floor_bytes: int = Field(2_000_000_000, ge=0, description="no render starts below this much free disk")
    memory_floor_bytes: int = Field(
        1_100_000_000, ge=0, description="a render begins while this much memory stays free beside it"
    )
    render_memory_bytes: int = Field(
        400_000_000, ge=0, description="what one render is expected to take (`make bench-memory` measures it)"
    )
    scene_days: float = Field(7, ge=1, le=3650, description="days after which an unused scene file may go")
    final_days: float = Field(30, ge=1, le=3650, description="days after its read-back that a finished file is kept")
    event_days: float = Field(30, ge=1, le=3650, description="days that events are kept, for who was away")
    backup_dir: Path | None = Field(None, description="folder of backups, best on another disk; empty: in the state")
    backup_every_h: float = Field(1.0, ge=0, le=168, description="hours between backups while `up` runs; 0: none")
    backup_keep: int = Field(48, ge=1, le=10_000, description="how many backups are kept")
    metrics_port: int = Field(
        0, ge=0, le=65532, description="port of /metrics on 127.0.0.1, `up` takes the three after it as well; 0: none"
    )
    stalled_after_s: float = Field(6.0, ge=0.5, le=300, description="a worker silent for this long counts as dead")
    render_slots: int = Field(1, ge=1, le=64, description="videos rendered at once by one render worker")
    render_processes: int = Field(2, ge=1, le=16, description="scenes of one video encoded at once")
    video_encoder: str = Field("libx264", description="ffmpeg encoder: libx264, h264_nvenc")

    n8n_dir: Path = Field(
        default_factory=default_n8n_dir, description="folder in which n8n and its Node are installed, about 3 GB"
    )
    n8n_host: str = Field("127.0.0.1", description="address that n8n listens on")
    n8n_port: int = Field(0, ge=0, le=65535, description="its port; 0: the one it had before, or a free one")
    n8n_api_url: Http | None = Field(
        None, description="where n8n reaches the web server; empty: this machine's, on 127.0.0.1"
    )
    n8n_reach: str = Field(
        "", description="further hosts, with commas, that n8n's workflows may reach; empty: the web server only"
    )
    n8n_database_url: SecretStr | None = Field(
        None, description="n8n's own database on an own PostgreSQL; empty: in the embedded one"
    )
    n8n_redis_url: SecretStr | None = Field(
        None, description="Redis or Valkey of n8n's queue mode, for `ytempire n8n worker`; empty: one process runs all"
    )


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    alias = Settings.model_fields[name].validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"YTEMPIRE_{name.upper()}"


def read_settings() -> Settings:
    """The settings of this process. Raises BadInput naming the variable that can't be used, or that nobody knows."""
    known = {variable_of(name) for name in Settings.model_fields} | _NOT_SETTINGS
    for variable in sorted(os.environ):
        if variable.startswith("YTEMPIRE_") and variable not in known:
            close = difflib.get_close_matches(variable, known - _NOT_SETTINGS, n=1)
            fix = f"Did you mean {close[0]}?" if close else "docs/reference/settings.md lists all."
            raise BadInput("there is no such setting", field=variable, fix=fix)
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        shown = variable_of(name) if name in Settings.model_fields else name
        said = first["msg"].removeprefix("Value error, ")
        raise BadInput(said, field=shown, fix="docs/reference/settings.md tells what fits.") from error
    for name in Settings.model_fields:
        address = getattr(settings, name)
        if name.endswith("_url") and isinstance(address, str):
            require_encrypted(address, variable_of(name), settings.plain_http_hosts)
    if not is_loopback(settings.web_host) and not (settings.web_url or "").startswith("https://"):
        raise BadInput(
            f"passwords would travel to {settings.web_host} without encryption",
            field="YTEMPIRE_WEB_HOST",
            fix="Put a proxy with https in front and set YTEMPIRE_WEB_URL=https://…, or listen on 127.0.0.1.",
        )
    return settings


def require_encrypted(address: str, field: str, plain_http_hosts: str = "") -> None:
    """Raise BadInput for an address that would send keys and texts over a network in the clear.

    Plain http is for this machine, and for hosts of one's own that the operator names; a public address is never one.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    named = {name.strip().lower() for name in plain_http_hosts.split(",")}
    if parts.scheme == "https" or is_loopback(host) or (host in named and not _is_public(host)):
        return
    own = f"Use https, or if it is a host of your own network: YTEMPIRE_PLAIN_HTTP_HOSTS={host}"
    fix = "Use https." if _is_public(host) else own
    raise BadInput(f"{address!r} would send keys and texts to {host} without encryption", field=field, fix=fix)


def is_loopback(host: str) -> bool:
    """Whether this host is this machine."""
    address = _ip_address(host)
    return host == "localhost" if address is None else address.is_loopback


def _is_public(host: str) -> bool:
    address = _ip_address(host)
    return address is not None and address.is_global


def _ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(host)
        return getattr(address, "ipv4_mapped", None) or address
    except ValueError:
        return None
