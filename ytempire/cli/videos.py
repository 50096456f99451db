"""Commands that look at videos: list, receipt, script."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ytempire.cli.door import Door, Session
from ytempire.cli.follow import REFUSED_FILE
from ytempire.cli.terminal import console, dollars, fitted, receipt_notes, receipt_table, short_id, show, when
from ytempire.kit.errors import BadInput, NotFound
from ytempire.kit.media_store import MediaRef
from ytempire.orchestration import page_of_videos
from ytempire.orchestration.model import Wanted
from ytempire.production import find_videos_by_end, select_files, select_steps, select_video, select_videos
from ytempire.production.model import StepName, Video, VideoState

_LEAST_ID_CHARACTERS = 4

VideoArgument = Annotated[
    str, typer.Argument(help="The video's id, or its end as shown in lists; `last` is the newest.")
]
Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="The rehearsal's videos (those of `demo`).")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""

    @app.command("videos")
    def videos_command(
        limit: Annotated[int, typer.Option(min=1, max=200, help="How many.")] = 20,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """List your videos, newest first."""
        asyncio.run(_list(door, limit, rehearsal=rehearsal, as_json=as_json))

    @app.command("receipt")
    def receipt_command(video: VideoArgument = "last", rehearsal: Rehearsal = False, as_json: AsJson = False) -> None:
        """What a video cost, to the micro-dollar.

        Estimate, holds, actuals, overruns, savings and YouTube quota.
        """
        asyncio.run(_receipt(door, video, rehearsal=rehearsal, as_json=as_json))

    @app.command("script")
    def script_command(video: VideoArgument = "last", rehearsal: Rehearsal = False, as_json: AsJson = False) -> None:
        """A video's sentences with their numbers.

        The numbers are those of `edit-sentence`; below a sentence stands the source that carries it.
        """
        asyncio.run(_script(door, video, rehearsal=rehearsal, as_json=as_json))


async def named_video(session: Session, name: str) -> Video:
    """The video of this id, end of an id, or `last`. Raises NotFound, BadInput."""
    database = session.platform.tools.database
    async with database.transaction(session.user_id) as conn:
        found: list[UUID] = []
        if name == "last":
            found = [video.id for video in await select_videos(conn, limit=1)]
        elif len(name) < _LEAST_ID_CHARACTERS:
            raise BadInput(
                f"{name!r} is too short", field="video", fix=f"Give {_LEAST_ID_CHARACTERS} characters or more."
            )
        else:
            found = await find_videos_by_end(conn, name)
        if len(found) > 1:
            raise BadInput(f"several ids end in {name!r}", field="video", fix="Give more characters.")
        video = await select_video(conn, found[0]) if found else None
    if video is None and name == "last":
        raise NotFound(
            "there are no videos yet",
            field="video",
            fix="`ytempire make TOPIC` makes one, `ytempire demo` a rehearsal; --rehearsal looks at the rehearsal's.",
        )
    if video is None:
        raise NotFound(
            f"no video {name!r}", field="video", fix="`ytempire videos` lists yours (--rehearsal: the demo's)."
        )
    return video


async def _list(door: Door, limit: int, *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        database = session.platform.tools.database
        videos = await page_of_videos(database, session.user_id, Wanted(), after=None, limit=limit)
        async with database.transaction(session.user_id) as conn:
            files = await select_files(conn, [video.id for video in videos])
    if as_json:
        listed = [
            {
                "video": str(video.id),
                "title": video.title,
                "state": video.state,
                "reason": video.reason,
                "file": _path(session, files[video.id].passed),
                "refused_file": _path(session, files[video.id].refused),
                "created_at": video.created_at.isoformat(),
                "actual_microusd": video.spent_microusd,
                "watch": video.release.watch_url if video.release else None,
            }
            for video in videos
        ]
        sys.stdout.write(json.dumps(listed) + "\n")
        return
    screen = console()
    if not videos:
        screen.print("No videos yet. `ytempire make TOPIC` makes one, `ytempire demo` a rehearsal.")
        return
    lines = [
        (short_id(video.id), when(video.created_at), video.state, dollars(video.spent_microusd), video.title)
        for video in videos
    ]
    heads = ("video", "made", "state", "cost", "title")
    show(screen, fitted(heads, lines, screen.width, gives_way="title", right={"cost"}))
    for video in videos:
        if video.reason:
            screen.print(f"{short_id(video.id)}: {video.reason}", markup=False, soft_wrap=True)
        if video.release:
            screen.print(f"{short_id(video.id)}: {video.release.watch_url}", markup=False, soft_wrap=True)
        refused = _path(session, files[video.id].refused)
        if refused:
            screen.print(f"          {REFUSED_FILE}: {refused}", markup=False, soft_wrap=True)


def _path(session: Session, file: MediaRef | None) -> str | None:
    """Where the file lies in the store, if it is still there."""
    media = session.platform.tools.media
    return str(media.path(file)) if file and media.has(file) else None


async def _receipt(door: Door, name: str, *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        video = await named_video(session, name)
        receipt = await session.platform.tools.ledger.receipt(session.user_id, video.id)
    if as_json:
        sys.stdout.write(json.dumps(asdict(receipt), default=str) + "\n")
        return
    screen = console()
    screen.print(f"“{video.title}” · {video.state}", style="bold", markup=False)
    show(screen, receipt_table(receipt, screen.width))
    for note in receipt_notes(receipt):
        screen.print(note)


async def _script(door: Door, name: str, *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        video = await named_video(session, name)
        async with session.platform.tools.database.transaction(session.user_id) as conn:
            rows = await select_steps(conn, video.id)
    results = [row.made for row in rows if row.step == StepName.SCRIPT and row.made]
    if not results:
        ended = (
            f"it is {video.state}: {video.reason}" if video.state in {VideoState.FAILED, VideoState.CANCELLED} else ""
        )
        raise NotFound(
            f"the video has no script{'' if ended else ' yet'}",
            field="video",
            fix=ended or "Wait until its script step is done.",
        )
    script = results[-1]["script"]
    if as_json:
        sys.stdout.write(json.dumps({"video": str(video.id), **script}) + "\n")
        return
    sources = script["sources"]
    screen = console()
    screen.print(f"“{video.title}”", style="bold", markup=False)
    for number, scene in enumerate(script["scenes"], 1):
        row = Table.grid(padding=(0, 2, 0, 0))
        row.add_row(f"{number:>3}", Text(scene["sentence"]))
        screen.print(row)
        if sources:  # a creator's own words have none
            screen.print(Padding(Text(_origin(scene, sources), style="dim"), (0, 0, 0, 5), expand=False))


def _origin(scene: dict[str, Any], sources: list[dict[str, Any]]) -> str:
    """Where a sentence comes from, in a line."""
    at, quote = scene["source_index"], scene["source_quote"]
    if at is None or at >= len(sources):
        return "from no source"
    title = f"from “{sources[at]['title']}”"
    return f"{title}, word for word" if quote == scene["sentence"] else f"{title}: {quote}"
