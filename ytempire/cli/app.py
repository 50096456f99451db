"""The command line's frame: the commands, the error that a person sees, the exit codes.

Exit codes: 0 done, 1 the work failed, 2 what was given can't be used, 130 interrupted.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

import typer

from ytempire.cli import care, changes, channels, costs, doctor, make, n8n, operator, plan, simulate, topics, videos
from ytempire.cli import run as running
from ytempire.cli.door import Door
from ytempire.cli.terminal import error_console
from ytempire.kit.database import ConnectionLost, DatabaseUnreachable
from ytempire.kit.errors import BadInput, NotConfigured, NotFound, YtempireError
from ytempire.kit.logs import keep_fault, redacted

_USER_ERRORS = (BadInput, NotFound, NotConfigured)
DATABASE_AWAY = DatabaseUnreachable(
    "the database went away", fix="What is done and paid is kept. Once it is back, run this again."
)
_INTERRUPTED = 130
_MAKES = {"make", "demo", "retry", "approve", "edit-sentence"}
_RUN_UNTIL_STOPPED = {"up", "work", "web", "care", "sandbox", "n8n"}


def run(door: Door, arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in arguments
    app = typer.Typer(
        name="ytempire",
        help="Plans, writes, voices, renders, publishes and accounts for videos, on your own server.\n\n"
        "Start with `ytempire demo`; `ytempire COMMAND --help` tells more.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for family in (
        make, videos, changes, channels, topics, running, operator, care, doctor, plan, costs, simulate, n8n,
    ):  # fmt: skip
        family.register(app, door)
    try:
        code = app(args=arguments, standalone_mode=False)
        sys.stdout.flush()
        if code == _INTERRUPTED:
            return _stopped(arguments, as_json=as_json)
        return code if isinstance(code, int) else 0  # a command's typer.Exit arrives as a value here
    except YtempireError as error:
        return _failed(error, as_json=as_json)
    except typer.Exit as leaving:
        return leaving.exit_code
    except (KeyboardInterrupt, typer.Abort, asyncio.CancelledError):
        return _stopped(arguments, as_json=as_json)
    except BrokenPipeError:  # whoever read our output has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - the outermost door: a person gets a sentence, the log the traceback
        show = getattr(error, "show", None)  # click's usage errors know how to show themselves
        if show is None:
            fault = _fault(door, error)  # its account is kept in any case
            return _failed(DATABASE_AWAY if _is_away(error) else fault, as_json=as_json)
        if as_json:
            return _failed(_usage(error), as_json=True)
        show()
        return int(getattr(error, "exit_code", 2))


def _failed(error: YtempireError, *, as_json: bool) -> int:
    _tell(error, as_json=as_json)
    return 2 if isinstance(error, _USER_ERRORS) or error.code == BadInput.code else 1


def _stopped(arguments: list[str], *, as_json: bool) -> int:
    if any(argument in _RUN_UNTIL_STOPPED for argument in arguments[:1]):
        error_console().print("stopped")
        return 0  # the way in which these end
    if arguments[:1] == ["simulate"]:
        return _INTERRUPTED  # it has told how far it came
    if not _MAKES.intersection(arguments[:1]):
        _tell(YtempireError("stopped", code="interrupted"), as_json=as_json)
        return _INTERRUPTED
    flag = " --rehearsal" if "--rehearsal" in arguments or arguments[:1] == ["demo"] else ""
    fix = (
        f"`ytempire videos{flag}` shows where things stand, `ytempire retry last{flag}` goes on from there: what is"
        " done and paid is kept. If `ytempire up` runs, it goes on by itself."
    )
    _tell(YtempireError("stopped", fix=fix, code="interrupted"), as_json=as_json)
    return _INTERRUPTED


def _usage(error: Exception) -> BadInput:
    """click's complaint about a command line, as an error of ours."""
    name = getattr(getattr(error, "param", None), "name", None)
    message = str(getattr(error, "format_message", lambda: error)())
    return BadInput(message, field=name, fix="`ytempire COMMAND --help` tells what fits.")


def _is_away(error: BaseException | None) -> bool:
    """Whether the database went away: the queue says so in an exception of its own, which names the true one."""
    while error is not None and not isinstance(error, ConnectionLost):
        error = error.__cause__
    return error is not None and (error.sqlstate is None or error.sqlstate.startswith(("08", "57P0")))


def _fault(door: Door, error: Exception) -> YtempireError:
    """What nobody foresaw: one sentence here, the whole account in a file."""
    said = (redacted(str(error)).strip() or "no message").splitlines()[0]
    try:
        log = keep_fault(error, door.settings().state_dir)
    except YtempireError:
        log = None
    fix = f"The account of it is in {log}; please report it." if log else "Please report it."
    return YtempireError(f"a fault of ytempire's own: {type(error).__name__}: {said}", fix=fix, code="fault")


def _tell(error: YtempireError, *, as_json: bool) -> None:
    if as_json:
        body = {"code": error.code, "message": error.message, "field": error.field, "fix": error.fix}
        body |= getattr(error, "facts", {})
        sys.stdout.write(json.dumps({"error": body}) + "\n")
        sys.stdout.flush()
        return
    console = error_console()
    where = f"{error.field}: " if error.field else ""
    says = f"error: {where}{error.message}"
    console.print(says, style="bold red", markup=False, highlight=False, soft_wrap=True)
    if error.fix:
        console.print(f"  {error.fix}", markup=False, highlight=False, soft_wrap=True)
