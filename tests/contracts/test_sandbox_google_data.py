"""google-api-python-client against the sandbox: metadata, playlists, captions, thumbnails, search, quota."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload

from tests.contracts.discovery_schema import fits
from tests.contracts.running_sandbox import RunningSandbox
from tests.contracts.youtube_calls import png, reason_of, upload

SRT = b"1\n00:00:00,000 --> 00:00:01,500\nBees dance\n\n2\n00:00:01,500 --> 00:00:02,000\nHoney keeps\n"


def test_channel_and_its_uploads_playlist(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    mine = fits(
        "ChannelListResponse", youtube.channels().list(part="snippet,contentDetails,status", mine=True).execute()
    )
    assert mine["items"][0]["snippet"]["title"] == "Bee Facts"
    uploads = mine["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"]
    made = [upload(youtube, clip, tags=[f"ytv-page-{at}"])["id"] for at in range(3)]
    found, token = [], None
    while True:
        listed = youtube.playlistItems().list(
            part="snippet,contentDetails,status", playlistId=uploads, maxResults=2, pageToken=token
        )
        page = fits("PlaylistItemListResponse", listed.execute())
        found += [item["contentDetails"]["videoId"] for item in page["items"]]
        token = page.get("nextPageToken")
        if not token:
            break
    assert found[:3] == made[::-1]
    assert page["pageInfo"]["totalResults"] == len(found)
    with pytest.raises(HttpError) as refused:
        youtube.playlistItems().list(part="snippet", playlistId=uploads, pageToken="nonsense").execute()
    assert reason_of(refused) == "invalidPageToken"


def test_a_video_is_processed_after_a_while(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    sandbox.post("/_settings", processing_s=60)
    made = upload(youtube, clip)
    assert made["status"]["uploadStatus"] == "uploaded"
    parts = "snippet,status,processingDetails,contentDetails,fileDetails,statistics,player"
    before = fits("VideoListResponse", youtube.videos().list(part=parts, id=made["id"]).execute())["items"][0]
    assert before["processingDetails"]["processingStatus"] == "processing"
    with pytest.raises(HttpError) as early:
        youtube.thumbnails().set(videoId=made["id"], media_body=png()).execute()
    assert reason_of(early) == "forbidden"
    sandbox.post("/_clock", offset_s=61)
    after = fits("VideoListResponse", youtube.videos().list(part=parts, id=made["id"]).execute())["items"][0]
    assert after["status"]["uploadStatus"] == "processed"
    assert after["processingDetails"]["processingStatus"] == "succeeded"
    assert after["contentDetails"]["duration"] == "PT2S"
    assert after["fileDetails"]["videoStreams"][0]["heightPixels"] == 640
    answer = youtube.thumbnails().set(videoId=made["id"], media_body=png()).execute()
    assert fits("ThumbnailSetResponse", answer)["items"][0]["maxres"]["width"] == 1280


def test_a_file_that_is_no_video_fails(sandbox: RunningSandbox, youtube: Any, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_bytes(b"not a video at all" * 100)
    (tmp_path / "empty.mp4").write_bytes(b"")
    made = upload(youtube, tmp_path / "text.mp4")
    read = youtube.videos().list(part="status,processingDetails", id=made["id"]).execute()["items"][0]
    fits("Video", read)
    assert read["status"]["uploadStatus"] == "failed"
    assert read["status"]["failureReason"] == "invalidFile"
    assert read["processingDetails"]["processingStatus"] == "failed"


def test_privacy_left_out_means_public(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    assert upload(youtube, clip, status={})["status"]["privacyStatus"] == "public"
    forgotten = upload(youtube, clip, part="snippet", status={"privacyStatus": "private"})
    read = youtube.videos().list(part="status", id=forgotten["id"]).execute()["items"][0]
    assert read["status"]["privacyStatus"] == "public"  # the body's status counts only if `part` names it


def test_update_replaces_a_part_wholesale(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    made = upload(youtube, clip, status={"privacyStatus": "unlisted", "containsSyntheticMedia": True})
    assert made["status"]["containsSyntheticMedia"] is True
    body = {
        "id": made["id"],
        "snippet": {"title": "Better title", "categoryId": "28"},
        "status": {"privacyStatus": "private"},
    }
    changed = fits("Video", youtube.videos().update(part="snippet,status", body=body).execute())
    assert changed["snippet"]["title"] == "Better title"
    assert "tags" not in changed["snippet"]
    assert changed["snippet"]["description"] == ""
    assert "containsSyntheticMedia" not in changed["status"]
    youtube.videos().delete(id=made["id"]).execute()
    assert youtube.videos().list(part="id", id=made["id"]).execute()["items"] == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": ""}, "invalidTitle"),
        ({"title": "t" * 101}, "invalidTitle"),
        ({"title": "a <b> c"}, "invalidTitle"),
        ({"description": "é" * 2501}, "invalidDescription"),
        ({"description": "1 > 0"}, "invalidDescription"),
        ({"tags": ["a" * 400, "b" * 100]}, "invalidTags"),
        ({"tags": ["a b"] * 84}, "invalidTags"),
        ({"categoryId": "99"}, "invalidCategoryId"),
    ],
)
def test_metadata_rules(sandbox: RunningSandbox, youtube: Any, clip: Path, change: Any, reason: str) -> None:
    with pytest.raises(HttpError) as refused:
        upload(youtube, clip, **change)
    assert refused.value.resp.status == 400
    assert reason_of(refused) == reason


@pytest.mark.parametrize(
    "change",
    [{"title": "t" * 100}, {"title": "🐝 bees 🐝"}, {"description": "é" * 2500}, {"tags": ["a" * 400, "b" * 99]}],
)
def test_metadata_at_the_limit(sandbox: RunningSandbox, youtube: Any, clip: Path, change: Any) -> None:
    made = upload(youtube, clip, **change)
    assert {name: made["snippet"][name] for name in change} == change


def test_publish_at(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    later = datetime.fromtimestamp(sandbox.get("/_health")["now"] + 7200, UTC).isoformat()
    made = upload(youtube, clip, status={"privacyStatus": "private", "publishAt": later})
    assert made["status"]["publishAt"].endswith("Z")
    assert made["status"]["privacyStatus"] == "private"
    sandbox.post("/_clock", offset_s=3 * 3600)
    read = youtube.videos().list(part="status", id=made["id"])
    # the access token is an hour old by now: the client refreshes it by itself
    status = read.execute()["items"][0]["status"]
    assert status["privacyStatus"] == "public"
    assert "publishAt" not in status
    again = {"id": made["id"], "status": {"privacyStatus": "private"}}
    youtube.videos().update(part="status", body=again).execute()
    for status in (
        {"privacyStatus": "private", "publishAt": "2030-01-01T00:00:00Z"},
        {"privacyStatus": "public", "publishAt": later},
    ):
        with pytest.raises(HttpError) as refused:
            youtube.videos().update(part="status", body={"id": made["id"], "status": status}).execute()
        assert reason_of(refused) == "invalidPublishAt"  # it was public once; and it must be private


def test_publish_at_in_the_past_publishes_at_once(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    made = upload(youtube, clip, status={"privacyStatus": "private", "publishAt": "2020-01-01T00:00:00Z"})
    assert made["status"]["privacyStatus"] == "public"
    with pytest.raises(HttpError) as refused:
        upload(youtube, clip, status={"privacyStatus": "unlisted", "publishAt": "2030-01-01T00:00:00Z"})
    assert reason_of(refused) == "invalidPublishAt"


def test_playlists(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    video = upload(youtube, clip)["id"]
    wanted = {"snippet": {"title": "All about bees"}, "status": {"privacyStatus": "private"}}
    made = fits("Playlist", youtube.playlists().insert(part="snippet,status", body=wanted).execute())
    listed = fits(
        "PlaylistListResponse",
        youtube.playlists().list(part="snippet,status,contentDetails", mine=True, maxResults=50).execute(),
    )
    assert made["id"] in [item["id"] for item in listed["items"]]
    entry = {"snippet": {"playlistId": made["id"], "resourceId": {"kind": "youtube#video", "videoId": video}}}
    item = fits("PlaylistItem", youtube.playlistItems().insert(part="snippet", body=entry).execute())
    assert item["snippet"]["position"] == 0
    own = youtube.playlistItems().list(part="snippet", playlistId=made["id"], videoId=video).execute()
    assert [found["id"] for found in own["items"]] == [item["id"]]
    stranger = sandbox.youtube(sandbox.credentials("Stranger"))
    with pytest.raises(HttpError) as refused:
        stranger.playlistItems().list(part="snippet", playlistId=made["id"]).execute()
    assert reason_of(refused) == "playlistItemsNotAccessible"
    youtube.playlistItems().delete(id=item["id"]).execute()
    youtube.playlists().delete(id=made["id"]).execute()
    with pytest.raises(HttpError) as gone:
        youtube.playlistItems().insert(part="snippet", body=entry).execute()
    assert reason_of(gone) == "playlistNotFound"
    with pytest.raises(HttpError) as unnamed:
        youtube.playlists().insert(part="snippet", body={"snippet": {"title": " "}}).execute()
    assert reason_of(unnamed) == "playlistTitleRequired"


@pytest.mark.parametrize("resumable", [False, True])
def test_captions(sandbox: RunningSandbox, youtube: Any, clip: Path, resumable: bool) -> None:
    video = upload(youtube, clip)["id"]
    body = {"snippet": {"videoId": video, "language": "en", "name": ""}}

    def insert() -> Any:
        media = MediaInMemoryUpload(SRT, mimetype="application/octet-stream", resumable=resumable)
        return youtube.captions().insert(part="snippet", body=body, media_body=media).execute()

    track = fits("Caption", insert())
    assert track["snippet"]["status"] == "serving"
    with pytest.raises(HttpError) as twice:
        insert()
    assert (twice.value.resp.status, reason_of(twice)) == (409, "captionExists")
    listed = fits("CaptionListResponse", youtube.captions().list(part="snippet", videoId=video).execute())
    assert [item["id"] for item in listed["items"]] == [track["id"]]
    assert youtube.captions().download(id=track["id"]).execute() == SRT
    vtt = youtube.captions().download(id=track["id"], tfmt="vtt").execute()
    assert vtt.startswith(b"WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.500\nBees dance")
    assert youtube.captions().download(id=track["id"], tfmt="srt").execute() == SRT
    read = youtube.videos().list(part="contentDetails", id=video).execute()["items"][0]
    assert read["contentDetails"]["caption"] == "true"
    youtube.captions().delete(id=track["id"]).execute()
    assert youtube.captions().list(part="snippet", videoId=video).execute()["items"] == []


def test_captions_nobody_can_read_fail(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    body = {"snippet": {"videoId": upload(youtube, clip)["id"], "language": "en", "name": "bad"}}
    media = MediaInMemoryUpload(b"just words", mimetype="application/octet-stream")
    track = fits("Caption", youtube.captions().insert(part="snippet", body=body, media_body=media).execute())
    assert track["snippet"]["failureReason"] == "unknownFormat"


@pytest.mark.parametrize("resumable", [False, True])
def test_thumbnails(sandbox: RunningSandbox, youtube: Any, clip: Path, resumable: bool) -> None:
    video = upload(youtube, clip)["id"]
    for kind in ("png", "jpeg"):
        image = png(kind=kind).getbytes(0, 1 << 20)
        media = MediaInMemoryUpload(image, mimetype=f"image/{kind}", resumable=resumable)
        fits("ThumbnailSetResponse", youtube.thumbnails().set(videoId=video, media_body=media).execute())
    read = youtube.videos().list(part="contentDetails,snippet", id=video).execute()["items"][0]
    assert read["contentDetails"]["hasCustomThumbnail"] is True
    for wrong in (b"\x89PNG but not really", png(kind="gif").getbytes(0, 1 << 20), b"GIF89a"):
        media = MediaInMemoryUpload(wrong, mimetype="image/png", resumable=resumable)
        with pytest.raises(HttpError) as refused:
            youtube.thumbnails().set(videoId=video, media_body=media).execute()
        assert reason_of(refused) == "invalidImage"
    with pytest.raises(HttpError) as missing:
        youtube.thumbnails().set(videoId="nothing", media_body=png()).execute()
    assert reason_of(missing) == "videoNotFound"


def test_search_and_categories(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    made = upload(youtube, clip, title="Searchable zebra", status={"privacyStatus": "public"})["id"]
    found = fits("SearchListResponse", youtube.search().list(part="snippet", q="zebra", type="video").execute())
    assert [item["id"]["videoId"] for item in found["items"]] == [made]
    listed = fits(
        "VideoCategoryListResponse", youtube.videoCategories().list(part="snippet", regionCode="US").execute()
    )
    assert "27" in [item["id"] for item in listed["items"]]


def test_strangers_see_no_private_video_and_change_none(sandbox: RunningSandbox, youtube: Any, clip: Path) -> None:
    private = upload(youtube, clip)["id"]
    public = upload(youtube, clip, status={"privacyStatus": "public"})["id"]
    stranger = sandbox.youtube(sandbox.credentials("Stranger"))
    seen = stranger.videos().list(part="snippet,status", id=f"{private},{public}").execute()["items"]
    assert [item["id"] for item in seen] == [public]
    for call in (
        stranger.videos().list(part="processingDetails", id=public),
        stranger.videos().delete(id=public),
        stranger.thumbnails().set(videoId=public, media_body=png()),
    ):
        with pytest.raises(HttpError) as refused:
            call.execute()
        assert reason_of(refused) == "forbidden"


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda y: y.videos().list(part="snippets", id="x"), "unexpectedPart"),
        (lambda y: y.videos().list(part="snippet"), "missingRequiredParameter"),
        (lambda y: y.channels().list(part="snippet"), "missingRequiredParameter"),
        (lambda y: y.playlists().list(part="snippet", mine=True, maxResults=51), "invalidParameter"),
        (lambda y: y.playlistItems().list(part="snippet", playlistId="PLnone"), "playlistNotFound"),
        (lambda y: y.captions().download(id="none"), "captionNotFound"),
        (lambda y: y.playlistItems().delete(id="none"), "playlistItemNotFound"),
    ],
)
def test_bad_parameters(sandbox: RunningSandbox, youtube: Any, call: Any, reason: str) -> None:
    with pytest.raises(HttpError) as refused:
        call(youtube).execute()
    assert reason_of(refused) == reason
