"""Publishing's pure decisions: what is said, what is disclosed, what differs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytempire.channels.model import Channel, Visibility
from ytempire.kit.errors import StandInRefused
from ytempire.kit.ids import new_id
from ytempire.kit.media_store import MediaRef
from ytempire.production.model import CardKind, FinishedVideo, Format, Origin, SceneScript, Script, SourceNote
from ytempire.providers.youtube.refusals import Answer, clamped_wait_s, in_our_words, seconds_to_pacific_midnight
from ytempire.publishing.listing import chapters_of, compose_listing, cut_bytes, cut_title, fit_tags, tags_length
from ytempire.publishing.model import Disclosure, Upload, UploadState
from ytempire.publishing.rules import (
    appears_at,
    differences,
    disclosure_of,
    is_short,
    marker_of,
    provenance_of,
    unclear_wait,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REF = MediaRef("a" * 64, 1, ".mp4")
CHANNEL = Channel(new_id(), new_id(), "sea", "Sea", visibility=Visibility.UNLISTED)
SCENE = SceneScript("One.", CardKind.STATEMENT, "one", "one")
SCRIPT = Script("Title", (), "Body.", ("a", "b"), (SCENE,), ())
VIDEO = FinishedVideo(new_id(), REF, (REF,), REF, REF, SCRIPT, 60.0, Format.VERTICAL, (Origin.DRAWN,))
QUIET = Disclosure(False, ())
MARKER = marker_of(VIDEO.video_id)


def listed(**said):
    return compose_listing(CHANNEL, replace(VIDEO, script=replace(SCRIPT, **said)), QUIET, marker=MARKER)


any_text = st.text(max_size=400)


@given(title=any_text, description=st.text(max_size=3000), tags=st.lists(any_text, max_size=60))
def test_whatever_is_said_fits_the_platform(title, description, tags):
    said = listed(title=title, description=description * 4, tags=tuple(tags)).listing
    assert 0 < len(said.title.encode("utf-16-le")) // 2 <= 100
    assert said.title.strip()
    assert len(said.description.encode()) <= 5_000
    assert tags_length([*said.tags, MARKER]) <= 500
    assert not set("<>") & set(said.title + said.description + "".join(said.tags))
    assert all(tag.strip() for tag in said.tags)


def test_a_title_is_never_cut_within_a_joined_emoji():
    assert cut_title("x" * 96 + " 🧑‍🚀🧑‍🚀") in {"x" * 96 + "…", "x" * 96 + " 🧑‍🚀"}
    assert cut_title("a 🦑" * 60).endswith("…")
    assert cut_title("🧑‍🚀" * 30).count("🧑") == cut_title("🧑‍🚀" * 30).count("🚀")


def test_a_description_is_cut_at_a_word_by_bytes():
    assert cut_bytes("слово слово слово", 24) == "слово слово…"
    assert cut_bytes("short", 5) == "short"
    notes = listed(description="слово " * 2000, sources=(SourceNote("On squid", "https://e.org"),))
    assert "Sources:\n• On squid: https://e.org" in notes.listing.description
    assert notes.notes == ("description: cut to 5000 bytes",)


def test_what_is_taken_out_is_noted():
    said = listed(title="<b>Fast</b>", description="a < b\x07")
    assert said.listing.title == "bFast/b"
    assert said.notes == (
        "title: < and > removed, YouTube takes none",
        "description: < and > removed, YouTube takes none",
    )


def test_tags_come_once_and_what_does_not_fit_is_noted():
    notes = []
    kept = fit_tags(["Sea", "sea", " ", 'a,"b"', "x" * 400, "y" * 100, "z"], marker=MARKER, notes=notes)
    assert kept == ("Sea", "ab", "x" * 400)
    assert notes == [f"tags: {'y' * 40!r} and what follows did not fit"]


def test_visibility_and_disclosure_are_always_sent():
    said = compose_listing(
        replace(CHANNEL, made_for_kids=True), VIDEO, Disclosure(True, ("why",)), marker=MARKER
    ).listing
    assert (said.visibility, said.made_for_kids, said.synthetic_media) == ("unlisted", True, True)
    assert "altered or synthetic content: why." in said.description


@given(st.integers(-100, 100), st.sampled_from(list(Visibility)))
def test_an_hour_is_kept_by_public_videos_that_are_ready_in_time(minutes, visibility):
    hour = NOW + timedelta(minutes=minutes)
    expected = hour if visibility is Visibility.PUBLIC and minutes > 15 else None
    assert appears_at(hour, visibility, NOW) == expected
    assert appears_at(None, visibility, NOW) is None


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ((0.4, 30, 60, 100), ((0.0, "c0"), (30, "c1"), (60, "c2"), (100, "c3"))),
        ((0, 5, 30, 60), ((0.0, "c0"), (30, "c2"), (60, "c3"))),
        ((0, 30, 115, 118), ()),
        ((0, 60), ()),
        ((), ()),
    ],
)
def test_chapters_are_those_youtube_takes(starts, expected):
    scenes = tuple(replace(SCENE, chapter=f"c{i}") for i in range(len(starts)))
    video = replace(VIDEO, script=replace(SCRIPT, scenes=scenes), scene_starts_s=starts, duration_s=120.0)
    assert chapters_of(video) == expected


@pytest.mark.parametrize(
    ("origins", "needed"),
    [
        ((Origin.DRAWN, Origin.LOCAL_VOICE), False),
        ((Origin.STOCK, Origin.VENDOR_VOICE), False),
        ((Origin.CREATOR,), False),
        ((Origin.DRAWN, Origin.MODEL), True),
    ],
)
def test_disclosure_is_proposed_from_origins_with_reasons(origins, needed):
    found = disclosure_of(replace(VIDEO, origins=origins))
    assert found.needed is needed
    assert found.reasons


def test_any_stand_in_part_is_named():
    stand_in = replace(VIDEO, script=replace(SCRIPT, origin=Origin.STAND_IN), origins=(Origin.STAND_IN,))
    with pytest.raises(StandInRefused, match=r"script.*picture or sound.*rehearsal"):
        provenance_of(stand_in, rehearsal=True).require_real()
    provenance_of(VIDEO, rehearsal=False).require_real()


def test_a_short_is_vertical_and_at_most_three_minutes():
    assert is_short(replace(VIDEO, duration_s=180.0))
    assert not is_short(replace(VIDEO, duration_s=180.1))
    assert not is_short(replace(VIDEO, format=Format.WIDE))


def test_only_real_differences_are_found():
    mine = listed().listing
    same = replace(mine, description=mine.description.replace("\n", "\r\n") + "\n", tags=("B", MARKER, "a"))
    assert differences(mine, same, marker=MARKER) == []
    found = differences(mine, replace(same, visibility="public", tags=("a", "b")), marker=MARKER)
    assert [(c.field, c.wanted, c.got) for c in found] == [
        ("tags", f"a, b, {MARKER}", "a, b"), ("visibility", "unlisted", "public"),
    ]  # fmt: skip


def test_an_upload_is_unclear_only_after_its_last_piece_and_for_a_while():
    upload = Upload(new_id(), new_id(), new_id(), MARKER, UploadState.FINISHING, 1, "s", "", "a", NOW, NOW)
    assert unclear_wait(upload, NOW + timedelta(minutes=5)).seconds == 600
    assert unclear_wait(upload, NOW + timedelta(minutes=15)) is None
    assert unclear_wait(replace(upload, state=UploadState.STARTED), NOW) is None


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 11, 23, 8, tzinfo=UTC), 24),
        (datetime(2026, 3, 8, 8, tzinfo=UTC), 23),
        (datetime(2026, 11, 1, 7, tzinfo=UTC), 25),
    ],
)
def test_the_quota_day_ends_at_pacific_midnight_summer_time_or_not(now, hours):
    assert seconds_to_pacific_midnight(now) == hours * 3600 + 60


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        (None, 1.0), ("7", 7.0), ("99999999999999", 3600.0), ("0", 1.0), ("-5", 1.0), ("soon", 1.0), ("nan", 1.0),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30.0), ("Mon, 23 Nov 2020 12:00:30 GMT", 1.0), ("٣", 1.0),
    ],
)  # fmt: skip
def test_retry_after_is_clamped(header, wait_s):
    assert clamped_wait_s(header, NOW) == wait_s


@pytest.mark.parametrize(
    ("status", "body", "writes", "kind", "waits"),
    [
        (403, b'{"error":{"errors":[{"reason":"quotaExceeded"}]}}', True, "VendorRefused", True),
        (400, b'{"error":{"errors":[{"reason":"uploadLimitExceeded"}]}}', True, "VendorRefused", True),
        (400, b'{"error":{"errors":[{"reason":"invalidTitle"}]}}', True, "VendorRefused", False),
        (401, b"", False, "NotConfigured", None),
        (403, b'{"error":{"errors":[{"reason":"insufficientPermissions"}]}}', True, "NotConfigured", None),
        (503, b"<html>", True, "OutcomeUnknown", None),
        (503, b"<html>", False, "VendorRefused", True),
        (302, b"", False, "OutcomeUnknown", None),
        (403, b'{"error": []}', False, "VendorRefused", False),
    ],
)
def test_refusals_go_by_reason(status, body, writes, kind, waits):
    error = in_our_words(Answer(status, {}, body), what="call", writes=writes, now=NOW)
    assert type(error).__name__ == kind
    if waits is not None:
        assert (error.retry_after_s is not None) is waits
