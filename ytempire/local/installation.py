"""This machine's installation as one thing: its services, and the worker processes on them."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from ytempire.kit.errors import BadInput
from ytempire.kit.settings import Settings
from ytempire.ledger import Policy, permit_caps
from ytempire.local.folder import make_state_folder, named
from ytempire.local.keeper import kept
from ytempire.local.machine import ServiceAddresses, local_services
from ytempire.local.processes import Processes, Program
from ytempire.local.sandbox import sandbox_url

QUEUES = ("light", "render")
LIGHT_SLOTS = 4
_LOOK_FOR_WORKERS_EVERY_S = 2.0


@asynccontextmanager
async def services(settings: Settings, policy: Policy) -> AsyncIterator[tuple[ServiceAddresses, str]]:
    """PostgreSQL, Valkey and, in rehearsal, the sandbox: started if nobody has, stopped after their last user.

    Who has the owner's address of the database also says there how high caps may be.
    """
    async with AsyncExitStack() as stack:
        sandbox = asyncio.create_task(_sandbox(settings, stack))
        try:
            addresses = await stack.enter_async_context(local_services(settings))
            if addresses.owner_url:
                await permit_caps(addresses.owner_url, policy)
        except BaseException:
            with suppress(Exception):
                await sandbox
            raise
        yield addresses, await sandbox


async def _sandbox(settings: Settings, stack: AsyncExitStack) -> str:
    if not settings.rehearsal:
        return ""
    if settings.sandbox_url:
        return settings.sandbox_url.rstrip("/")
    shared = kept("sandbox", settings.state_dir, port=0)
    port = await asyncio.to_thread(shared.__enter__)
    stack.push_async_callback(asyncio.to_thread, shared.__exit__, None, None, None)
    return sandbox_url(port)


@asynccontextmanager
async def worker_processes(
    settings: Settings,
    addresses: ServiceAddresses,
    sandbox_at: str,
    queues: Collection[str] = QUEUES,
    say: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[None]:
    """One worker process for each of these queues, watched and restarted."""
    env = _environment(settings, addresses, sandbox_at)
    async with Processes(settings.state_dir, tell=say) as processes:
        for number, queue in enumerate(QUEUES, 1):
            if queue not in queues:
                continue
            slots = settings.render_slots if queue == "render" else LIGHT_SLOTS
            arguments = ("-m", "ytempire", "work", "--queues", queue, "--slots", str(slots))
            own = {**env, "YTEMPIRE_METRICS_PORT": _metrics_port(settings, number)}
            await processes.start(Program(f"work-{queue}", arguments, own))
        yield


@asynccontextmanager
async def web_process(
    settings: Settings,
    addresses: ServiceAddresses,
    sandbox_at: str,
    say: Callable[[str], None] = lambda _: None,
    *,
    front: Program | None = None,
) -> AsyncIterator[str]:
    """The web server as a process, and what stands in front of it, watched and restarted; the address.

    They stop together: a stream lasts as long as the web server goes on with it, however politely the front is asked.
    """
    ready = settings.state_dir / "web" / "ready.json"
    program = Program(
        "web",
        ("-m", "ytempire", "web", "--ready-file", str(ready)),
        {
            **_environment(settings, addresses, sandbox_at),
            "YTEMPIRE_METRICS_PORT": _metrics_port(settings, len(QUEUES) + 1),
            "YTEMPIRE_WEB_URL": settings.web_url or "",
            "YTEMPIRE_WEB_HOST": settings.web_host,
            "YTEMPIRE_WEB_PORT": str(settings.web_port),
            "YTEMPIRE_WEB_PROXIES": settings.web_proxies,
        },
        ready_file=ready,
    )
    async with Processes(settings.state_dir, tell=say) as processes:
        at = await processes.start(program) or ""
        if front:
            await processes.start(front)
        yield at


def _metrics_port(settings: Settings, number: int) -> str:
    """The port of the `number`-th process beside this one, whose own is the setting's."""
    return str(settings.metrics_port + number if settings.metrics_port else 0)


def _environment(settings: Settings, addresses: ServiceAddresses, sandbox_at: str) -> dict[str, str]:
    return {
        "DATABASE_URL": addresses.database_url,
        "REDIS_URL": addresses.redis_url,
        "YTEMPIRE_STATE_DIR": str(settings.state_dir),
        "YTEMPIRE_REHEARSAL": str(settings.rehearsal).lower(),
        "YTEMPIRE_SANDBOX_URL": sandbox_at,
    }


IdleQueues = Callable[[], Awaitable[frozenset[str]]]
"""Queues on which nobody works right now."""
StartWorkers = Callable[[frozenset[str]], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def workers_while_needed(
    idle_queues: IdleQueues, start: StartWorkers, *, look_every_s: float = _LOOK_FOR_WORKERS_EVERY_S
) -> AsyncIterator[None]:
    """Somebody works on every queue as long as this is open: another command's workers, else our own.

    The other command may end, or be killed, in the middle of our video.
    """
    async with AsyncExitStack() as stack:
        ours = await idle_queues()
        if ours:
            await stack.enter_async_context(start(ours))
        stop = asyncio.Event()
        watch = asyncio.create_task(_take_over(ours, idle_queues, start, stop, look_every_s))
        try:
            yield
        finally:
            stop.set()
            await watch


async def _take_over(
    ours: frozenset[str], idle_queues: IdleQueues, start: StartWorkers, stop: asyncio.Event, look_every_s: float
) -> None:
    """Look until told to stop; queues that others have left become ours. Our own workers are watched elsewhere."""
    async with AsyncExitStack() as stack:
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), look_every_s)
            left = frozenset() if stop.is_set() else await _or_none(idle_queues) - ours
            if left:
                await stack.enter_async_context(start(left))
                ours |= left


async def _or_none(idle_queues: IdleQueues) -> frozenset[str]:
    """A look that fails says nothing: the command itself meets the same trouble and tells of it."""
    try:
        return await idle_queues()
    except Exception:  # noqa: BLE001
        return frozenset()


@asynccontextmanager
async def only_one(state_dir: Path, command: str = "up") -> AsyncIterator[None]:
    """This command runs once per state folder. Raises BadInput naming the process that runs it."""
    file = make_state_folder(state_dir) / f"{command}.lock"
    try:
        handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise named(error, file) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 20, 0).decode(errors="replace").strip() or "unknown"
            raise BadInput(
                f"`ytempire {command}` already runs on {state_dir} (process {holder})",
                field="YTEMPIRE_STATE_DIR",
                fix="Use it as it is, stop it with Ctrl-C, or name another state folder.",
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
