"""Paths of the Google stand-in, under /google: OAuth, the Data API v3, and its uploads."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from sandbox.google import (
    access,
    captions,
    channels,
    consent,
    oauth,
    playlists,
    quota,
    search,
    uploads,
    videos,
)
from sandbox.google.access import Caller
from sandbox.google.errors import Refused, TokenRefused, answer
from sandbox.google.query import Query, Resource, base_of, body_of, query_of
from sandbox.google.rules import CATEGORIES
from sandbox.state import State

Work = Callable[[Caller, Query, Resource], Resource | Response | None]


def install(app: FastAPI, state: State) -> None:
    """Add this vendor to the server."""
    _oauth(app, state)
    _data(app, state)
    uploads.install(app, state)

    @app.exception_handler(Refused)
    def refusal(_request: Request, refused: Refused) -> JSONResponse:
        return answer(refused.reason, refused.message, refused.location)

    @app.exception_handler(TokenRefused)
    def token_refusal(_request: Request, refused: TokenRefused) -> JSONResponse:
        return answer(refused.error, refused.description)


def _oauth(app: FastAPI, state: State) -> None:
    @app.get("/google/o/oauth2/v2/auth")
    @app.get("/google/o/oauth2/auth")
    def ask(request: Request) -> Response:
        return consent.ask(state, dict(request.query_params))

    @app.post("/google/o/oauth2/v2/auth")
    @app.post("/google/o/oauth2/auth")
    async def decide(request: Request) -> Response:
        form = await request.form()
        return consent.decide(state, dict(request.query_params), dict(form), [str(v) for v in form.getlist("scope")])

    @app.post("/google/token")
    async def token(request: Request) -> JSONResponse:
        form = {key: str(value) for key, value in (await request.form()).items()}
        form = oauth.basic_client(request.headers.get("authorization", "")) | form
        return JSONResponse(oauth.token(state, form), headers={"cache-control": "no-store"})

    @app.post("/google/revoke")
    async def revoke(request: Request) -> dict[str, Any]:
        form = await request.form()
        oauth.revoke(state, str(form.get("token") or request.query_params.get("token") or ""))
        return {}


def _data(app: FastAPI, state: State) -> None:
    def serve(method: str, path: str, operation: str, scopes: frozenset[str], work: Work) -> None:
        async def endpoint(request: Request) -> Response:
            raw = await request.body()
            return await run_in_threadpool(_call, state, request, raw, operation, scopes, work)

        app.add_api_route(f"/google/youtube/v3/{path}", endpoint, methods=[method], name=operation)

    def base_work(work: Callable[[Caller, Query, Resource, str], Resource]) -> Work:
        return lambda who, query, given: work(who, query, given, query["_base"])

    read, manage = access.READ, access.MANAGE
    serve(
        "GET",
        "videos",
        "videos.list",
        read | access.UPLOAD,
        base_work(lambda w, q, _, base: videos.list_videos(state, w, q, base)),
    )
    serve(
        "PUT",
        "videos",
        "videos.update",
        manage,
        base_work(lambda w, q, given, base: videos.update(state, w, q, given, base)),
    )
    serve("DELETE", "videos", "videos.delete", manage, lambda w, q, _: videos.delete(state, w, q))
    serve("GET", "videoCategories", "videoCategories.list", read, lambda _w, _q, _g: _categories())
    serve("GET", "channels", "channels.list", read | access.UPLOAD, lambda w, q, _: channels.list_channels(state, w, q))
    serve("GET", "playlists", "playlists.list", read, lambda w, q, _: playlists.list_playlists(state, w, q))
    serve(
        "POST",
        "playlists",
        "playlists.insert",
        manage,
        lambda w, q, given: playlists.insert_playlist(state, w, q, given),
    )
    serve("DELETE", "playlists", "playlists.delete", manage, lambda w, q, _: playlists.delete_playlist(state, w, q))
    serve(
        "GET",
        "playlistItems",
        "playlistItems.list",
        read,
        base_work(lambda w, q, _, base: playlists.list_items(state, w, q, base)),
    )
    serve(
        "POST",
        "playlistItems",
        "playlistItems.insert",
        manage,
        base_work(lambda w, q, given, base: playlists.insert_item(state, w, q, given, base)),
    )
    serve("DELETE", "playlistItems", "playlistItems.delete", manage, lambda w, q, _: playlists.delete_item(state, w, q))
    serve("GET", "captions", "captions.list", access.CAPTIONS, lambda w, q, _: captions.list_captions(state, w, q))
    serve("DELETE", "captions", "captions.delete", access.CAPTIONS, lambda w, q, _: captions.delete(state, w, q))
    serve("GET", "captions/{caption_id}", "captions.download", access.CAPTIONS, lambda w, q, _: _download(state, w, q))
    serve("GET", "search", "search.list", read, base_work(lambda w, q, _, base: search.search(state, w, q, base)))


def _call(state: State, request: Request, raw: bytes, operation: str, scopes: frozenset[str], work: Work) -> Response:
    """Authorise, check the bucket, do, charge; an invalid call costs 1 of its bucket."""
    who = access.caller(state, request)
    quota.check(state, who.project, operation)
    query = (
        query_of(request)
        | {"_base": base_of(request)}
        | {key: str(value) for key, value in request.path_params.items()}
    )
    try:
        access.need(who, scopes)
        with state.change():
            made = work(who, query, body_of(raw) if request.method in ("POST", "PUT") else {})
            quota.charge(state, who.project, operation)
    except Refused:
        quota.charge(state, who.project, operation, valid=False)
        raise
    if made is None:
        return Response(status_code=204)
    return made if isinstance(made, Response) else JSONResponse(made)


def _categories() -> Resource:
    return {
        "kind": "youtube#videoCategoryListResponse",
        "etag": "categories",
        "items": [
            {
                "kind": "youtube#videoCategory",
                "etag": f"category-{number}",
                "id": number,
                "snippet": {"title": title, "assignable": True, "channelId": "UCsandbox"},
            }
            for number, title in CATEGORIES.items()
        ],
    }


def _download(state: State, who: Caller, query: Query) -> Response:
    text, kind = captions.download(state, who, query["caption_id"], query.get("tfmt"))
    return Response(text, media_type=kind)
