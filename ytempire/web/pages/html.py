"""HTML put together so that nothing reaches a page unescaped by accident."""

from __future__ import annotations

import hashlib
from html import escape
from pathlib import Path
from string import Template
from typing import LiteralString

from fastapi.responses import HTMLResponse

ASSETS = Path(__file__).with_name("assets")
VERSION = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(ASSETS.iterdir()))).hexdigest()[:12]
"""In the assets' addresses, so that a browser may keep them for good."""


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def fill(template: LiteralString, **values: str) -> Html:
    """The template with its `$names` filled in, escaped unless they are Html."""
    safe = {name: value if isinstance(value, Html) else escape(value) for name, value in values.items()}
    return Html(Template(template).substitute(safe))


_PAGE: LiteralString = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>$title · YTEMPIRE</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="/assets/$version/icon.svg">
<link rel="stylesheet" href="/assets/$version/pages.css">
<script src="/assets/$version/pages.js" defer></script>
</head>
<body>
<main>
<p class="house">YTEMPIRE</p>
<h1>$title</h1>
$body
</main>
</body>
</html>
"""


def page(title: str, body: Html, *, status: int = 200) -> HTMLResponse:
    """A whole page."""
    return HTMLResponse(fill(_PAGE, title=title, body=body, version=VERSION), status)
