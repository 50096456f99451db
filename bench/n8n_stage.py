"""An installation with n8n that drives it: everything that `ytempire up --rehearsal --n8n` starts, and creators in it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psutil

from ytempire.accounts import store as accounts
from ytempire.accounts.model import User
from ytempire.bootstrap import connect, open_session
from ytempire.channels import create_channel
from ytempire.channels.demo import demo_channels
from ytempire.channels.model import Autopilot, Channel
from ytempire.cli.door import Session
from ytempire.kit.database import Sql
from ytempire.kit.ids import new_id
from ytempire.local.addresses import LOOPBACK, free_port
from ytempire.local.folder import make_folder, make_state_folder, secret_in
from ytempire.planning import resume_plan

READY_WITHIN_S = 600.0
"""The first time on a machine n8n is installed."""
WORKFLOW = "contentGeneration1"
CLAIMS = "claimWhatIsDue001"
VENDOR_VOICE = "elevenlabs:JBFqnCBsd6RMkjVDRZzb"
SHORT_MINUTES = 0.25
RESTS = frozenset({"published", "failed", "cancelled", "in_review"})
RESTS_WITHIN_S = 600.0
_WEB = re.compile(r"the web server answers at (\S+?)/\s")
_SAID = re.compile(r"n8n answers at (\S+?)/\s+\(sign in as (\S+), password in (\S+)\)")


def quota_for(videos: int) -> dict[str, int]:
    """YouTube's usual quota of a day, or what Google would have to grant for so many videos."""
    return {"units_per_day": max(10_000, 300 * videos), "uploads_per_day": max(100, 2 * videos)}


@dataclass(frozen=True)
class Up:
    """The running command (and n8n's workers beside it), and where n8n answers its operator."""

    commands: list[subprocess.Popen[bytes]]
    n8n_url: str
    email: str
    password_file: Path
    session: Session
    web_url: str
    began_s: float
    """When it was ready, by the stopwatch."""
    made: list[Channel] = field(default_factory=list)
    """All channels of the creators that were made here."""

    def children(self, said: str) -> list[psutil.Process]:
        """Their processes whose command line has this."""
        found = []
        for command in self.commands:
            for one in psutil.Process(command.pid).children(recursive=True):
                try:
                    if said in " ".join(one.cmdline()):
                        found.append(one)
                except psutil.Error:
                    continue
        return found

    async def creators(self, how_many: int, *, voice: str = VENDOR_VOICE, reviewed: bool = False) -> list[Channel]:
        """New users with a connected channel each, whose plan is started: a video of each is due at once.

        Who wants their videos `reviewed` sees them first, so nothing is uploaded.
        """
        tools = self.session.platform.tools
        made = []
        for number in range(how_many):
            user = User(new_id(), f"creator {number + 1}", email=None, time_zone="UTC", created_at=tools.clock.now())
            async with tools.database.transaction(user.id) as conn:
                await accounts.add_user(conn, user)
            demo = demo_channels(user.id)
            wanted = replace(
                demo[number % len(demo)],
                voice=voice,
                minutes=SHORT_MINUTES,
                autopilot=Autopilot.REVIEW if reviewed else Autopilot.AUTO,
            )
            made.append(await create_channel(tools.database, tools.clock, wanted, consents=not reviewed))
            await connect(self.session, made[-1], lambda _: None)
        self.made.extend(made)
        for channel in made:
            await resume_plan(tools.database, channel.user_id, tools.clock.now(), rehearsal=True)
        return made

    async def claim(self) -> list[dict[str, str]]:
        """What is due, as n8n claims it every minute."""
        key = (self.session.state_dir / "secrets" / "n8n.api-key").read_text()
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(headers=headers, timeout=30, trust_env=False) as client:
            answer = await client.post(f"{self.web_url}/api/v1/plan/due", json={"driver": "n8n"})
        return list(answer.raise_for_status().json())

    async def runs(self, owners: Sequence[Channel | Driven]) -> list[Driven]:
        """What was driven for these users, and how far it is; their other videos are led by the built-in driver."""
        found = []
        for user_id in {owner.user_id for owner in owners}:
            async with self.session.platform.tools.database.transaction(user_id) as conn:
                cursor = await conn.execute(_DRIVEN, (user_id,))
                found += [Driven(*row) for row in await cursor.fetchall()]
        return found

    async def rested(self, owner: Channel | Driven) -> Driven:
        """The owner's newest video, once it rests."""
        until = time.monotonic() + RESTS_WITHIN_S
        while True:
            found = await self.runs([owner])
            if found and found[-1].state in RESTS and found[-1].run_state != "driving":
                return found[-1]
            if time.monotonic() > until:
                raise RuntimeError(f"no video came to rest within {RESTS_WITHIN_S:.0f} s: {found[-1:]}")
            await asyncio.sleep(0.3)

    async def booked(self, channels: Sequence[Channel], category: str) -> int:
        """Micro-dollars of this category in our books, what is held for calls under way among them."""
        found = 0
        for user_id in {channel.user_id for channel in channels}:
            async with self.session.platform.tools.database.transaction(user_id) as conn:
                cursor = await conn.execute(_BOOKED, (f"video:%/{category}",))
                row = await cursor.fetchone()
                found += int(row[0]) if row else 0  # type: ignore[call-overload]
        return found

    async def paid_twice(self) -> dict[str, int]:
        """Bills of each vendor beyond our calls on record: a video's same request is one record, however often asked.

        Equal requests at the vendor are no such thing: creators of one demo channel ask the same.
        """
        records: Counter[str] = Counter()
        for user_id in {channel.user_id for channel in self.made}:
            async with self.session.platform.tools.database.transaction(user_id) as conn:
                cursor = await conn.execute(_PAID, (user_id,))
                records.update(dict(await cursor.fetchall()))  # type: ignore[call-overload]
        vendors = (await self.books())["vendors"]
        return {vendor: max(0, int(of["paid_calls"]) - records[vendor]) for vendor, of in vendors.items()}

    async def fault(
        self, operation: str, *, vendor: str = "openai", kind: str = "server_error", share: float = 1.0, seed: int = 1
    ) -> None:
        """From now on this share of these calls fails at the vendor."""
        body = {
            "match": {"vendor": vendor, "operation": operation},
            "fault": kind,
            "times": -1,
            "share": share,
            "seed": seed,
        }
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            (await client.post(f"{self.session.sandbox_url}/_faults", json=body)).raise_for_status()

    async def granted(self, quota: Mapping[str, int]) -> None:
        """YouTube grants this quota a day (`quota_for`); the platform knows it by its settings."""
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            (await client.post(f"{self.session.sandbox_url}/_settings", json=quota)).raise_for_status()

    async def no_faults(self) -> None:
        """Vendors are well again."""
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            (await client.delete(f"{self.session.sandbox_url}/_faults")).raise_for_status()

    async def books(self) -> dict[str, Any]:
        """The vendors' own books."""
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            return dict((await client.get(f"{self.session.sandbox_url}/_books")).raise_for_status().json())


