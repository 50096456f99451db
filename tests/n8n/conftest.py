"""n8n for its tests: installed where YTEMPIRE_N8N_DIR says (or the default), started by the real command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tests.n8n.editor import Editor, password_in
from tests.n8n.recording import Recorded, recording
from ytempire.kit.settings import default_n8n_dir
from ytempire.local.n8n.install import Installed, install

FOLDER = Path(os.environ.get("YTEMPIRE_N8N_DIR") or default_n8n_dir())
CANARY = "canary-vendor-key-1"
_STARTED_WITHIN_S = 180


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs n8n."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.n8n)


@dataclass
class Command:
    """A running `ytempire n8n` and what it said of itself."""

    process: subprocess.Popen[str]
    log: Path
    facts: dict[str, str] = field(default_factory=dict)
    took_s: float = 0.0

    @property
    def url(self) -> str:
        return self.facts["url"]

    def said(self) -> str:
        return self.log.read_text()

    def node(self) -> psutil.Process:
        """n8n's own process."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return next(child for child in children if any("bin/n8n" in part for part in child.cmdline()))

    def editor(self) -> Editor:
        return Editor(self.url, self.facts["email"], password_in(self.facts["password_file"]))

    def end(self) -> float:
        """Stop it as a supervisor does; how long that took."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0, self.said()
        return time.monotonic() - began


@pytest.fixture(scope="session")
def at() -> Installed:
    """n8n, installed if it was not."""
    began = time.monotonic()
    found = install(FOLDER, lambda text: print(text, file=sys.stderr, flush=True))
    print(f"n8n {found.version} was there after {time.monotonic() - began:.2f} s", file=sys.stderr)
    return found


@pytest.fixture(scope="session")
def api() -> Iterator[Recorded]:
    """What stands in for our API."""
    with recording() as recorded:
        yield recorded


@pytest.fixture(scope="session")
def state(services_dir: Path) -> Path:
    """The state folder of these tests' commands."""
    return services_dir / "n8n"


Watch = Callable[[psutil.Process], None]


@contextmanager
def started(state: Path, api: Recorded, watch: Watch = lambda _: None) -> Iterator[Command]:
    """`ytempire n8n`, ready; `watch` is called all the time until it is, with the command's process."""
    state.mkdir(mode=0o711, exist_ok=True)
    env = {name: value for name, value in os.environ.items() if not name.startswith("YTEMPIRE_")}
    env |= {
        "YTEMPIRE_STATE_DIR": str(state), "YTEMPIRE_N8N_DIR": str(FOLDER), "YTEMPIRE_N8N_API_URL": api.url,
        "OPENAI_API_KEY": CANARY, "HOME": os.environ.get("HOME", "/"),
    }  # fmt: skip
    out, log = state / "command.out", state / "command.log"
    began = time.monotonic()
    with out.open("w") as outputs, log.open("w") as errors:
        command = Command(
            subprocess.Popen(
                [sys.executable, "-m", "ytempire", "n8n", "--json"], env=env, stdout=outputs, stderr=errors, text=True
            ),
            log,
        )
    try:
        process = psutil.Process(command.process.pid)
        while not (said := out.read_text()).endswith("\n"):
            assert command.process.poll() is None, log.read_text()
            assert time.monotonic() - began < _STARTED_WITHIN_S, log.read_text()
            watch(process)
            time.sleep(0.02)
        command.took_s = time.monotonic() - began
        command.facts = json.loads(said)
        yield command
    finally:
        if command.process.poll() is None:
            command.end()


@pytest.fixture(scope="module")
def running(at: Installed, state: Path, api: Recorded) -> Iterator[Command]:
    """One n8n for all tests of a module."""
    with started(state, api) as command:
        yield command


@pytest.fixture(scope="module")
def editor(running: Command) -> Iterator[Editor]:
    """Its operator's browser; one for all tests, since n8n lets an address sign in five times a minute."""
    with running.editor() as signed_in:
        yield signed_in
