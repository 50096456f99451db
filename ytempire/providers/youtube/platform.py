"""The port VideoPlatform on YouTube's Data API v3: one method, one call."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from googleapiclient.errors import HttpError
from googleapiclient.http import MediaFileUpload

from ytempire.channels import Credentials
from ytempire.channels.model import Channel
from ytempire.kit.clock import Clock
from ytempire.kit.errors import VendorRefused
from ytempire.providers.youtube import resumable
from ytempire.providers.youtube.access import AccessTokens
from ytempire.providers.youtube.api import youtube_api
from ytempire.providers.youtube.endpoints import Endpoints
from ytempire.providers.youtube.fields import PARTS, remote_video, video_body
from ytempire.providers.youtube.refusals import Answer, in_our_words, not_connected
from ytempire.providers.youtube.transport import AnswerBroken, Untyped, Wire, in_time
from ytempire.publishing.model import Provenance
from ytempire.publishing.ports import Listing, OwnUpload, RemoteVideo, UploadProgress, UploadsPage

T = TypeVar("T")
CALL_DEADLINE_S = 60.0
PIECE_TAKES_LONGER = 10
PAGE_SIZE = 50


class YouTube:
    """One connected channel."""

    def __init__(
        self,
        *,
        tokens: AccessTokens,
        endpoints: Endpoints,
        clock: Clock,
        call_deadline_s: float = CALL_DEADLINE_S,
        piece_bytes: int = resumable.PIECE_BYTES,
    ) -> None:
        self.stand_in = endpoints.stand_in
        self.piece_bytes = piece_bytes
        self._tokens = tokens
        self._root = endpoints.root
        self._clock = clock
        self._call_deadline_s = call_deadline_s
        self._uploads_playlist = ""

    async def start_upload(self, listing: Listing, *, marker: str, size_bytes: int, provenance: Provenance) -> str:
        """`videos.insert`, first half; see the port."""
        if not self.stand_in:
            provenance.require_real()
        request = self._api().videos().insert(part="snippet,status", body=video_body(listing, marker=marker))
        request.uri = _upload_uri(request.uri, self._root)
        return await self._call(
            "upload", lambda wire: resumable.start(wire, request, size_bytes=size_bytes, root=self._root), writes=True
        )

    async def ask_upload(self, session: str, *, size_bytes: int) -> UploadProgress:
        """See the port."""
        resumable.require_same_side(session, self._root)
        return await self._call("upload", lambda wire: resumable.ask(wire, session, size_bytes=size_bytes))

    async def send(self, session: str, file: Path, *, offset_bytes: int) -> UploadProgress:
        """See the port."""
        resumable.require_same_side(session, self._root)
        return await self._call(
            "upload",
            lambda wire: resumable.send(wire, session, file, offset_bytes=offset_bytes, most_bytes=self.piece_bytes),
            writes=True,
            deadline_s=PIECE_TAKES_LONGER * self._call_deadline_s,
        )

    async def uploads_page(self, page: str = "") -> UploadsPage:
        """`channels.list` (once), `playlistItems.list`, and `videos.list` for the tags."""
        if not self._uploads_playlist:
            own = await self._execute("channel", lambda api: api.channels().list(part="contentDetails", mine=True))
            self._uploads_playlist = _uploads_playlist(own)
        arguments = {"part": "contentDetails,snippet", "playlistId": self._uploads_playlist, "maxResults": PAGE_SIZE}
        if page:
            arguments["pageToken"] = page
        try:
            listed = await self._execute("uploads", lambda api: api.playlistItems().list(**arguments))
        except VendorRefused as refused:
            if refused.reason == "playlistNotFound":  # a channel without uploads has no such list
                return UploadsPage(())
            raise
        ids = [item["contentDetails"]["videoId"] for item in listed.get("items", [])]
        if not ids:
            return UploadsPage((), listed.get("nextPageToken", ""))
        videos = await self._execute("uploads", lambda api: api.videos().list(part="snippet", id=",".join(ids)))
        tags = {item["id"]: tuple(item["snippet"].get("tags", ())) for item in videos.get("items", [])}
        found = tuple(
            OwnUpload(
                platform_id=item["contentDetails"]["videoId"],
                tags=tags.get(item["contentDetails"]["videoId"], ()),
                uploaded_at=datetime.fromisoformat(item["snippet"]["publishedAt"]),
            )
            for item in listed["items"]
        )
        return UploadsPage(found, listed.get("nextPageToken", ""))

    async def read(self, platform_id: str) -> RemoteVideo | None:
        """`videos.list`."""
        answer = await self._execute("read-back", lambda api: api.videos().list(part=PARTS, id=platform_id))
        items = answer.get("items", [])
        return remote_video(items[0]) if items else None

    async def update(self, platform_id: str, listing: Listing, *, marker: str) -> None:
        """`videos.update`."""
        body = video_body(listing, marker=marker) | {"id": platform_id}
        await self._execute("repair", lambda api: api.videos().update(part="snippet,status", body=body), writes=True)

    async def set_thumbnail(self, platform_id: str, image: Path) -> None:
        """`thumbnails.set`."""
        kind = "image/png" if image.suffix == ".png" else "image/jpeg"
        media = MediaFileUpload(str(image), mimetype=kind, resumable=False)
        await self._execute(
            "thumbnail", lambda api: api.thumbnails().set(videoId=platform_id, media_body=media), writes=True
        )

    async def find_playlist(self, title: str) -> str | None:
        """`playlists.list`; the first 50 are looked at."""
        answer = await self._execute(
            "playlist", lambda api: api.playlists().list(part="snippet", mine=True, maxResults=PAGE_SIZE)
        )
        found = (item["id"] for item in answer.get("items", []) if item["snippet"]["title"] == title)
        return next(found, None)

    async def make_playlist(self, title: str, visibility: str) -> str:
        """`playlists.insert`."""
        body = {"snippet": {"title": title}, "status": {"privacyStatus": visibility}}
        answer = await self._execute(
            "playlist", lambda api: api.playlists().insert(part="snippet,status", body=body), writes=True
        )
        return str(answer["id"])

    async def in_playlist(self, playlist_id: str, platform_id: str) -> bool:
        """`playlistItems.list` of one video."""
        answer = await self._execute(
            "playlist",
            lambda api: api.playlistItems().list(part="id", playlistId=playlist_id, videoId=platform_id),
        )
        return bool(answer.get("items"))

    async def add_to_playlist(self, playlist_id: str, platform_id: str) -> None:
        """`playlistItems.insert`."""
        resource = {"kind": "youtube#video", "videoId": platform_id}
        body = {"snippet": {"playlistId": playlist_id, "resourceId": resource}}
        await self._execute("playlist", lambda api: api.playlistItems().insert(part="snippet", body=body), writes=True)

    async def has_captions(self, platform_id: str, language: str) -> bool:
        """`captions.list`; automatic tracks (`asr`) are not ours."""
        answer = await self._execute("captions", lambda api: api.captions().list(part="snippet", videoId=platform_id))
        tracks = (item["snippet"] for item in answer.get("items", []))
        return any(track.get("language") == language and track.get("trackKind") != "asr" for track in tracks)

    async def add_captions(self, platform_id: str, srt: Path, *, language: str, name: str) -> None:
        """`captions.insert`; a track that is there already is as good as one just made."""
        body = {"snippet": {"videoId": platform_id, "language": language, "name": name, "isDraft": False}}
        media = MediaFileUpload(str(srt), mimetype="application/octet-stream", resumable=False)
        try:
            await self._execute(
                "captions",
                lambda api: api.captions().insert(part="snippet", body=body, media_body=media),
                writes=True,
            )
        except VendorRefused as refused:
            if refused.reason != "captionExists":
                raise

    async def own_channel(self) -> tuple[str, str]:
        """Id and title of the channel that the authorisation is for."""
        answer = await self._execute("channel", lambda api: api.channels().list(part="snippet", mine=True))
        items = answer.get("items", [])
        if not items:
            raise not_connected("the Google account that was chosen has no YouTube channel")
        return str(items[0]["id"]), str(items[0]["snippet"]["title"])

    def address(self, platform_id: str) -> str:
        """Where people watch it; the sandbox has its own watch page."""
        if not self.stand_in:
            return f"https://www.youtube.com/watch?v={platform_id}"
        return f"{self._root.removesuffix('/').removesuffix('/google')}/watch?v={platform_id}"

    def _api(self) -> Untyped:
        return youtube_api(self._root)

    async def _execute(self, what: str, request_of: Callable[[Any], Any], *, writes: bool = False) -> dict[str, Any]:
        request = request_of(self._api())

        def send(wire: Wire) -> dict[str, Any]:
            try:
                answer = request.execute(http=wire, num_retries=0)
            except HttpError as error:
                headers = {str(name).lower(): str(value) for name, value in error.resp.items()}
                raise resumable.Refused(Answer(int(error.resp.status), headers, error.content)) from error
            except ValueError as error:
                raise AnswerBroken("the answer is no JSON") from error
            return _strict(answer)

        return await self._call(what, send, writes=writes)

    async def _call(
        self, what: str, send: Callable[[Wire], T], *, writes: bool = False, deadline_s: float | None = None
    ) -> T:
        token = await self._tokens.current()
        deadline_s = deadline_s or self._call_deadline_s
        try:
            try:
                return await in_time(send, deadline_s=deadline_s, token=token)
            except resumable.Refused as refused:
                if refused.answer.status != 401:
                    raise
                # an access token may die before its time; nothing was done, so once more with a fresh one
                token = await self._tokens.current(not_this=token)
                return await in_time(send, deadline_s=deadline_s, token=token)
        except resumable.Refused as refused:
            raise in_our_words(refused.answer, what=what, writes=writes, now=self._clock.now()) from refused


class YouTubeChannels:
    """The port Platforms: each connected channel with its own authorisation."""

    def __init__(
        self,
        *,
        credentials: Credentials,
        client_id: str,
        client_secret: str,
        endpoints: Endpoints,
        clock: Clock,
        call_deadline_s: float = CALL_DEADLINE_S,
        piece_bytes: int = resumable.PIECE_BYTES,
    ) -> None:
        self._credentials = credentials
        self._client = (client_id, client_secret)
        self._endpoints = endpoints
        self._clock = clock
        self._call_deadline_s = call_deadline_s
        self._piece_bytes = piece_bytes

    async def of(self, channel: Channel) -> YouTube:
        """See the port."""
        connection, refresh_token = await self._credentials.reveal(channel)
        if connection.platform != self._endpoints.platform:
            raise not_connected(
                f"channel `{channel.handle}` is connected to {connection.platform},"
                f" this installation publishes to {self._endpoints.platform}"
            )

        async def report(broken: str) -> None:
            await self._credentials.checked(channel.user_id, channel.id, broken=broken)

        tokens = AccessTokens(
            client_id=self._client[0],
            client_secret=self._client[1],
            refresh_token=refresh_token,
            endpoints=self._endpoints,
            clock=self._clock,
            report=report,
            deadline_s=self._call_deadline_s,
        )
        return YouTube(
            tokens=tokens,
            endpoints=self._endpoints,
            clock=self._clock,
            call_deadline_s=self._call_deadline_s,
            piece_bytes=self._piece_bytes,
        )


def _upload_uri(uri: str, root: str) -> str:
    """A request without media is aimed at the plain path; its upload lives below `upload/`."""
    plain = root + "youtube/v3/"
    if not uri.startswith(plain):
        raise AnswerBroken(f"the client built an unexpected address: {uri[:80]}")
    path, _, query = uri.removeprefix(plain).partition("?")
    return f"{root}upload/youtube/v3/{path}?uploadType=resumable&{query}"


def _uploads_playlist(answer: dict[str, Any]) -> str:
    items = answer.get("items", [])
    if not items:
        raise not_connected("the Google account has no YouTube channel any more")
    return str(items[0]["contentDetails"]["relatedPlaylists"]["uploads"])


def _strict(answer: Untyped) -> dict[str, Any]:
    if answer == "" or answer is None:
        return {}
    if not isinstance(answer, dict):
        raise AnswerBroken("the answer is no JSON object")
    try:
        json.dumps(answer, allow_nan=False)
    except ValueError as error:
        raise AnswerBroken("the answer holds NaN") from error
    return answer
