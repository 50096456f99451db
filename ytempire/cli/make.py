"""`make` and `demo`: one video from order to watch page."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from ytempire.channels import find_channel, list_channels
from ytempire.channels.model import Channel
from ytempire.cli.copying import copy_out, require_writable
from ytempire.cli.door import Door, Session
from ytempire.cli.follow import Seen, follow, require_finished
from ytempire.cli.terminal import console, dollars, receipt_notes, receipt_table, seconds, short_id, show
from ytempire.kit.clock import stopwatch_s
from ytempire.kit.errors import BadInput
from ytempire.kit.media_store import MediaRef
from ytempire.orchestration import order_video
from ytempire.production import OrderWishes, file_name, new_order
from ytempire.production.model import StepName, VideoState

OUT = Path("out")


def register(app: typer.Typer, door: Door) -> None:
    """Add the commands."""

    @app.command()
    def make(
        topic: Annotated[
            str, typer.Argument(help="What the video is about; without it, the channel's next topic.")
        ] = "",
        script: Annotated[Path | None, typer.Option(help="Your own script, spoken word for word (text file).")] = None,
        article: Annotated[
            Path | None, typer.Option(help="An article to make the video from (text, Markdown, HTML).")
        ] = None,
        media: Annotated[
            list[Path] | None,
            typer.Option(metavar="<path>", help="Your own pictures or clips; file names say what they show."),
        ] = None,
        title: Annotated[
            str, typer.Option(help="Your own title, at most 100 characters; default: the script's best.")
        ] = "",
        channel: Annotated[str, typer.Option(help="Handle of the channel; default: your only or first one.")] = "",
        format: Annotated[str, typer.Option(help="9:16 or 16:9; default: the channel's.")] = "",  # noqa: A002
        voice: Annotated[str, typer.Option(help="local:NAME (doctor lists them) or elevenlabs:VOICE_ID.")] = "",
        look: Annotated[str, typer.Option(help="Look of the picture; default: the channel's.")] = "",
        minutes: Annotated[float | None, typer.Option(help="Length wished, 0.25 to 10 minutes.")] = None,
        out: Annotated[Path, typer.Option(help="Folder or .mp4 file the video is copied to.")] = OUT,
        even_if_similar: Annotated[
            bool, typer.Option("--even-if-similar", help="Make it though the channel had it.")
        ] = False,
        rehearsal: Annotated[
            bool, typer.Option("--rehearsal", help="Stand-ins for what has no key; nothing real is touched.")
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object at the end, nothing else.")] = False,
    ) -> None:
        """Make one video and publish it as its channel says."""
        require_writable(out)
        wishes = OrderWishes(
            topic=topic,
            title=title,
            script_text=_text_of(script, "script") if script else None,
            article_text=_text_of(article, "article") if article else None,
            article_title=article.stem.replace("-", " ").replace("_", " ")[:200] if article else "",
            format=format,
            voice=voice,
            look=look,
            minutes=minutes,
            even_if_similar=even_if_similar,
        )

        async def work() -> None:
            async with door.open_session(rehearsal=rehearsal, workers=True) as session:
                if session.rehearsal:
                    await door.ensure_demo_channels(session)
                owner = await _channel(session, channel)
                own = [await door.take_in(session, file) for file in media or []]
                order = new_order(owner, wishes, own_media=own, tools=session.platform.tools)
                began_s = stopwatch_s()
                video = await order_video(session.platform, owner, order)
                await to_the_end(session, owner, video.id, out, began_s, as_json=as_json)

        asyncio.run(work())

    @app.command()
    def demo(
        every: Annotated[bool, typer.Option("--all", help="One video on each of the five demo channels.")] = False,
        channel: Annotated[str, typer.Option(help="The demo channel; default: the first.")] = "",
        out: Annotated[Path, typer.Option(help="Folder the videos are copied to.")] = OUT,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object per video, nothing else.")] = False,
    ) -> None:
        """Make a demo video with stand-ins for every vendor.

        No key, no network, nothing real is touched.
        """
        require_writable(out)

        async def work() -> None:
            began_s = stopwatch_s()
            async with door.open_session(rehearsal=True, workers=True) as session:
                channels = await door.ensure_demo_channels(session)
                wanted = channels if every else [await _channel(session, channel or channels[0].handle)]
                screen = console()
                if not as_json:
                    screen.print(
                        "Rehearsal: the model and YouTube are stand-ins on this machine; everything else is real.",
                        style="yellow",
                    )
                for owner in wanted:
                    order = new_order(owner, OrderWishes())
                    video = await order_video(session.platform, owner, order)
                    await to_the_end(session, owner, video.id, out, began_s, as_json=as_json)
                    began_s = stopwatch_s()

        asyncio.run(work())


async def _channel(session: Session, name: str) -> Channel:
    database = session.platform.tools.database
    if name:
        return await find_channel(database, session.user_id, name)
    channels = await list_channels(database, session.user_id)
    if not channels:
        raise BadInput(
            "you have no channel yet",
            field="channel",
            fix="`ytempire channel add HANDLE` makes one, or add --rehearsal.",
        )
    return channels[0]


async def to_the_end(
    session: Session, channel: Channel, video_id: UUID, out: Path, began_s: float, *, as_json: bool
) -> None:
    """Follow the video until it rests, copy its file out and show what it cost."""
    screen = console()
    if not as_json:
        screen.print(f"\n{channel.name} · video {short_id(video_id)}", style="bold")
    seen = await follow(session, video_id, screen, quiet=as_json)
    elapsed_s = stopwatch_s() - began_s
    file = _copied(session, seen, channel, out)
    require_finished(session, seen, file)
    receipt = await session.platform.tools.ledger.receipt(session.user_id, seen.video.id)
    published = seen.steps.get(StepName.PUBLISH)
    watch = ""
    if published and published.made:
        watch = session.watch_url(str(published.made["platform_id"]))
    if as_json:
        sys.stdout.write(
            json.dumps(
                {
                    "video": str(seen.video.id),
                    "state": seen.video.state,
                    "reason": seen.video.reason,
                    "title": seen.video.title,
                    "file": str(file) if file else None,
                    "watch": watch or None,
                    "rehearsal": session.rehearsal,
                    "actual_microusd": receipt.actual_microusd,
                    "estimate_microusd": receipt.estimate_microusd,
                    "youtube_units": receipt.youtube_units,
                    "youtube_uploads": receipt.youtube_uploads,
                    "elapsed_s": round(elapsed_s, 2),
                    "steps": {
                        row.step: {"state": row.state, "duration_s": row.duration_s, "tries": row.tries}
                        for row in seen.steps.values()
                    },
                }
            )
            + "\n"
        )
        return
    screen.print()
    show(screen, receipt_table(receipt, screen.width))
    for note in receipt_notes(receipt):
        screen.print(note)
    screen.print()
    _tell_end(screen, session, seen, file, watch)
    screen.print(f"took {seconds(elapsed_s)}, cost {dollars(receipt.actual_microusd)}")


def _tell_end(screen: Console, session: Session, seen: Seen, file: Path | None, watch: str) -> None:
    screen.print(f"“{seen.video.title}”", style="bold", markup=False)
    if seen.video.state is VideoState.IN_REVIEW:
        screen.print(f"waits for your review: ytempire approve {short_id(seen.video.id)}")
    elif seen.video.reason.startswith("deferred:"):
        screen.print(seen.video.reason, markup=False)
    if file:
        screen.print(f"file   {file}", markup=False, soft_wrap=True)
    if seen.video.reason and seen.video.state is VideoState.PUBLISHED:
        screen.print(f"note   {seen.video.reason}", markup=False, soft_wrap=True)
    if watch:
        screen.print(f"watch  {watch}", markup=False, soft_wrap=True)
        if session.rehearsal:
            screen.print("       (a stand-in for YouTube; `ytempire up --rehearsal` keeps the page there)")


def _copied(session: Session, seen: Seen, channel: Channel, out: Path) -> Path | None:
    rendered, checked = seen.steps.get(StepName.RENDER), seen.steps.get(StepName.QUALITY)
    if not rendered or not rendered.made or not checked or checked.state != "done":
        return None
    made = session.platform.tools.media.path(MediaRef(**rendered.made["video"]))
    return copy_out(made, out, file_name(channel.handle, seen.video.title, seen.video.id, ".mp4"))


def _text_of(file: Path, field: str) -> str:
    most_bytes = 200_000
    if not file.is_file():
        raise BadInput(f"{file} is not a file", field=field, fix="Give the path of a text file.")
    if file.stat().st_size > most_bytes:
        raise BadInput(
            f"{file} has {file.stat().st_size:,} bytes, the limit is {most_bytes:,}",
            field=field,
            fix="A ten-minute video speaks about 10,000 bytes; give less text.",
        )
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{file} is not UTF-8 text (byte {error.start})", field=field, fix="Save it as UTF-8 and try again."
        ) from error
    if not text.strip():
        raise BadInput(f"{file} is empty", field=field, fix="Put at least one sentence in it.")
    return text
