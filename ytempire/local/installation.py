"""This machine's installation as one thing: its services, and the worker processes on them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from ytempire.kit.settings import Settings
from ytempire.local.keeper import kept
from ytempire.local.machine import ServiceAddresses, local_services
from ytempire.local.processes import Processes, Program
from ytempire.local.sandbox import sandbox_url

LIGHT_SLOTS = 4


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
