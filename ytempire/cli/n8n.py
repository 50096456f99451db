"""n8n: install it, run it, run a worker for it, look its workflows over."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ytempire.cli.door import Door, LookedOver
from ytempire.cli.terminal import console, error_console

REHEARSAL = Annotated[bool, typer.Option("--rehearsal", help="Of the rehearsal.")]


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""
    n8n = typer.Typer(
        invoke_without_command=True,
        help="Run n8n on this installation until Ctrl-C.\n\nIt is installed first if need be."
        " It needs `ytempire up` or `ytempire web` on the same state folder, and reaches nothing else. Its licence"
        " allows internal use: docs/how-to/n8n.md says what that means before you sell anything.",
        rich_markup_mode=None,
    )
    app.add_typer(n8n, name="n8n")

    @n8n.callback()
    def start(
        context: typer.Context,
        rehearsal: REHEARSAL = False,
        as_json: Annotated[bool, typer.Option("--json", help="Say where it answers as JSON.")] = False,
    ) -> None:
        if context.invoked_subcommand:
            return

        def told(url: str, email: str, password_file: Path) -> None:
            if as_json:
                facts = {"url": url, "email": email, "password_file": str(password_file)}
                sys.stdout.write(json.dumps(facts) + "\n")
                sys.stdout.flush()
                return
            screen = console()
            screen.print(f"n8n answers at {url}/", soft_wrap=True)
            screen.print(f"sign in as {email}, password in {password_file}", soft_wrap=True)
            screen.print("Ctrl-C stops it")

        asyncio.run(door.run_n8n(rehearsal, _say, told))

    @n8n.command()
    def install() -> None:
        """Install n8n and its Node into YTEMPIRE_N8N_DIR: about 3 GB, some minutes, once."""
        console().print(asyncio.run(door.install_n8n(_say)), soft_wrap=True)

    @n8n.command()
    def worker(rehearsal: REHEARSAL = False) -> None:
        """Run one worker of the queue mode until Ctrl-C; any number may run, on any machines.

        It takes executions from YTEMPIRE_N8N_REDIS_URL, as `ytempire n8n` with the same setting hands them out.
        """
        asyncio.run(door.run_n8n_worker(rehearsal, _say))

    @n8n.command()
    def check(
        files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", exists=True, dir_okay=False)] = None,
        as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False,
    ) -> None:
        """Look workflows over without starting n8n: these files, or ours. Exits 1 if something is wrong.

        A notice, such as on a credential of your own, is no fault.
        """
        found = asyncio.run(door.check_workflows(files or []))
        if as_json:
            sys.stdout.write(json.dumps(asdict(found)) + "\n")
        else:
            for line in _told(found):
                console().print(line, markup=False, soft_wrap=True)
        if found.problems:
            raise typer.Exit(1)


def _told(found: LookedOver) -> list[str]:
    files = "1 file" if found.files == 1 else f"{found.files} files"
    right = [] if found.problems else [f"nothing is wrong in {files}"]
    return [*found.problems, *(f"notice: {line}" for line in found.notices), *right]


def _say(text: str) -> None:
    """What is going on, beside the answer."""
    error_console().print(text, markup=False, soft_wrap=True)
