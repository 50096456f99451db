"""`ytempire n8n`, and n8n beside everything else in `ytempire up --n8n`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from ytempire.accounts import authenticate, ensure_driver_user, make_api_key
from ytempire.accounts.model import Presented, Scope
from ytempire.bootstrap.given import policy_of, settings_for
from ytempire.bootstrap.platform import Built, built_on
from ytempire.bootstrap.web import desk_of
from ytempire.cli.door import Finding, LookedOver, TellN8n
from ytempire.kit.errors import NotConfigured
from ytempire.kit.rates import Rates
from ytempire.kit.settings import Settings
from ytempire.local import addresses
from ytempire.local.folder import make_folder, secret_in
from ytempire.local.installation import only_one, services
from ytempire.local.machine import ServiceAddresses
from ytempire.local.n8n import checks
from ytempire.local.n8n.address import known_url
from ytempire.local.n8n.credentials import Api
from ytempire.local.n8n.install import install
from ytempire.local.n8n.nodes import built_nodes
from ytempire.local.n8n.secret import webhook_secret
from ytempire.local.n8n.start import Running, answers_ready, n8n_process, n8n_worker
from ytempire.local.n8n.workflows import files
from ytempire.local.postgres import Postgres
from ytempire.orchestration import expect_driver

SCOPES: tuple[Scope, ...] = ("drive",)
"""n8n's own key may ask for due work and nothing else; for a video it is given a token with it."""


async def install_n8n(say: Callable[[str], None]) -> str:
    """`ytempire n8n install`: n8n and its Node into their folder; where that is."""
    settings = settings_for(False)
    at = await asyncio.to_thread(install, settings.n8n_dir, say)
    return f"n8n {at.version} and its Node are in {settings.n8n_dir}"


async def check_workflows(given: list[Path]) -> LookedOver:
    """`ytempire n8n check`: these workflows, or ours, looked over; n8n is installed first if need be."""
    settings = settings_for(False)
    at = await asyncio.to_thread(install, settings.n8n_dir)
    nodes = await asyncio.to_thread(built_nodes, settings.n8n_dir, at)
    looked_at = checks.read(given or files())
    problems = await asyncio.to_thread(checks.problems, at, nodes, looked_at)
    return LookedOver(len(looked_at), problems, checks.notices(looked_at))


async def run_n8n(rehearsal: bool, say: Callable[[str], None], told: TellN8n) -> None:
    """`ytempire n8n`: n8n on this installation until interrupted."""
    settings = settings_for(rehearsal)
    async with (
        only_one(settings.state_dir, "n8n"),
        services(settings, policy_of(settings)) as (at, sandbox_at),
        n8n_on(settings, at, await n8n_expected(settings, at, sandbox_at), say) as running,
    ):
        told(running.url, running.email, running.password_file)
        await asyncio.Event().wait()


async def run_n8n_worker(rehearsal: bool, say: Callable[[str], None]) -> None:
    """`ytempire n8n worker`: one worker of the queue mode until interrupted."""
    settings = settings_for(rehearsal)
    async with (
        services(settings, policy_of(settings)) as (at, _),
        n8n_worker(settings, _admin_url(settings, at), _api_url(settings), say),
    ):
        say("an n8n worker runs  (Ctrl-C stops it)")
        await asyncio.Event().wait()


async def finding_of_n8n(settings: Settings) -> Finding:
    """`ytempire doctor`: whether n8n was ever wanted here, and answers."""
    url = known_url(settings)
    flag = " --rehearsal" if settings.rehearsal else ""
    if not url:
        says = "never started here: the built-in driver makes what is due"
        return Finding("n8n", "off", says, f"`ytempire up{flag} --n8n` makes it the visible workflow.")
    place = urlsplit(url)
    port = place.port or (443 if place.scheme == "https" else 80)
    if await asyncio.to_thread(answers_ready, place.hostname or "", port, secure=place.scheme == "https"):
        return Finding("n8n", "ok", f"answers at {url}")
    says = f"does not answer at {url}: while workers work, the built-in driver makes what is due"
    return Finding("n8n", "off", says, f"`ytempire up{flag} --n8n` starts it.")


@asynccontextmanager
async def n8n_on(
    settings: Settings, at: ServiceAddresses, key: str, say: Callable[[str], None]
) -> AsyncIterator[Running]:
    """A running n8n that was expected and has this API key."""
    api = Api(_api_url(settings), key, webhook_secret(settings))
    async with n8n_process(settings, _admin_url(settings, at), api, say) as running:
        yield running


async def n8n_expected(settings: Settings, at: ServiceAddresses, sandbox_at: str) -> str:
    """Keep due work for n8n, which is about to be started; its API key."""
    async with built_on(settings, at.database_url, at.redis_url, sandbox_at) as built:
        await expect_driver(built.platform, "n8n")
        return await _api_key(settings, built, at.redis_url)


async def _api_key(settings: Settings, built: Built, redis_url: str) -> str:
    """n8n's key, made when there is none, or when the one kept is no longer good or has other scopes."""
    file = make_folder(settings.state_dir / "secrets") / "n8n.api-key"
    async with AsyncExitStack() as stack:
        rates = Rates(redis_url)
        stack.push_async_callback(rates.close)
        desk = desk_of(built, rates)
        if file.exists():
            held = await authenticate(desk, Presented("api_key", secret_in(file), addresses.LOOPBACK))
            if held and held.scopes == frozenset(SCOPES):
                return secret_in(file)
        tools = built.platform.tools
        maker = await ensure_driver_user(tools.database, tools.clock)
        async with tools.database.transaction(maker.user_id) as conn:
            _, shown = await make_api_key(desk, conn, maker, name="n8n", scopes=SCOPES, expires_at=None)
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text(shown)
        return shown


def _admin_url(settings: Settings, at: ServiceAddresses) -> str | None:
    """A superuser's address of the embedded PostgreSQL; None on an own one."""
    if settings.database_url is not None or at.owner_url is None:
        return None
    port = int(at.owner_url.rsplit(":", 1)[1].split("/")[0])
    return Postgres(port, 0, settings.state_dir / "secrets").url(database="postgres")


def _api_url(settings: Settings) -> str:
    """Where n8n finds our web server: the setting, or this machine's by the port it has, or had last."""
    if settings.n8n_api_url:
        return settings.n8n_api_url.rstrip("/")
    port = settings.web_port or _last_port(settings.state_dir / "web" / "last_port")
    if not port:
        raise NotConfigured(
            "the web server, which n8n works for, has never run on this state folder",
            field="YTEMPIRE_N8N_API_URL",
            fix="Start `ytempire up --n8n`, or `ytempire web` first, or name its address.",
        )
    anywhere = settings.web_host in {"0.0.0.0", "::"}  # noqa: S104
    return f"http://{addresses.LOOPBACK if anywhere else settings.web_host}:{port}"


def _last_port(file: Path) -> int:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return 0
