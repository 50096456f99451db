"""Media by signed address: for whom it was made and as long as it says, whole or in parts, and nothing beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from tests.stories.publishing_stage import film
from tests.web.conftest import Stage
from tests.web.video_stage import VIDEOS, Creator, creator, finish, with_videos
from ytempire.kit.ids import new_id
from ytempire.kit.media_store import MediaRef
from ytempire.web.media_links import link_to

__all__ = ["film"]


@pytest.fixture
async def served(stage: Stage, valkey_url: str) -> AsyncIterator[Stage]:
    async with with_videos(stage, valkey_url) as made:
        yield made


async def files_of(who: Creator, video_id: str) -> list[dict[str, Any]]:
    answer = await who.client.get(f"{VIDEOS}/{video_id}/files")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["files"]
    return found


async def test_a_finished_video_s_files_are_fetched_by_their_addresses(served: Stage, film: Path) -> None:
    who = await creator(served)
    done = await finish(who, film)
    found = await files_of(who, done.id)
    end = f"c{who.id.hex[-8:]}-why-squid-glow-{done.id[-8:]}"
    assert [(file["kind"], file["name"], file["type"]) for file in found] == [
        ("video", f"{end}.mp4", "video/mp4"),
        *(("thumbnail", f"{end}-thumbnail-{n}.jpg", "image/jpeg") for n in (1, 2, 3)),
        ("captions_srt", f"{end}.srt", "application/x-subrip"),
        ("captions_vtt", f"{end}.vtt", "text/vtt; charset=utf-8"),
    ]
    nobody = served.client()
    for file in found:
        got = await nobody.get(file["address"])
        assert (got.status_code, len(got.content), got.headers["content-type"]) == (
            200,
            file["size_bytes"],
            file["type"],
        )
        assert got.headers["content-disposition"] == f'inline; filename="{file["name"]}"'
        assert got.headers["cache-control"].startswith("private, max-age=3600")
        assert (got.headers["x-content-type-options"], got.headers["etag"]) == ("nosniff", f'"{file["sha256"]}"')
    saved = await nobody.get(found[0]["address"] + "&download=true")
    assert (saved.content, saved.headers["content-disposition"]) == (
        film.read_bytes(),
        f'attachment; filename="{end}.mp4"',
    )
    served.parts.platform.tools.media.remove(done.film)
    assert (await nobody.get(found[0]["address"])).status_code == 404
    assert (await files_of(who, done.id))[0]["address"] is None


async def test_ranges(served: Stage, film: Path) -> None:
    who = await creator(served)
    address = (await files_of(who, (await finish(who, film)).id))[0]["address"]
    whole, client = film.read_bytes(), served.client()
    size = len(whole)
    tag = (await client.head(address)).headers["etag"]
    parts = {
        "bytes=0-99": (0, 100), "bytes=100-": (100, size), "bytes=-7": (size - 7, size),
        f"bytes=-{size * 2}": (0, size),
        f"bytes={size - 1}-{size * 9}": (size - 1, size), "Bytes=5-5": (5, 6),
        f"bytes=70000-{size - 2}": (70_000, size - 1),
    }  # fmt: skip
    for said, (first, end) in parts.items():
        got = await client.get(address, headers={"Range": said})
        assert (got.status_code, got.content) == (206, whole[first:end]), said
        assert got.headers["content-range"] == f"bytes {first}-{end - 1}/{size}"
        assert got.headers["content-length"] == str(end - first)
    for said in (f"bytes={size}-", f"bytes={size}-{size + 5}", "bytes=-0", "bytes=999999999999999999-"):
        got = await client.get(address, headers={"Range": said})
        assert (got.status_code, got.json()["code"], got.headers["content-range"]) == (
            416, "range_refused", f"bytes */{size}",
        ), said  # fmt: skip
    for said in (
        "bytes=9-5",
        "bytes=",
        "bytes=a-b",
        "items=0-5",
        "bytes=0-1,5-6",
        "bytes=-",
        "bytes=" + "9" * 5000 + "-",
    ):
        got = await client.get(address, headers={"Range": said})
        assert (got.status_code, len(got.content)) == (200, size), said
    conditions = {tag: 206, '"other"': 200, f"W/{tag}": 200, "Wed, 21 Oct 2015 07:28:00 GMT": 200}
    for condition, status in conditions.items():
        got = await client.get(address, headers={"Range": "bytes=0-9", "If-Range": condition})
        assert (got.status_code, len(got.content)) == (status, 10 if status == 206 else size), condition
    told = await client.head(address)
    assert (told.status_code, told.content, told.headers["content-length"]) == (200, b"", str(size))
    assert (await client.head(address, headers={"Range": "bytes=0-9"})).headers["content-length"] == "10"
    for condition in (tag, f'"x", W/{tag}', "*"):
        kept = await client.get(address, headers={"If-None-Match": condition})
        assert (kept.status_code, kept.content) == (304, b"")


async def test_an_address_is_good_as_it_was_given_and_until_it_ends(served: Stage, film: Path) -> None:
    who, other = await creator(served), await creator(served)
    done, foreign = await finish(who, film), await finish(other, film)
    files, theirs = await files_of(who, done.id), await files_of(other, foreign.id)
    address, client = files[0]["address"], served.client()
    split, query = urlsplit(address), dict(parse_qsl(urlsplit(address).query))
    *_, sha256, name = split.path.split("/")

    def changed(path: str = split.path, **more: str) -> str:
        return urlunsplit((split.scheme, split.netloc, path, urlencode(query | more), ""))

    signature = query["sig"]
    wrong = [
        changed(split.path.replace(sha256, files[1]["sha256"])), changed(split.path.replace(name, "other.mp4")),
        changed(split.path.replace(".mp4", ".html")), changed(of=str(other.id)), changed(of=str(new_id())),
        changed(bytes=str(int(query["bytes"]) + 1)), changed(until=str(int(query["until"]) + 1)), changed(sig=""),
        changed(sig=signature[:-1] + ("0" if signature[-1] != "0" else "1")), changed(sig="é"),
        changed(sig=dict(parse_qsl(urlsplit(theirs[0]["address"]).query))["sig"]),
    ]  # fmt: skip
    for tried in wrong:
        got = await client.get(tried)
        assert (got.status_code, got.json()["code"]) == (403, "link_refused"), tried
        assert got.json()["fix"]
    for left_out in ("of", "bytes", "until", "sig"):
        rest = urlencode({key: value for key, value in query.items() if key != left_out})
        assert (await client.get(f"{split.path}?{rest}")).status_code == 422
    served.clock.at += timedelta(minutes=59)
    assert (await client.get(address)).status_code == 200
    served.clock.at += timedelta(minutes=2)
    ended = await client.get(address)
    assert (ended.status_code, ended.json()["field"]) == (403, "until")
    assert (await client.get((await files_of(who, done.id))[0]["address"])).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "a" * 64 + "/..%2f..%2fkeys.mp4",
        "..%00/x.mp4", "/etc/passwd", "....//....//etc/passwd", "A" * 64 + "/x.mp4", "..\\..\\x.mp4/x.mp4",
    ],
)  # fmt: skip
async def test_no_path_leads_out_of_the_store(served: Stage, path: str) -> None:
    """Neither unsigned nor signed: not even our own signature makes an address of what is no file of the store."""
    query = f"of={new_id()}&bytes=9&until=9999999999&sig=" + "0" * 64
    got = await served.client().get(f"/api/v1/media/{path}?{query}")
    assert got.status_code in {403, 404}, got.text
    signed, _ = link_to(served.parts, new_id(), MediaRef(f"../../{path}"[:64], 9, ".mp4"), "x.mp4")
    assert (await served.client().get(signed)).status_code in {403, 404}


async def test_it_streams(served: Stage, tmp_path: Path) -> None:
    """A large file comes in pieces of 64 KB: none is in memory whole."""
    who = await creator(served)
    big = tmp_path / "big.mp4"
    with big.open("wb") as out:
        out.truncate(80_000_000)
    ref = served.parts.platform.tools.media.put(big)
    address, _ = link_to(served.parts, who.id, ref, "big.mp4")
    pieces: list[int] = []

    async def send(message: dict[str, Any]) -> None:
        pieces.append(len(message.get("body", b"")))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    split = urlsplit(address)
    scope: Any = {
        "type": "http", "asgi": {"spec_version": "2.4"}, "method": "GET", "path": split.path, "raw_path": b"",
        "query_string": split.query.encode(), "headers": [], "scheme": "http", "http_version": "1.1",
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 9), "root_path": "",
    }  # fmt: skip
    await served.app(scope, receive, send)  # type: ignore[arg-type]
    assert (sum(pieces), max(pieces)) == (80_000_000, 65_536)
