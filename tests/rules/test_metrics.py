"""Metrics: counted where it happens, served on loopback, each with words."""

from __future__ import annotations

import re
import socket
import urllib.request

import pytest

from ytempire.kit.errors import BadInput, RenderFailed
from ytempire.kit.metrics import CALL_S, PROCESS, described, served, timed
from ytempire.local.addresses import free_port

NAME = re.compile(r"ytempire(_[a-z]+)+")


def observed(outcome: str) -> float:
    return PROCESS.get_sample_value(
        "ytempire_paid_call_duration_seconds_count", {"category": "a test's", "outcome": outcome}
    ) or 0.0  # fmt: skip


def test_a_block_is_timed_with_the_code_of_the_error_that_left_it() -> None:
    with timed(CALL_S, category="a test's"):
        pass
    with pytest.raises(RenderFailed), timed(CALL_S, category="a test's"):
        raise RenderFailed("no frames")
    with pytest.raises(ZeroDivisionError), timed(CALL_S, category="a test's"):
        _ = 1 / 0
    assert [observed(code) for code in ("done", "render_failed", "ZeroDivisionError")] == [1, 1, 1]


def test_they_are_served_on_loopback_while_open() -> None:
    port = free_port()
    with served(PROCESS, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
        taken = f"YTEMPIRE_METRICS_PORT: port {port} for metrics can't be had"
        with pytest.raises(BadInput, match=taken), served(PROCESS, port):
            pass
    assert "# TYPE ytempire_hold_refusals_total counter" in text
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 1).close()


def test_names_and_units_are_prometheus_own() -> None:
    for metric in described():
        assert NAME.fullmatch(metric.name), metric.name
        assert metric.says.endswith("."), metric.name
        assert (metric.kind == "counter") == metric.name.endswith("_total"), metric.name
        if metric.kind == "histogram":
            assert metric.name.endswith("_seconds"), metric.name
