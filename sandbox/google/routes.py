"""Paths of the Google stand-in, under /google: OAuth, the Data API v3, and its uploads."""

import json
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
    media,
    oauth,
    playlists,
    quota,
    search,
    sessions,
    thumbnails,
    videos,
)
from sandbox.google.access import Caller
from sandbox.google.errors import Refused, TokenRefused, answer
from sandbox.google.query import Query, Resource, body_of, query_of
from sandbox.google.rules import CATEGORIES
from sandbox.state import Row, State

Work = Callable[[Caller, Query, Resource], Resource | Response | None]

_UPLOAD_PATHS = ("/google/upload/youtube/v3", "/google/resumable/upload/youtube/v3")


def install(app: FastAPI, state: State) -> None:
    """Add this vendor to the server."""
    _oauth(app, state)
    _data(app, state)
    _uploads(app, state)
    app.add_exception_handler(Refused, _refusal)
    app.add_exception_handler(TokenRefused, _token_refusal)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


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
    serve("GET", "videos", "videos.list", read | access.UPLOAD,
          base_work(lambda w, q, _, base: videos.list_videos(state, w, q, base)))
    serve("PUT", "videos", "videos.update", manage,
          base_work(lambda w, q, given, base: videos.update(state, w, q, given, base)))
    serve("DELETE", "videos", "videos.delete", manage, lambda w, q, _: videos.delete(state, w, q))
    serve("GET", "videoCategories", "videoCategories.list", read, lambda _w, _q, _g: _categories())
    serve("GET", "channels", "channels.list", read | access.UPLOAD, lambda w, q, _: channels.list_channels(state, w, q))
    serve("GET", "playlists", "playlists.list", read, lambda w, q, _: playlists.list_playlists(state, w, q))
    serve("POST", "playlists", "playlists.insert", manage,
          lambda w, q, given: playlists.insert_playlist(state, w, q, given))
    serve("DELETE", "playlists", "playlists.delete", manage, lambda w, q, _: playlists.delete_playlist(state, w, q))
    serve("GET", "playlistItems", "playlistItems.list", read,
          base_work(lambda w, q, _, base: playlists.list_items(state, w, q, base)))
    serve("POST", "playlistItems", "playlistItems.insert", manage,
          base_work(lambda w, q, given, base: playlists.insert_item(state, w, q, given, base)))
    serve("DELETE", "playlistItems", "playlistItems.delete", manage,
          lambda w, q, _: playlists.delete_item(state, w, q))
    serve("GET", "captions", "captions.list", access.CAPTIONS, lambda w, q, _: captions.list_captions(state, w, q))
    serve("DELETE", "captions", "captions.delete", access.CAPTIONS, lambda w, q, _: captions.delete(state, w, q))
    serve("GET", "captions/{caption_id}", "captions.download", access.CAPTIONS,
          lambda w, q, _: _download(state, w, q))
    serve("GET", "search", "search.list", read, base_work(lambda w, q, _, base: search.search(state, w, q, base)))


def _call(state: State, request: Request, raw: bytes, operation: str, scopes: frozenset[str], work: Work) -> Response:
    """Authorise, check the bucket, do, charge; an invalid call costs 1 of its bucket."""
    who = access.caller(state, request)
    quota.check(state, who.project, operation)
    query = query_of(request) | {"_base": _base(request)} | {
        key: str(value) for key, value in request.path_params.items()}
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


