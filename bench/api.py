"""The speed of the API: our list pages beside a bare FastAPI giving the same bytes, and a hundred users at once.

    python bench/api.py [--rounds 5] [--seconds 3] [--open-seconds 30]

Closed loop: 16 connections, one web process, one core's worth of Python on either side; baseline and ours in turn, several
rounds, medians. The baseline asks the same PostgreSQL for the same fifty rows through the same driver and a response
model (bench/api_bare.py), without authentication, rates, tenants or anything else. Open loop: 100 users, each with an API
key of their own, ask once a second and hold a stream of events open; told is our own time (`Server-Timing: own`), first
alone and then while four videos are rendered beside it.
The load comes from a process of its own (bench/load.py).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shlex
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psutil
import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import api_bare
from tests.stores.many_rows import fill
from tests.web.conftest import make_user
from ytempire.accounts.credentials import store as credentials
from ytempire.accounts.model import SCOPES, ApiKey
from ytempire.accounts.secrets import hashed, new_api_key
from ytempire.kit.clock import SystemClock
from ytempire.kit.database import Database
from ytempire.kit.settings import Settings
from ytempire.local.machine import local_services
from ytempire.local.postgres import ADMIN, Postgres
from ytempire.planning import resume_plan

GOAL_RATIO, GOAL_P95_MS, GOAL_P99_MS, GOAL_SLOWER = 0.6, 20.0, 50.0, 2.0
CONNECTIONS, USERS, ROWS = 16, 100, 200
EVENTS = "/api/v1/events"
CALENDAR = "/api/v1/plan/calendar"


@dataclass(frozen=True)
class Page:
    """A page that lists, and the bare table that gives the same."""

    name: str
    template: str
    path: str

    @property
    def table(self) -> str:
        return f"bare_{self.name}"


def pages(channel: UUID) -> list[Page]:
    """The list pages, each with fifty rows to show."""
    found = [
        Page("channels", "/api/v1/channels", "/api/v1/channels"),
        Page("videos", "/api/v1/videos", "/api/v1/videos"),
        Page("topics", "/api/v1/channels/{channel_id}/topics", f"/api/v1/channels/{channel}/topics"),
        Page("keys", "/api/v1/api-keys", "/api/v1/api-keys"),
        Page("costs_by_video", "/api/v1/costs/videos", "/api/v1/costs/videos"),
    ]
    there = api_bare.models()
    return [page for page in found if page.template in there]


async def a_user(database: Database, rows: int) -> tuple[UUID, str, UUID]:
    """A user with a key and rows on every page."""
    now = SystemClock().now()
    user = await make_user(database)
    key_id, secret, key = new_api_key()
    async with database.transaction(user) as conn:
        await credentials.add_api_key(
            conn, user, ApiKey(key_id, "bench", SCOPES, now, None, None, None), hashed(secret)
        )
    await resume_plan(database, user, now, rehearsal=True)
    return user, key, await fill(database, user, rows, now)


@asynccontextmanager
async def ours(state: Path, database_url: str, redis_url: str) -> AsyncIterator[tuple[str, int]]:
    """Our web server, as `up` starts it: where it answers, and its process."""
    ready = state / "web-ready.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YTEMPIRE_")} | {
        "YTEMPIRE_STATE_DIR": str(state),
        "YTEMPIRE_REHEARSAL": "1",
        "YTEMPIRE_SANDBOX_URL": "http://127.0.0.1:9",
        "YTEMPIRE_REQUESTS_PER_MINUTE": "1000000",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
    }
    command = [sys.executable, "-m", "ytempire", "web", "--ready-file", str(ready)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not ready.exists():
            if process.poll() is not None:
                raise RuntimeError("the web server did not start")
            await asyncio.sleep(0.1)
        yield json.loads(ready.read_text())["url"], process.pid
    finally:
        process.terminate()
        process.wait(30)


@asynccontextmanager
async def bare(admin_url: str, app_url: str, url: str, key: str, every: list[Page]) -> AsyncIterator[str]:
    """The baseline's server, its tables filled with what our pages show now."""
    described = []
    async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        for page in every:
            answer = (await client.get(page.path)).json()
            where = (
                next((name for name in api_bare.ITEMS if name in answer), None) if isinstance(answer, dict) else None
            )
            rows = answer[where] if where else answer
            assert len(rows) == 50, f"{page.name}: {len(rows)} rows instead of 50"
            api_bare.fill(admin_url, page.table, page.template, rows)
            frame = {name: value for name, value in answer.items() if name != where} if where else {}
            described.append(
                {
                    "template": page.template,
                    "bare": f"/{page.name}",
                    "table": page.table,
                    "frame": frame,
                    "where": where,
                }
            )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        os.set_inheritable(listening.fileno(), True)
        given = {"url": app_url, "fd": listening.fileno(), "pages": described}
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.api_bare", json.dumps(given)], pass_fds=[listening.fileno()]
        )
        at = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            async with httpx.AsyncClient(timeout=60) as client:
                for page in every:
                    same = await client.get(f"{at}/{page.name}")
                    theirs = await client.get(f"{url}{page.path}", headers={"Authorization": f"Bearer {key}"})
                    assert same.content == theirs.content, f"{page.name}: not the same bytes"
            yield at
        finally:
            process.terminate()
            process.wait(30)


