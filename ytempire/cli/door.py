"""What the command line is handed by `__main__`: how to open the platform, and who runs what.

The command line knows features and their verbs, never a vendor or a concrete server.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from ytempire.channels.model import Channel
from ytempire.kit.settings import Settings
from ytempire.orchestration import Platform
from ytempire.orchestration.simulation import Played, Wishes
from ytempire.orchestration.simulation import Report as SimulationReport
from ytempire.production.model import OwnMedia


@dataclass(frozen=True)
class Finding:
    """One line of `doctor`: `state` is `ok`, `stand-in`, `off` or `wrong`; `mend` says what to do."""

    part: str
    state: str
    says: str
    mend: str = ""


Report = tuple[tuple[str, ...], dict[str, object]]
"""What a verb of care did: lines for a person, facts for machines."""


@dataclass(frozen=True)
class LookedOver:
    """What a look over workflows found, each line as `file: node: what`."""

    files: int
    problems: list[str]
    """What would not run, or not as it has to."""
    notices: list[str]
    """What is right only if somebody sees to it."""


TellPlayed = Callable[[str, Played | None], None]
"""What is going on in a simulation, and how far its play is."""


TellN8n = Callable[[str, str, Path], None]
"""Where n8n answers, as whom to sign in, and the file of the password."""


@dataclass(frozen=True)
class Session:
    """An open platform, seen by its local owner."""

    platform: Platform
    user_id: UUID
    rehearsal: bool
    sandbox_url: str
    """Empty outside rehearsal."""
    state_dir: Path

    def watch_url(self, platform_id: str) -> str:
        """Where a published video is watched."""
        if self.rehearsal:
            return f"{self.sandbox_url}/watch?v={platform_id}"
        return f"https://www.youtube.com/watch?v={platform_id}"


class OpenSession(Protocol):
    """Opens the platform, starting what isn't there; with `workers`, videos are worked on as well."""

    def __call__(self, *, rehearsal: bool, workers: bool = False) -> AbstractAsyncContextManager[Session]:
        """See the class."""
        ...


@dataclass(frozen=True)
class Door:
    """Everything the commands call on."""

    settings: Callable[[], Settings]
    open_session: OpenSession
    run_worker: Callable[[list[str], int], Coroutine[None, None, None]]
    run_web: Callable[[int | None, Path | None, Callable[[str], None]], Coroutine[None, None, None]]
    """`web`: (port or the setting's, file to write when ready, say) until interrupted."""
    create_operator: Callable[[str, bool], Coroutine[None, None, str]]
    """(e-mail, rehearsal): a one-time link."""
    run_sandbox: Callable[[int], Coroutine[None, None, None]]
    run_everything: Callable[[bool, str | None, bool, Callable[[str], None]], Coroutine[None, None, None]]
    """`up`: (rehearsal, domain, with n8n, say) until interrupted."""
    install_n8n: Callable[[Callable[[str], None]], Coroutine[None, None, str]]
    """(say): where it is."""
    check_workflows: Callable[[list[Path]], Coroutine[None, None, LookedOver]]
    """(files, or none for ours)."""
    run_n8n: Callable[[bool, Callable[[str], None], TellN8n], Coroutine[None, None, None]]
    """(rehearsal, say, tell once it answers) until interrupted."""
    run_n8n_worker: Callable[[bool, Callable[[str], None]], Coroutine[None, None, None]]
    """(rehearsal, say) until interrupted."""
    backup: Callable[[Path | None, bool], Coroutine[None, None, Report]]
    """(place or None for the settings', rehearsal)."""
    restore: Callable[[Path, Path, bool], Coroutine[None, None, Report]]
    """(folder of one backup, file of the wrapping key, rehearsal)."""
    run_care: Callable[[Callable[[str], None]], Coroutine[None, None, None]]
    """(say) until interrupted."""
    collect_garbage: Callable[[bool, bool], Coroutine[None, None, Report]]
    """(dry run, rehearsal)."""
    diagnose: Callable[[bool], Coroutine[None, None, list[Finding]]]
    connect: Callable[[Session, Channel, Callable[[str], None]], Awaitable[str]]
    """Sign a channel in; returns the connected channel's title."""
    disconnect: Callable[[Session, Channel], Awaitable[None]]
    take_in: Callable[[Session, Path], Awaitable[OwnMedia]]
    """A creator's picture or clip, checked and stored."""
    simulate: Callable[[Wishes, int, bool, TellPlayed], Coroutine[None, None, SimulationReport]]
    """(wishes, processes, keep, tell)."""
    ensure_demo_channels: Callable[[Session], Awaitable[list[Channel]]]