def _uploads(app: FastAPI, state: State) -> None:
    scopes = {"videos.insert": access.UPLOAD, "thumbnails.set": access.UPLOAD, "captions.insert": access.CAPTIONS}

    def begin(who: Caller, operation: str, query: Query, given: Resource) -> Resource:
        """Check the metadata of an upload; what its end will need."""
        if operation == "videos.insert":
            _channel_limit(state, who)
            return videos.checked(state, query, given)
        if operation == "thumbnails.set":
            return {"videoId": thumbnails.allowed(state, who, query)["id"]}
        return captions.checked(state, who, query, given)

    def finish(row_state: State, row: Row) -> Resource:
        file, kept = row_state.files / row["file"], json.loads(row["resource"])
        query: Query = json.loads(row["query"])
        who = Caller(row["project"], row["channel_id"], frozenset())
        if row["operation"] == "videos.insert":
            video_id = videos.bear(row_state, row["channel_id"], kept, file, row["id"])
            listed = videos.list_videos(row_state, who, {"part": query["part"], "id": video_id}, query["_base"])
            video: Resource = listed["items"][0]
            return video
        if row["operation"] == "thumbnails.set":
            return thumbnails.put(row_state, kept["videoId"], file.read_bytes(), query["_base"])
        return captions.add(row_state, kept, file.read_bytes())

    finishers: dict[str, sessions.Finish] = dict.fromkeys(scopes, finish)

    def post(request: Request, raw: bytes, operation: str) -> Response:
        who = access.caller(state, request)
        quota.check(state, who.project, operation)
        query = query_of(request) | {"_base": _base(request)}
        kind = query.get("uploadType", "media")
        headers = dict(request.headers)
        try:
            access.need(who, scopes[operation])
            with state.change():
                if kind == "multipart":
                    given, content, mime = media.split_related(headers.get("content-type", ""), raw)
                elif kind == "media":
                    given, content, mime = {}, raw, headers.get("content-type", "")
                else:
                    given, content, mime = body_of(raw), b"", headers.get("x-upload-content-type", "")
                _check_mime(operation, mime)
                kept = begin(who, operation, query, given)
                session_id = sessions.open_session(
                    state, operation=operation, channel_id=who.channel_id, project=who.project, query=query,
                    kept=kept, headers=headers)
                quota.charge(state, who.project, operation)
                if kind != "resumable":
                    (state.files / sessions.find(state, session_id)["file"]).write_bytes(content)
                    return JSONResponse(sessions.finish(state, session_id, finishers))
        except Refused:
            quota.charge(state, who.project, operation, valid=False)
            raise
        place = str(request.url.remove_query_params(["part", "uploadType", "alt"]).include_query_params(
            uploadType="resumable", upload_id=session_id))
        return Response(status_code=200, headers={"location": place, "x-guploader-uploadid": session_id})

    for prefix in _UPLOAD_PATHS:
        for path, operation in (("videos", "videos.insert"), ("thumbnails/set", "thumbnails.set"),
                                ("captions", "captions.insert")):
            _upload_paths(app, state, f"{prefix}/{path}", operation, post, finishers)


def _upload_paths(app: FastAPI, state: State, path: str, operation: str,
                  post: Callable[[Request, bytes, str], Response], finishers: dict[str, sessions.Finish]) -> None:
    async def begin(request: Request) -> Response:
        return await run_in_threadpool(post, request, await request.body(), operation)

    async def proceed(request: Request) -> Response:
        return await media.put(state, request, request.query_params.get("upload_id", ""), finishers)

    app.add_api_route(path, begin, methods=["POST"], name=operation)
    app.add_api_route(path, proceed, methods=["PUT"], name=operation + ".chunk")


def _check_mime(operation: str, mime: str) -> None:
    if operation == "videos.insert" and not mime.startswith(("video/", "application/octet-stream")):
        raise Refused("mediaBodyRequired", f"Media type '{mime}' is not supported. Valid media types: [video/*,"
                      " application/octet-stream]")


def _channel_limit(state: State, who: Caller) -> None:
    limit = state.setting("uploads_per_channel_day")
    if limit is None:
        return
    row = state.row("select count(*) as n from videos where channel_id = ? and uploaded > ?",
                    who.channel_id, state.now() - 86_400)
    if row is not None and row["n"] >= int(limit):
        raise Refused("uploadLimitExceeded")


def _categories() -> Resource:
    return {"kind": "youtube#videoCategoryListResponse", "etag": "categories", "items": [
        {"kind": "youtube#videoCategory", "etag": f"category-{number}", "id": number, "snippet": {
            "title": title, "assignable": True, "channelId": "UCsandbox"}} for number, title in CATEGORIES.items()]}


def _download(state: State, who: Caller, query: Query) -> Response:
    text, kind = captions.download(state, who, query["caption_id"], query.get("tfmt"))
    return Response(text, media_type=kind)


async def _refusal(request: Request, refused: Exception) -> JSONResponse:
    assert isinstance(refused, Refused)
    return answer(refused.reason, refused.message, refused.location)


async def _token_refusal(request: Request, refused: Exception) -> JSONResponse:
    assert isinstance(refused, TokenRefused)
    return answer(refused.error, refused.description)
