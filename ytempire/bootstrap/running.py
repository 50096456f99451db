"""What runs until it is stopped: a worker, the web server, the sandbox, everything at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from ytempire.accounts import operator_link
from ytempire.bootstrap.given import policy_of, read, settings_for
from ytempire.bootstrap.n8n import install_n8n, n8n_expected, n8n_on
from ytempire.bootstrap.platform import built_on
from ytempire.bootstrap.sessions import open_session, open_sessions
from ytempire.bootstrap.web import desk_of, web_parts
from ytempire.kit.cache import Cache
from ytempire.kit.clock import SystemClock
from ytempire.kit.logs import log_for_machines
from ytempire.kit.metrics import PROCESS, served
from ytempire.kit.rates import Rates
from ytempire.kit.settings import Settings
from ytempire.local import care
from ytempire.local.caddy import in_front
from ytempire.local.folder import make_folder, make_state_folder
from ytempire.local.installation import only_one, services, web_process, worker_processes
from ytempire.local.keeper import kept
from ytempire.local.n8n.address import reserved_port
from ytempire.local.priority import give_way
from ytempire.local.processes import Program
from ytempire.local.sandbox import sandbox_url
from ytempire.orchestration import work
from ytempire.web import address_of, create_app, last_url, link, listen, serve


async def run_worker(queues: list[str], slots: int) -> None:
    """`ytempire work`: one worker on the database of DATABASE_URL, or on the running installation's own."""
    log_for_machines()
    if queues == ["render"]:  # a rendering has time; the web server, and whoever waits for it, has not
        give_way()
    settings = read()
    async with AsyncExitStack() as stack:
        stack.enter_context(served(PROCESS, settings.metrics_port))
        addresses, sandbox_at = await stack.enter_async_context(services(settings, policy_of(settings)))
        opening = built_on(settings, addresses.database_url, addresses.redis_url, sandbox_at)
        built = await stack.enter_async_context(opening)
        await work(built.platform, queues, slots=slots)


async def create_operator(email: str, rehearsal: bool) -> str:
    """A one-time link for an operator of this installation: to join, or to choose a new password."""
    settings = settings_for(rehearsal)
    async with open_session(rehearsal=rehearsal) as session, AsyncExitStack() as stack:
        addresses, _ = await stack.enter_async_context(services(settings, policy_of(settings)))
        rates = Rates(addresses.redis_url)
        stack.push_async_callback(rates.close)
        kind, token = await operator_link(desk_of(open_sessions[session.user_id], rates), email)
    at = settings.web_url or last_url(settings.state_dir / "web" / "last_url") or "http://127.0.0.1:PORT"
    return link(kind, token, at.rstrip("/"))


async def run_web(port: int | None, ready_file: Path | None, say: Callable[[str], None]) -> None:
    """`ytempire web`: the REST API until interrupted."""
    log_for_machines()
    settings = read()
    home = make_folder(make_state_folder(settings.state_dir) / "web")
    reserved_port(settings)  # n8n may come later, and is known then
    with listen(settings.web_host, settings.web_port if port is None else port, home / "last_port") as listening:
        async with AsyncExitStack() as stack:
            stack.enter_context(served(PROCESS, settings.metrics_port))
            addresses, sandbox_at = await stack.enter_async_context(services(settings, policy_of(settings)))
            opening = built_on(settings, addresses.database_url, addresses.redis_url, sandbox_at)
            built = await stack.enter_async_context(opening)
            rates, cache = Rates(addresses.redis_url), Cache(addresses.redis_url)
            stack.push_async_callback(rates.close)
            stack.push_async_callback(cache.close)
            url = (settings.web_url or address_of(listening)).rstrip("/")
            (home / "last_url").write_text(url)
            parts = web_parts(settings, built, rates, cache, url=url)
            await stack.enter_async_context(parts.followers.listening())
            await serve(
                create_app(parts),
                listening,
                proxies=settings.web_proxies,
                url=url,
                ready_file=ready_file,
                say=say,
                end_streams=parts.followers.close,
            )


async def run_sandbox(port: int) -> None:
    """`ytempire sandbox`: the rehearsal's stand-ins until interrupted."""
    settings = settings_for(True)
    with kept("sandbox", settings.state_dir, port=port) as at:
        print(f"{sandbox_url(at)}/  (Ctrl-C stops it)", flush=True)  # noqa: T201
        await asyncio.Event().wait()


async def run_everything(rehearsal: bool, domain: str | None, n8n: bool, say: Callable[[str], None]) -> None:
    """`ytempire up`: services, workers and the web server until interrupted, at the domain if there is one."""
    settings = settings_for(rehearsal)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(only_one(settings.state_dir))
        if n8n:
            await stack.enter_async_context(only_one(settings.state_dir, "n8n"))
            say(await install_n8n(say))  # minutes the first time: before anything runs that would wait for it
        settings, front = in_front(settings, domain or settings.domain)
        reserved_port(settings)  # also without n8n: one may come later
        await _everything(settings, front, n8n, say)


async def _everything(settings: Settings, front: Program | None, n8n: bool, say: Callable[[str], None]) -> None:
    async with AsyncExitStack() as stack:
        begun = stack.enter_async_context
        addresses, sandbox_at = await begun(services(settings, policy_of(settings)))
        # Before there are workers: they would take what is due.
        key = await n8n_expected(settings, addresses, sandbox_at) if n8n else ""
        await begun(worker_processes(settings, addresses, sandbox_at, say=say))
        await begun(care.cared_for(settings, policy_of(settings), addresses, SystemClock(), say))
        web_at = await begun(web_process(settings, addresses, sandbox_at, say, front=front))
        # The last, so it stops first: what it drives is there to the end.
        running = await begun(n8n_on(settings, addresses, key, say)) if n8n else None
        say(f"PostgreSQL and Valkey run; state in {settings.state_dir}")
        say("workers run: light, render")
        say(f"the web server answers at {web_at}/")
        if sandbox_at:
            say(f"rehearsal: stand-ins for vendors without a key at {sandbox_at}/")
        if running:
            say(f"n8n answers at {running.url}/  (sign in as {running.email}, password in {running.password_file})")
        say("Ctrl-C stops everything")
        await asyncio.Event().wait()
