"""A channel's own media over REST: sent, made clean, described, put away, served; hostile files refused."""

from __future__ import annotations

import asyncio
import io
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.stores.driver_stage import staged
from tests.stories.rendering import renderer
from tests.stories.test_hostile_media import CONCAT, PLAYLIST, SVG, png_of
from tests.web.belongings import picture
from tests.web.conftest import Stage
from ytempire.channels import create_channel
from ytempire.channels.model import Channel
from ytempire.kit.ids import new_id
from ytempire.kit.media_store import LocalMediaStore
from ytempire.providers.ffmpeg.run import ffmpeg_path
from ytempire.web import create_app

AT = "/api/v1/channels"


@pytest.fixture
async def served(stage: Stage, valkey_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """The application with the real renderer."""
    async with staged(stage.parts.database, valkey_url) as driver:
        renders = renderer(tmp_path)
        tools = replace(driver.platform.tools, clock=stage.clock, renderer=renders, media=renders.media)
        parts = replace(stage.parts, platform=replace(stage.parts.platform, tools=tools))
        yield Stage(parts, create_app(parts), stage.clients)


async def own_channel(served: Stage) -> tuple[Any, str]:
    user, client = await served.signed_in()
    made = await create_channel(served.parts.database, served.clock, Channel(new_id(), user, "deep", "Deep"))
    return client, f"{AT}/{made.id}"


def photo(comment: str) -> bytes:
    out, told = io.BytesIO(), PngInfo()
    told.add_text("Comment", comment)
    Image.effect_noise((400, 300), 60).convert("RGB").save(out, "PNG", pnginfo=told)
    return out.getvalue()


async def test_a_picture_is_made_clean_described_put_away_and_served(served: Stage) -> None:
    client, at = await own_channel(served)
    sent = photo("where I live")
    said = {"title": "Squid", "words": "a red squid", "tag": ["squid", "sea"], "licence": "CC BY 4.0", "origin": "Ada"}
    made = await client.post(f"{at}/media", params=said, content=sent, headers={"Idempotency-Key": "1"})
    assert made.status_code == 201, made.text
    kept = made.json()
    assert (kept["kind"], kept["width_px"], kept["tags"], kept["title"]) == ("image", 400, ["squid", "sea"], "Squid")
    assert made.headers["location"] == f"{at}/media/{kept['id']}"
    file = await client.get(kept["file"])
    assert (file.status_code, file.headers["content-type"]) == (200, "image/png")
    assert b"where I live" not in file.content
    assert Image.open(io.BytesIO(file.content)).size == (400, 300)
    part = await client.get(kept["file"], headers={"Range": "bytes=0-7"})
    assert (part.status_code, part.content) == (206, b"\x89PNG\r\n\x1a\n")
    again = await client.post(f"{at}/media", params={"title": "Other"}, content=sent)
    assert (again.json()["id"], again.json()["title"]) == (kept["id"], "Squid")
    one = f"{at}/media/{kept['id']}"
    assert (await client.patch(one, json={"words": "x"})).status_code == 428
    tag = {"If-Match": (await client.get(one)).headers["etag"]}
    away = await client.patch(one, json={"tags": ["krill"], "archived": True}, headers=tag)
    assert (away.json()["tags"], bool(away.json()["archived_at"])) == (["krill"], True)
    assert (await client.patch(one, json={"words": "x"}, headers=tag)).status_code == 412
    assert (await client.get(f"{at}/media")).json()["items"] == []
    assert len((await client.get(f"{at}/media?archived=true")).json()["items"]) == 1
    back = await client.post(f"{at}/media", content=sent)
    assert (back.json()["id"], back.json()["archived_at"]) == (kept["id"], None)
    wrong = await client.post(f"{at}/media", params={"tag": ["x"] * 21}, content=picture())
    assert (wrong.status_code, wrong.json()["field"]) == (422, "tags")


async def test_the_library_comes_in_pages_and_a_clip_loses_its_sound(served: Stage, tmp_path: Path) -> None:
    client, at = await own_channel(served)
    source = ["-f", "lavfi", "-i", "testsrc2=s=320x240:d=1:r=25", "-f", "lavfi", "-i", "sine=d=1"]
    command = [ffmpeg_path(), "-nostdin", "-loglevel", "error", *source, "clip.mp4"]
    await asyncio.to_thread(subprocess.run, command, cwd=tmp_path, check=True)
    clip = (await client.post(f"{at}/media", content=(tmp_path / "clip.mp4").read_bytes())).json()
    assert (clip["kind"], round(clip["duration_s"])) == ("clip", 1)
    assert (await client.get(clip["file"])).headers["content-type"] == "video/mp4"
    for _ in range(4):
        assert (await client.post(f"{at}/media", content=picture())).status_code == 201
    ids, cursor = [], {}
    for _ in range(3):
        page = (await client.get(f"{at}/media", params={"limit": 2, **cursor})).json()
        ids += [one["id"] for one in page["items"]]
        cursor = {"cursor": page["next"]}
    assert (len(set(ids)), page["next"], ids[0]) == (5, None, clip["id"])


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"", "0 bytes"),
        (b"hello", "is text"),
        (PLAYLIST, "playlist"),
        (CONCAT, "list of files"),
        (SVG, "SVG"),
        (png_of(30_000, 30_000), "60 million pixels"),
        (b"\xff\xd8\xff\xe0" + b"\x07" * 5000, "could not be decoded"),
    ],
    ids=["nothing", "text", "playlist", "concat", "svg", "bomb", "broken"],
)
async def test_what_is_no_picture_is_refused_with_the_reason(
    served: Stage, tmp_path: Path, sent: bytes, said: str
) -> None:
    client, at = await own_channel(served)
    for method, path in (("POST", f"{at}/media"), ("PUT", f"{at}/logo")):
        refused = await client.request(method, path, content=sent)
        assert (refused.status_code, refused.json()["field"]) == (422, "media"), refused.text
        assert said in refused.json()["detail"]
        assert refused.json()["fix"]
    assert list(cast("LocalMediaStore", served.parts.platform.tools.media).refs()) == []
    assert list((tmp_path / "scratch").iterdir()) == [], "nothing is left behind"


async def test_a_logo_is_kept_replaced_and_dropped(served: Stage) -> None:
    client, at = await own_channel(served)
    assert (await client.get(f"{at}/logo")).status_code == 404
    for size in (100, 200):
        out = io.BytesIO()
        Image.new("RGBA", (size, size), "#12345680").save(out, "WEBP")
        assert (await client.put(f"{at}/logo", content=out.getvalue())).status_code == 204
        assert Image.open(io.BytesIO((await client.get(f"{at}/logo")).content)).size == (size, size)
    assert (await client.get(f"{at}/media")).json()["items"] == []
    assert (await client.delete(f"{at}/logo")).status_code == 204
    assert (await client.delete(f"{at}/logo")).status_code == 404


async def test_too_large_and_no_room_are_said_before_anything_is_decoded(served: Stage) -> None:
    client, at = await own_channel(served)
    large = await client.put(f"{at}/logo", content=b"x" * 20_000_001)
    assert (large.status_code, large.json()["code"]) == (413, "too_large")

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(41):
            yield b"x" * 500_000

    assert (await client.put(f"{at}/logo", content=drip())).status_code == 413
    served.parts.platform.tools.media.floor_bytes = 1 << 60
    full = await client.post(f"{at}/media", content=picture())
    assert (full.status_code, full.json()["code"]) == (503, "storage_full")
