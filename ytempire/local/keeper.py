"""Keeps one embedded service running for as long as anybody uses it.

Several `ytempire` commands may run on one state folder. The first starts a keeper, a small process that starts the
service and records its port; the others find the record. Each user holds a shared lock on `users.lock`; the kernel
lets go of it however the user ends. Once the keeper gets that lock for itself, nobody is left: it stops the service
and ends. If the service is killed meanwhile, the keeper starts it again on the same port.

Files in `STATE/NAME/`: `running.json` (keeper's pid and start, port), `users.lock`, `start.lock` (two starts at once
queue here). Run as `python -m ytempire.local.keeper NAME STATE PORT`.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from ytempire.kit.errors import YtempireError
from ytempire.local.folder import PASSABLE, make_folder, make_state_folder, named, open_log
from ytempire.local.postgres import Postgres, start_postgres
from ytempire.local.sandbox import Sandbox, start_sandbox
from ytempire.local.valkey import Valkey, start_valkey

_STARTERS: dict[str, Callable[[Path, int], Postgres | Valkey | Sandbox]] = {
    "postgres": lambda state_dir, port: start_postgres(state_dir, port=port),
    "valkey": lambda state_dir, port: start_valkey(state_dir, port=port),
    "sandbox": lambda state_dir, port: start_sandbox(state_dir, port=port),
}
_FOLDERS = {"postgres": PASSABLE, "valkey": PASSABLE, "sandbox": 0o700}  # the first two run as another account
_ANSWER_WITHIN_S = 90.0
_STOP_WITHIN_S = 60.0
_LOOK_EVERY_S = 0.1
_LONGEST_PAUSE_S = 10.0


class KeeperFailed(YtempireError):  # noqa: N818
    """The process that keeps an embedded service did not come up."""

    code = "keeper_failed"


@dataclass(frozen=True)
class _Record:
    keeper_pid: int
    keeper_started: float
    port: int


@contextmanager
def kept(name: str, state_dir: Path, *, port: int = 0) -> Iterator[int]:
    """The port of the running service `name` (postgres, valkey, sandbox), started if nobody has; kept until left.

    Blocks for as long as a start takes (0.1 to 2 s). Leaving it as the last user waits for the clean stop. Raises the
    error of the start, which names the field and the mend.
    """
    home = make_folder(make_state_folder(state_dir) / name, _FOLDERS[name])
    with _opened(home / "start.lock") as start_lock, _opened(home / "users.lock") as users_lock:
        fcntl.flock(start_lock, fcntl.LOCK_EX)
        fcntl.flock(users_lock, fcntl.LOCK_SH)  # waits for a keeper that is just stopping
        record = _read(home) or _start_keeper(name, state_dir, port)
        fcntl.flock(start_lock, fcntl.LOCK_UN)
        try:
            yield record.port
        finally:
            fcntl.flock(users_lock, fcntl.LOCK_UN)
            _wait_if_last(home, users_lock, record)


@contextmanager
def _opened(file: Path) -> Iterator[int]:
    try:
        handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise named(error, file) from error
    try:
        yield handle
    finally:
        os.close(handle)


def _read(home: Path) -> _Record | None:
    """The record of a keeper that lives."""
    try:
        record = _Record(**json.loads((home / "running.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return record if _lives(record) else None


def _lives(record: _Record) -> bool:
    try:
        process = psutil.Process(record.keeper_pid)
        same = process.create_time() == record.keeper_started
        return bool(same and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _start_keeper(name: str, state_dir: Path, port: int) -> _Record:
    answer, answer_end = os.pipe()
    with open_log(state_dir, f"keeper-{name}") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", __spec__.name, name, str(state_dir.resolve()), str(port), str(answer_end)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=Path(__file__).parents[2],
            pass_fds=[answer_end],
            start_new_session=True,
        )
    os.close(answer_end)
    with os.fdopen(answer, "rb") as pipe:
        ready, _, _ = select.select([pipe], [], [], _ANSWER_WITHIN_S)
        line = pipe.readline() if ready else b""
    if not line:
        keeper.kill()
        keeper.wait()
        raise KeeperFailed(
            f"{name} could not be started", fix=f"See logs/keeper-{name}.log in the state folder {state_dir}."
        )
    said = json.loads(line)
    if "message" in said:
        keeper.wait()
        raise YtempireError(said["message"], field=said["field"], fix=said["fix"], code=said["code"])
    _children.append(keeper)
    return _Record(**said)


_children: list[subprocess.Popen[bytes]] = []  # kept, so that no ResourceWarning asks after a keeper that lives on


def _wait_if_last(home: Path, users_lock: int, record: _Record) -> None:
    try:
        fcntl.flock(users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if _read(home) is not None:
            return  # somebody else still uses it
    else:
        fcntl.flock(users_lock, fcntl.LOCK_UN)
    deadline = time.monotonic() + _STOP_WITHIN_S
    while _lives(record) and time.monotonic() < deadline:
        for child in _children:
            child.poll()
        time.sleep(0.01)


def _keep(name: str, state_dir: Path, port: int, answer: int) -> None:
    """The keeper itself."""
    home = state_dir / name
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with os.fdopen(answer, "w") as pipe:
        try:
            service = _STARTERS[name](state_dir, port)
            record = _Record(os.getpid(), psutil.Process().create_time(), service.port)
            _write(home, record)
        except YtempireError as error:
            said = {"message": error.message, "field": error.field, "fix": error.fix, "code": error.code}
            pipe.write(json.dumps(said) + "\n")
            return
        pipe.write(json.dumps(vars(record)) + "\n")
    with _opened(home / "users.lock") as users_lock:
        pause_s, next_try = 0.0, 0.0
        while not stopping and not _left_alone(users_lock):
            if service.process is not None and service.process.poll() is not None and time.monotonic() >= next_try:
                sys.stderr.write(f"{name} ended with {service.process.returncode}; starting it again\n")
                sys.stderr.flush()
                pause_s = min(_LONGEST_PAUSE_S, pause_s * 2 or 0.5)
                next_try = time.monotonic() + pause_s
                try:
                    service = _STARTERS[name](state_dir, service.port)
                except YtempireError as error:
                    sys.stderr.write(f"{error}\n")
            time.sleep(_LOOK_EVERY_S)
        (home / "running.json").unlink(missing_ok=True)
        service.stop()


def _left_alone(users_lock: int) -> bool:
    try:
        fcntl.flock(users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write(home: Path, record: _Record) -> None:
    new = home / "running.json.new"
    try:
        new.write_text(json.dumps(vars(record)))
        new.replace(home / "running.json")
    except OSError as error:
        raise named(error, new) from error


if __name__ == "__main__":
    _keep(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
