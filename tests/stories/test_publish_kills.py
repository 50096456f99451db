"""A worker killed at each point of publishing, alone and together with an answer that is lost: one upload all the same.

Uploads, playlist entries and captions are counted from the sandbox's own books.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contracts.running_sandbox import RunningSandbox
from tests.stories.publishing_stage import Stage, make_file
from ytempire.kit.media_store import LocalMediaStore

ROOT = Path(__file__).parents[2]
CALLS = 10
"""At least as many passings as a publication has at each kind of point (start, three pieces, thumbnail, …)."""
KINDS = ("publish.before_call", "publish.after_call", "publish.after_commit")
POINTS = [
    "publish.started", "publish.uploaded", *(f"{kind}:{nth}" for nth in range(1, CALLS + 1) for kind in KINDS)
]  # fmt: skip
SAMPLE = {
    "publish.started", "publish.uploaded", "publish.before_call:1", "publish.after_call:1", "publish.after_commit:1",
    "publish.after_call:3", "publish.after_call:4", "publish.after_call:6", "publish.after_call:7",
}  # fmt: skip
LOST = (None, "videos.insert", "videos.insert.chunk", "videos.insert.status", "thumbnails.set", "playlistItems.insert")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.start()
    running.post("/_settings", processing_s=0.05)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    return make_file(tmp_path_factory.mktemp("film") / "film.mp4")


Worker = Callable[[Stage, int, str], tuple[int, dict]]


@pytest.fixture(scope="module")
def worker(tmp_path_factory) -> Iterator[Worker]:
    """Runs the step in a process of its own: (signal that killed it or 0, what it left)."""
    out = tmp_path_factory.mktemp("worker") / "result.json"
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.stories.publishing_nursery"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip

    def run(stage: Stage, attempt: int, failpoint: str) -> tuple[int, dict]:
        out.unlink(missing_ok=True)
        job = {"stage": stage.as_json(), "attempt": attempt, "failpoint": failpoint, "result": str(out)}
        nursery.stdin.write(json.dumps(job) + "\n")
        nursery.stdin.flush()
        status = int(nursery.stdout.readline())
        return status & 0x7F, json.loads(out.read_text()) if out.exists() else {}

    yield run
    nursery.stdin.close()
    assert nursery.wait(20) == 0
    nursery.stdout.close()


def chosen(lost: str | None) -> list:
    """With no lost answer the sample runs always; the rest is the campaign."""
    return [
        pytest.param(lost, POINTS if full else sorted(SAMPLE), id=f"{lost or 'kill only'}{' all' if full else ''}",
                     marks=pytest.mark.campaign if full else ())
        for full in (False, True) if full or lost in {None, "videos.insert.chunk"}
    ]  # fmt: skip


@pytest.mark.parametrize(("lost", "points"), [case for lost in LOST for case in chosen(lost)])
async def test_whatever_dies_when_there_is_one_upload(database, tmp_path, sandbox, film, worker, lost, points):
    stage = Stage(database, LocalMediaStore(tmp_path / "media"), sandbox.url)
    await stage.set_up(film, playlist="Sea")
    killed, videos = [], []
    for point in points:
        await stage.new_video()
        sandbox.calm()
        sandbox.post("/_settings", processing_s=0.05, uploads_per_day=10**6, units_per_day=10**6)
        if lost:
            sandbox.fault("google", lost, "answer_lost")
        signal, said = worker(stage, 1, point)
        assert signal in {0, 9}, said
        killed += [point] if signal == 9 else []
        attempt = 2
        while signal or "error" in said:
            assert attempt < 8, said
            signal, said = worker(stage, attempt, "")
            attempt += 1
        videos.append((point, said["result"]["platform_id"], stage.marked(sandbox.get("/_books"))))
    wrong = [(point, ids) for point, mine, ids in videos if [upload["video_id"] for upload in ids] != [mine]]
    assert wrong == []
    books = sandbox.get("/_books")
    ours = {platform_id for _, platform_id, _ in videos}
    assert len(ours) == len(points)
    assert {r["times"] for r in books["playlist_items"] if r["video_id"] in ours} == {1}
    assert len([r for r in books["playlist_items"] if r["video_id"] in ours]) == len(points)
    assert await stage.ledger().audit() == []
    assert len(killed) >= len(SAMPLE) - 1, f"killed only at {killed}"
