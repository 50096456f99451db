"""The command line's frame: the commands, the error that a person sees, the exit codes.

Exit codes: 0 done, 1 the work failed, 2 what was given can't be used, 130 interrupted.
"""

from __future__ import annotations

import json
import sys

import typer

from ytempire.cli import channels, doctor, make, videos
from ytempire.cli import run as running
from ytempire.cli.door import Door
from ytempire.cli.terminal import error_console
from ytempire.kit.errors import BadInput, NotConfigured, NotFound, YtempireError

_USER_ERRORS = (BadInput, NotFound, NotConfigured)


def run(door: Door, arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    app = typer.Typer(
        name="ytempire",
        help="Plans, writes, voices, renders, publishes and accounts for videos, on your own server.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for family in (make, videos, channels, running, doctor):
        family.register(app, door)
    try:
        app(args=arguments, standalone_mode=False)
    except YtempireError as error:
        _tell(error, as_json="--json" in arguments)
        return 2 if isinstance(error, _USER_ERRORS) else 1
    except typer.Exit as leaving:
        return leaving.exit_code
    except (KeyboardInterrupt, typer.Abort):
        error_console().print("stopped; `ytempire videos` shows where things stand")
        return 130
    except Exception as error:
        show = getattr(error, "show", None)  # click's usage errors know how to show themselves
        if show is None:
            raise
        show()
        return int(getattr(error, "exit_code", 2))
    return 0


def _tell(error: YtempireError, *, as_json: bool) -> None:
    if as_json:
        body = {"code": error.code, "message": error.message, "field": error.field, "fix": error.fix}
        sys.stdout.write(json.dumps({"error": body}) + "\n")
        return
    console = error_console()
    where = f"{error.field}: " if error.field else ""
    console.print(f"error: {where}{error.message}", style="bold red", markup=False, highlight=False)
    if error.fix:
        console.print(f"  {error.fix}", markup=False, highlight=False)
