"""Commands that care for an installation: backup, restore, and what may be deleted."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ytempire.cli.door import Door, Report
from ytempire.cli.terminal import console
from ytempire.cli.videos import AsJson

Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="The rehearsal's state, without the stand-ins' own.")]


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""

    @app.command("backup")
    def backup_command(
        to: Annotated[
            Path | None, typer.Option(help="Folder of backups; default: YTEMPIRE_BACKUP_DIR, or in the state folder.")
        ] = None,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Back up database and media; works while everything runs.

        The wrapping key is not in it: keep a copy of that in another place. `ytempire up` does the same every hour.
        """
        _tell(asyncio.run(door.backup(to, rehearsal)), as_json=as_json)

    @app.command("restore")
    def restore_command(
        folder: Annotated[Path, typer.Argument(metavar="FROM", help="Folder of one backup, with manifest.json in it.")],
        key: Annotated[Path, typer.Option(help="The wrapping key's file, from where you keep it.")],
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Bring a backup back into a fresh state folder.

        What it brought is checked against what was saved: row by row, file by file, the ledger's books and every sealed
        token. A state that has data is refused.
        """
        _tell(asyncio.run(door.restore(folder, key, rehearsal)), as_json=as_json)

    @app.command("gc")
    def gc_command(
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, delete nothing.")] = False,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Delete media that nobody needs any more.

        Scenes unused for 7 days, finished files 30 days after their read-back, leftovers of killed processes; never
        what a video at work needs. `ytempire up` does the same every day.
        """
        _tell(asyncio.run(door.collect_garbage(dry_run, rehearsal)), as_json=as_json)

    @app.command("care")
    def care_command() -> None:
        """Make backups, delete old media, serve metrics.

        It runs until Ctrl-C. `ytempire up` does all this itself; this is for servers on which every process is a
        unit of its own.
        """
        asyncio.run(door.run_care(lambda text: console().print(text, markup=False, soft_wrap=True)))


def _tell(report: Report, *, as_json: bool) -> None:
    lines, facts = report
    if as_json:
        sys.stdout.write(json.dumps(facts) + "\n")
        return
    for line in lines:
        console().print(line, markup=False, highlight=False, soft_wrap=True)
