"""Calls of the real YouTube client that several tests make."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaFileUpload, MediaInMemoryUpload
from PIL import Image

from tests.contracts.discovery_schema import fits


def reason_of(error: pytest.ExceptionInfo[HttpError]) -> str:
    return str(error.value.error_details[0]["reason"])


def snippet(**change: Any) -> dict[str, Any]:
    return {"title": "Why bees dance", "description": "Short & true.", "tags": ["bees"], "categoryId": "27"} | change


def upload(youtube: Any, clip: Path, *, part: str = "snippet,status", status: Any = None, **change: Any) -> Any:
    body = {"snippet": snippet(**change), "status": {"privacyStatus": "private"} if status is None else status}
    request = youtube.videos().insert(part=part, body=body, media_body=MediaFileUpload(str(clip), resumable=True))
    return fits("Video", request.execute())


def png(size: tuple[int, int] = (1280, 720), kind: str = "png") -> MediaInMemoryUpload:
    drawn = io.BytesIO()
    Image.new("RGB", size, (20, 90, 80)).save(drawn, kind)
    return MediaInMemoryUpload(drawn.getvalue(), mimetype=f"image/{kind}")
