"""What is said about a video when it is published: pure, within the platform's limits, with notes on what was cut.

Limits: title 100 characters, description 5,000 bytes, tags 500 characters in sum (commas between, quotation marks
around a tag with a blank), no `<` or `>` (https://developers.google.com/youtube/v3/docs/videos).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ytempire.channels.model import Channel, Visibility
from ytempire.production.model import FinishedVideo
from ytempire.publishing.model import Disclosure
from ytempire.publishing.ports import Listing

TITLE_MOST = 100
DESCRIPTION_MOST_BYTES = 5_000
TAGS_MOST = 500
BODY_LEAST_BYTES = 600
CHAPTERS_LEAST = 3
CHAPTER_LEAST_S = 10.0
_JOINERS = {"\u200d", "\ufe0f", "\u20e3"}


@dataclass(frozen=True)
class Composed:
    """A listing, and what was changed to make it fit."""

    listing: Listing
    notes: tuple[str, ...]


def compose_listing(
    channel: Channel,
    finished: FinishedVideo,
    disclosure: Disclosure,
    *,
    marker: str,
    appears_at: datetime | None = None,
) -> Composed:
    """The listing of a finished video on its channel; until `appears_at` it is private."""
    notes: list[str] = []
    script = finished.script
    title = _clean(script.title, "title", notes).replace("\n", " ").strip()
    shorter = cut_title(title)
    if shorter != title:
        notes.append(f"title: cut to {TITLE_MOST} characters")
    if appears_at:
        notes.append(f"private until it goes public at {appears_at:%Y-%m-%d %H:%M} UTC")
    return Composed(
        Listing(
            title=shorter or f"{channel.name}"[:TITLE_MOST],
            description=_description(finished, disclosure, notes),
            tags=fit_tags(script.tags, marker=marker, notes=notes),
            category_id=channel.category_id,
            language=script.language or channel.language,
            visibility=(Visibility.PRIVATE if appears_at else channel.visibility).value,
            publish_at=appears_at,
            made_for_kids=channel.made_for_kids,
            synthetic_media=disclosure.needed,
        ),
        tuple(notes),
    )


def cut_title(title: str) -> str:
    """At most 100 UTF-16 units (an emoji counts as two or more, whichever way it is counted), cut between words."""
    if _utf16(title) <= TITLE_MOST:
        return title
    kept = title
    while _utf16(kept) > TITLE_MOST - 1:
        kept = kept[:-1]
    # never end within a joined emoji: drop the rest of a sequence whose joiner was cut through
    while kept and (kept[-1] in _JOINERS or title[len(kept)] in _JOINERS or unicodedata.combining(title[len(kept)])):
        kept = kept[:-1]
    at_word = kept.rsplit(" ", 1)[0] if " " in kept else kept
    return (at_word if len(at_word) > len(kept) // 2 else kept).rstrip(" ,;:-–—") + "…"


def cut_bytes(text: str, most: int) -> str:
    """At most so many UTF-8 bytes, cut between words, ending with an ellipsis if cut."""
    if len(text.encode()) <= most:
        return text
    kept = text.encode()[: most - len("…".encode())].decode(errors="ignore")
    blank = max(kept.rfind(" "), kept.rfind("\n"))
    if blank > len(kept) // 2:
        kept = kept[:blank]
    return kept.rstrip() + "…" if most >= len("…".encode()) else ""


def fit_tags(tags: Sequence[str], *, marker: str, notes: list[str]) -> tuple[str, ...]:
    """Tags that fit beside the marker, in their order, each once."""
    kept: list[str] = []
    seen = {marker}
    for raw in tags:
        tag = " ".join("".join(c for c in raw if c not in '<>",' and (c.isprintable() or c in _JOINERS)).split())
        if not tag or tag.casefold() in seen:
            continue
        if tags_length([*kept, tag, marker]) > TAGS_MOST:
            notes.append(f"tags: {tag[:40]!r} and what follows did not fit")
            break
        seen.add(tag.casefold())
        kept.append(tag)
    return tuple(kept)


def tags_length(tags: Sequence[str]) -> int:
    """As YouTube counts: commas between, quotation marks around a tag with a blank."""
    return sum(_utf16(tag) + (2 if " " in tag else 0) for tag in tags) + max(0, len(tags) - 1)


def chapters_of(finished: FinishedVideo) -> tuple[tuple[float, str], ...]:
    """(start in seconds, name): YouTube wants the first at 0:00, at least three, each of ten seconds or more."""
    starts = [
        (start, scene.chapter)
        for start, scene in zip(finished.scene_starts_s, finished.script.scenes, strict=False)
        if scene.chapter.strip()
    ]
    kept: list[tuple[float, str]] = []
    for start, name in starts:
        if not kept:
            kept.append((0.0, name))
        elif start - kept[-1][0] >= CHAPTER_LEAST_S and finished.duration_s - start >= CHAPTER_LEAST_S:
            kept.append((start, name))
    return tuple(kept) if len(kept) >= CHAPTERS_LEAST else ()


def _description(finished: FinishedVideo, disclosure: Disclosure, notes: list[str]) -> str:
    body = _clean(finished.script.description, "description", notes).strip()
    blocks: list[str] = []
    chapters = chapters_of(finished)
    if chapters:
        blocks.append("\n".join(f"{_timestamp(start)} {' '.join(name.split())}" for start, name in chapters))
    if finished.script.sources:
        lines = (f"• {source.title}" + (f": {source.url}" if source.url else "") for source in finished.script.sources)
        blocks.append("Sources:\n" + "\n".join(lines))
    if disclosure.needed:
        blocks.append("Contains altered or synthetic content: " + "; ".join(disclosure.reasons) + ".")
    if finished.credits:
        blocks.append("Credits:\n" + "\n".join(f"• {credit}" for credit in finished.credits))
    rest = _clean("\n\n".join(blocks), "description", notes)
    room = DESCRIPTION_MOST_BYTES - len(rest.encode()) - 2
    shorter = cut_bytes(body, max(BODY_LEAST_BYTES, room))
    whole = "\n\n".join(part for part in (shorter, rest) if part)
    fitted = cut_bytes(whole, DESCRIPTION_MOST_BYTES)
    if shorter != body or fitted != whole:
        notes.append(f"description: cut to {DESCRIPTION_MOST_BYTES} bytes")
    return fitted


def _clean(text: str, field: str, notes: list[str]) -> str:
    """Without what YouTube refuses (`<`, `>`) and without control characters, lone surrogates included."""
    kept = "".join(
        char for char in text.replace("\r\n", "\n").replace("\t", " ")
        if char == "\n" or (char not in "<>" and unicodedata.category(char) not in {"Cc", "Cs"})
    )  # fmt: skip
    if set(text) & set("<>"):
        notes.append(f"{field}: < and > removed, YouTube takes none")
    return kept


def _timestamp(seconds: float) -> str:
    hours, rest = divmod(int(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2