_BOOKED: Sql = "select coalesce(sum(spent + overrun + held), 0) from budgets where id like %s"

_PAID: Sql = "select category, count(*) from paid_calls where user_id = %s and hold_state <> 'void' group by 1"
"""What was paid, may have been, or is being made."""


@dataclass(frozen=True)
class Driven:
    """A video and its run; `run_state` None: the built-in driver led it from the beginning."""

    user_id: UUID
    video_id: UUID
    title: str
    state: str
    reason: str
    made_at: datetime
    rested_at: datetime | None
    run_state: str | None
    why: str
    execution: str
    claimed_at: datetime | None
    ended_at: datetime | None


_DRIVEN = """
    select v.user_id, v.id, v.title, v.state, v.reason, v.created_at,
        (select max(s.ended_at) from steps s where s.video_id = v.id), r.state, coalesce(r.reason, ''),
        coalesce(r.execution, ''), r.claimed_at, r.ended_at
    from videos v left join runs r on r.video_id = v.id where v.user_id = %s order by v.created_at"""


@asynccontextmanager
async def up_with_n8n(folder: Path, *, queue_workers: int = 0, **settings: str) -> AsyncIterator[Up]:
    """The command in a state folder of its own, ready, and the platform behind it; this process has its settings.

    With `queue_workers` n8n hands its executions out to so many workers of its own, through our Valkey.
    """
    state = folder / "state"
    os.environ.update(settings, YTEMPIRE_STATE_DIR=str(state))
    if queue_workers:
        os.environ.update(_queue_on(state / "rehearsal"))
    log = folder / "up.log"
    with ExitStack() as running:
        process = running.enter_context(_command(log, "up", "--rehearsal", "--n8n"))
        url, email, password_file = _ready(process, log)
        workers = [
            running.enter_context(_command(folder / f"worker-{number}.log", "n8n", "worker", "--rehearsal"))
            for number in range(queue_workers)
        ]
        async with open_session(rehearsal=True) as session:
            web = _WEB.search(log.read_text())
            web_url = web[1] if web else ""
            yield Up([process, *workers], url, email, Path(password_file), session, web_url, time.monotonic())


@contextmanager
def _command(log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "ytempire", *arguments], stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(90)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _queue_on(state_dir: Path) -> dict[str, str]:
    """Settings of the queue mode on the Valkey that the command will start."""
    password = secret_in(make_folder(make_state_folder(state_dir) / "secrets") / "valkey.password")
    port = free_port()
    return {
        "YTEMPIRE_VALKEY_PORT": str(port),
        "YTEMPIRE_N8N_REDIS_URL": f"redis://:{password}@{LOOPBACK}:{port}/1",
    }


def _ready(process: subprocess.Popen[bytes], log: Path) -> tuple[str, ...]:
    until = time.monotonic() + READY_WITHIN_S
    while not (said := _SAID.search(log.read_text())):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"`ytempire up --n8n` did not get ready:\n{log.read_text()[-2000:]}")
        time.sleep(0.1)
    return said.groups()


def read_execution(text: str) -> dict[str, object]:
    """n8n's flattened record of an execution as what it says: texts inside of it are numbers of places."""
    places = json.loads(text)

    def at(value: object) -> object:
        if isinstance(value, dict):
            return {name: at(places[int(one)]) if isinstance(one, str) else one for name, one in value.items()}
        if isinstance(value, list):
            return [at(places[int(one)]) if isinstance(one, str) else one for one in value]
        return value

    return dict(at(places[0]))  # type: ignore[call-overload]
