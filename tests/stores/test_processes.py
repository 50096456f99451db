"""Our own processes: ready, restarted, stopped in order, and never left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from ytempire.local.processes import Processes, ProcessFailed, Program

ROOT = Path(__file__).parents[2]

SERVES = """
import json, pathlib, sys, time
pathlib.Path(sys.argv[1]).write_text(json.dumps({"url": "http://127.0.0.1:1"}))
time.sleep(60)
"""


def program(folder: Path, code: str = SERVES, **kwargs: object) -> Program:
    ready = folder / "run" / "ready.json"
    return Program("worker", ("-c", code, str(ready)), ready_file=ready, **kwargs)


@pytest.fixture
async def processes(tmp_path: Path) -> AsyncIterator[Processes]:
    async with Processes(tmp_path) as running:
        yield running


async def until(condition: Callable[[], bool], within_s: float = 10) -> None:
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.02)


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def test_it_waits_until_the_program_is_ready(processes: Processes, tmp_path: Path) -> None:
    assert await processes.start(program(tmp_path)) == "http://127.0.0.1:1"
    pid = processes.pid("worker")
    assert os.getpgid(pid) != os.getpgid(0), "Ctrl-C in our terminal must not reach it before we do"
    await processes.stop()
    assert gone(pid)


async def test_a_crashed_program_is_started_again_with_growing_pauses(tmp_path: Path) -> None:
    told: list[str] = []
    async with Processes(tmp_path, tell=told.append) as processes:
        await processes.start(program(tmp_path))
        os.kill(processes.pid("worker"), signal.SIGKILL)
        await until(lambda: processes.restarts("worker") == 1)
        os.kill(processes.pid("worker"), signal.SIGKILL)
        await until(lambda: len(told) == 2)
    log = tmp_path / "logs" / "worker.log"
    assert told == [
        f"worker ended with -9; starting it again in 0.5 s (its log: {log})",
        f"worker ended with -9; starting it again in 1.0 s (its log: {log})",
    ]
    assert log.exists()


async def test_a_program_that_ends_at_once_says_why(processes: Processes, tmp_path: Path) -> None:
    with pytest.raises(ProcessFailed, match=r"(?s)worker ended at once with exit code 3:.*no such luck"):
        await processes.start(program(tmp_path, "import sys; print('no such luck'); sys.exit(3)"))


async def test_a_program_that_stays_silent_is_ended(processes: Processes, tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(ProcessFailed, match="was not ready within 0 s"):
        await processes.start(program(tmp_path, "import time; time.sleep(60)", ready_within_s=0.3))
    assert time.monotonic() - began < 20


async def test_sigkill_of_the_parent_takes_its_programs_along(tmp_path: Path) -> None:
    parent = f"""
import asyncio, sys
from pathlib import Path
from ytempire.local.processes import Processes, Program
async def main():
    async with Processes(Path({str(tmp_path)!r})) as processes:
        ready = Path({str(tmp_path)!r}) / "ready.json"
        await processes.start(Program("worker", ("-c", {SERVES!r}, str(ready)), ready_file=ready))
        print(processes.pid("worker"), flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    child = int(process.stdout.readline())
    assert not gone(child)
    process.kill()
    process.communicate()
    await until(lambda: gone(child))


async def test_a_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "worker.log"
    log.parent.mkdir()
    with log.open("wb") as big:
        big.truncate(10_000_001)
    async with Processes(tmp_path) as processes:
        await processes.start(program(tmp_path))
    assert log.stat().st_size < 1000
    assert log.with_suffix(".log.1").exists()
