"""Verb: turn a creator's wishes and the channel's defaults into an order, or say what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ytempire.channels.model import Channel, ChannelMedia
from ytempire.kit.errors import BadInput
from ytempire.production.asking import require_writer
from ytempire.production.looks import look_of
from ytempire.production.model import Format, Order, OwnMedia
from ytempire.production.scripting.own_script import is_control
from ytempire.production.step import Tools
from ytempire.production.voice import require_voice

SHORTEST_MINUTES = 0.25
LONGEST_MINUTES = 10.0
MOST_BYTES = 200_000
MOST_TOPIC_CHARACTERS = 200
MOST_TITLE_UNITS = 100
"""YouTube's limit, counted in UTF-16 units: an emoji is two or more, whichever way they count."""


@dataclass(frozen=True)
class OrderWishes:
    """What the creator said; empty or None means: as the channel does."""

    topic: str = ""
    title: str = ""
    script_text: str | None = None
    article_text: str | None = None
    article_title: str = ""
    format: str = ""
    voice: str = ""
    look: str = ""
    minutes: float | None = None
    even_if_similar: bool = False


def new_order(
    channel: Channel, wishes: OrderWishes, *, own_media: Sequence[OwnMedia] = (), tools: Tools | None = None
) -> Order:
    """The order. Raises BadInput or NotConfigured naming the field.

    With `tools`, what the order needs of them is checked too: a model, the voice that was named. Each step looks for
    itself before it spends; saying it here saves a video that can't come to its end.
    """
    given = [name for name in ("topic", "script_text", "article_text") if getattr(wishes, name)]
    if len(given) > 1:
        raise BadInput(
            f"{' and '.join(name.removesuffix('_text') for name in given)} were given together",
            field="topic",
            fix="Give a topic, or a script, or an article.",
        )
    check_signs(wishes.topic, "topic")
    check_signs(wishes.article_title, "article_title")
    _check_title(wishes.title)
    _check_text(wishes.script_text, "script")
    _check_text(wishes.article_text, "article")
    if len(wishes.topic) > MOST_TOPIC_CHARACTERS:
        raise BadInput(
            f"has {len(wishes.topic)} characters, the limit is {MOST_TOPIC_CHARACTERS}",
            field="topic",
            fix="Shorten it, or give the text as a script or an article.",
        )
    if len(wishes.article_title) > MOST_TOPIC_CHARACTERS:
        raise BadInput(
            f"has {len(wishes.article_title)} characters, the limit is {MOST_TOPIC_CHARACTERS}",
            field="article_title",
            fix="Shorten it.",
        )
    minutes = channel.minutes if wishes.minutes is None else wishes.minutes
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise BadInput(
            f"{minutes:g} is not possible", field="minutes", fix=f"Choose {SHORTEST_MINUTES:g} to {LONGEST_MINUTES:g}."
        )
    look = wishes.look or channel.brand.look
    look_of(look)
    order = Order(
        topic=" ".join(wishes.topic.split()),
        title=" ".join(wishes.title.split()),
        script_text=wishes.script_text or "",
        article_text=wishes.article_text or "",
        article_title=" ".join(wishes.article_title.split()),
        format=_format(wishes.format or channel.format),
        minutes=minutes,
        voice=_voice(wishes.voice or channel.voice),
        palette=channel.brand.palette,
        look=look,
        music_mood=channel.music_mood,
        language=channel.language,
        own_media=tuple(own_media),
        even_if_similar=wishes.even_if_similar,
    )
    if tools is not None:
        _check_parts(order, tools, voice_named=bool(wishes.voice))
    return order


def own_media(kept: ChannelMedia) -> OwnMedia:
    """What a channel's library holds, as an order has it."""
    return OwnMedia(
        kept.file,
        kept.kind,
        " ".join((kept.words or kept.title, *kept.tags)),
        kept.width_px,
        kept.height_px,
        kept.duration_s,
        " – ".join(part for part in (kept.origin, kept.licence) if part) if kept.licence else "",
    )


def _check_parts(order: Order, tools: Tools, *, voice_named: bool) -> None:
    if not order.script_text:
        require_writer(tools)
    if voice_named:
        check_voice(tools, order.voice, order.language)


def check_voice(tools: Tools, voice: str, language: str) -> None:
    """Raise BadInput or NotConfigured, naming the choices, if this voice can't speak the language here."""
    require_voice(tools, voice).check("A word.", voice=voice.partition(":")[2], language=language)


def check_signs(text: str, field: str) -> None:
    """Refuse what is no text: control characters, which a terminal obeys or which turn round what is read."""
    for place, sign in enumerate(text, 1):
        if is_control(sign) and sign != "\r":
            raise BadInput(
                f"character {place} is the control character U+{ord(sign):04X}", field=field, fix="Take it out."
            )


def _check_title(title: str) -> None:
    check_signs(title, "title")
    units = len(" ".join(title.split()).encode("utf-16-le")) // 2
    if units > MOST_TITLE_UNITS:
        raise BadInput(
            f"has {units} characters (an emoji counts as two or more), YouTube's limit is {MOST_TITLE_UNITS}",
            field="title",
            fix="Shorten it.",
        )
    if set(title) & set("<>"):
        raise BadInput("has an angle bracket, which YouTube refuses", field="title", fix="Write it without < and >.")


def _check_text(text: str | None, field: str) -> None:
    if text is None:
        return
    check_signs(text, field)
    if not text.strip():
        raise BadInput("is empty", field=field, fix="Give at least one sentence.")
    size = len(text.encode())
    if size > MOST_BYTES:
        raise BadInput(
            f"has {size:,} bytes, the limit is {MOST_BYTES:,}",
            field=field,
            fix="A ten-minute video speaks about 10,000 bytes; give less text.",
        )


def _format(name: str) -> Format:
    try:
        return Format(name)
    except ValueError:
        raise BadInput(f"{name[:20]!r} is unknown", field="format", fix=f"Choose {' or '.join(Format)}.") from None


def _voice(name: str) -> str:
    vendor, _, voice = name.partition(":")
    if vendor not in {"local", "elevenlabs"} or not voice:
        raise BadInput(f"{name[:60]!r} is no voice", field="voice", fix="Write local:NAME or elevenlabs:VOICE_ID.")
    return name
