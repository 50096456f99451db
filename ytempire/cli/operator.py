"""Operators: the first one, and one who lost the way in."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated

import typer

from ytempire.cli.door import Door
from ytempire.cli.terminal import console


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""
    operator = typer.Typer(no_args_is_help=True, help="Who runs this installation.", rich_markup_mode=None)
    app.add_typer(operator, name="operator")

    @operator.command()
    def create(
        email: Annotated[str, typer.Argument(metavar="EMAIL", help="Address that the operator signs in with.")],
        rehearsal: Annotated[bool, typer.Option("--rehearsal", help="Of the rehearsal.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False,
    ) -> None:
        """Print a one-time link: to join as an operator, or for one that is there a new password and second factor."""
        link = asyncio.run(door.create_operator(email, rehearsal))
        if as_json:
            sys.stdout.write(json.dumps({"link": link}) + "\n")
            return
        screen = console()
        screen.print(link, markup=False, soft_wrap=True)
        if ":PORT/" in link:
            screen.print("PORT stands for the one that `ytempire up` prints once it runs.")
        screen.print("It works once. By API: POST /api/v1/auth/join or /auth/reset with its last part as `token`.")
