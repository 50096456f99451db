"""Commands as processes of their own: stopped in the middle, two at once, and what they leave behind."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from ytempire.local.installation import workers_while_needed

SCRIPT = "It's 5:30 🐙 and bold {\\b1} text [in] costs 50%, %{} or \\N more.\n"
"""Signs that mean something to ASS, to filters and to rich, and one that no typeface has."""
TAKES_AT_MOST_S = 120.0

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def state(services_dir: Path) -> Path:
    """The state folder of this module's commands."""
    return services_dir / "command-line-processes"


@pytest.fixture
def start(state: Path) -> Iterator[Start]:
    """Starts a command; whatever is left of it at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "ytempire", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "YTEMPIRE_STATE_DIR": str(state)},
            # a test run in the background of a shell ignores Ctrl-C, and so would its children
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        with process:
            process.kill()


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    out, err = process.communicate(timeout=TAKES_AT_MOST_S)
    assert "Traceback" not in out + err
    assert "\x1b" not in out + err
    return process.returncode, out, err


def left_of(state: Path) -> list[str]:
    """Command lines of processes that still belong to this state folder, after a moment's grace."""
    until = time.monotonic() + 15
    while True:
        left = [line for process in psutil.process_iter() if (line := _of_state(process, state))]
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.1)


def _of_state(process: psutil.Process, state: Path) -> str:
    try:
        line = " ".join(process.cmdline())
        belongs = process.environ().get("YTEMPIRE_STATE_DIR", "").startswith(str(state)) or str(state) in line
    except psutil.Error:
        return ""
    return line if belongs and process.pid != os.getpid() else ""


def encoder_of(process: subprocess.Popen[str]) -> psutil.Process:
    """The first ffmpeg seen to encode for this command's workers, stopped so that it can't end by itself."""
    until = time.monotonic() + TAKES_AT_MOST_S
    while time.monotonic() < until and process.poll() is None:
        for child in psutil.Process(process.pid).children(recursive=True):
            try:
                if child.name().startswith("ffmpeg") and not {"lavfi", "-version"} & set(child.cmdline()):
                    child.suspend()
                    if child.status() == psutil.STATUS_STOPPED:
                        return child
            except psutil.Error:
                continue
        time.sleep(0.02)
    raise AssertionError(f"no ffmpeg was seen: {process.communicate()}")


def first_line(process: subprocess.Popen[str], says: str) -> str:
    """The first line of output that says this."""
    assert process.stdout is not None
    for line in process.stdout:
        if says in line:
            return line
    raise AssertionError(f"{says!r} was never said: {process.communicate()}")


def test_up_runs_once_and_leaves_nothing_and_the_sandbox_keeps_its_address(start: Start, state: Path) -> None:
    up = start("up", "--rehearsal")
    web = re.search(r"http://127\.0\.0\.1:\d+", first_line(up, "the web server answers"))
    assert web
    assert httpx.get(f"{web[0]}/health/ready").json() == {"database": "ok", "valkey": "ok"}
    address = re.search(r"http://[\d.:]+/", first_line(up, "stand-ins"))
    assert address
    code, out, err = ended(start("up", "--rehearsal"))
    assert (code, out) == (2, "")
    assert f"already runs on {state / 'rehearsal'} (process {up.pid})" in err

    up.send_signal(signal.SIGTERM)
    assert ended(up)[0] == 0
    assert left_of(state) == []
    folders = [entry for entry in (state / "rehearsal").iterdir() if entry.is_dir()]
    assert {folder.name for folder in folders if folder.stat().st_mode & 0o077} <= {"n8n", "postgres", "valkey"}
    assert not [folder for folder in folders if folder.stat().st_mode & 0o066]

    sandbox = start("sandbox")
    assert address[0] in first_line(sandbox, "http")
    sandbox.send_signal(signal.SIGINT)
    code, _, err = ended(sandbox)
    assert (code, err) == (0, "stopped\n")
    assert left_of(state) == []


async def test_a_command_that_used_anothers_workers_starts_its_own_when_they_are_gone() -> None:
    """Queue by queue, and each once: those who were started are silent for a moment, too."""
    idle, told, looks = [frozenset({"light"})], [], []

    async def idle_queues() -> frozenset[str]:
        looks.append(idle[0])
        return idle[0]

    @asynccontextmanager
    async def workers(queues: frozenset[str]) -> AsyncIterator[None]:
        told.append(("started", *queues))
        try:
            yield
        finally:
            told.append(("stopped", *queues))

    async def two_more_looks() -> None:
        """A second one begins only after what followed from the first."""
        enough = len(looks) + 2
        async with asyncio.timeout(20):
            while len(looks) < enough:
                await asyncio.sleep(0.005)

    async with workers_while_needed(idle_queues, workers, look_every_s=0.01):
        await two_more_looks()
        assert told == [("started", "light")]
        idle[0] = frozenset({"light", "render"})
        await two_more_looks()
        assert told == [("started", "light"), ("started", "render")]
        await two_more_looks()
    assert told[:2] == [("started", "light"), ("started", "render")]
    assert sorted(told[2:]) == [("stopped", "light"), ("stopped", "render")]


