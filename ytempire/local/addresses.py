"""TCP ports on 127.0.0.1: a free one, or a clear word on who holds the one that was asked for."""

from __future__ import annotations

import socket

import psutil

from ytempire.kit.errors import BadInput

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def require_free(port: int, *, what: str, field: str) -> None:
    """Raise BadInput, naming the process that listens there where it can be known, if the port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError:
            raise BadInput(f"port {port} for {what} needs root", field=field, fix="Choose one above 1023.") from None
        except OSError:
            raise BadInput(
                f"port {port} for {what} is taken by {listener(port)}",
                field=field,
                fix="Stop that process, choose another port, or set 0 for a free one.",
            ) from None


def answers(port: int, *, within_s: float = 0.5) -> bool:
    """Whether somebody accepts connections there."""
    try:
        with socket.create_connection((LOOPBACK, port), within_s):
            return True
    except OSError:
        return False


def listener(port: int) -> str:
    """Who listens there, as far as this account may know."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.Error:
        connections = []
    for connection in connections:
        if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
            if connection.pid is None:
                break
            try:
                return f"process {connection.pid} ({psutil.Process(connection.pid).name()})"
            except psutil.Error:
                break
    return "another process (perhaps another ytempire, or a server that this machine starts by itself)"