async def load(**wanted: Any) -> dict[str, Any]:
    """What the load process says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.load", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    said, _ = await process.communicate(json.dumps(wanted).encode())
    if process.returncode:
        raise RuntimeError("the load ended badly")
    return dict(json.loads(said))


async def compare(at: str, url: str, key: str, every: list[Page], rounds: int, seconds: float) -> dict[str, Any]:
    """Requests a second of each page, the baseline's and ours in turn."""
    told = {}
    for page in every:
        pairs = []
        for turn in range(rounds + 1):
            theirs = await load(
                kind="closed", url=at, path=f"/{page.name}", keys=[""], connections=CONNECTIONS, seconds=seconds
            )
            mine = await load(
                kind="closed", url=url, path=page.path, keys=[key], connections=CONNECTIONS, seconds=seconds
            )
            assert not theirs["errors"], f"{page.name}: the baseline failed"
            assert not mine["errors"], f"{page.name}: {mine['errors']} errors"
            if turn:  # the first warms up
                pairs.append((theirs["per_s"], mine["per_s"]))
        told[page.name] = {
            "bare_per_s": round(statistics.median(theirs for theirs, _ in pairs)),
            "ours_per_s": round(statistics.median(mine for _, mine in pairs)),
            "ratio": round(statistics.median(mine / theirs for theirs, mine in pairs), 3),
        }
        print(f"{page.name:<16} {told[page.name]}", flush=True)
    return told


@asynccontextmanager
async def renders(folder: Path, count: int) -> AsyncIterator[None]:
    """So many render slots at work, each on a video of ten minutes, as bench/memory.py renders it."""
    one = folder / "render"
    one.mkdir()
    again = [sys.executable, "-m", "bench.memory"]
    preparing = await asyncio.create_subprocess_exec(*again, "--prepare", str(one), "10")
    if await preparing.wait():
        raise RuntimeError("the video could not be prepared")
    folders = [one, *(Path(shutil.copytree(one, folder / f"render-{number}")) for number in range(1, count))]
    # one session of its own that gives way, as a render worker with so many slots is
    begun = " & ".join(shlex.join([*again, "--render", str(each)]) for each in folders)
    give_way = "import os; from ytempire.local.priority import give_way; give_way(); os.execvp('bash', ['bash', '-c', "
    working = subprocess.Popen(
        [sys.executable, "-c", f"{give_way}{begun + ' & wait'!r}])"], stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        await asyncio.sleep(8)  # they import and begin
        yield
        if len(psutil.Process(working.pid).children()) < count:
            raise RuntimeError("a render ended before the measurement did")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(working.pid, signal.SIGKILL)
        working.wait()


async def measure(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Everything, on services of its own."""
    settings = Settings(state_dir=folder / "state")
    async with local_services(settings) as addresses:
        port = int(addresses.database_url.rsplit(":", 1)[1].split("/")[0])
        admin_url = Postgres(port, 0, settings.state_dir / "secrets").url(
            ADMIN, addresses.database_url.rsplit("/", 1)[1]
        )
        database = Database(addresses.database_url)
        await database.open()
        _, key, channel = await a_user(database, ROWS)
        keys = [(await a_user(database, 50))[1] for _ in range(USERS)]
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute("analyze")
        await database.close()
        every = [page for page in pages(channel) if not given.pages or page.name in given.pages]
        async with ours(folder / "state", addresses.database_url, addresses.redis_url) as (url, _):
            async with bare(admin_url, addresses.database_url, url, key, every) as at:
                closed = await compare(at, url, key, every, given.rounds, given.seconds)
            document = httpx.get(f"{url}/api/v1/openapi.json", timeout=60).json()
            stream = EVENTS if EVENTS in document["paths"] else None
            # The calendar is no list of rows: it works out the days to come. It is asked for, and not compared.
            paths = [*(page.path for page in every if str(channel) not in page.path), CALENDAR]
            asked = {
                "kind": "open",
                "url": url,
                "paths": paths,
                "keys": keys,
                "seconds": given.open_seconds,
                "stream": stream,
            }
            opened: dict[str, Any] = {}
            if given.open_seconds:
                await load(**asked | {"seconds": 3})
                opened["calm"] = await load(**asked)
                print(f"100 users            {opened['calm']}", flush=True)
                if given.renders:
                    async with renders(folder, given.renders):
                        opened["renders"] = await load(**asked)
                    print(f"beside {given.renders} renders     {opened['renders']}", flush=True)
    return _told(closed, opened, stream)


def _told(closed: dict[str, Any], opened: dict[str, Any], stream: str | None) -> dict[str, Any]:
    calm = opened.get("calm")
    worst = min(page["ratio"] for page in closed.values())
    met = worst >= GOAL_RATIO
    if calm:
        met &= calm["own_p95_ms"] <= GOAL_P95_MS and calm["own_p99_ms"] <= GOAL_P99_MS and not calm["errors"]
        met &= stream is None or calm["streams"] == USERS
    busy = opened.get("renders")
    slower = {name: round(busy[name] / calm[name], 2) for name in ("own_p95_ms", "own_p99_ms")} if calm and busy else {}
    if busy:
        met &= max(slower.values()) <= GOAL_SLOWER and not busy["errors"]
    return {
        "pages": closed,
        "ratio_worst": worst,
        "open_loop": opened,
        "slower_beside_renders": slower,
        "goal_slower_beside_renders": GOAL_SLOWER,
        "goal_ratio": GOAL_RATIO,
        "goal_own_p95_ms": GOAL_P95_MS,
        "goal_own_p99_ms": GOAL_P99_MS,
        "met": met,
    }


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--open-seconds", type=int, default=30, help="0: no open loop")
    parser.add_argument("--renders", type=int, default=4, help="side by side, for the second open loop; 0: none")
    parser.add_argument("--pages", nargs="*", help="only these")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ytempire-api-"))
    folder.chmod(0o755)
    began = time.perf_counter()
    try:
        figures = asyncio.run(measure(folder, given))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures | {"took_s": round(time.perf_counter() - began)}))
    sys.exit(0 if figures["met"] else 1)


if __name__ == "__main__":
    main()
