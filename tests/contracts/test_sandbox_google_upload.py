"""Resumable uploads through google-api-python-client: chunks, breaks, restarts, lost answers, gone sessions."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaFileUpload

from tests.contracts.discovery_schema import fits
from tests.contracts.running_sandbox import RunningSandbox

STEP = 256 * 1024


@pytest.fixture
def youtube(sandbox: RunningSandbox) -> Any:
    return sandbox.youtube(sandbox.credentials("Uploader"))


def begin(youtube: Any, clip: Path, marker: str) -> Any:
    body = {"snippet": {"title": "Chunks", "tags": [marker]}, "status": {"privacyStatus": "private"}}
    media = MediaFileUpload(str(clip), mimetype="video/mp4", chunksize=STEP, resumable=True)
    return youtube.videos().insert(part="snippet,status", body=body, media_body=media)


def finish(request: Any) -> Any:
    response = None
    while response is None:
        _, response = request.next_chunk()
    return fits("Video", response)


def uploads(sandbox: RunningSandbox, marker: str) -> list[Any]:
    return [item for item in sandbox.get("/_books")["uploads"] if marker in item["tags"]]


def ask(url: str, total: int) -> httpx.Response:
    return httpx.put(url, headers={"content-range": f"bytes */{total}"}, timeout=20, verify=False)


def test_chunks_of_256_kib(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    size, request, seen = clip.stat().st_size, begin(youtube, clip, "m-chunks"), []
    assert size > 2 * STEP
    response = None
    while response is None:
        status, response = request.next_chunk()
        if status:
            seen.append(status.resumable_progress)
    assert seen == list(range(STEP, size, STEP))
    kept = uploads(sandbox, "m-chunks")
    assert len(kept) == 1
    assert kept[0]["bytes"] == size
    asked = ask(request.resumable_uri, size)
    assert asked.status_code == 200
    assert asked.json()["id"] == response["id"]  # a finished session answers with its video, and makes no second


def test_a_session_survives_kill_9(sandbox: RunningSandbox, youtube: Any, clip: Path, tmp_path: Path) -> None:
    own = RunningSandbox(tmp_path)
    own.start()
    try:
        own.calm()
        credentials = own.credentials("Uploader")
        request = begin(own.youtube(credentials), clip, "m-killed")
        request.next_chunk()
        session = request.resumable_uri
        own.stop(signal.SIGKILL)
        own.start()
        moved = own.url + urlsplit(session).path + "?" + urlsplit(session).query
        asked = ask(moved, clip.stat().st_size)
        assert (asked.status_code, asked.headers["range"]) == (308, f"bytes=0-{STEP - 1}")
        rest = begin(own.youtube(credentials), clip, "m-killed")
        rest.resumable_uri, rest.resumable_progress = moved, STEP
        finish(rest)
        assert len(uploads(own, "m-killed")) == 1
    finally:
        own.calm()
        own.stop()


def test_a_broken_chunk_goes_on_where_it_broke(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    request, data = begin(youtube, clip, "m-broken"), clip.read_bytes()
    request.next_chunk()
    session = urlsplit(request.resumable_uri)
    with socket.create_connection((session.hostname, session.port)) as raw:
        rest = data[STEP:]
        head = (
            f"PUT {session.path}?{session.query} HTTP/1.1\r\nhost: {session.netloc}\r\n"
            f"content-length: {len(rest)}\r\ncontent-range: bytes {STEP}-{len(data) - 1}/{len(data)}\r\n\r\n"
        )
        raw.sendall(head.encode() + rest[: STEP + 1000])
    for _ in range(100):
        asked = ask(request.resumable_uri, len(data))
        if asked.headers.get("range") != f"bytes=0-{STEP - 1}":
            break
    assert asked.headers["range"] == f"bytes=0-{2 * STEP - 1}"  # whole steps only
    request.resumable_progress = 2 * STEP
    finish(request)
    kept = uploads(sandbox, "m-broken")
    assert [item["bytes"] for item in kept] == [len(data)]


@pytest.mark.parametrize("operation", ["videos.insert", "videos.insert.chunk"])
def test_a_lost_answer_was_performed(sandbox: RunningSandbox, youtube: Any, clip: Path, operation: str) -> None:
    marker, size = f"m-lost-{operation}", clip.stat().st_size
    request = begin(youtube, clip, marker)
    if operation == "videos.insert":
        sandbox.fault("google", operation, "answer_lost")
        with pytest.raises(OSError):  # noqa: PT011 - a reset, an end of file: the socket's own errors
            request.next_chunk()
        finish(begin(youtube, clip, marker))  # the lost session is empty: nothing was uploaded by it
    else:
        sandbox.fault("google", operation, "answer_lost", skip=-(-size // STEP) - 1)  # the last chunk
        with pytest.raises(OSError):  # noqa: PT011
            finish(request)
        assert ask(request.resumable_uri, size).status_code == 200
        _, response = request.next_chunk()  # the client asks by itself and finds the video
        assert response["snippet"]["tags"] == [marker]
    assert len(uploads(sandbox, marker)) == 1
    assert sandbox.get("/_books", marker=marker)["uploaded_twice"] == []


def test_the_books_see_an_upload_made_twice(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    for _ in range(2):
        finish(begin(youtube, clip, "m-twice"))
    assert [item["times"] for item in sandbox.get("/_books", marker="m-twice")["uploaded_twice"]] == [2]


def test_sessions_end_after_a_week(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    request = begin(youtube, clip, "m-old")
    request.next_chunk()
    sandbox.post("/_clock", offset_s=7 * 86_400 + 1)
    assert ask(request.resumable_uri, clip.stat().st_size).status_code == 404
    assert ask(request.resumable_uri + "x", 1).status_code == 404
    with pytest.raises(HttpError) as gone:
        request.next_chunk()
    assert gone.value.resp.status == 404


def test_a_planned_fault_makes_a_session_vanish(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    request = begin(youtube, clip, "m-gone")
    request.next_chunk()
    sandbox.fault("google", "videos.insert.status", "sessionGone")
    assert ask(request.resumable_uri, clip.stat().st_size).status_code == 404
    finish(request)


def test_chunks_that_do_not_fit_are_refused(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    request, total = begin(youtube, clip, "m-misfit"), clip.stat().st_size
    request.next_chunk()
    for content_range, body in (
        (f"bytes {STEP}-{STEP + 999}/{total}", b"a" * 1000),  # no multiple of 256 KiB
        (f"bytes {2 * STEP}-{3 * STEP - 1}/{total}", b"a" * STEP),  # a gap
        (f"bytes {STEP}-{2 * STEP - 1}/{total + 5}", b"a" * STEP),  # another total
        (f"bytes {STEP}-{2 * STEP - 1}/{total}", b"a" * 10),  # another length
        ("bytes a-b/c", b"a"),
    ):
        refused = httpx.put(
            request.resumable_uri, headers={"content-range": content_range}, content=body, timeout=20, verify=False
        )
        assert (refused.status_code, refused.json()["error"]["errors"][0]["reason"]) == (400, "invalidContentRange")
    overlap = httpx.put(
        request.resumable_uri,
        headers={"content-range": f"bytes 0-{2 * STEP - 1}/{total}"},
        content=clip.read_bytes()[: 2 * STEP],
        timeout=20,
    )
    assert (overlap.status_code, overlap.headers["range"]) == (308, f"bytes=0-{2 * STEP - 1}")
    request.resumable_progress = 2 * STEP
    finish(request)
    assert uploads(sandbox, "m-misfit")[0]["bytes"] == total


def test_uploads_without_resuming(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    body = {"snippet": {"title": "At once", "tags": ["m-once"]}, "status": {"privacyStatus": "private"}}
    media = MediaFileUpload(str(clip), mimetype="video/mp4")
    fits("Video", youtube.videos().insert(part="snippet,status", body=body, media_body=media).execute())
    assert [item["bytes"] for item in uploads(sandbox, "m-once")] == [clip.stat().st_size]


def test_only_videos_are_taken(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    credentials = sandbox.credentials("Uploader")
    refused = httpx.post(
        sandbox.url + "/google/upload/youtube/v3/videos?uploadType=resumable&part=snippet",
        headers={"authorization": f"Bearer {credentials.token}", "x-upload-content-type": "image/png"},
        json={"snippet": {"title": "x"}},
        timeout=20,
    )
    assert (refused.status_code, refused.json()["error"]["errors"][0]["reason"]) == (400, "mediaBodyRequired")
