"""Commands over videos there are: list, receipt, steps, edit a sentence, review, cancel, retry."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from ytempire.channels import find_channel
from ytempire.cli.copying import require_writable
from ytempire.cli.door import Door, Session
from ytempire.cli.make import OUT, to_the_end
from ytempire.cli.terminal import console, dollars, receipt_notes, receipt_table, short_id, when
from ytempire.kit.clock import stopwatch_s
from ytempire.kit.errors import BadInput, NotFound
from ytempire.orchestration import approve, cancel, edit_sentence, reject, retry
from ytempire.production import find_videos_by_end, select_steps, select_video, select_videos
from ytempire.production.model import StepName, Video, VideoState

_LEAST_ID_CHARACTERS = 4
_UNDER_WAY = {
    VideoState.PLANNED, VideoState.PRODUCING, VideoState.READY, VideoState.APPROVED, VideoState.PUBLISHING,
}  # fmt: skip

VideoArgument = Annotated[
    str, typer.Argument(help="The video's id, or its end as shown in lists; `last` is the newest.")
]
Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="The rehearsal's videos (those of `demo`).")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
Out = Annotated[Path, typer.Option(help="Folder or .mp4 file the video is copied to.")]


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""
    _register_views(app, door)
    _register_changes(app, door)


def _register_views(app: typer.Typer, door: Door) -> None:

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
    def script_command(video: VideoArgument = "last", rehearsal: Rehearsal = False) -> None:
        """A video's sentences with their numbers.

        The numbers are those of `edit-sentence`; below a sentence stands the source that carries it.
        """
        asyncio.run(_script(door, video, rehearsal=rehearsal))


def _register_changes(app: typer.Typer, door: Door) -> None:
    @app.command("edit-sentence")
    def edit_command(
        video: VideoArgument,
        scene: Annotated[int, typer.Argument(help="Number of the sentence, from 1.")],
        sentence: Annotated[str, typer.Argument(help="The new sentence.")],
        out: Out = OUT,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Change a sentence of a video.

        Only what depends on it is made again. A version that is published already stays as it is there.
        """

        async def change(session: Session, found: Video) -> None:
            await edit_sentence(session.platform, session.user_id, found.id, scene, sentence)

        asyncio.run(_and_follow(door, video, change, out, rehearsal=rehearsal, as_json=as_json))

    @app.command("approve")
    def approve_command(
        video: VideoArgument, out: Out = OUT, rehearsal: Rehearsal = False, as_json: AsJson = False
    ) -> None:
        """Let a video that waits for review pass."""

        async def change(session: Session, found: Video) -> None:
            await approve(session.platform, session.user_id, found.id)

        asyncio.run(_and_follow(door, video, change, out, rehearsal=rehearsal, as_json=as_json))

    @app.command("retry")
    def retry_command(
        video: VideoArgument, out: Out = OUT, rehearsal: Rehearsal = False, as_json: AsJson = False
    ) -> None:
        """Send a failed or interrupted video on from where it stands."""

        async def change(session: Session, found: Video) -> None:
            if found.state in _UNDER_WAY:
                return  # its job waits, or comes back from a worker that died: this command's workers go on with it
            await retry(session.platform, session.user_id, found.id)

        asyncio.run(_and_follow(door, video, change, out, rehearsal=rehearsal, as_json=as_json))

    @app.command("reject")
    def reject_command(
        video: VideoArgument,
        why: Annotated[str, typer.Option(help="The reason, kept with the video.")] = "",
        rehearsal: Rehearsal = False,
    ) -> None:
        """End a video that waits for review."""

        async def change(session: Session, found: Video) -> None:
            await reject(session.platform, session.user_id, found.id, why)

        asyncio.run(_only(door, video, change, rehearsal=rehearsal))

    @app.command("cancel")
    def cancel_command(video: VideoArgument, rehearsal: Rehearsal = False) -> None:
        """Stop a video."""

        async def change(session: Session, found: Video) -> None:
            await cancel(session.platform, session.user_id, found.id)

        asyncio.run(_only(door, video, change, rehearsal=rehearsal))


Change = Callable[[Session, Video], Awaitable[None]]


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
    if video is None:
        raise NotFound(
            f"no video {name!r}", field="video", fix="`ytempire videos` lists yours (--rehearsal: the demo's)."
        )
    return video


async def _list(door: Door, limit: int, *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        tools = session.platform.tools
        async with tools.database.transaction(session.user_id) as conn:
            videos = await select_videos(conn, limit=limit)
        rows = [(video, await tools.ledger.receipt(session.user_id, video.id)) for video in videos]
    if as_json:
        listed = [
            {
                "video": str(video.id),
                "title": video.title,
                "state": video.state,
                "reason": video.reason,
                "created_at": video.created_at.isoformat(),
                "actual_microusd": receipt.actual_microusd,
            }
            for video, receipt in rows
        ]
        sys.stdout.write(json.dumps(listed) + "\n")
        return
    screen = console()
    if not rows:
        screen.print("No videos yet. `ytempire make TOPIC` makes one, `ytempire demo` a rehearsal.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("video", "made", "state", "cost", "title"):
        table.add_column(name, justify="right" if name == "cost" else "left", overflow="ellipsis", no_wrap=True)
    for video, receipt in rows:
        table.add_row(
            short_id(video.id), when(video.created_at), video.state, dollars(receipt.actual_microusd), video.title
        )
    screen.print(table)
    for video, _ in rows:
        if video.reason:
            screen.print(f"{short_id(video.id)}: {video.reason}", markup=False)


async def _receipt(door: Door, name: str, *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        video = await named_video(session, name)
        receipt = await session.platform.tools.ledger.receipt(session.user_id, video.id)
    if as_json:
        sys.stdout.write(json.dumps(asdict(receipt), default=str) + "\n")
        return
    screen = console()
    screen.print(f"“{video.title}” · {video.state}", style="bold", markup=False)
    screen.print(receipt_table(receipt))
    for note in receipt_notes(receipt):
        screen.print(note)


async def _script(door: Door, name: str, *, rehearsal: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        video = await named_video(session, name)
        async with session.platform.tools.database.transaction(session.user_id) as conn:
            rows = await select_steps(conn, video.id)
    results = [row.result for row in rows if row.step == StepName.SCRIPT and row.result]
    if not results:
        raise NotFound("the video has no script yet", field="video", fix="Wait until its script step is done.")
    script = results[-1]["script"]
    sources = script["sources"]
    screen = console()
    screen.print(f"“{video.title}”", style="bold", markup=False)
    for number, scene in enumerate(script["scenes"], 1):
        screen.print(f"{number:>3}  {scene['sentence']}", markup=False)
        at = scene["source_index"]
        if at is not None and at < len(sources):
            screen.print(f"     from “{sources[at]['title']}”: {scene['source_quote']}", style="dim", markup=False)


async def _only(door: Door, name: str, change: Change, *, rehearsal: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        video = await named_video(session, name)
        await change(session, video)
        video = await named_video(session, str(video.id))
    console().print(f"{short_id(video.id)} is {video.state}", markup=False)


async def _and_follow(door: Door, name: str, change: Change, out: Path, *, rehearsal: bool, as_json: bool) -> None:
    require_writable(out)
    began_s = stopwatch_s()
    async with door.open_session(rehearsal=rehearsal, workers=True) as session:
        video = await named_video(session, name)
        await change(session, video)
        channel = await find_channel(session.platform.tools.database, session.user_id, video.channel_id)
        await to_the_end(session, channel, video.id, out, began_s, as_json=as_json)
