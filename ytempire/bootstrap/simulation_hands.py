"""The simulation's hands in processes of their own, so that every core drives videos.

The coordinator says an instant and the jobs that are due; each process drives its part and says what came of it.
"""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe
from typing import Any

from ytempire.bootstrap.simulation_stage import Services, simulated_platform
from ytempire.kit.clock import SetClock
from ytempire.kit.logs import log_for_machines
from ytempire.kit.settings import Settings
from ytempire.ledger import Policy
from ytempire.local.folder import open_log
from ytempire.orchestration.simulation import Job, OwnHands

AT_ONCE = 4
"""Videos driven together by one process: while one waits for a vendor's answer, others go on."""
_STOP_WITHIN_S = 20.0


class _Process:
    """One process and the pipe to it."""

    def __init__(self, *arguments: object) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, *arguments), daemon=True)
        self._process.start()
        theirs.close()

    async def ask(self, said: object) -> Any:  # noqa: ANN401 - what the other side answers
        """Say something and wait for the answer. Raises what the other side raised."""
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        self._pipe.send(said)
        loop.add_reader(self._pipe.fileno(), _ring, ready)
        try:
            await ready
        finally:
            loop.remove_reader(self._pipe.fileno())
        answer = self._pipe.recv()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def end(self) -> None:
        """Ask it to end; make it."""
        self._process.terminate()
        self._process.join(_STOP_WITHIN_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._pipe.close()


def _ring(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


class ManyHands:
    """The port `Hands` over several processes."""

    def __init__(self, processes: Sequence[_Process]) -> None:
        self._processes = list(processes)

    async def drive(self, jobs: Sequence[Job], at: datetime) -> list[Job]:
        """See `Hands`."""
        self._processes.append(self._processes.pop(0))  # who is first gets the odd job
        parts = [(process, jobs[index :: len(self._processes)]) for index, process in enumerate(self._processes)]
        answers = await asyncio.gather(*(process.ask((at, part)) for process, part in parts if part))
        return [job for answer in answers for job in answer]


@asynccontextmanager
async def many_hands(
    settings: Settings, services: Services, policy: Policy, *, processes: int
) -> AsyncIterator[ManyHands]:
    """So many processes, ended with this."""
    values = vars(policy) | {"lines": dict(policy.lines), "shares": dict(policy.shares)}  # what a pipe can carry
    started = [_Process(settings, services, values) for _ in range(processes)]
    try:
        await asyncio.gather(*(process.ask(None) for process in started))  # all are connected
        yield ManyHands(started)
    finally:
        for process in started:
            await asyncio.to_thread(process.end)


def _serve(pipe: Pipe, settings: Settings, services: Services, values: dict[str, Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the coordinator's
    asyncio.run(_drive(pipe, settings, services, Policy(**values)))


async def _drive(pipe: Pipe, settings: Settings, services: Services, policy: Policy) -> None:
    clock = SetClock(datetime.fromtimestamp(0, UTC))
    with io.TextIOWrapper(open_log(settings.state_dir, "hands"), write_through=True) as log:
        log_for_machines(log)
        async with simulated_platform(settings, services, policy, clock) as built:
            hands = OwnHands(built.platform, clock, built.schedule, at_once=AT_ONCE)
            while True:
                said = await asyncio.to_thread(pipe.recv)
                try:
                    answer: object = await hands.drive(said[1], said[0]) if said else []
                except Exception as error:  # noqa: BLE001 - the coordinator decides
                    answer = error
                pipe.send(answer)
