"""Commands that change a video: edit a sentence, review, cancel, retry."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from ytempire.channels import find_channel
from ytempire.cli.copying import require_writable
from ytempire.cli.door import Door, Session
from ytempire.cli.make import OUT, to_the_end
from ytempire.cli.terminal import console, retry_lines, short_id
from ytempire.cli.videos import AsJson, Rehearsal, VideoArgument, named_video
from ytempire.kit.clock import stopwatch_s
from ytempire.kit.errors import BadInput
from ytempire.orchestration import REMAKABLE, approve, cancel, edit_sentence, look_at_retry, reject, retry
from ytempire.production.model import StepName, Video, VideoState

_UNDER_WAY = {
    VideoState.PLANNED, VideoState.PRODUCING, VideoState.READY, VideoState.APPROVED, VideoState.PUBLISHING,
}  # fmt: skip
Out = Annotated[Path, typer.Option(help="Folder or .mp4 file the video is copied to.")]


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""

    @app.command("edit-sentence")
    def edit_command(
        video: VideoArgument,
        number: Annotated[int, typer.Argument(help="Number of the sentence, from 1 (`ytempire script` lists them).")],
        sentence: Annotated[str, typer.Argument(help="The new sentence.")],
        out: Out = OUT,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Change a sentence of a video.

        Only what depends on it is made again. A version that is published already stays as it is there.
        """

        async def change(session: Session, found: Video) -> None:
            await edit_sentence(session.platform, session.user_id, found.id, number, sentence)

        asyncio.run(_and_follow(door, video, change, out, rehearsal=rehearsal, as_json=as_json))

    @app.command("approve")
    def approve_command(
        video: VideoArgument, out: Out = OUT, rehearsal: Rehearsal = False, as_json: AsJson = False
    ) -> None:
        """Let a video that waits for review pass."""

        async def change(session: Session, found: Video) -> None:
            await approve(session.platform, session.user_id, found.id)

        asyncio.run(_and_follow(door, video, change, out, rehearsal=rehearsal, as_json=as_json))

    @app.command("reject")
    def reject_command(
        video: VideoArgument,
        why: Annotated[str, typer.Option(help="The reason, kept with the video.")] = "",
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """End a video that waits for review."""

        async def change(session: Session, found: Video) -> None:
            await reject(session.platform, session.user_id, found.id, why)

        asyncio.run(_only(door, video, change, rehearsal=rehearsal, as_json=as_json))

    @app.command("cancel")
    def cancel_command(video: VideoArgument, rehearsal: Rehearsal = False, as_json: AsJson = False) -> None:
        """Stop a video."""

        async def change(session: Session, found: Video) -> None:
            await cancel(session.platform, session.user_id, found.id)

        asyncio.run(_only(door, video, change, rehearsal=rehearsal, as_json=as_json))

    _register_retry(app, door)


def _register_retry(app: typer.Typer, door: Door) -> None:
    @app.command("retry")
    def retry_command(
        video: VideoArgument,
        start: Annotated[
            str,
            typer.Option(
                "--from", metavar="STEP", help="Make this step anew, and what depends on it; default: what failed."
            ),
        ] = "",
        out: Out = OUT,
        rehearsal: Rehearsal = False,
        as_json: AsJson = False,
    ) -> None:
        """Send a failed or interrupted video on.

        It goes on from the step that failed. If a step's result is at fault (the quality gate refused what it made, the
        model's answer was of no use), that step is made anew: asked and paid again. What came before is kept.
        """
        wanted = _step(start)

        async def change(session: Session, found: Video) -> None:
            if found.state in _UNDER_WAY and not wanted:
                return  # its job waits, or comes back from a worker that died: this command's workers go on with it
            plan = await look_at_retry(session.platform, session.user_id, found.id, wanted)
            if not as_json:
                for line in retry_lines(plan):
                    console().print(line, markup=False)
            await retry(session.platform, session.user_id, found.id, wanted)

        asyncio.run(_and_follow(door, video, change, out, rehearsal=rehearsal, as_json=as_json))


def _step(name: str) -> StepName | None:
    try:
        return StepName(name) if name else None
    except ValueError:
        raise BadInput(f"{name!r} is no step", field="from", fix=f"Choose one of {', '.join(REMAKABLE)}.") from None


Change = Callable[[Session, Video], Awaitable[None]]


async def _only(door: Door, name: str, change: Change, *, rehearsal: bool, as_json: bool) -> None:
    async with door.open_session(rehearsal=rehearsal) as session:
        video = await named_video(session, name)
        await change(session, video)
        video = await named_video(session, str(video.id))
    if as_json:
        sys.stdout.write(json.dumps({"video": str(video.id), "state": video.state, "reason": video.reason}) + "\n")
        return
    console().print(f"{short_id(video.id)} is {video.state}", markup=False)


async def _and_follow(door: Door, name: str, change: Change, out: Path, *, rehearsal: bool, as_json: bool) -> None:
    require_writable(out)
    began_s = stopwatch_s()
    async with door.open_session(rehearsal=rehearsal, workers=True) as session:
        video = await named_video(session, name)
        await change(session, video)
        channel = await find_channel(session.platform.tools.database, session.user_id, video.channel_id)
        await to_the_end(session, channel, video.id, out, began_s, as_json=as_json)
