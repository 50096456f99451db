"""Nothing the sandbox names was left untried: runs last, when the whole folder ran."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import faults
from sandbox.operations import OPERATIONS
from tests.contracts.running_sandbox import RunningSandbox


def ran_whole_folder(request: pytest.FixtureRequest) -> bool:
    files = {path.name for path in Path(__file__).parent.glob("test_sandbox_*.py")}
    return files <= {item.path.name for item in request.session.items} and request.session.testsfailed == 0


def test_every_call_and_every_fault_was_tried(sandbox: RunningSandbox, request: pytest.FixtureRequest) -> None:
    if not ran_whole_folder(request):
        pytest.skip("counts only what the whole folder tried")
    answered = {(row["vendor"], row["operation"]) for row in sandbox.get("/_books")["calls"] if row["status"] < 400}
    redirects = {("google", "oauth.consent")}
    untried = {(vendor, name) for vendor, name, _, _ in OPERATIONS} - answered - redirects
    assert untried == set()
    struck = {kind for (_, kind), hits in sandbox.struck.items() if hits}
    assert (faults.BEFORE | faults.AFTER) - struck == set()
    assert len(sandbox.struck) >= 100
