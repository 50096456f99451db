"""How many processes a run is shared out among, what holds in each of them, and what they are judged by together."""

import socket
import warnings

import pytest

from sandbox import faults
from sandbox.operations import OPERATIONS
from tests.side_by_side import processes, untried

CALLS = [[vendor, name] for vendor, name, _, _ in OPERATIONS]
KINDS = sorted(faults.BEFORE | faults.AFTER)
STRUCK = [[f"vendor {number}", kind, 1] for kind in KINDS for number in range(100)]


@pytest.mark.parametrize(
    ("cores", "gigabytes", "expected"),
    [(2, 24, 3), (4, 16, 5), (1, 8, 2), (64, 256, 8), (8, 6, 4), (4, 1, 1)],
    ids=["small server", "laptop", "one core", "large server", "short of memory", "none to spare"],
)
def test_one_more_than_cores_within_reason_and_memory(cores: int, gigabytes: int, expected: int) -> None:
    assert processes(cores, gigabytes * 10**9) == expected


def test_a_socket_leads_to_this_machine_only() -> None:
    """pytest-socket warns before it refuses, and a warning is an error."""
    with socket.socket() as outward, pytest.raises(UserWarning, match=r'connect\(\) with host "192\.0\.2\.1"'):
        outward.connect(("192.0.2.1", 9))


def test_a_warning_is_a_failure() -> None:
    with pytest.raises(UserWarning, match="heed this"):
        warnings.warn("heed this", stacklevel=1)


def said(answered: list, struck: list, *, whole: bool = True) -> dict:
    return {"answered": answered, "faults": struck, "whole_folder": whole}


def test_what_two_processes_tried_counts_together() -> None:
    assert untried([said(CALLS[:5], STRUCK[:50]), said(CALLS[5:], STRUCK[50:])]) == []


def test_what_nobody_tried_is_named() -> None:
    vendor, name = CALLS[0]
    assert untried([said(CALLS[1:], STRUCK)]) == [f"{vendor} {name}"]
    left = [one for one in STRUCK if one[1] != KINDS[0]]
    assert untried([said(CALLS, left)]) == [f"fault {KINDS[0]}"]
    assert "only 1 kinds" in untried([said(CALLS, STRUCK[:1])])[-1]


@pytest.mark.parametrize("told", [[], [said([], [], whole=False)]])
def test_a_run_of_some_tests_is_not_judged(told: list) -> None:
    assert untried(told) == []
