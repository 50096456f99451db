"""How many processes a run is shared out among, and what holds in each of them."""

import socket
import warnings

import pytest

from tests.side_by_side import processes


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
