"""What pages load: a style sheet, an icon, and a script that they can do without."""

from __future__ import annotations

from typing import Literal

from fastapi import Response
from fastapi.responses import FileResponse

from ytempire.web.pages.forms import pages
from ytempire.web.pages.html import ASSETS

router = pages()


@router.get("/assets/{_version}/{name}")
async def asset(_version: str, name: Literal["pages.css", "pages.js", "icon.svg"]) -> Response:
    """One of them; its address changes with what they hold."""
    return FileResponse(ASSETS / name, headers={"Cache-Control": "public, max-age=31536000, immutable"})
