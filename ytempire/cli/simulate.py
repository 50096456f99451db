"""The command `simulate`: months in minutes, a table, a picture, and whether every promise held."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ytempire.cli.door import Door
from ytempire.cli.simulated import report_table
from ytempire.cli.simulated_picture import draw
from ytempire.cli.terminal import console, error_console
from ytempire.cli.videos import AsJson
from ytempire.kit.errors import BadInput
from ytempire.orchestration.simulation import Played, Report, Wishes, broken_promises, facts_of

_LINE_EVERY_S = 15.0
_INTERRUPTED = 130


def register(app: typer.Typer, door: Door) -> None:
    """Add the command."""

    @app.command("simulate")
    def simulate_command(
        days: Annotated[int, typer.Option(help="Days of each user.", min=1, max=366)] = 84,
        users: Annotated[int, typer.Option(help="Users.", min=1, max=1_000)] = 50,
        channels: Annotated[int, typer.Option(help="Channels of each.", min=1, max=20)] = 5,
        faults: Annotated[str, typer.Option(help="Share of vendors' calls that fail, as 5% or 0.05.")] = "5%",
        seed: Annotated[int, typer.Option(help="Another number: other users and other faults.", min=0)] = 1,
        begins: Annotated[str, typer.Option(help="First day.", metavar="YYYY-MM-DD")] = "2026-10-05",
        processes: Annotated[int, typer.Option(help="Processes that drive videos; 0: as many as cores.", max=64)] = 0,
        picture: Annotated[Path | None, typer.Option(help="Write a picture (PNG) of it to this file.")] = None,
        keep: Annotated[bool, typer.Option("--keep", help="Keep its database and files to look into.")] = False,
        as_json: AsJson = False,
    ) -> None:
        """Months of the platform in minutes, nothing rendered.

        The planner, ledger and driver are the real ones, on a virtual clock; vendors are the sandbox, media are
        stand-ins. It has services of its own and leaves nothing behind. Caps and prices are your settings. Exit code
        1: a hard limit was passed or a promise broken.
        """
        wishes = Wishes(
            days=days, users=users, channels=channels, faults=_share(faults), seed=seed, begins=_day(begins)
        )
        if picture is not None and not picture.absolute().parent.is_dir():
            raise BadInput(f"there is no folder {picture.absolute().parent}", field="picture", fix="Make it first.")
        with _Telling(wishes) as tell:
            report = asyncio.run(door.simulate(wishes, processes or os.cpu_count() or 2, keep, tell))
        facts = facts_of(report, cheap_model=door.settings().model_cheap)
        if picture is not None:
            draw(report, picture)
            facts["picture"] = str(picture)
        if not as_json:
            console().print(report_table(report, facts))
        _judge(report)
        if as_json:
            sys.stdout.write(json.dumps(facts) + "\n")
        raise typer.Exit(_INTERRUPTED if report.interrupted else int(bool(broken_promises(report))))


def _judge(report: Report) -> None:
    for promise in broken_promises(report):
        error_console().print(f"broken: {promise}", style="bold red", soft_wrap=True)
    if report.interrupted:
        error_console().print(f"stopped at {report.reached} of the simulation; this is what was reached")


def _share(text: str) -> float:
    """`5%` or `0.05`. Raises BadInput."""
    try:
        share = float(text.strip().removesuffix("%")) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share < 1:
        raise BadInput(f"{text!r} is no share", field="faults", fix="Write 5% or 0.05; 0 for none.")
    return share


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no day", field="begins", fix="Write it like 2026-10-05.") from None


class _Telling:
    """Progress: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, wishes: Wishes) -> None:
        self._wishes, self._said_at_s = wishes, time.monotonic()
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def __enter__(self) -> Callable[[str, Played | None], None]:
        if sys.stderr.isatty():
            columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
            self._bar = Progress(*columns, TimeElapsedColumn(), console=error_console(), transient=True)
            self._task = self._bar.add_task("", total=self._wishes.videos_possible)
            self._bar.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _tell(self, words: str, played: Played | None) -> None:
        if played is not None:
            words = f"{played.at:%Y-%m-%d}: {played.ordered:,} of {self._wishes.videos_possible:,} videos"
        if self._bar is not None:
            self._bar.update(self._task, description=words, completed=played.ordered if played else None)
        elif played is None or time.monotonic() - self._said_at_s >= _LINE_EVERY_S:
            self._said_at_s = time.monotonic()
            error_console().print(words)
