"""`ytempire up --n8n`: the real API claims for the real n8n, and all of it stops in order."""

from __future__ import annotations

import re
import signal
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from tests.n8n.conftest import FOLDER
from tests.n8n.editor import Editor, node, password_in, webhook
from tests.stories.test_command_line_processes import Start, ended, first_line, left_of, start
from ytempire.local.n8n.credentials import API_ID, API_NAME
from ytempire.local.n8n.install import Installed

__all__ = ["start"]


@pytest.fixture(scope="module")
def state(services_dir: Path) -> Path:
    """The state folder of this module's commands."""
    return services_dir / "up-n8n"


def test_n8n_claims_due_work_and_reports_with_a_key_that_can_do_nothing_else(
    at: Installed, start: Start, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YTEMPIRE_N8N_DIR", str(FOLDER))
    began = time.monotonic()
    up = start("up", "--rehearsal", "--n8n")
    web = re.search(r"http://127\.0\.0\.1:\d+", first_line(up, "the web server answers"))
    line = first_line(up, "n8n answers")
    print(f"everything with n8n after {time.monotonic() - began:.1f} s", file=sys.stderr)
    found = re.search(r"(http://127\.0\.0\.1:\d+)/  \(sign in as (\S+), password in (\S+)\)", line)
    assert web
    assert found
    url, email, password_file = found.groups()

    key = (state / "rehearsal" / "secrets" / "n8n.api-key").read_text()
    asks = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"{web[0]}/api/v1", headers=asks, trust_env=False) as door:
        assert door.post("/plan/due", json={"driver": "n8n"}).json() == []
        for path in ("/users/me", "/videos", "/channels", "/admin/runs", "/costs/today"):
            assert door.get(path).status_code in {403, 404}, path

    uses = {"ytempireApi": {"id": API_ID, "name": API_NAME}}
    claim = {"resource": "plan", "operation": "claimDue"}
    due = node("Due", "n8n-nodes-ytempire.ytempire", 1, claim, credentials=uses)
    report = {"resource": "workflow", "operation": "report", "event": "workflow.failed", "message": "for the test"}
    tell = node("Tell", "n8n-nodes-ytempire.ytempire", 1, report, credentials=uses)
    with Editor(url, email, password_in(password_file)) as editor:
        for path, asks_what in (("due", due), ("tell", tell)):
            workflow = editor.made(path, [webhook(path), asks_what])
            editor.hooked(path, {})
            assert [one["status"] for one in editor.executions(workflow)] == ["success"], path

    n8n = next(one for one in psutil.Process(up.pid).children(recursive=True) if "bin/n8n" in " ".join(one.cmdline()))
    began = time.monotonic()
    up.send_signal(signal.SIGTERM)
    while n8n.is_running() and n8n.status() != psutil.STATUS_ZOMBIE:
        assert httpx.get(f"{web[0]}/health/ready", trust_env=False).is_success, "what n8n drives is there to its end"
        time.sleep(0.05)
    assert ended(up)[0] == 0
    print(f"stopped after {time.monotonic() - began:.1f} s", file=sys.stderr)
    assert left_of(state) == []
