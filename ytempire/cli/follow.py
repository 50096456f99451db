"""Following a video at work: each step with its time and money, live on a terminal, line by line elsewhere."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.live import Live as LiveDisplay
from rich.table import Table

from ytempire.cli.door import Session
from ytempire.cli.terminal import dollars, seconds, short_id
from ytempire.kit.clock import stopwatch_s
from ytempire.kit.database import ConnectionLost, DatabaseUnreachable
from ytempire.kit.errors import NotFound, YtempireError
from ytempire.kit.media_store import MediaRef
from ytempire.production import StepRow, newest_steps, select_video
from ytempire.production.model import StepName, Video, VideoState

_POLL_S = 0.2
_DATABASE_BACK_S = 30.0
_JUST_NOW = timedelta(seconds=1)
_END = {VideoState.FAILED: "the video could not be finished", VideoState.CANCELLED: "the video was cancelled"}
_END_OF_NEWER = "the newer version could not be finished"
REFUSED_FILE = "refused by the gate, not published"
_RESTING = {VideoState.PUBLISHED, VideoState.CANCELLED, VideoState.FAILED, VideoState.IN_REVIEW}


@dataclass(frozen=True)
class Seen:
    """A look at a video: its row, its newest row per step, money per step in micro-dollars, the step at work."""

    video: Video
    steps: dict[str, StepRow]
    spent_microusd: dict[str, int]
    at_work: tuple[str, float] | None


class Unfinished(YtempireError):  # noqa: N818
    """The video did not come to its end; `facts` are more of it for machines."""

    code = "unfinished"

    def __init__(self, message: str, *, fix: str | None, facts: dict[str, str | None]) -> None:
        super().__init__(message, fix=fix)
        self.facts = facts


async def patient_look(session: Session, user_id: UUID, video_id: UUID) -> Seen:
    """Look; a database that is restarting is waited for, since the video goes on without this command."""
    deadline_s = stopwatch_s() + _DATABASE_BACK_S
    while True:
        try:
            return await look(session, user_id, video_id)
        except ConnectionLost as error:
            if stopwatch_s() > deadline_s:
                raise DatabaseUnreachable(
                    "the database is away", fix="`ytempire videos` shows where the video stands once it is back."
                ) from error
            await asyncio.sleep(1.0)


async def look(session: Session, user_id: UUID, video_id: UUID) -> Seen:
    """Look once."""
    tools = session.platform.tools
    async with tools.database.transaction(user_id) as conn:
        video = await select_video(conn, video_id)
        steps = await newest_steps(conn, video_id)
    if video is None:
        raise NotFound("no such video", field="video", fix="`ytempire videos` lists yours.")
    receipt = await tools.ledger.receipt(user_id, video_id)
    spent: dict[str, int] = {}
    for line in receipt.lines:
        spent[line.step] = spent.get(line.step, 0) + line.actual_microusd
    return Seen(video, steps, spent, await session.platform.live.read(video_id))


async def follow(session: Session, video_id: UUID, console: Console, *, quiet: bool = False) -> Seen:
    """Watch until the video rests, showing its steps."""
    began_s = stopwatch_s()
    if console.is_terminal and not quiet:
        return await _live(session, video_id, console, began_s)
    return await _lines(session, video_id, console, quiet=quiet)


def require_finished(session: Session, seen: Seen, file: Path | None) -> None:
    """Raise Unfinished if the video, or its newer version, failed or was cancelled.

    `file` is its copy if it was made, only not published.
    """
    ended = _END.get(seen.video.state) or (_END_OF_NEWER if _newer_failed(seen) else "")
    if not ended:
        return
    refused = refused_file(session, seen)
    fixes = []
    topic = seen.steps.get(StepName.TOPIC)
    if seen.video.state is not VideoState.CANCELLED and not (
        topic and topic.state == "failed"
    ):  # no retry changes a topic
        command = f"ytempire retry {short_id(seen.video.id)}{' --rehearsal' if session.rehearsal else ''}"
        fixes.append(f"Mend the cause, then `{command}`; what was paid for the steps before is not paid again.")
    if refused:
        fixes.append(f"{REFUSED_FILE[0].upper()}{REFUSED_FILE[1:]}: {refused}")
    if file:
        fixes.append(f"The finished file: {file}")
    facts = {
        "video": str(seen.video.id),
        "state": str(seen.video.state),
        "file": str(file) if file else None,
        "refused_file": str(refused) if refused else None,
    }
    raise Unfinished(f"{ended}: {seen.video.reason}", fix="\n  ".join(fixes) or None, facts=facts)


def refused_file(session: Session, seen: Seen) -> Path | None:
    """Where the file lies that the quality gate refused; None if it refused none."""
    rendered, checked = seen.steps.get(StepName.RENDER), seen.steps.get(StepName.QUALITY)
    if not rendered or not rendered.made or not checked or not checked.remake:
        return None
    media = session.platform.tools.media
    ref = MediaRef(**rendered.made["video"])
    return media.path(ref) if media.has(ref) else None


async def _live(session: Session, video_id: UUID, console: Console, began_s: float) -> Seen:
    seen = await patient_look(session, session.user_id, video_id)
    with LiveDisplay(console=console, refresh_per_second=8, transient=False) as display:
        while True:
            display.update(table(seen, stopwatch_s() - began_s))
            if _rests(seen):
                return seen
            await asyncio.sleep(_POLL_S)
            seen = await patient_look(session, session.user_id, video_id)


async def _lines(session: Session, video_id: UUID, console: Console, *, quiet: bool) -> Seen:
    told: set[tuple[str, str]] = set()
    began = session.platform.tools.clock.now()
    while True:
        seen = await patient_look(session, session.user_id, video_id)
        for row in sorted(seen.steps.values(), key=lambda row: row.used_at):
            mark = (row.step, f"{row.state}{row.tries}{row.input_hash}")
            # What an earlier version left is not this one's news.
            if row.state == "running" or mark in told or (row.ended_at and row.ended_at < began - _JUST_NOW):
                continue
            told.add(mark)
            if not quiet:
                money = dollars(seen.spent_microusd.get(row.step, 0))
                # What ended it is told once, at the end.
                note = f"  {row.cause}" if row.cause and not _rests(seen) else ""
                console.print(
                    f"{row.step:<10} {_word(seen, row):<7} {seconds(row.duration_s):>8}  {money:>10}{note}",
                    markup=False,
                )
        if _rests(seen):
            return seen
        await asyncio.sleep(_POLL_S)


def _word(seen: Seen, row: StepRow) -> str:
    """`kept`: a finished newer version waits for the published one to go, which is no failure."""
    return (
        "kept"
        if row.state == "failed" and seen.video.state is VideoState.PUBLISHED and not _newer_failed(seen)
        else row.state
    )


def _newer_failed(seen: Seen) -> bool:
    """Whether a published video's newer version stopped before it could take the published one's place."""
    failed = {row.step for row in seen.steps.values() if row.state == "failed"}
    return seen.video.state is VideoState.PUBLISHED and bool(failed - {StepName.PUBLISH})


def _rests(seen: Seen) -> bool:
    return seen.video.state in _RESTING or seen.video.reason.startswith("deferred:")


def table(seen: Seen, elapsed_s: float) -> Table:
    """The steps with state, time and money."""
    view = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (("step", "left"), ("", "left"), ("time", "right"), ("spent", "right")):
        view.add_column(name, justify=justify)  # type: ignore[arg-type]
    for step in StepName:
        row = seen.steps.get(step)
        if row is None:
            view.add_row(step, "·", "", "", style="dim")
            continue
        money = dollars(seen.spent_microusd.get(step, 0))
        if row.state == "running":
            view.add_row(step, _bar(seen, step), "", money, style="cyan")
        elif _word(seen, row) == "kept":
            view.add_row(step, "kept", seconds(row.duration_s), money, style="green")
        elif row.state == "failed":
            view.add_row(step, f"failed: {row.cause[:70]}", seconds(row.duration_s), money, style="red")
        else:
            view.add_row(step, "done", seconds(row.duration_s), money, style="green")
    view.add_section()
    view.add_row(
        seen.video.title[:60] or "…", seen.video.state, f"{elapsed_s:.0f} s", dollars(sum(seen.spent_microusd.values()))
    )
    return view


def _bar(seen: Seen, step: str) -> str:
    if seen.at_work is None or seen.at_work[0] != step:
        return "working"
    share = seen.at_work[1]
    return "━" * round(share * 20) + "╌" * (20 - round(share * 20)) + f" {share:.0%}"
