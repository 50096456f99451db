"""This machine's installation as one thing: its services, and the worker processes on them."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from ytempire.kit.errors import BadInput
from ytempire.kit.settings import Settings
from ytempire.local.folder import make_folder, named
from ytempire.local.keeper import kept
from ytempire.local.machine import ServiceAddresses, local_services
from ytempire.local.processes import Processes, Program
from ytempire.local.sandbox import sandbox_url

LIGHT_SLOTS = 4
_LOOK_FOR_WORKERS_EVERY_S = 2.0


@asynccontextmanager
async def services(settings: Settings) -> AsyncIterator[tuple[ServiceAddresses, str]]:
    """PostgreSQL, Valkey and, in rehearsal, the sandbox: started if nobody has, stopped after their last user."""
    async with AsyncExitStack() as stack:
        sandbox = asyncio.create_task(_sandbox(settings, stack))
        try:
            addresses = await stack.enter_async_context(local_services(settings))
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
    settings: Settings, addresses: ServiceAddresses, sandbox_at: str, say: Callable[[str], None] = lambda _: None
) -> AsyncIterator[None]:
    """One worker process for light work and one for rendering, watched and restarted."""
    env = {
        "DATABASE_URL": addresses.database_url,
        "REDIS_URL": addresses.redis_url,
        "YTEMPIRE_STATE_DIR": str(settings.state_dir),
        "YTEMPIRE_REHEARSAL": str(settings.rehearsal).lower(),
        "YTEMPIRE_SANDBOX_URL": sandbox_at,
    }
    async with Processes(settings.state_dir, tell=say) as processes:
        for queue, slots in (("light", LIGHT_SLOTS), ("render", settings.render_slots)):
            arguments = ("-m", "ytempire", "work", "--queues", queue, "--slots", str(slots))
            await processes.start(Program(f"work-{queue}", arguments, env))
        yield


@asynccontextmanager
async def workers_while_needed(
    has_workers: Callable[[], Awaitable[bool]], start: Callable[[], AbstractAsyncContextManager[None]]
) -> AsyncIterator[None]:
    """Somebody works as long as this is open: another command's workers, and once they are gone, our own.

    The other command may end, or be killed, in the middle of our video.
    """
    async with AsyncExitStack() as stack:
        if not await has_workers():
            await stack.enter_async_context(start())
            yield
            return
        stop = asyncio.Event()
        watch = asyncio.create_task(_take_over(has_workers, start, stop))
        try:
            yield
        finally:
            stop.set()
            await watch


async def _take_over(
    has_workers: Callable[[], Awaitable[bool]],
    start: Callable[[], AbstractAsyncContextManager[None]],
    stop: asyncio.Event,
) -> None:
    """Look until nobody works, then start workers and keep them until told to stop."""
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _LOOK_FOR_WORKERS_EVERY_S)
        if not stop.is_set() and not await _or_true(has_workers):
            async with start():
                await stop.wait()


async def _or_true(has_workers: Callable[[], Awaitable[bool]]) -> bool:
    """A look that fails says nothing: the command itself meets the same trouble and tells of it."""
    try:
        return await has_workers()
    except Exception:  # noqa: BLE001
        return True


@asynccontextmanager
async def only_one(state_dir: Path) -> AsyncIterator[None]:
    """`up` runs once per state folder. Raises BadInput naming the process that runs it."""
    file = make_folder(state_dir) / "up.lock"
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
                f"`ytempire up` already runs on {state_dir} (process {holder})",
                field="YTEMPIRE_STATE_DIR",
                fix="Use it as it is, stop it with Ctrl-C, or name another state folder.",
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
