"""`ytempire simulate`: the stage is set, the days are played, the books are read, the stage is cleared away."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import psutil

from ytempire.bootstrap.given import policy_of, settings_for
from ytempire.bootstrap.simulation_hands import AT_ONCE, many_hands
from ytempire.bootstrap.simulation_stage import (
    Services,
    SimulatedPlatform,
    channels_of,
    own_services,
    simulated_platform,
)
from ytempire.kit.clock import SetClock
from ytempire.kit.ids import new_id
from ytempire.kit.settings import Settings
from ytempire.ledger import Policy
from ytempire.local.folder import PASSABLE, make_folder, make_state_folder
from ytempire.orchestration.simulation import (
    Hands,
    OwnHands,
    Play,
    Played,
    Report,
    Stage,
    Wishes,
    people_of,
    read_report,
    settle_in,
)
from ytempire.providers.standin import SandboxVendors

Tell = Callable[[str, Played | None], None]
"""(what is going on, how far the play is)."""


async def simulate(wishes: Wishes, processes: int, keep: bool, tell: Tell) -> Report:
    """What the command line calls: with the caps of the settings."""
    settings = settings_for(False)
    return await play(settings, policy_of(settings), wishes, processes=processes, tell=tell, keep=keep)


async def play(
    settings: Settings,
    promised: Policy,
    wishes: Wishes,
    *,
    processes: int,
    tell: Tell,
    policy: Policy | None = None,
    keep: bool = False,
) -> Report:
    """Play and report. Interrupted, it reports how far it came.

    The report judges by `promised`; the platform keeps to `policy` (None: the same), so that a test can show that
    what isn't kept is found.
    """
    folder = make_folder(make_state_folder(settings.state_dir) / f"simulation-{new_id().hex[-12:]}", PASSABLE)
    own = settings.model_copy(update={"rehearsal": True, "state_dir": folder})
    try:
        return await _simulated(own, promised, policy or promised, wishes, processes, tell)
    finally:
        if keep:
            tell(f"kept in {folder}", None)
        else:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _simulated(
    settings: Settings, promised: Policy, policy: Policy, wishes: Wishes, processes: int, tell: Tell
) -> Report:
    began_s = time.monotonic()
    clock = SetClock(wishes.starts_at - timedelta(days=2))
    tell("starting PostgreSQL, Valkey and the sandbox", None)
    async with (
        own_services(settings.state_dir, policy) as services,
        simulated_platform(settings, services, policy, clock) as built,
        _hands(settings, services, policy, built, processes) as hands,
    ):
        vendors = SandboxVendors(services.sandbox_at)
        await vendors.set_up(youtube_units=promised.units, youtube_uploads=promised.uploads)
        await vendors.set_clock(clock.now())  # what connecting takes of a quota lies before the first day
        tell(f"{wishes.users} users settle in", None)
        cast = await settle_in(
            built.desk,
            clock,
            people_of(wishes),
            channels=wishes.channels,
            channels_of=channels_of,
            sign_in=built.sign_in,
        )
        stage = Stage(built.platform, clock, built.schedule, hands, vendors)
        acting = Play(stage, wishes, cast, lambda played: tell("", played))
        interrupted = await _unless_interrupted(acting)
        tell("reading the books", None)
        report = await read_report(stage, wishes, promised, acting.played, dump_url=services.dump_url)
        report.cpu_s, report.interrupted = _cpu_s(), interrupted
        await vendors.close()
    report.wall_s = time.monotonic() - began_s
    return report


@asynccontextmanager
async def _hands(
    settings: Settings, services: Services, policy: Policy, built: SimulatedPlatform, processes: int
) -> AsyncIterator[Hands]:
    """So many processes; 0: this one drives the videos itself."""
    if not processes:
        yield OwnHands(built.platform, built.clock, built.schedule, at_once=AT_ONCE)
        return
    async with many_hands(settings, services, policy, processes=processes) as hands:
        yield hands


async def _unless_interrupted(play: Play) -> bool:
    """Whether Ctrl-C ended the play."""
    playing = asyncio.ensure_future(play.run())
    try:
        await asyncio.shield(playing)
    except asyncio.CancelledError:
        current = asyncio.current_task()
        if current is not None:
            current.uncancel()
        playing.cancel()
        await asyncio.wait({playing})
        return True
    return False


def _cpu_s() -> dict[str, float]:
    """CPU seconds of this process and all below it so far, by kind."""
    spent: Counter[str] = Counter()
    own = psutil.Process()
    for process in (own, *own.children(recursive=True)):
        try:
            times, words = process.cpu_times(), " ".join(process.cmdline())
        except psutil.Error:
            continue
        kind = "coordinator" if process.pid == os.getpid() else "hands"
        for sign, name in (("-m sandbox", "sandbox"), ("postgres", "postgresql"), ("valkey", "valkey")):
            if sign in words and process.pid != os.getpid():
                kind = name
        spent[kind] += times.user + times.system + times.children_user + times.children_system
    return dict(spent)
