"""Memory: one more begins while the floor stays free, and what began just now counts before it has taken any."""

from pathlib import Path

import psutil
import pytest

from ytempire.kit.errors import MemoryLow
from ytempire.kit.room import Room, free_memory_bytes


def test_several_that_begin_at_once_are_counted_before_the_machine_shows_them() -> None:
    room = Room(floor_bytes=1000, each_bytes=400, free_bytes=lambda: 2199)
    room.enter()
    room.enter()
    with pytest.raises(MemoryLow, match="memory are free") as refused:
        room.enter()
    assert refused.value.fix
    free = iter([1399, 1400])
    tight = Room(floor_bytes=1000, each_bytes=400, free_bytes=lambda: next(free))
    with pytest.raises(MemoryLow):
        tight.enter()
    tight.enter()  # who was refused is not counted


def test_a_containers_limit_counts_where_it_is_the_smaller_one(tmp_path: Path) -> None:
    machine = psutil.virtual_memory().total
    assert 0 < free_memory_bytes(tmp_path) <= machine
    (tmp_path / "memory.max").write_text("max\n")
    assert free_memory_bytes(tmp_path) > 1_000_000
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("900000\n")
    (tmp_path / "memory.stat").write_text("anon 1\ninactive_file 50000\n")
    assert free_memory_bytes(tmp_path) == 150_000
