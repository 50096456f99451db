"""Fixtures that run commands: `cli.run` over the real door, with one rehearsal state for all tests of a module."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from ytempire.bootstrap import door
from ytempire.cli import run
from ytempire.local.keeper import kept

CREDENTIAL = "canary-password-1"
_numbers = count(1)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    def error(self) -> dict[str, Any]:
        """The one error of a `--json` command, which has said nothing else."""
        assert self.err == ""
        body = json.loads(self.out)
        assert list(body) == ["error"]
        return dict(body["error"])


Command = Callable[..., Ended]


@pytest.fixture(scope="module")
def state(services_dir: Path) -> Iterator[Path]:
    """A state folder whose rehearsal has its services running as long as this module's tests do."""
    folder = services_dir / f"command-line-{next(_numbers)}"
    with pytest.MonkeyPatch.context() as patch, ExitStack() as running:
        for name in ("DATABASE_URL", "REDIS_URL", "OPENAI_API_KEY", "ELEVENLABS_API_KEY"):
            patch.delenv(name, raising=False)
        patch.setenv("YTEMPIRE_STATE_DIR", str(folder))
        for service in ("postgres", "valkey", "sandbox"):
            running.enter_context(kept(service, folder / "rehearsal"))
        yield folder


@pytest.fixture
def command(state: Path, capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in this process."""

    def ended(*arguments: object) -> Ended:
        capfd.readouterr()
        with ThreadPoolExecutor(1) as thread:  # the tests' own event loop keeps this one
            code = thread.submit(run, door(), [str(argument) for argument in arguments]).result()
        said = capfd.readouterr()
        assert "Traceback" not in said.out + said.err
        assert "\x1b" not in said.out + said.err
        assert CREDENTIAL not in said.out + said.err
        return Ended(code, said.out, said.err)

    return ended
