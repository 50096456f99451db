"""What calls cost, and how the quotas end and begin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload

from tests.contracts.running_sandbox import RunningSandbox
from tests.contracts.youtube_calls import png, reason_of, upload

SRT = b"1\n00:00:00,000 --> 00:00:01,500\nBees dance\n\n2\n00:00:01,500 --> 00:00:02,000\nHoney keeps\n"


def used(sandbox: RunningSandbox, project: str) -> dict[str, int]:
    return {row["bucket"]: row["used"] for row in sandbox.get("/_books")["quota"] if row["project"] == project}


def test_what_each_call_costs(sandbox: RunningSandbox, clip: Path) -> None:
    youtube = sandbox.youtube(sandbox.credentials("Costs", client_id="8001-costs.apps.googleusercontent.com"))
    spent: dict[str, int] = {}

    def costs(call: Any) -> tuple[Any, dict[str, int]]:
        nonlocal spent
        made, now = call(), used(sandbox, "8001")
        delta = {name: now[name] - spent.get(name, 0) for name in now if now[name] != spent.get(name, 0)}
        spent = now
        return made, delta

    made, delta = costs(lambda: upload(youtube, clip))
    video = made["id"]
    assert delta == {"uploads": 1}
    playlist, delta = costs(youtube.playlists().insert(part="snippet", body={"snippet": {"title": "x"}}).execute)
    assert delta == {"units": 50}
    entry = {"snippet": {"playlistId": playlist["id"], "resourceId": {"kind": "youtube#video", "videoId": video}}}
    caption = {"snippet": {"videoId": video, "language": "en", "name": "c"}}
    media = MediaInMemoryUpload(SRT, mimetype="application/octet-stream")
    again = {"id": video, "snippet": {"title": "y", "categoryId": "22"}}
    for call, expected in (
        (youtube.channels().list(part="id", mine=True), {"units": 1}),
        (youtube.videos().list(part="status", id=video), {"units": 1}),
        (youtube.videos().update(part="snippet", body=again), {"units": 50}),
        (youtube.thumbnails().set(videoId=video, media_body=png()), {"units": 50}),
        (youtube.playlistItems().insert(part="snippet", body=entry), {"units": 50}),
        (youtube.playlistItems().list(part="id", playlistId=playlist["id"]), {"units": 1}),
        (youtube.captions().insert(part="snippet", body=caption, media_body=media), {"units": 400}),
        (youtube.captions().list(part="snippet", videoId=video), {"units": 50}),
        (youtube.search().list(part="snippet", q="y"), {"search": 1}),
        (youtube.videos().delete(id=video), {"units": 50}),
    ):
        assert costs(call.execute)[1] == expected, call.methodId
    with pytest.raises(HttpError):
        youtube.videos().update(part="snippet", body={"id": "none", "snippet": {"title": "y"}}).execute()
    assert used(sandbox, "8001")["units"] - spent["units"] == 1  # an invalid call costs one


def test_quota_ends_and_begins_at_midnight_pacific(sandbox: RunningSandbox, clip: Path) -> None:
    client_id = "8002-quota.apps.googleusercontent.com"
    sandbox.post("/_clock", absolute="2027-01-10T07:59:00Z")  # 23:59 of the 9th in Los Angeles
    one, other = (sandbox.youtube(sandbox.credentials(name, client_id=client_id)) for name in ("One", "Other"))
    upload(one, clip)
    sandbox.post("/_settings", units_per_day=2, uploads_per_day=1, searches_per_day=0)
    one.channels().list(part="id", mine=True).execute()
    other.channels().list(part="id", mine=True).execute()  # the same project: the same bucket
    for call in (
        one.channels().list(part="id", mine=True).execute,
        other.search().list(part="snippet", q="x").execute,
        lambda: upload(other, clip),
    ):
        with pytest.raises(HttpError) as refused:
            call()
        assert (refused.value.resp.status, reason_of(refused)) == (403, "quotaExceeded")
    sandbox.post("/_clock", absolute="2027-01-10T08:00:30Z")
    one.channels().list(part="id", mine=True).execute()
    upload(other, clip)
    days = {row["day"] for row in sandbox.get("/_books")["quota"] if row["project"] == "8002"}
    assert days == {"2027-01-09", "2027-01-10"}


def test_a_channel_s_own_upload_limit(sandbox: RunningSandbox, clip: Path) -> None:
    youtube = sandbox.youtube(sandbox.credentials("Busy"))
    sandbox.post("/_settings", uploads_per_channel_day=1)
    upload(youtube, clip)
    with pytest.raises(HttpError) as refused:
        upload(youtube, clip)
    assert reason_of(refused) == "uploadLimitExceeded"
    sandbox.post("/_clock", offset_s=86_500)
    upload(youtube, clip)
