"""Where the browser comes back to: a small server on this machine that waits for one answer.

google-auth-oauthlib's own (`run_local_server`) ends at the first request of any kind, a browser's look for an icon too.
"""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PAGE = (
    "<!doctype html><meta charset=utf-8><title>{title}</title>"
    "<style>body{{font:18px system-ui;max-width:34em;margin:20vh auto;padding:0 1em}}</style>"
    "<h1>{title}</h1><p>You may close this window and go back to the terminal.</p>"
)


class Loopback:
    """Listens on a free port of 127.0.0.1; `state` is the secret an answer must carry."""

    def __init__(self) -> None:
        self.state = secrets.token_urlsafe(32)
        self._answer: dict[str, str] = {}
        self._came = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._take))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """What Google redirects to."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def wait(self, timeout_s: float) -> dict[str, str] | None:
        """The answer's query, or None if none came in time."""
        return dict(self._answer) if self._came.wait(timeout_s) else None

    def close(self) -> None:
        """Stop listening, and wake whoever waits."""
        self._came.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _take(self, query: dict[str, str]) -> bool:
        if not secrets.compare_digest(query.get("state", "").encode(), self.state.encode()) or self._came.is_set():
            return False
        self._answer = query
        self._came.set()
        return True


def _handler(take: Callable[[dict[str, str]], bool]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path != "/" or not take(query):
                self.send_error(404)
                return
            title = "Connected" if "code" in query else "Not connected"
            page = PAGE.format(title=title).encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(page)))
            self.send_header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Say nothing: the query holds the code."""

        def handle(self) -> None:
            try:
                super().handle()
            except (ConnectionError, socket.timeout):  # noqa: UP041 - a browser that hung up
                return

    return Handler
