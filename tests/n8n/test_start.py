"""n8n comes up from nothing, quiet and alone; stops in time, and comes back."""

from __future__ import annotations

import ipaddress
import json
import sys
import time
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from tests.n8n.conftest import CANARY, FOLDER, Command, started
from tests.n8n.editor import Editor, node, webhook
from tests.n8n.recording import Recorded
from ytempire.kit.errors import StorageFull
from ytempire.local.n8n.environment import EXCLUDED
from ytempire.local.n8n.install import Installed, install, require_space
from ytempire.local.n8n.start import ROLE

STOPS_WITHIN_S = 20


def outside(process: psutil.Process) -> set[str]:
    """Where this process and those it started speak to that is not this machine."""
    found = set()
    for one in (process, *process.children(recursive=True)):
        try:
            spoken = [at.raddr.ip for at in one.net_connections("inet") if at.raddr]
        except psutil.Error:  # it ended in the meantime
            continue
        found |= {ip for ip in spoken if not ipaddress.ip_address(ip).is_loopback}
    return found


def test_a_second_installation_takes_no_time(at: Installed) -> None:
    began = time.monotonic()
    assert install(FOLDER) == at
    assert time.monotonic() - began < 1
    assert not (FOLDER / "making").exists()


def test_too_little_space_is_told_with_how_much_is_needed(tmp_path: Path) -> None:
    with pytest.raises(StorageFull, match=r"take 9000000.0 GB while they are installed") as full:
        require_space(tmp_path, 9_000_000_000_000_000, "n8n and its Node")
    assert full.value.field == "YTEMPIRE_N8N_DIR"


def test_every_excluded_node_is_one_that_n8n_has(at: Installed) -> None:
    known = set()
    for package in ("n8n-nodes-base", "@n8n/n8n-nodes-langchain"):
        names = json.loads((at.modules / package / "dist" / "known" / "nodes.json").read_text())
        known |= {f"{package}.{name}" for name in names}
    assert set(EXCLUDED) - known == set()


def test_it_boots_quietly_stops_in_time_and_the_next_start_imports_nothing(
    at: Installed, services_dir: Path, api: Recorded
) -> None:
    state = services_dir / "n8n-fresh"
    spoken: set[str] = set()
    with started(state, api, watch=lambda process: spoken.update(outside(process))) as first:
        assert "takes in" in first.said()
        time.sleep(3)  # what calls out does so within moments of the start
        spoken |= outside(psutil.Process(first.process.pid))
        assert spoken == set()
        assert only_here(first.node())
        stopped_s = first.end()
    assert stopped_s < STOPS_WITHIN_S
    with started(state, api) as second:
        assert "takes in" not in second.said()
        assert second.url == first.url, "addresses that our API was told stay good"
        took_s = second.took_s
    print(f"first start {first.took_s:.1f} s, next {took_s:.1f} s, stop {stopped_s:.1f} s", file=sys.stderr)


def only_here(process: psutil.Process) -> bool:
    listening = [one for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN]
    assert listening
    return all(ipaddress.ip_address(one.laddr.ip).is_loopback for one in listening)


def test_it_knows_no_key_of_ours_and_reaches_no_table_of_ours(running: Command, state: Path) -> None:
    process = running.node()
    told = process.environ()
    assert CANARY not in " ".join(told.values())
    assert not [name for name in told if name.startswith(("YTEMPIRE", "DATABASE_", "OPENAI", "REDIS_"))]
    assert process.username() != "root"
    login = (
        f"host={told['DB_POSTGRESDB_HOST']} port={told['DB_POSTGRESDB_PORT']} user={ROLE}"
        f" password={told['DB_POSTGRESDB_PASSWORD']}"
    )
    for database in ("ytempire", "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(f"{login} dbname={database}")
    memory = process.memory_info().rss
    print(f"resident {memory / 1e6:.0f} MB", file=sys.stderr)


def test_it_comes_back_after_being_killed(running: Command, editor: Editor) -> None:
    editor.made("back", [webhook("back"), node("Set", "set", 3.4, {"assignments": {"assignments": []}, "options": {}})])
    assert editor.hooked("back", {"a": 1}).is_success
    before = running.node()
    before.kill()
    before.wait(10)
    print(f"came back after {answers_again_s(running, 'back'):.1f} s", file=sys.stderr)
    assert "n8n ended with" in running.said()
    assert running.node().pid != before.pid


def test_it_goes_on_after_its_postgresql_was_killed(running: Command, editor: Editor) -> None:
    editor.made(
        "below", [webhook("below"), node("Set", "set", 3.4, {"assignments": {"assignments": []}, "options": {}})]
    )
    assert editor.hooked("below", {"a": 1}).is_success
    everything = psutil.Process(running.process.pid).children(recursive=True)
    postgres = next(one for one in everything if "bin/postgres -D" in " ".join(one.cmdline()))
    postgres.kill()
    postgres.wait(10)
    print(f"went on after {answers_again_s(running, 'below'):.1f} s", file=sys.stderr)


def answers_again_s(running: Command, hook: str) -> float:
    """How long it took until this webhook's execution succeeded again."""
    began = time.monotonic()
    while True:
        try:
            answer = httpx.post(f"{running.url}/webhook/{hook}", json={"a": 1}, timeout=5, trust_env=False)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.is_success:
            return time.monotonic() - began
        assert time.monotonic() - began < 60
        time.sleep(0.1)
