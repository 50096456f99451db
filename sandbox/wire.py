"""The connection under a request, for faults that HTTP itself can't express (reset, half close)."""

import asyncio
import socket
import struct

from uvicorn.protocols.http.h11_impl import H11Protocol

_OPEN: dict[tuple[str, int], asyncio.Transport] = {}


class Wire(H11Protocol):
    """uvicorn's own protocol, remembering each client's transport while it is connected."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the transport."""
        super().connection_made(transport)
        if self.client:
            _OPEN[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        if self.client:
            _OPEN.pop(self.client, None)
        super().connection_lost(exc)


def transport_of(client: tuple[str, int]) -> asyncio.Transport | None:
    """The open connection of a client address, if it is still there."""
    return _OPEN.get(client)


def reset(client: tuple[str, int]) -> None:
    """Drop the connection at once with a TCP reset: no answer, no goodbye."""
    transport = _OPEN.get(client)
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
