"""`python -m sandbox --port 0 --state DIR`: run the stand-in vendors until told to stop.

Prints one JSON line, `{"url": "http://127.0.0.1:…"}`, when it answers.
"""

import argparse
import json
import socket
import sys
from pathlib import Path

import uvicorn

from sandbox.app import create_app
from sandbox.state import State
from sandbox.wire import Wire


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, url: str, port_file: Path | None) -> None:
        super().__init__(config)
        self._url, self._port_file = url, port_file

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._port_file:
            fresh = self._port_file.with_name(self._port_file.name + ".new")
            fresh.write_text(json.dumps({"url": self._url}) + "\n", "utf-8")
            fresh.replace(self._port_file)  # whoever waits for the file never reads half of it
        sys.stdout.write(json.dumps({"url": self._url}) + "\n")
        sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """Run the server; the exit code (2: the address is taken)."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Stand-in vendors for rehearsal.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--state", type=Path, required=True, help="folder for everything the sandbox remembers")
    parser.add_argument("--port-file", type=Path, help="write the same JSON line to this file, too")
    chosen = parser.parse_args(arguments)

    # The protocol is named because asyncio turns Nagle's delay off only where it is: 40 ms an answer otherwise.
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((chosen.host, chosen.port))
    except OSError as taken:
        sys.stderr.write(
            f"sandbox: {chosen.host}:{chosen.port} cannot be bound ({taken.strerror}); "
            "choose another with --port, or 0 for a free one\n"
        )
        return 2
    port = listening.getsockname()[1]
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    state = State(chosen.state)
    config = uvicorn.Config(
        create_app(state), http=Wire, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    try:
        _Server(config, f"http://{host}:{port}", chosen.port_file).run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        state.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
