"""What may stand in a channel, and what the next topic is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ytempire.accounts import checked_time_zone
from ytempire.channels.model import Autopilot, AutopilotConsent, Brand, Channel, ChannelMedia, Source, Topic, Visibility
from ytempire.kit.errors import BadInput

HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
VOICE = re.compile(r"(?:local|elevenlabs):[A-Za-z0-9_.-]{1,64}")
URL = re.compile(r"https?://[^\s\x00-\x1f]{3,2000}")
CATEGORY = re.compile(r"[0-9]{1,3}")
FORMATS = ("9:16", "16:9")
MINUTES_LEAST, MINUTES_MOST = 0.25, 10.0
COLOURS = 5
MARK_MAX = 40
NAME_MAX, LINE_MAX, PLAYLIST_MAX = 100, 500, 150
SPOKEN_LINE_MAX = 160
"""About ten seconds: what is said in every video has to be short."""
TOPIC_MAX, TOPICS_MAX, NOTES_MAX, SERIES_MAX = 300, 1000, 2000, 100
SOURCE_TITLE_MAX, SOURCE_TEXT_MAX, SOURCES_MAX = 200, 200_000, 50
FEEDS_MAX, FEED_ITEMS_MAX = 20, 100
MEDIA_MAX, TAGS_MAX, TAG_LENGTH_MAX = 1000, 20, 40
TEXT_CONTRAST_LEAST = 4.5
"""WCAG 2.2, 1.4.3: text against its background."""
SHAPE_CONTRAST_LEAST = 3.0
"""WCAG 2.2, 1.4.11: what is no text."""
DISCLOSURE = "Realistic generated pictures and voices are declared to YouTube as altered or synthetic content."
"""What an owner agrees to with the autopilot, besides the visibility."""
_WIDTH = (Visibility.PRIVATE, Visibility.UNLISTED, Visibility.PUBLIC)


@dataclass(frozen=True)
class Choices:
    """Names that higher floors offer; an empty set means that any well-formed name is taken."""

    palettes: frozenset[str] = frozenset()
    looks: frozenset[str] = frozenset()
    moods: frozenset[str] = frozenset()
    speaks: Callable[[str, str], None] | None = None
    """(voice, language): raises if this voice can't speak the language here."""


def check_channel(channel: Channel, choices: Choices) -> None:
    """Raise BadInput naming the first field that can't be used, and the mend."""
    if not HANDLE.fullmatch(channel.handle):
        raise BadInput(
            f"{channel.handle[:60]!r} is no handle",
            field="handle",
            fix="Use 1 to 40 of a-z, 0-9 and inner hyphens, such as `deep-sea`.",
        )
    _line("name", channel.name, NAME_MAX, required=True)
    for field, value in (("niche", channel.niche), ("audience", channel.audience), ("tone", channel.tone)):
        _line(field, value, LINE_MAX)
    _shape("language", channel.language, LANGUAGE, "Use a language tag such as `en` or `pt-BR`.")
    _one_of("format", channel.format, frozenset(FORMATS))
    if not MINUTES_LEAST <= channel.minutes <= MINUTES_MOST:
        raise BadInput(
            f"{channel.minutes} minutes is outside {MINUTES_LEAST} to {MINUTES_MOST}",
            field="minutes",
            fix="Choose a length within these limits.",
        )
    _shape("voice", channel.voice, VOICE, "Use `local:<voice>` or `elevenlabs:<voice id>`.")
    if choices.speaks:
        choices.speaks(channel.voice, channel.language)
    for field, value in (("intro", channel.intro), ("outro", channel.outro)):
        _spoken(field, value)
    _one_of("music_mood", channel.music_mood, choices.moods)
    _shape(
        "category_id",
        channel.category_id,
        CATEGORY,
        "Use YouTube's category number, such as 27 for education.",
    )
    _line("playlist", channel.playlist, PLAYLIST_MAX)
    if set("<>") & set(channel.playlist):
        raise BadInput("YouTube takes no < or > in a playlist's title", field="playlist", fix="Leave them out.")
    _check_hour(channel)
    check_brand(channel.brand, choices)
    for topic in channel.topics:
        check_topic(topic)
    if len(channel.topics) > TOPICS_MAX:
        raise BadInput(f"{len(channel.topics)} topics are too many", field="topics", fix=f"Keep {TOPICS_MAX}.")
    check_sources(channel.sources)


