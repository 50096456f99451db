"""The whole platform without renders: its memory and its database connections while a hundred users use it.

    python bench/footprint.py [--seconds 30]

`ytempire up --rehearsal` runs as an operator starts it: PostgreSQL, Valkey, web, two workers, sandbox. Then 100 users
ask once a second each and hold a stream of events open. Told is the highest sum of PSS over all of its processes
(memory shared between them counts once) and the most sessions that PostgreSQL served at once. The baseline is the same
platform before anybody asked.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.api import CALENDAR, EVENTS, USERS, a_user, load, pages
from ytempire.kit.database import Database
from ytempire.kit.ids import new_id
from ytempire.kit.settings import Settings
from ytempire.local.machine import local_services
from ytempire.local.postgres import ADMIN, Postgres

GOAL_MB, GOAL_CONNECTIONS = 1000, 100
LOOK_EVERY_S = 0.5
READY = "Ctrl-C stops everything"
SESSIONS = "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"


def pss_mb(root: int) -> dict[str, float]:
    """Memory of the tree by what runs, in MB."""
    found: dict[str, float] = {}
    for process in [psutil.Process(root), *psutil.Process(root).children(recursive=True)]:
        try:
            name, size_mb = named(process.cmdline()), process.memory_full_info().pss / 1e6
        except psutil.NoSuchProcess:
            continue
        found[name] = found.get(name, 0.0) + size_mb
    return found


def named(command: list[str]) -> str:
    """What a process is, in a word or two."""
    words = " ".join(command)
    if words.startswith("postgres:") or "/postgres " in words:
        return "postgresql"
    if "valkey-server" in words:
        return "valkey"
    if "bin/n8n" in words:
        return "n8n"
    if "ffmpeg" in words.split(" ", 1)[0]:
        return "ffmpeg"
    for what in (
        "local.keeper",
        "work --queues light",
        "work --queues render",
        "sandbox",
        "ytempire web",
        "ytempire up",
    ):
        if what in words:
            return what.removeprefix("local.").removeprefix("ytempire ")
    return "other"


async def measure(folder: Path, seconds: int) -> dict[str, object]:
    """Start it, use it, look."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YTEMPIRE_")} | {
        "YTEMPIRE_STATE_DIR": str(folder / "state"),
        "YTEMPIRE_REQUESTS_PER_MINUTE": "100000",
        "YTEMPIRE_WEB_PORT": "0",
    }
    command = [sys.executable, "-m", "ytempire", "up", "--rehearsal"]
    up = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        url = await asyncio.to_thread(_address, up)
        settings = Settings(state_dir=folder / "state" / "rehearsal", rehearsal=True)
        async with local_services(settings) as addresses:
            return await _used(up.pid, url, settings, addresses.database_url, seconds)
    finally:
        up.terminate()
        up.wait(60)


def _address(up: subprocess.Popen[str]) -> str:
    """Where the web server answers, once all of it runs."""
    url = ""
    for line in up.stdout or ():
        if "web server answers at " in line:
            url = line.rsplit(" ", 1)[1].strip().rstrip("/")
        if READY in line:
            return url
    raise RuntimeError("it did not start")


async def _used(root: int, url: str, settings: Settings, database_url: str, seconds: int) -> dict[str, object]:
    port = int(database_url.rsplit(":", 1)[1].split("/")[0])
    admin_url = Postgres(port, 0, settings.state_dir / "secrets").url(ADMIN, database_url.rsplit("/", 1)[1])
    calm = pss_mb(root)
    database = Database(database_url)
    await database.open()
    keys = [(await a_user(database, 50))[1] for _ in range(USERS)]
    await database.close()
    paths = [page.path for page in pages(new_id()) if page.name != "topics"]
    asked = {"kind": "open", "url": url, "paths": [*paths, CALENDAR], "keys": keys, "stream": EVENTS}
    loading = asyncio.create_task(load(**asked, seconds=seconds))
    most_mb, by_part, most_sessions = 0.0, calm, 0
    async with await psycopg.AsyncConnection.connect(admin_url, autocommit=True) as admin:
        while not loading.done():
            await asyncio.sleep(LOOK_EVERY_S)
            now = await asyncio.to_thread(pss_mb, root)
            if sum(now.values()) > most_mb:
                most_mb, by_part = sum(now.values()), now
            row = await (await admin.execute(SESSIONS)).fetchone()
            most_sessions = max(most_sessions, int(row[0]) if row else 0)
    told = await loading
    return {
        "bench": "footprint",
        "memory_mb": round(most_mb),
        "memory_goal_mb": GOAL_MB,
        "by_part_mb": {name: round(size) for name, size in sorted(by_part.items(), key=lambda part: -part[1])},
        "calm_mb": round(sum(calm.values())),
        "ratio_to_calm": round(most_mb / sum(calm.values()), 2),
        "connections": most_sessions,
        "connections_goal": GOAL_CONNECTIONS,
        "users": USERS,
        "streams": told["streams"],
        "requests": told["requests"],
        "errors": told["errors"],
        "met": most_mb <= GOAL_MB
        and most_sessions <= GOAL_CONNECTIONS
        and told["streams"] == USERS
        and not told["errors"],
    }


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=30)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ytempire-footprint-"))
    folder.chmod(0o755)
    try:
        figures = asyncio.run(measure(folder, given.seconds))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures))
    sys.exit(0 if figures["met"] else 1)


if __name__ == "__main__":
    main()
