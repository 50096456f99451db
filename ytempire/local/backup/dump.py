"""`pg_dump` and `pg_restore` of the embedded PostgreSQL, which also read servers of one's own up to its version."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from ytempire.kit.logs import redacted
from ytempire.local.backup import store
from ytempire.local.backup.model import BackupFailed
from ytempire.local.postgres import installed_binaries


async def dump(url: str, snapshot: str, to: Path) -> None:
    """Write the database as that snapshot shows it, in pg_dump's custom format. Raises BackupFailed."""
    await _run("pg_dump", url, "--format=custom", "--compress=1", f"--snapshot={snapshot}", f"--file={to}")


async def load(url: str, dumped: Path) -> None:
    """Fill an empty database, as a superuser, in one transaction: all or nothing. Raises BackupFailed."""
    await _run("pg_restore", url, "--single-transaction", "--exit-on-error", str(dumped))


async def _run(program: str, url: str, *arguments: str) -> None:
    address, password = store.parted(url)  # in the environment, because a list of processes shows arguments
    process = await asyncio.create_subprocess_exec(
        installed_binaries() / program, "--no-password", f"--dbname={address}", *arguments,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PGPASSWORD": password},
    )  # fmt: skip
    try:
        _, said = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        last = redacted(said.decode(errors="replace")).strip().splitlines()[-4:]
        raise BackupFailed(
            f"{program} ended with {process.returncode}: {' / '.join(last) or 'it said nothing'}",
            fix="If the disk is full, free some; if the server is newer than this PostgreSQL, use its own tools.",
        )