def handle_for(name: str) -> str:
    """A handle made of a channel's name: `Fathom Minute` is `fathom-minute`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-") or "channel"


def mark_for(name: str) -> str:
    """Up to two letters that stand for the name: `Fathom Minute` is `FM`."""
    return "".join(word[0] for word in name.split() if word[0].isalnum())[:2].upper()


def check_brand(brand: Brand, choices: Choices) -> None:
    """Raise BadInput if the brand names what is not there, or its own colours can't be read."""
    _one_of("brand.palette", brand.palette, choices.palettes)
    _one_of("brand.look", brand.look, choices.looks)
    _line("brand.mark", brand.mark, MARK_MAX)
    if not brand.colours:
        return
    if len(brand.colours) != COLOURS or not all(COLOUR.fullmatch(colour) for colour in brand.colours):
        raise BadInput(
            f"{brand.colours!r} is no palette",
            field="brand.colours",
            fix="Give five colours as #rrggbb: background, surface, text, accent, second accent.",
        )
    background, surface, *inks = brand.colours
    for name, ink in zip(("text", "accent", "second accent"), inks, strict=True):
        least = TEXT_CONTRAST_LEAST if name == "text" else SHAPE_CONTRAST_LEAST
        found = min(contrast(ink, background), contrast(ink, surface))
        if found < least:
            raise BadInput(
                f"the contrast of the {name} is {found:.1f}, at least {least} is needed to see it",
                field="brand.colours",
                fix=f"Make the {name} lighter or the background and surface darker (or the other way round).",
            )


def check_autopilot(autopilot: Autopilot, visibility: Visibility, consent: AutopilotConsent | None) -> None:
    """Raise BadInput if videos would be published unseen to more people than the owner agreed to."""
    if autopilot is Autopilot.REVIEW or covers(consent, visibility):
        return
    if consent is None:
        raise BadInput(
            "the autopilot needs the owner's consent",
            field="autopilot",
            fix=f"Consent to publishing as {visibility} without review, or leave the autopilot at review.",
        )
    raise BadInput(
        f"the consent of {consent.given_at:%Y-%m-%d} covers publishing as {consent.visibility}, not as {visibility}",
        field="visibility",
        fix="Consent anew for this visibility, or set the autopilot to review.",
    )


def covers(consent: AutopilotConsent | None, visibility: Visibility) -> bool:
    """Whether what was agreed to is at least as wide."""
    return consent is not None and _WIDTH.index(visibility) <= _WIDTH.index(consent.visibility)


def on_autopilot(channel: Channel) -> bool:
    """Whether the channel's videos may be published unseen: switched on, agreed to, and not archived."""
    agreed = covers(channel.consent, channel.visibility)
    return channel.autopilot is Autopilot.AUTO and agreed and channel.archived_at is None


def check_topic(topic: str) -> None:
    """Raise BadInput if it is no topic."""
    _line("topics", topic, TOPIC_MAX, required=True)


def check_notes(notes: str) -> None:
    """Raise BadInput for notes that are too long or hold control characters; they may have several lines."""
    if len(notes) > NOTES_MAX:
        raise BadInput(f"have {len(notes)} characters, at most {NOTES_MAX} fit", field="notes", fix="Shorten them.")
    _line("notes", notes.replace("\n", " ").replace("\t", " "), NOTES_MAX)


def check_media(media: ChannelMedia) -> None:
    """Raise BadInput if what is said of a picture or clip can't be kept."""
    _line("title", media.title, NAME_MAX)
    for field, value in (("words", media.words), ("licence", media.licence), ("origin", media.origin)):
        _line(field, value, LINE_MAX)
    if len(media.tags) > TAGS_MAX:
        raise BadInput(f"{len(media.tags)} tags are too many", field="tags", fix=f"Keep {TAGS_MAX}.")
    for tag in media.tags:
        _line("tags", tag, TAG_LENGTH_MAX, required=True)


