"""Paths of the watch pages: /, /channel/ID, /watch?v=ID, its button, and the files they show."""

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from sandbox.google.captions import as_vtt
from sandbox.google.videos import erase, find
from sandbox.state import State
from sandbox.watch import pages
from sandbox.watch.facts import card_of, facts_of


def routes(state: State) -> APIRouter:
    """The watch router."""
    router = APIRouter()
    _add_delete(router, state)
    _add_files(router, state)

    @router.get("/")
    def front() -> HTMLResponse:
        rows = state.rows("select * from videos where deleted is null order by seq desc limit 200")
        return _page(
            pages.listing(
                "Uploaded videos",
                "Newest first, every channel of this sandbox.",
                [card_of(state, row) for row in rows],
                _channels(state),
            )
        )

    @router.get("/channel/{channel_id}")
    def channel(channel_id: str) -> HTMLResponse:
        row = state.row("select * from channels where id = ?", channel_id)
        if row is None:
            return _missing("channel")
        rows = state.rows("select * from videos where deleted is null and channel_id = ? order by seq desc", channel_id)
        return _page(
            pages.listing(
                row["title"], row["description"] or row["handle"], [card_of(state, video) for video in rows], []
            )
        )

    @router.get("/watch")
    def watch(v: str = "") -> HTMLResponse:
        row = state.row("select * from videos where id = ?", v)
        if row is None:
            return _missing("video")
        if row["deleted"] is not None:
            return _page(pages.gone(json.loads(row["snippet"])["title"]), 410)
        return _page(pages.watch(facts_of(state, row)))

    return router


def _add_delete(router: APIRouter, state: State) -> None:
    @router.post("/_watch/{video_id}/delete")
    def delete(video_id: str, request: Request) -> Response:
        """The page's button; like all paths with `/_` it answers only this machine, and here only its own page."""
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return _page(pages.document("Refused", "<p>Press the button on the video's own page.</p>"), 403)
        if find(state, video_id) is None:
            return _missing("video")
        erase(state, video_id)
        return RedirectResponse(f"/watch?v={video_id}", 303, headers=pages.SAFE)


def _add_files(router: APIRouter, state: State) -> None:
    @router.get("/watch/style.css")
    def style() -> FileResponse:
        return FileResponse(Path(__file__).with_name("style.css"), media_type="text/css", headers=pages.SAFE)

    @router.get("/watch/media/{video_id}")
    def media(video_id: str) -> Response:
        row = find(state, video_id)
        if row is None:
            return _missing("video")
        return FileResponse(state.files / row["file"], media_type="video/mp4", headers=pages.SAFE)

    @router.get("/watch/thumbnails/{video_id}")
    def thumbnail(video_id: str) -> Response:
        row = state.row("select * from thumbnails where video_id = ?", video_id)
        if row is None:
            return _missing("thumbnail")
        return FileResponse(state.files / row["file"], media_type=row["mime"], headers=pages.SAFE)

    @router.get("/watch/captions/{caption_id}.vtt")
    def captions(caption_id: str) -> Response:
        row = state.row("select file from captions where id = ?", caption_id)
        if row is None:
            return _missing("caption")
        return Response(as_vtt((state.files / row["file"]).read_bytes()), media_type="text/vtt", headers=pages.SAFE)


def _channels(state: State) -> list[dict[str, Any]]:
    return [
        dict(row)
        for row in state.rows(
            "select id, title, (select count(*) from videos where channel_id = channels.id and deleted is null)"
            " as videos"
            " from channels order by title"
        )
    ]


def _page(text: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(text, status, headers=pages.SAFE)


def _missing(what: str) -> HTMLResponse:
    body = f'<div class="empty"><h1>There is no such {what}</h1><p><a href="/">All uploaded videos</a></p></div>'
    return _page(pages.document("Not found", body), 404)
