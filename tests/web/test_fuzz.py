"""A sample of `make fuzz`, always the same cases: nothing fails, and what is planted is found."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import DatabaseUrls
from tests.web.fuzz import fuzz, server, shown
from tests.web.fuzz_ground import Ground, prepared


@pytest.fixture
def grounds(database_urls: DatabaseUrls, valkey_url: str, services_dir: Path, tmp_path: Path) -> Iterator[list[Ground]]:
    tmp_path.chmod(0o755)
    mine = {"DATABASE_URL": database_urls.app, "REDIS_URL": valkey_url, "YTEMPIRE_SANDBOX_URL": "http://127.0.0.1:9"}
    with server(tmp_path, PLANTED="1", **mine) as where:
        yield asyncio.run(prepared(where, each=4))


def test_a_sample_of_the_fuzzing_fails_only_where_a_fault_is_planted(
    grounds: list[Ground], capsys: pytest.CaptureFixture[str]
) -> None:
    operator = grounds[0]
    told = fuzz(operator, most_examples=3, seed=1, mode="positive", workers=1)
    with capsys.disabled():
        print(f"\nfuzzing: {told.cases} cases, {told.good / told.cases:.0%} answered 2xx")
    planted = {name for name in told.failures if name.startswith("POST /api/v1/planted/")}
    assert any("fault: Server error" in name for name in planted), told.failures
    assert any("lie: Response violates schema" in name for name in planted), told.failures
    others = {name: how for name, how in told.failures.items() if name not in planted}
    assert not others, "\n".join(f"{name}\n{how}" for name, how in others.items())
    assert told.cases >= 300, shown(told, operator.operations)
    assert told.good >= 0.3 * told.cases, shown(told, operator.operations)
