"""The three calls that carry media: videos.insert, thumbnails.set, captions.insert."""

import json
from collections.abc import Callable
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from sandbox.google import access, captions, media, quota, sessions, thumbnails, videos
from sandbox.google.access import Caller
from sandbox.google.errors import Refused
from sandbox.google.query import Query, Resource, base_of, body_of, query_of
from sandbox.google.videos import Facts
from sandbox.state import Row, State

_PREFIXES: Final = ("/google/upload/youtube/v3", "/google/resumable/upload/youtube/v3")
_SCOPES: Final = {"videos.insert": access.UPLOAD, "thumbnails.set": access.UPLOAD, "captions.insert": access.CAPTIONS}


def install(app: FastAPI, state: State) -> None:
    """Add POST (begin) and PUT (proceed) of the three calls."""
    for prefix in _PREFIXES:
        for path, operation in (
            ("videos", "videos.insert"),
            ("thumbnails/set", "thumbnails.set"),
            ("captions", "captions.insert"),
        ):
            app.add_api_route(f"{prefix}/{path}", _begin(state, operation), methods=["POST"], name=operation)
            app.add_api_route(f"{prefix}/{path}", _proceed(state), methods=["PUT"], name=operation + ".chunk")


def _begin(state: State, operation: str) -> Callable[..., object]:
    async def begin(request: Request) -> Response:
        return await run_in_threadpool(_post, state, request, await request.body(), operation)

    return begin


def _proceed(state: State) -> Callable[..., object]:
    async def proceed(request: Request) -> Response:
        return await media.put(state, request, request.query_params.get("upload_id", ""), FINISH)

    return proceed


def _post(state: State, request: Request, raw: bytes, operation: str) -> Response:
    """Open a session; a simple or multipart upload is a session filled and finished at once."""
    who = access.caller(state, request)
    quota.check(state, who.project, operation)
    query = query_of(request) | {"_base": base_of(request)}
    kind, headers = query.get("uploadType", "media"), dict(request.headers)
    try:
        access.need(who, _SCOPES[operation])
        given, content, mime = _read(kind, raw, headers)
        if operation == "videos.insert" and not mime.startswith(("video/", "application/octet-stream")):
            raise Refused(
                "mediaBodyRequired",
                f"Media type '{mime}' is not supported. Valid media types: [video/*, application/octet-stream]",
            )
        with state.change():
            kept = _checked(state, who, operation, query, given)
            session_id = sessions.open_session(
                state,
                operation=operation,
                channel_id=who.channel_id,
                project=who.project,
                query=query,
                kept=kept,
                headers=headers,
            )
            quota.charge(state, who.project, operation)
    except Refused:
        quota.charge(state, who.project, operation, valid=False)
        raise
    if kind != "resumable":
        (state.files / sessions.find(state, session_id)["file"]).write_bytes(content)
        return JSONResponse(sessions.finish(state, session_id, FINISH))
    place = str(
        request.url.remove_query_params(["part", "uploadType", "alt"]).include_query_params(
            uploadType="resumable", upload_id=session_id
        )
    )
    return Response(status_code=200, headers={"location": place, "x-guploader-uploadid": session_id})


def _read(kind: str, raw: bytes, headers: dict[str, str]) -> tuple[Resource, bytes, str]:
    """(metadata, media, its MIME type) of the first request."""
    if kind == "multipart":
        return media.split_related(headers.get("content-type", ""), raw)
    if kind == "media":
        return {}, raw, headers.get("content-type", "")
    return body_of(raw), b"", headers.get("x-upload-content-type", "")


def _checked(state: State, who: Caller, operation: str, query: Query, given: Resource) -> Resource:
    """Check the metadata before any byte of media; what the end of the upload will need."""
    if operation == "videos.insert":
        limit = state.setting("uploads_per_channel_day")
        if limit is not None and videos.uploaded_since(state, who.channel_id, state.now() - 86_400) >= int(limit):
            raise Refused("uploadLimitExceeded")
        return videos.checked(state, query, given)
    if operation == "thumbnails.set":
        return {"videoId": thumbnails.allowed(state, who, query)["id"]}
    return captions.checked(state, who, query, given)


def _look(state: State, row: Row) -> Facts | None:
    return videos.look(state.files / row["file"]) if row["operation"] == "videos.insert" else None


def _made(state: State, row: Row, facts: Facts | None) -> Resource:
    file, kept, query = state.files / row["file"], json.loads(row["resource"]), json.loads(row["query"])
    if facts is not None:
        video_id = videos.bear(state, row["channel_id"], kept, facts, row["id"])
        who = Caller(row["project"], row["channel_id"], frozenset())
        listed = videos.list_videos(state, who, {"part": query["part"], "id": video_id}, query["_base"])
        video: Resource = listed["items"][0]
        return video
    if row["operation"] == "thumbnails.set":
        return thumbnails.put(state, kept["videoId"], file.read_bytes(), query["_base"])
    return captions.add(state, kept, file.read_bytes())


FINISH: Final = sessions.Finish(look=_look, made=_made)
