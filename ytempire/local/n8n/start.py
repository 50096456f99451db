"""n8n as one more process of this machine: set up from nothing, started, its workflows published.

What is deployed is remembered in `STATE/n8n/deployed`, as one digest over n8n's version, our nodes, the workflows and
the credentials; a start at which nothing of it changed imports nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ytempire.kit.errors import NotConfigured, YtempireError
from ytempire.kit.settings import Settings
from ytempire.local import addresses
from ytempire.local.account import Account, can_run, give, powerless_account, require_enterable
from ytempire.local.folder import PASSABLE, make_folder, make_state_folder, named, open_log, secret_in
from ytempire.local.n8n.address import free_reserved_port, known_url, reserved_port
from ytempire.local.n8n.credentials import Api, credentials
from ytempire.local.n8n.environment import OWNER_EMAIL, Place, environment
from ytempire.local.n8n.install import Installed, install
from ytempire.local.n8n.nodes import built_nodes, digest_of_files, put_nodes
from ytempire.local.n8n.workflows import WORKFLOWS, files, id_of, publish, require_imported, told
from ytempire.local.processes import Processes, Program
from ytempire.local.roles import ensure_own_database
from ytempire.local.tied import end, start_tied

ROLE = "ytempire_n8n"
OWNER_FILE = "n8n.owner-password"
_READY_WITHIN_S = 120.0
_COMMAND_WITHIN_S = 180.0
_WORKER_AT_ONCE = 10


class N8nFailed(YtempireError):  # noqa: N818
    """n8n could not be set up; the message carries the end of what it said."""

    code = "n8n_failed"


@dataclass(frozen=True)
class Running:
    """A running n8n and the way in for its operator."""

    url: str
    email: str
    password_file: Path


@dataclass(frozen=True)
class _Ready:
    """Everything there is before n8n starts."""

    at: Installed
    place: Place
    account: Account | None
    home: Path
    """Ours, above n8n's own user folder."""
    nodes: str
    new_database: bool


@asynccontextmanager
async def n8n_process(
    settings: Settings, admin_url: str | None, api: Api, say: Callable[[str], None]
) -> AsyncIterator[Running]:
    """n8n, installed if need be, set up, watched and restarted; its workflows are published when this is entered.

    `admin_url` is a superuser's address of the embedded PostgreSQL; None: `n8n_database_url` says where to go. Takes
    3 to 8 s; the first time on a machine some minutes. Raises what a person can act on.
    """
    port = free_reserved_port(settings)
    ready = await asyncio.to_thread(_prepare, settings, admin_url, api.url, port, say)
    wanted = _digest(ready, api)
    stamp = ready.home / "deployed"
    fresh = ready.new_database or _text(stamp) != wanted
    if fresh:
        stamp.unlink(missing_ok=True)
        await _import(ready, api, settings.state_dir, say)
    env = environment(ready.place, ready.at.node)
    async with Processes(settings.state_dir, tell=say) as processes:
        await processes.start(_program(ready, "n8n", ("start",), env, port))
        if fresh:
            door = f"http://{_own_host(ready.place.host)}:{port}"
            password = secret_in(settings.state_dir / "secrets" / OWNER_FILE)
            await asyncio.to_thread(publish, door, password, [id_of(file) for file in files()])
            stamp.write_text(wanted)
        yield Running(ready.place.url, OWNER_EMAIL, settings.state_dir / "secrets" / OWNER_FILE)


@asynccontextmanager
async def n8n_worker(
    settings: Settings, admin_url: str | None, api_url: str, say: Callable[[str], None]
) -> AsyncIterator[None]:
    """One worker of the queue mode, on the database and the Redis that the main process has."""
    if settings.n8n_redis_url is None:
        raise NotConfigured(
            "a worker takes its executions from Redis",
            field="YTEMPIRE_N8N_REDIS_URL",
            fix="Set it to the address that `ytempire n8n` has; without it one process runs everything.",
        )
    port = reserved_port(settings)  # its own it does not listen at
    ready = await asyncio.to_thread(_prepare, settings, admin_url, api_url, port, say)
    health = addresses.free_port()
    env = environment(ready.place, ready.at.node)
    env |= {"QUEUE_HEALTH_CHECK_ACTIVE": "true", "QUEUE_HEALTH_CHECK_PORT": str(health)}
    arguments = ("worker", f"--concurrency={_WORKER_AT_ONCE}")
    async with Processes(settings.state_dir, tell=say) as processes:
        await processes.start(_program(ready, f"n8n-worker-{os.getpid()}", arguments, env, health))
        yield


def _prepare(settings: Settings, admin_url: str | None, api_url: str, port: int, say: Callable[[str], None]) -> _Ready:
    at = install(settings.n8n_dir, say)
    account = powerless_account()
    folder = settings.n8n_dir.absolute()
    require_enterable(folder, account, what="n8n", field="YTEMPIRE_N8N_DIR", such_as="/var/cache/ytempire/n8n")
    if not can_run(at.node, account):
        raise NotConfigured(f"{at.node} can't be run by n8n's account", field="YTEMPIRE_N8N_DIR")
    state = make_state_folder(settings.state_dir).resolve()
    require_enterable(state, account, what="n8n")
    home = make_folder(state / "n8n", PASSABLE)
    own = make_folder(home / "own")
    nodes = put_nodes(built_nodes(folder, at, say), own)
    new_database, database_url = _database(settings, admin_url)
    place = Place(
        home=own,
        host=settings.n8n_host,
        port=port,
        url=known_url(settings),
        api_url=api_url,
        database_url=database_url,
        encryption_key=secret_in(state / "secrets" / "n8n.encryption-key"),
        owner_hash=_owner_hash(at, state / "secrets"),
        broker_port=addresses.free_port(),
        redis_url=settings.n8n_redis_url.get_secret_value() if settings.n8n_redis_url else None,
        reach=tuple(host for name in settings.n8n_reach.split(",") if (host := name.strip())),
    )
    _give_all(own, account)
    return _Ready(at, place, account, home, nodes, new_database)


