"""How a run is shared out among processes (pytest-xdist, `make test`): how many, which test files first, what they say.

Each process has a PostgreSQL, a Valkey and a sandbox of its own on free ports: some tests rename roles, stop a server
or turn a sandbox's clock. A test file stays in one process, so what a module has rendered or started is made once.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from sandbox import faults
from sandbox.operations import OPERATIONS

MEMORY_EACH = 1_500_000_000
"""Bytes of a process with its servers, models and encoders, generously."""
MOST = 8
FOLDERS = ("stories", "contracts", "stores", "web", "house", "rules")
"""From the folder of the slowest tests to that of the quickest."""

CONTRACTS = Path(__file__).parent / "contracts"

_told: list[dict[str, Any]] = []


def processes(cores: int, memory: int) -> int:
    """One more than there are cores, as many tests wait for processes and deadlines; fewer where memory is short."""
    return max(1, min(cores + 1, MOST, memory // MEMORY_EACH))


def tell(session: pytest.Session, calls: Sequence[Mapping[str, Any]], struck: Counter[tuple[str, str]]) -> None:
    """What this process's sandbox answered and which faults struck, for the whole run to be told and judged by."""
    names = {item.path.name for item in session.items}
    said = {
        "calls": sum(row["count"] for row in calls),
        "operations": [[row["vendor"], row["operation"]] for row in calls],
        "answered": [[row["vendor"], row["operation"]] for row in calls if row["status"] < 400],
        "faults": [[*key, hits] for key, hits in struck.items() if hits],
        "whole_folder": {file.name for file in CONTRACTS.glob("test_sandbox_*.py")} <= names,
    }
    if hasattr(session.config, "workeroutput"):  # goes to the process that shares out
        session.config.workeroutput["sandbox"] = said
    else:
        _told.append(said)


def untried(told: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the sandbox names and no process of a run of all its tests tried; empty also where only some ran."""
    if not told or not all(said["whole_folder"] for said in told):
        return []
    answered = {tuple(operation) for said in told for operation in said["answered"]}
    struck = {(vendor, kind) for said in told for vendor, kind, _ in said["faults"]}
    redirects = {("google", "oauth.consent")}
    operations = {(vendor, name) for vendor, name, _, _ in OPERATIONS} - answered - redirects
    kinds = (faults.BEFORE | faults.AFTER) - {kind for _, kind in struck}
    few = [f"only {len(struck)} kinds of faults by vendor, wanted 100"] if len(struck) < 100 else []
    return [
        *(f"{vendor} {name}" for vendor, name in sorted(operations)),
        *sorted(f"fault {kind}" for kind in kinds),
        *few,
    ]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` means."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processes(cores, psutil.virtual_memory().available)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest begins first, or one process works alone at the end. A run in one process keeps its order."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _turn(item.path))


def _turn(file: Path) -> int:
    folder = file.parent.name
    return FOLDERS.index(folder) if folder in FOLDERS else len(FOLDERS)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process has done its share."""
    if "sandbox" in getattr(node, "workeroutput", {}):
        _told.append(node.workeroutput["sandbox"])


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that left something of the sandbox untried has failed."""
    if not hasattr(session.config, "workerinput") and session.testsfailed == 0 and untried(_told):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the contract tests tried on the sandbox, and what they left out."""
    if not _told:
        return
    operations = {tuple(operation) for said in _told for operation in said["operations"]}
    struck = [fault for said in _told for fault in said["faults"]]
    terminalreporter.write_line(
        f"sandbox: {sum(said['calls'] for said in _told)} calls answered, {len(operations)} of its operations;"
        f" {sum(hits for _, _, hits in struck)} faults struck, {len({(one, kind) for one, kind, _ in struck})} kinds"
        " by vendor"
    )
    for what in untried(_told):
        terminalreporter.write_line(f"FAILED: the sandbox's tests left this untried: {what}")