def check_series_title(title: str) -> None:
    """Raise BadInput if it is no title of a series."""
    _line("title", title, NAME_MAX, required=True)


def check_backlog(waiting: Sequence[Topic]) -> None:
    """Raise BadInput if a series' parts, taken in this order, would be made in another one than theirs."""
    last: dict[UUID, Topic] = {}
    for topic in waiting:
        if topic.series_id is None or topic.part is None:
            continue
        before = last.get(topic.series_id)
        if before and before.part and before.part > topic.part:
            raise BadInput(
                f"part {before.part} of “{topic.series}” would come before part {topic.part}",
                field="position",
                fix="Move or pin the earlier part first, or skip it.",
            )
        last[topic.series_id] = topic


def moved(waiting: Sequence[Topic], topic_id: UUID, place: int) -> list[Topic]:
    """The backlog with this topic at this place, counted from 1; beyond the end is the end."""
    rest = [topic for topic in waiting if topic.id != topic_id]
    (it,) = (topic for topic in waiting if topic.id == topic_id)
    at = max(0, place - 1)
    return [*rest[:at], it, *rest[at:]]


def check_sources(sources: tuple[Source, ...]) -> None:
    """Raise BadInput if a source is empty, too long, or its address is none."""
    if len(sources) > SOURCES_MAX:
        raise BadInput(f"{len(sources)} sources are too many", field="sources", fix=f"Keep {SOURCES_MAX}.")
    for source in sources:
        _line("sources.title", source.title, SOURCE_TITLE_MAX, required=True)
        if not source.text.strip() or len(source.text) > SOURCE_TEXT_MAX or "\x00" in source.text:
            raise BadInput(
                f"the text of {source.title!r} must have 1 to {SOURCE_TEXT_MAX} characters, none of them NUL",
                field="sources.text",
                fix="Shorten it, or split it into several sources.",
            )
        if source.url and not URL.fullmatch(source.url):
            raise BadInput(f"{source.url[:80]!r} is no web address", field="sources.url", fix="Start it with https://.")


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _check_hour(channel: Channel) -> None:
    if not 0 <= channel.publish_hour <= 23:
        raise BadInput(
            f"{channel.publish_hour} is no hour of the day", field="publish_hour", fix="Choose a full hour, 0 to 23."
        )
    if channel.time_zone:
        checked_time_zone(channel.time_zone)


def _spoken(field: str, value: str) -> None:
    _line(field, value, SPOKEN_LINE_MAX)
    if value and not any(char.isalnum() for char in value):
        raise BadInput("holds no word to speak", field=field, fix="Write a sentence, or leave it empty.")


def _line(field: str, value: str, most: int, *, required: bool = False) -> None:
    if required and not value.strip():
        raise BadInput("must not be empty", field=field, fix="Give it some words.")
    if len(value) > most:
        raise BadInput(f"has {len(value)} characters, at most {most} fit", field=field, fix="Shorten it.")
    # emoji joiners (ZWJ, variation selectors) are not "printable" to Python but belong to names
    if any(ord(char) < 32 or ord(char) == 127 or "\ud800" <= char <= "\udfff" for char in value):
        raise BadInput("holds control characters", field=field, fix="Write it as one line of text.")


def _shape(field: str, value: str, pattern: re.Pattern[str], fix: str) -> None:
    if not pattern.fullmatch(value):
        raise BadInput(f"{value[:80]!r} can't be used", field=field, fix=fix)


def _one_of(field: str, value: str, known: frozenset[str]) -> None:
    if known and value not in known:
        raise BadInput(f"{value[:80]!r} is unknown", field=field, fix=f"Choose one of: {', '.join(sorted(known))}.")
    _line(field, value, LINE_MAX, required=True)