def test_ctrl_c_and_a_killed_ffmpeg_lose_nothing_and_pay_nothing_twice(
    start: Start, state: Path, tmp_path: Path
) -> None:
    script, out = tmp_path / "script.txt", tmp_path / "out"
    script.write_text(SCRIPT, "utf-8")
    make = start("make", "--rehearsal", "--script", script, "--minutes", "0.25", "--out", out)
    encoder_of(make).resume()
    make.send_signal(signal.SIGINT)
    code, _, err = ended(make)
    assert code == 130
    assert "`ytempire retry last --rehearsal` goes on from there" in err
    assert left_of(state) == []
    assert list(out.iterdir()) == []

    retry = start("retry", "last", "--rehearsal", "--out", out, "--json")
    encoder_of(retry).kill()
    code, said, err = ended(retry)
    assert (code, err) == (0, ""), said
    video: dict[str, Any] = json.loads(said)
    assert (video["state"], video["youtube_uploads"]) == ("published", 1)
    # The step whose ffmpeg it was: rendering, or what comes after it where Ctrl-C let a short rendering end.
    # On a busy machine a worker's silence may be taken for its end once more.
    assert max(step["tries"] for step in video["steps"].values()) in {2, 3}, video["steps"]
    assert [file.suffix for file in out.iterdir()] == [".mp4"]

    receipt = json.loads(ended(start("receipt", "last", "--rehearsal", "--json"))[1])
    assert {line["state"] for line in receipt["lines"]} <= {"settled", "void", "cached"}
    assert sum(line["what"].startswith("1 sentence(s)") for line in receipt["lines"]) == 1
    assert left_of(state) == []


def test_a_file_that_the_gate_refuses_is_kept_to_look_at_and_made_anew_by_a_retry(
    start: Start, state: Path, tmp_path: Path
) -> None:
    script, out = tmp_path / "script.txt", tmp_path / "out"
    script.write_text("Squid change colour faster than you can blink.\n", "utf-8")
    made = json.loads(
        ended(start("make", "--rehearsal", "--script", script, "--minutes", "0.25", "--out", out, "--json"))[1]
    )
    listed = json.loads(ended(start("videos", "--rehearsal", "--json", "--limit", "1"))[1])[0]
    file = Path(listed["file"])
    assert file.read_bytes() == Path(made["file"]).read_bytes()
    assert listed["refused_file"] is None
    assert listed["watch"] == made["watch"]
    receipt = json.loads(ended(start("receipt", "last", "--rehearsal", "--json"))[1])
    assert listed["actual_microusd"] == receipt["actual_microusd"] > 0
    damaged = b"\0" * file.stat().st_size
    file.write_bytes(damaged)

    code, said, err = ended(start("retry", "last", "--from", "quality", "--rehearsal", "--out", out, "--json"))
    error = json.loads(said)["error"]
    assert (code, err, error["state"], error["file"]) == (1, "", "published", None)
    assert error["refused_file"] == str(file)
    assert "what is published stays" in error["message"]
    code, said, _ = ended(start("videos", "--rehearsal", "--limit", "1"))
    assert f"refused by the gate, not published: {file}" in said
    assert made["watch"] in said
    assert ended(start("approve", "last", "--rehearsal", "--out", out))[0] == 2
    assert file.read_bytes() == damaged

    code, said, err = ended(start("retry", "last", "--rehearsal", "--out", out))
    assert (code, err) == (0, ""), said
    assert "makes render anew" in said
    assert "kept and not paid again: topic, script, voice, visuals, captions" in said
    [mended] = json.loads(ended(start("videos", "--rehearsal", "--json", "--limit", "1"))[1])
    assert (mended["state"], mended["refused_file"]) == ("published", None)
    assert hashlib.sha256(Path(mended["file"]).read_bytes()).hexdigest() == Path(mended["file"]).stem
    assert json.loads(ended(start("receipt", "last", "--rehearsal", "--json"))[1])["youtube_uploads"] == 1
    assert left_of(state) == []
