"""Commands that run things: everything at once, one worker, the sandbox."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from ytempire.cli.door import Door
from ytempire.cli.terminal import console
from ytempire.kit.errors import BadInput

QUEUES = ("light", "render")


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""

    @app.command()
    def up(
        rehearsal: Annotated[bool, typer.Option("--rehearsal", help="Stand-ins for what has no key.")] = False,
        domain: Annotated[
            str | None, typer.Option(metavar="NAME[:PORT]", help="Serve it there with https, by Caddy.")
        ] = None,
        n8n: Annotated[bool, typer.Option("--n8n", help="With n8n, which is installed first.")] = False,
    ) -> None:
        """Run the whole platform on this machine until Ctrl-C.

        With --domain people reach it at https://NAME: Caddy (`apt install caddy`) gets the certificate. Try it with
        localhost:8443. Instead of the flag: YTEMPIRE_DOMAIN. With --n8n workflows drive it as well; the first time
        n8n is installed, 3 GB (docs/how-to/n8n.md).
        """
        screen = console()
        asyncio.run(
            door.run_everything(rehearsal, domain, n8n, lambda text: screen.print(text, markup=False, soft_wrap=True))
        )

    @app.command()
    def work(
        queues: Annotated[str, typer.Option(help="light, render, or both with a comma.")] = "light,render",
        slots: Annotated[int, typer.Option(min=1, max=64, help="Jobs at once.")] = 1,
    ) -> None:
        """Run one worker process.

        It works on the database of DATABASE_URL; any number may run, on any machines.
        """
        wanted = [queue.strip() for queue in queues.split(",") if queue.strip()]
        unknown = [queue for queue in wanted if queue not in QUEUES]
        if unknown or not wanted:
            raise BadInput(f"unknown: {', '.join(unknown) or 'none given'}", field="queues", fix="Use light, render.")
        asyncio.run(door.run_worker(wanted, slots))

    @app.command()
    def web(
        port: Annotated[
            int | None, typer.Option(min=0, max=65535, help="Instead of YTEMPIRE_WEB_PORT; 0: a free one.")
        ] = None,
        ready_file: Annotated[Path | None, typer.Option(help="Write the address here once it answers.")] = None,
    ) -> None:
        """Run the web server: the REST API at /api/v1.

        It listens on this machine only, unless YTEMPIRE_WEB_HOST and an https address say otherwise.
        """
        screen = console()
        asyncio.run(door.run_web(port, ready_file, lambda text: screen.print(text, markup=False, soft_wrap=True)))

    @app.command()
    def sandbox(
        port: Annotated[int, typer.Option(min=0, max=65535, help="0: the one it had before, or a free one.")] = 0,
    ) -> None:
        """Run the stand-in vendors of the rehearsal.

        The front page shows all channels and videos; the address is the one it had before, while that is free.
        """
        asyncio.run(door.run_sandbox(port))