def _database(settings: Settings, admin_url: str | None) -> tuple[bool, str]:
    if settings.n8n_database_url is not None:
        return False, settings.n8n_database_url.get_secret_value()
    if admin_url is None:
        raise NotConfigured(
            "n8n needs a database of its own on your PostgreSQL",
            field="YTEMPIRE_N8N_DATABASE_URL",
            fix="Make a role and a database for it (docs/how-to/n8n.md) and set postgresql://ROLE:PASSWORD@HOST/DATABASE.",
        )
    password = secret_in(settings.state_dir / "secrets" / f"{ROLE}.password")
    made = ensure_own_database(admin_url, ROLE, password)
    port = admin_url.rsplit(":", 1)[1].split("/")[0]
    return made, f"postgresql://{ROLE}:{password}@{addresses.LOOPBACK}:{port}/{ROLE}"


def _owner_hash(at: Installed, secrets_dir: Path) -> str:
    """The owner's password as n8n takes it (bcrypt, by n8n's own library); made once for each password."""
    password = secret_in(secrets_dir / OWNER_FILE)
    kept = secrets_dir / "n8n.owner-hash"
    mark = hashlib.sha256(password.encode()).hexdigest()
    with suppress(OSError, ValueError):
        found, of = kept.read_text().split()
        if of == mark:
            return found
    script = "process.stdin.on('data', p => console.log(require('bcryptjs').hashSync(String(p), 10)))"
    done = subprocess.run(
        [at.node, "-e", script], input=password, capture_output=True, text=True, check=False, cwd=at.modules.parent
    )
    if done.returncode != 0:
        raise N8nFailed(f"n8n's library for passwords failed: {done.stderr[-300:]}")
    kept.unlink(missing_ok=True)
    kept.touch(mode=0o600)
    kept.write_text(f"{done.stdout.strip()} {mark}")
    return done.stdout.strip()


def _give_all(folder: Path, account: Account | None) -> None:
    try:
        for path in (folder, *folder.rglob("*")):
            give(path, account)
    except OSError as error:
        raise named(error, folder) from error


def _digest(ready: _Ready, api: Api) -> str:
    parts = (ready.at.version, ready.nodes, digest_of_files(files(), WORKFLOWS), json.dumps(credentials(api)))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


async def _import(ready: _Ready, api: Api, state_dir: Path, say: Callable[[str], None]) -> None:
    """Credentials and workflows into n8n's database, by n8n's own commands."""
    wanted = files()
    say(f"n8n takes in {len(wanted)} workflows and its credentials")
    given = make_folder(ready.place.home / "given")
    try:
        listed = given / "credentials.json"
        listed.touch(mode=0o600)
        listed.write_text(json.dumps(credentials(api)))
        workflows = make_folder(given / "workflows")
        for file in wanted:
            (workflows / file.name).write_bytes(told(file, api.url))
        _give_all(given, ready.account)
        count = len(credentials(api))
        said = await command(ready.at, ready.place, ready.account, state_dir, "import:credentials", f"--input={listed}")
        require_imported(said, count, "credentials")
        if wanted:
            arguments = ("import:workflow", "--separate", f"--input={workflows}")
            said = await command(ready.at, ready.place, ready.account, state_dir, *arguments)
            require_imported(said, len(wanted), "workflow")
    finally:
        shutil.rmtree(given, ignore_errors=True)


async def command(at: Installed, place: Place, account: Account | None, state_dir: Path, *arguments: str) -> str:
    """Run one of n8n's own commands to its end; what it said. Raises N8nFailed."""
    with open_log(state_dir, "n8n-commands") as log:
        file, before = Path(log.name), log.tell()
        process = start_tied(
            [at.node, at.n8n, *arguments], output=log, account=account, cwd=place.home, env=environment(place, at.node)
        )
    try:
        ended = await asyncio.to_thread(_wait, process)
    finally:
        end(process, within_s=5)
    said = (await asyncio.to_thread(file.read_bytes))[before:].decode(errors="replace")
    if not ended or process.returncode != 0:
        tail = "\n".join(said.strip().splitlines()[-8:])
        raise N8nFailed(f"`n8n {arguments[0]}` failed:\n{tail}", fix=f"The whole log: {file}")
    return said


def _wait(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(_COMMAND_WITHIN_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def _program(ready: _Ready, name: str, arguments: tuple[str, ...], env: Mapping[str, str], port: int) -> Program:
    host = _own_host(ready.place.host)
    return Program(
        name,
        (str(ready.at.n8n), *arguments),
        env,
        binary=ready.at.node,
        ready_within_s=_READY_WITHIN_S,
        says_ready=lambda: answers_ready(host, port),
        apart=True,
        home=ready.place.home,
        account=ready.account,
    )


def answers_ready(host: str, port: int, *, secure: bool = False) -> bool:
    """Whether an n8n there says that it is ready: its database migrated, its editor served. `secure`: over https."""
    link = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(host, port, timeout=2)
    try:
        link.request("GET", "/healthz/readiness")
        return link.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def _own_host(host: str) -> str:
    """Where this machine reaches a server that listens on this address."""
    return addresses.LOOPBACK if host in {"0.0.0.0", "::"} else host  # noqa: S104


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
