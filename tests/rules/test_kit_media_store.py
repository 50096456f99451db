"""Media files: kept once, whole or not at all, with words for a full disk."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ytempire.kit.errors import NotFound, StorageFull
from ytempire.kit.media_store import LocalMediaStore


@pytest.fixture
def store(tmp_path: Path) -> LocalMediaStore:
    return LocalMediaStore(tmp_path / "media", floor_bytes=0)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "Clip.MP4"
    file.write_bytes(b"frames" * 40_000)
    return file


@pytest.fixture
def no_room_beyond_100_kb(source: Path) -> Iterator[None]:
    """The kernel refuses to let any file grow further, as a full disk would (there it says ENOSPC, here EFBIG)."""
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
    signal.signal(signal.SIGXFSZ, handler)


def files(store: LocalMediaStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_the_same_bytes_are_kept_once(store: LocalMediaStore, source: Path) -> None:
    ref = store.put(source)
    assert ref.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert (ref.size_bytes, ref.suffix) == (240_000, ".mp4")
    assert store.put_bytes(source.read_bytes(), ".mp4") == ref
    assert store.path(ref).read_bytes() == source.read_bytes()
    assert len(files(store)) == 1
    assert source.exists()


def test_moving_leaves_nothing_behind(store: LocalMediaStore, source: Path, tmp_path: Path) -> None:
    ref = store.put(source, move=True)
    assert store.has(ref)
    assert not source.exists()
    again = tmp_path / "again.mp4"
    again.write_bytes(store.path(ref).read_bytes())
    assert store.put(again, move=True) == ref
    assert not again.exists()


def test_what_is_made_anew_takes_the_place_of_a_damaged_file(store: LocalMediaStore, source: Path) -> None:
    again = source.with_name("again.mp4")
    again.write_bytes(source.read_bytes())
    ref = store.put(source)
    store.path(ref).write_bytes(b"x" * ref.size_bytes)
    assert store.put(again, move=True) == ref
    assert hashlib.sha256(store.path(ref).read_bytes()).hexdigest() == ref.sha256


def test_a_file_cut_short_counts_as_gone_and_is_made_whole(store: LocalMediaStore, source: Path) -> None:
    ref = store.put(source)
    with store.path(ref).open("r+b") as file:
        file.truncate(10)
    assert not store.has(ref)
    with pytest.raises(NotFound, match=r"is not in the store\. Run the step"):
        store.path(ref)
    assert store.put(source) == ref
    assert store.path(ref).stat().st_size == ref.size_bytes


def test_an_unknown_file_is_not_found(store: LocalMediaStore, source: Path) -> None:
    ref = replace(store.put(source), sha256="0" * 64)
    assert not store.has(ref)


@pytest.mark.usefixtures("no_room_beyond_100_kb")
@pytest.mark.parametrize("way", ["put", "put_bytes"])
def test_a_copy_that_fails_leaves_no_file(store: LocalMediaStore, source: Path, way: str) -> None:
    with pytest.raises(OSError, match="File too large") as caught:
        store.put(source) if way == "put" else store.put_bytes(source.read_bytes(), ".mp4")
    assert caught.value.errno == errno.EFBIG
    assert files(store) == []
    assert source.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
@pytest.mark.parametrize("way", ["put", "put_bytes"])
def test_a_full_disk_is_named_and_leaves_no_file(source: Path, tmp_path: Path, way: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine allows no mount")
    try:
        store = LocalMediaStore(disk / "media")
        with pytest.raises(StorageFull, match=r"the disk is full: .*\. Free some disk"):
            store.put(source, move=True) if way == "put" else store.put_bytes(source.read_bytes(), ".mp4")
        assert files(store) == []
        assert source.exists()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_the_floor_is_named_before_work_begins(tmp_path: Path) -> None:
    LocalMediaStore(tmp_path, floor_bytes=0).require_space()
    with pytest.raises(StorageFull, match=r"MB of disk are free, the floor is 1000000000000 MB\. .*DISK_FLOOR_BYTES"):
        LocalMediaStore(tmp_path, floor_bytes=10**18).require_space()
