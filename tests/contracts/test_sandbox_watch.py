"""The watch pages: what they show, that they escape it, and that they load nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from googleapiclient.http import MediaInMemoryUpload

from tests.contracts.running_sandbox import RunningSandbox
from tests.contracts.test_sandbox_google_data import SRT, png, upload


@pytest.fixture
def page(sandbox: RunningSandbox, clip: Path) -> Any:
    def get(path: str, **headers: str) -> httpx.Response:
        return httpx.get(sandbox.url + path, headers=headers, timeout=20, verify=False)

    return get


def test_a_video_s_page(sandbox: RunningSandbox, page: Any, clip: Path) -> None:
    youtube = sandbox.youtube(sandbox.credentials("Café & <Co>"))
    made = upload(
        youtube, clip, title='"Bees" & \'honey\'', description="line one\nline & two", tags=["ytv-1", "b&b"],
        status={"privacyStatus": "unlisted", "containsSyntheticMedia": True, "selfDeclaredMadeForKids": False},
    )  # fmt: skip
    track = {"snippet": {"videoId": made["id"], "language": "en", "name": '"><script>'}}
    youtube.captions().insert(part="snippet", body=track, media_body=MediaInMemoryUpload(SRT, "text/plain")).execute()
    youtube.thumbnails().set(videoId=made["id"], media_body=png()).execute()
    playlist = youtube.playlists().insert(part="snippet", body={"snippet": {"title": "All bees"}}).execute()
    entry = {"snippet": {"playlistId": playlist["id"], "resourceId": {"kind": "youtube#video", "videoId": made["id"]}}}
    youtube.playlistItems().insert(part="snippet", body=entry).execute()

    shown = page(f"/watch?v={made['id']}")
    for text in (
        "&quot;Bees&quot; &amp; &#x27;honey&#x27;",
        "line &amp; two",
        "b&amp;b",
        "Café &amp; &lt;Co&gt;",
        "unlisted",
        "altered or synthetic content",
        "Education",
        "All bees",
        "not affiliated",
        "&quot;&gt;&lt;script&gt;",
    ):
        assert text in shown.text, text
    assert "<script" not in shown.text
    assert shown.headers["content-security-policy"].startswith("default-src 'self'")
    linked = re.findall(r'(?:src|href|poster)="([^"]+)"', shown.text)
    assert all(link.startswith("/") and not link.startswith("//") for link in linked)
    for link in linked:
        assert page(link).status_code == 200, link
    assert page(f"/watch/thumbnails/{made['id']}").headers["content-type"] == "image/png"
    media = page(f"/watch/media/{made['id']}", range="bytes=0-99")
    assert (media.status_code, len(media.content)) == (206, 100)
    assert media.headers["content-range"] == f"bytes 0-99/{clip.stat().st_size}"
    caption = re.search(r"/watch/captions/[^\"]+", shown.text)
    assert caption is not None
    vtt = page(caption[0])
    assert vtt.headers["content-type"].startswith("text/vtt")
    assert vtt.text.startswith("WEBVTT")

    front = page("/")
    assert "&quot;Bees&quot;" in front.text
    assert "<script" not in front.text
    channel = page(f"/channel/{made['snippet']['channelId']}")
    assert "&quot;Bees&quot;" in channel.text


def test_pages_that_do_not_exist(page: Any) -> None:
    for path in ("/watch?v=none", "/watch", "/channel/none", "/watch/media/none", "/watch/thumbnails/none"):
        shown = page(path)
        assert shown.status_code == 404
        assert "no such" in shown.text


def test_an_empty_channel_says_so(sandbox: RunningSandbox, page: Any) -> None:
    made = sandbox.post("/_channels", title="Quiet channel")
    assert "Nothing has been uploaded yet" in page(f"/channel/{made['id']}").text


def test_a_video_is_deleted_by_its_page_s_button_and_nobody_else_s(
    sandbox: RunningSandbox, page: Any, clip: Path
) -> None:
    youtube = sandbox.youtube(sandbox.credentials("Deleting"))
    made = upload(youtube, clip, title="Not for long")
    address = f"/watch?v={made['id']}"
    [action] = re.findall(r'<form method="post" action="([^"]+)"', page(address).text)
    assert page(action).status_code == 405
    for headers in ({"sec-fetch-site": "cross-site"}, {"host": "sandbox.example"}):
        refused = httpx.post(sandbox.url + action, headers=headers, verify=False)
        assert refused.status_code == 403
    assert youtube.videos().list(part="id", id=made["id"]).execute()["items"]

    answer = httpx.post(
        sandbox.url + action, headers={"sec-fetch-site": "same-origin"}, follow_redirects=True, verify=False
    )
    assert (answer.status_code, answer.url.path) == (410, "/watch")
    assert "Not for long” is gone" in answer.text
    assert youtube.videos().list(part="id", id=made["id"]).execute()["items"] == []
    assert page(f"/watch/media/{made['id']}").status_code == 404
    assert made["id"] not in page("/").text
    assert httpx.post(sandbox.url + action, verify=False).status_code == 404
