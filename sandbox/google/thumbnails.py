"""thumbnails.set: jpeg or png up to 50 MB; a Short takes one only after processing."""

import io
import json
import warnings

from PIL import Image

from sandbox.google import resource, videos
from sandbox.google.access import Caller
from sandbox.google.errors import Refused
from sandbox.google.probe import of_json
from sandbox.google.query import Query, Resource
from sandbox.state import Row, State, digest

MOST_BYTES = 50 * 1024 * 1024


def allowed(state: State, who: Caller, query: Query) -> Row:
    """The video that may get a thumbnail now."""
    if not query.get("videoId"):
        raise Refused("missingRequiredParameter", "Missing required parameter: videoId", "videoId")
    row = videos.own(state, who, query["videoId"])
    if row["processed"] > state.now() and of_json(json.loads(row["probe"])).short:
        raise Refused("forbidden", "The thumbnail can't be set for the specified video: a Short is still processing.")
    return row


def put(state: State, video_id: str, image: bytes, base_url: str) -> Resource:
    """Store an image as the video's thumbnail."""
    if not image:
        raise Refused("mediaBodyRequired")
    if len(image) > MOST_BYTES:
        raise Refused("mediaBodyTooLarge")
    kind, width, height = _read(image)
    path = state.new_file("." + kind)
    path.write_bytes(image)
    state.run(
        "insert into thumbnails values (?, ?, ?, ?, ?, ?) on conflict (video_id) do update set"
        " file = excluded.file, mime = excluded.mime, width = excluded.width, height = excluded.height,"
        " set_at = excluded.set_at",
        video_id,
        path.name,
        f"image/{kind}",
        width,
        height,
        state.now(),
    )
    made = resource.thumbnails(state, video_id, base_url)
    return {"kind": "youtube#thumbnailSetResponse", "etag": digest(made)[:27], "items": [made]}


def _read(image: bytes) -> tuple[str, int, int]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(image)) as opened:
                kind, size = (opened.format or "").lower(), opened.size
                opened.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as broken:
        raise Refused("invalidImage") from broken
    if kind not in ("jpeg", "png"):
        raise Refused("invalidImage", f"{kind} is neither jpeg nor png")
    return kind, size[0], size[1]
