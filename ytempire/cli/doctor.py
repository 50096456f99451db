"""`doctor`: what is configured, what is stand-in, what is wrong and how to mend it."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from ytempire.channels import find_connection, list_channels
from ytempire.cli.door import Door, Finding, Session
from ytempire.cli.terminal import console
from ytempire.kit.errors import YtempireError
from ytempire.kit.media_store import LocalMediaStore
from ytempire.kit.settings import Settings
from ytempire.orchestration import idle_queues
from ytempire.planning import look_at_plan, look_at_waiting, waiting_words

_STYLES = {"ok": "green", "stand-in": "yellow", "off": "dim", "wrong": "bold red"}


def register(app: typer.Typer, door: Door) -> None:
    """Add the command."""

    @app.command()
    def doctor(
        rehearsal: Annotated[bool, typer.Option("--rehearsal", help="Look at the rehearsal.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False,
    ) -> None:
        """Check every part and say how to mend what is wrong. Exits 1 if something is."""
        findings = asyncio.run(_all_findings(door, rehearsal=rehearsal))
        if as_json:
            sys.stdout.write(json.dumps([asdict(finding) for finding in findings]) + "\n")
        else:
            screen = console()
            for finding in findings:
                screen.print(
                    f"{finding.state:<8} {finding.part:<20} {finding.says}",
                    style=_STYLES[finding.state],
                    markup=False,
                    soft_wrap=True,
                )
                if finding.mend:
                    screen.print(f"{'':<30}→ {finding.mend}", markup=False, soft_wrap=True)
        if any(finding.state == "wrong" for finding in findings):
            raise typer.Exit(1)


async def _all_findings(door: Door, *, rehearsal: bool) -> list[Finding]:
    findings = await door.diagnose(rehearsal)
    try:
        async with door.open_session(rehearsal=rehearsal) as session:
            return findings + await _findings_of_session(session)
    except YtempireError as error:
        if any(finding.says == error.message for finding in findings):
            return findings
        return [*findings, Finding(error.field or "services", "wrong", error.message, error.fix or "")]


async def _findings_of_session(session: Session) -> list[Finding]:
    database = session.platform.tools.database
    found = [
        Finding("PostgreSQL", "ok", "answers, schema up to date, role under row-level security"),
        Finding("Valkey", "ok", "answers") if await session.platform.live.answers() else
        Finding("Valkey", "wrong", "does not answer: progress is not shown", "Check REDIS_URL."),
    ]  # fmt: skip
    narrators = ", ".join(session.platform.tools.voices["local"].known())
    found.append(Finding("local voice", "ok", f"English, on this machine, free of charge: {narrators}"))
    for channel in await list_channels(database, session.user_id):
        connection = await find_connection(database, session.user_id, channel.id)
        if connection is None:
            mend = f"ytempire connect {channel.handle}"
            found.append(Finding(channel.handle, "off", "not connected: its videos can't be published", mend))
        elif connection.broken:
            mend = f"ytempire connect {channel.handle}"
            found.append(Finding(channel.handle, "wrong", connection.broken, mend))
        else:
            found.append(Finding(channel.handle, "ok", f"connected to “{connection.title}”"))
    found += await _findings_of_plan(session)
    for budget in await session.platform.tools.ledger.budgets_today(session.user_id):
        left = budget.cap - budget.held - budget.spent
        if left * 5 < budget.cap:
            found.append(Finding(budget.name, "ok" if left > 0 else "wrong", f"{left} of {budget.cap} left today"))
    return found


async def _findings_of_plan(session: Session) -> list[Finding]:
    """Who works, and what waits for them or for something else."""
    platform, now = session.platform, session.platform.tools.clock.now()
    flag = " --rehearsal" if session.rehearsal else ""
    up, idle = f"`ytempire up{flag}`", await idle_queues(platform)
    found = [
        Finding("workers", "off", f"nobody works on: {', '.join(sorted(idle))}", f"{up} starts them.")
        if idle
        else Finding("workers", "ok", "somebody works on every queue")
    ]
    async with platform.tools.database.system() as conn:
        waiting = await look_at_waiting(conn, now, rehearsal=platform.rehearsal)
    for each in waiting:
        says = f"{each.slots} due {'video waits' if each.slots == 1 else 'videos wait'}: {waiting_words(each.why)}"
        if each.why:
            found.append(Finding("daily plan", "off", f"{says}; looked at again at {each.again_at:%H:%M} UTC"))
        else:
            found.append(Finding("daily plan", "ok", says))
    yours = await look_at_plan(platform.tools.database, session.user_id, now, days=1)
    if yours.plan is None:
        says = "yours is not started: videos are made only when you ask for one"
        found.append(Finding("daily plan", "off", says, f"`ytempire plan resume{flag}` starts it."))
    elif not waiting:
        says = f"nothing due waits; yours is looked at next at {yours.plan.next_at:%Y-%m-%d %H:%M} UTC"
        found.append(Finding("daily plan", "ok", says))
    return found


def findings_of_settings(settings: Settings) -> list[Finding]:
    """What the settings say of each vendor, and how much disk is left."""
    found = []
    for part, key, name in (
        ("model", settings.openai_api_key, "OPENAI_API_KEY"),
        ("voice vendor", settings.elevenlabs_api_key, "ELEVENLABS_API_KEY"),
        ("YouTube", settings.google_client_id, "YTEMPIRE_GOOGLE_CLIENT_ID"),
    ):
        if settings.rehearsal and (part == "YouTube" or not key):
            found.append(Finding(part, "stand-in", "the sandbox answers in its place"))
        elif key:
            found.append(Finding(part, "ok", f"{name} is set"))
        else:
            says = "without it only your own scripts become videos" if part == "model" else "not configured"
            found.append(Finding(part, "off", says, f"Set {name}."))
    return [*found, _finding_of_disk(settings)]


def _finding_of_disk(settings: Settings) -> Finding:
    store = LocalMediaStore(settings.state_dir / "media", floor_bytes=settings.disk_floor_bytes)
    try:
        store.require_space()
    except YtempireError as error:
        return Finding("disk", "wrong", error.message, error.fix or "")
    except OSError as error:
        return Finding("disk", "wrong", str(error), "Free some disk, or choose another YTEMPIRE_STATE_DIR.")
    return Finding("disk", "ok", f"{store.free_bytes() // 1_000_000_000} GB free in {settings.state_dir}")
