"""Starts, watches and stops ytempire's own processes for `ytempire up`: workers, web, whatever else runs beside it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from ytempire.kit.errors import YtempireError
from ytempire.local.account import Account
from ytempire.local.addresses import answers
from ytempire.local.folder import make_state_folder, open_log
from ytempire.local.tied import end, start_tied

_LOOK_EVERY_S = 0.1
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
_STEADY_S = 60.0  # a process that lived this long starts its pauses anew
_STOP_WITHIN_S = 20.0


class ProcessFailed(YtempireError):  # noqa: N818
    """One of our processes ended or stayed silent instead of getting ready; the message has the end of its log."""

    code = "process_failed"


@dataclass(frozen=True)
class Program:
    """A program to run: `arguments` after the `binary`, by default Python's: `("-m", "ytempire", "work")`.

    With `ready_file` (its path also among the arguments) it is ready once it has written that file: a JSON object,
    `{"url": …}` where it has an address. With `port`, once it accepts connections there. With `says_ready`, once it
    does. With none of them it counts as ready when started. `name` names its log.

    A foreign program that is to know nothing of ours is `apart`: it gets no environment but `env`, lives in the folder
    `home`, and under root runs as `account`.
    """

    name: str
    arguments: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    ready_file: Path | None = None
    port: int | None = None
    binary: Path = Path(sys.executable)
    ready_within_s: float = 30.0
    says_ready: Callable[[], bool] | None = None
    apart: bool = False
    home: Path = Path(__file__).parents[2]
    account: Account | None = None


@dataclass
class _Running:
    program: Program
    process: subprocess.Popen[bytes]
    started_s: float
    pause_s: float = _FIRST_PAUSE_S
    next_try_s: float | None = None
    restarts: int = 0


class Processes:
    """A set of processes that ends with this one, in any case, and in order when this is closed.

    Use it as an async context manager, from the main thread (see `tied`).
    """

    def __init__(self, state_dir: Path, *, tell: Callable[[str], None] = lambda _line: None) -> None:
        self._state_dir = state_dir
        self._tell = tell
        self._running: dict[str, _Running] = {}
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._watch = asyncio.create_task(self._watch_all())
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    async def start(self, program: Program) -> str | None:
        """Start a program and wait until it is ready; its address if it has one. Raises ProcessFailed."""
        process = self._begin(program)
        try:
            said = await self._ready(program, process)
        except BaseException:
            end(process, within_s=2)
            raise
        self._running[program.name] = _Running(program, process, time.monotonic())
        return said.get("url")

    def pid(self, name: str) -> int:
        """The process id that serves under this name now."""
        return self._running[name].process.pid

    def restarts(self, name: str) -> int:
        """How often this one had to be started again."""
        return self._running[name].restarts

    async def stop(self) -> None:
        """Ask all to stop, the latest first, and kill who does not within 20 s."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        latest_first = [running.process for running in reversed(self._running.values())]
        self._running.clear()
        for process in latest_first:
            if process.poll() is None:
                process.terminate()
        await asyncio.gather(*(asyncio.to_thread(end, process, within_s=_STOP_WITHIN_S) for process in latest_first))

    def _begin(self, program: Program) -> subprocess.Popen[bytes]:
        if program.ready_file is not None:
            make_state_folder(program.ready_file.parent)
            program.ready_file.unlink(missing_ok=True)
        with open_log(self._state_dir, program.name) as log:
            return start_tied(
                [program.binary, *program.arguments],
                output=log,
                cwd=program.home,
                env=program.env if program.apart else {**os.environ, **program.env},
                account=program.account,
            )

    async def _ready(self, program: Program, process: subprocess.Popen[bytes]) -> dict[str, str]:
        deadline = time.monotonic() + program.ready_within_s
        while True:
            if process.poll() is not None:
                raise self._failed(program, f"ended at once with exit code {process.returncode}")
            if (said := await asyncio.to_thread(_said, program)) is not None:
                return said
            if time.monotonic() > deadline:
                raise self._failed(program, f"was not ready within {program.ready_within_s:.0f} s")
            await asyncio.sleep(0.02)

    async def _watch_all(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            for running in list(self._running.values()):
                self._look_after(running, time.monotonic())

    def _look_after(self, running: _Running, now_s: float) -> None:
        code = running.process.poll()
        if code is None:
            return
        if running.next_try_s is None:
            if now_s - running.started_s > _STEADY_S:
                running.pause_s = _FIRST_PAUSE_S
            running.next_try_s = now_s + running.pause_s
            self._tell(
                f"{running.program.name} ended with {code}; starting it again in {running.pause_s:.1f} s"
                f" (its log: {self._state_dir / 'logs' / running.program.name}.log)"
            )
            running.pause_s = min(_LONGEST_PAUSE_S, running.pause_s * 2)
        elif now_s >= running.next_try_s:
            running.process = self._begin(running.program)
            running.started_s, running.next_try_s = now_s, None
            running.restarts += 1

    def _failed(self, program: Program, what: str) -> ProcessFailed:
        log = self._state_dir / "logs" / f"{program.name}.log"
        tail = "\n".join(log.read_text(errors="replace").strip().splitlines()[-6:])
        return ProcessFailed(f"{program.name} {what}:\n{tail}", fix=f"The whole log: {log}")


def _said(program: Program) -> dict[str, str] | None:
    """What a program says of itself once it is ready; None before."""
    if program.port is not None and not answers(program.port):
        return None
    if program.says_ready is not None and not program.says_ready():
        return None
    if program.ready_file is None:
        return {}
    try:
        return dict(json.loads(program.ready_file.read_text()))
    except (FileNotFoundError, ValueError):  # not there yet, or half written
        return None
