"""`doctor`: what is configured, what is stand-in, what is wrong and how to mend it."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from ytempire.cli.door import Door
from ytempire.cli.terminal import console

_STYLES = {"ok": "green", "stand-in": "yellow", "off": "dim", "wrong": "bold red"}


def register(app: typer.Typer, door: Door) -> None:
    """Add the command."""

    @app.command()
    def doctor(
        rehearsal: Annotated[bool, typer.Option("--rehearsal", help="Look at the rehearsal.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False,
    ) -> None:
        """Check every part and say how to mend what is wrong. Exits 1 if something is."""
        findings = asyncio.run(door.diagnose(rehearsal))
        if as_json:
            sys.stdout.write(json.dumps([asdict(finding) for finding in findings]) + "\n")
        else:
            screen = console()
            for finding in findings:
                screen.print(
                    f"{finding.state:<9}{finding.part:<14}{finding.says}", style=_STYLES[finding.state], markup=False
                )
                if finding.mend:
                    screen.print(f"{'':<23}→ {finding.mend}", markup=False)
        if any(finding.state == "wrong" for finding in findings):
            raise typer.Exit(1)
