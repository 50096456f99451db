"""Runs the application on a socket until interrupted."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from ytempire.kit.errors import BadInput
from ytempire.web.envelope import Envelope

_FINISH_WITHIN_S = 10
_UNREAD_MS = 60_000
"""A client that takes nothing of what it was sent for so long is cut off, also one that keeps the connection alive."""


def listen(host: str, port: int, remembered: Path) -> socket.socket:
    """A bound socket; port 0: the one noted in the file `remembered` if it is free, else any. Raises BadInput."""
    if port == 0 and (before := _last_port(remembered)):
        with suppress(OSError, OverflowError):
            return _bound(host, before)
    try:
        listening = _bound(host, port)
    except OSError as error:
        raise BadInput(
            f"{host}:{port} can't be listened on: {error.strerror}",
            field="YTEMPIRE_WEB_PORT",
            fix="Choose another port with --port, or 0 for a free one.",
        ) from error
    if port == 0:
        remembered.write_text(str(listening.getsockname()[1]))
    return listening


def last_url(remembered: Path) -> str | None:
    """The address at which the web server was reached last, as it was noted there."""
    try:
        return remembered.read_text().strip() or None
    except (OSError, ValueError):
        return None


def _last_port(remembered: Path) -> int | None:
    try:
        return int(remembered.read_text())
    except (OSError, ValueError):
        return None


def _bound(host: str, port: int) -> socket.socket:
    # The protocol is named because asyncio turns Nagle's delay off only where it is: 40 ms an answer otherwise.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD_MS)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def address_of(listening: socket.socket) -> str:
    """Where a browser on this machine reaches it."""
    host, port, *_ = listening.getsockname()
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


async def serve(
    app: Envelope,
    listening: socket.socket,
    *,
    proxies: str,
    url: str,
    ready_file: Path | None,
    say: Callable[[str], None],
    end_streams: Callable[[], None],
) -> None:
    """Answer until SIGINT or SIGTERM, then end streams and finish what is open.

    `proxies`: whose X-Forwarded-* headers are believed.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        proxy_headers=True,
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=_FINISH_WITHIN_S,
    )
    server = _Server(config, url, ready_file, say, end_streams)
    await server.serve(sockets=[listening])


class _Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        url: str,
        ready_file: Path | None,
        say: Callable[[str], None],
        end_streams: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._url, self._ready_file, self._say, self._end_streams = url, ready_file, say, end_streams

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say so once it answers."""
        await super().startup(sockets)
        if self._ready_file:
            fresh = self._ready_file.with_name(self._ready_file.name + ".new")
            fresh.write_text(json.dumps({"url": self._url}) + "\n", "utf-8")
            fresh.replace(self._ready_file)
        self._say(self._url)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams would never end by themselves; whoever listens connects to another process, or later."""
        self._end_streams()
        await super().shutdown(sockets)
