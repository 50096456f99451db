"""Where n8n answers: known before it runs, since the web server and the workers have to know it too."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ytempire.kit.errors import BadInput
from ytempire.kit.settings import Settings
from ytempire.local import addresses
from ytempire.local.folder import PASSABLE, make_folder, make_state_folder

_FIELD = "YTEMPIRE_N8N_PORT"


def reserved_port(settings: Settings) -> int:
    """The setting's, the one it had before, or a free one, which is remembered: what was told of it stays good."""
    if settings.n8n_port:
        return settings.n8n_port
    remembered = _remembered(settings.state_dir)
    if port := _port_in(remembered):
        return port
    make_folder(make_state_folder(settings.state_dir) / "n8n", PASSABLE)
    port = addresses.free_port()
    remembered.write_text(f"{port}\n")
    return port


def free_reserved_port(settings: Settings) -> int:
    """The same, for who is about to listen there: raises BadInput if it is taken.

    One that was only remembered is forgotten then, so that after a restart of everything another is taken.
    """
    port = reserved_port(settings)
    try:
        addresses.require_free(port, what="n8n", field=_FIELD)
    except BadInput:
        if not settings.n8n_port:
            with suppress(OSError):
                _remembered(settings.state_dir).unlink()
        raise
    return port


def known_url(settings: Settings) -> str:
    """Where n8n answers its operator and us; empty: nobody has ever wanted one here."""
    if settings.n8n_url:
        return settings.n8n_url.rstrip("/")
    port = settings.n8n_port or _port_in(_remembered(settings.state_dir))
    return f"http://{addresses.LOOPBACK}:{port}" if port else ""


def _remembered(state_dir: Path) -> Path:
    return state_dir / "n8n" / "last_port"


def _port_in(file: Path) -> int:
    try:
        port = int(file.read_text())
    except (OSError, ValueError):
        return 0
    return port if 0 < port < 65536 else 0
