"""Channels through the real command line: made, changed, put away, consented to; and what can't be used is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.stories.commands import Command

REAL = "--rehearsal"


def test_a_channel_is_made_shown_changed_and_put_away(command: Command, tmp_path: Path) -> None:
    added = json.loads(
        command("channel", "add", "tides", REAL, "--json", "--name", "Tides", "--niche", "the sea", "--intro", "Ahoy.",
                "--visibility", "unlisted", "--publish-hour", 6, "--time-zone", "Asia/Tokyo").out
    )  # fmt: skip
    assert (added["handle"], added["intro"], added["visibility"], added["version"]) == ("tides", "Ahoy.", "unlisted", 1)
    assert (added["autopilot"], added["on_autopilot"]) == ("review", False)

    logo = tmp_path / "logo.png"
    Image.new("RGB", (64, 64), "#c81e4a").save(logo)
    changed = json.loads(command("channel", "change", "tides", REAL, "--json", "--logo", logo, "--outro", "Bye").out)
    assert (changed["name"], changed["intro"], changed["outro"], changed["version"]) == ("Tides", "Ahoy.", "Bye", 2)
    assert len(changed["colours"]) == 5
    assert json.loads(command("channel", "show", "tides", REAL, "--json").out) == changed
    named = json.loads(command("channel", "change", "tides", REAL, "--json", "--palette", "ember").out)
    assert (named["palette"], named["colours"]) == ("ember", [])

    said = command("channel", "consent", "tides", REAL).out
    assert "published as unlisted without your review" in said
    assert "altered or synthetic" in said
    assert json.loads(command("channel", "show", "tides", REAL, "--json").out)["on_autopilot"] is True
    error = command("channel", "change", "tides", REAL, "--json", "--visibility", "public").error()
    assert (error["field"], "consent" in error["message"]) == ("visibility", True)
    assert "wait for your review" in command("channel", "consent", "tides", REAL, "--revoke").out

    assert "restore tides" in command("channel", "archive", "tides", REAL).out
    assert "tides" not in command("channels", REAL).out
    assert "tides" in command("channels", REAL, "--archived").out
    script = tmp_path / "script.txt"
    script.write_text("Octopuses have three hearts.")
    error = command("make", REAL, "--json", "--script", script, "--channel", "tides", "--out", tmp_path).error()
    assert (error["field"], "channel restore tides" in error["fix"]) == ("channel", True)
    assert command("channel", "restore", "tides", REAL).code == 0
    shown = command("channel", "show", "tides", REAL).out
    assert "Asia/Tokyo" in shown


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (["--format", "4:3"], "format"), (["--voice", "local:nobody"], "voice"), (["--language", "de"], "voice"),
        (["--music-mood", "metal"], "music_mood"), (["--look", "none"], "brand.look"),
        (["--palette", "neon"], "brand.palette"), (["--colours", "#000000,#111111"], "brand.colours"),
        (["--colours", "#000000,#111111,#222222,#ffffff,#ffffff"], "brand.colours"),
        (["--logo", "/nowhere.png"], "logo"),
        (["--palette", "ember", "--colours", "#000000"], "palette, colours, logo"),
        (["--publish-hour", "24"], "publish_hour"), (["--time-zone", "Mars/Olympus"], "time_zone"),
        (["--visibility", "secret"], "visibility"), (["--minutes", "99"], "minutes"), (["--intro", "x" * 161], "intro"),
        (["--category", "education"], "category_id"), (["--playlist", "a<b"], "playlist"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_and_nothing_is_made(command: Command, options: list[str], field: str) -> None:
    ended = command("channel", "add", "never", REAL, "--json", *options)
    error = ended.error()
    assert (ended.code, error["field"]) == (2, field)
    assert error["fix"]
    assert command("channel", "show", "never", REAL, "--json").error()["code"] == "not_found"


def test_sources_are_added_listed_and_dropped(command: Command, tmp_path: Path) -> None:
    command("channel", "add", "reads", REAL)
    notes = tmp_path / "deep-notes.md"
    notes.write_text("# Squid\n\nSquid are fast.")
    made = json.loads(command("channel", "add-source", "reads", REAL, "--json", "--file", notes).out)["source"]
    assert "added" in command("channel", "add-source", "reads", REAL, "--text", "Tides rise.", "--title", "Tides").out
    listed = json.loads(command("channel", "sources", "reads", REAL, "--json").out)
    assert [(one["kind"], one["title"]) for one in listed["sources"]] == [("file", "deep notes"), ("text", "Tides")]
    assert listed["feeds"] == []
    assert command("channel", "drop-source", "reads", made[-8:], REAL).code == 0
    assert "Tides" in command("channel", "sources", "reads", REAL).out
    assert "no feeds" in command("channel", "refresh", "reads", REAL).out


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ([], "file, feed, text"), (["--text", "a", "--feed", "https://example.org"], "file, feed, text"),
        (["--file", "/nowhere.md"], "file"), (["--feed", "notaurl"], "url"), (["--text", "a"], "sources.title"),
        (["--feed", "http://127.0.0.1:8080/feed"], "url"), (["--feed", "http://169.254.169.254/latest"], "url"),
        (["--feed", "http://[::ffff:10.0.0.1]/feed"], "url"), (["--text", " ", "--title", "t"], "sources.text"),
        (["--text", "a", "--title", "t", "--url", "file:///etc/passwd"], "sources.url"),
    ],
)  # fmt: skip
def test_a_source_that_cannot_be_used_is_named(command: Command, options: list[str], field: str) -> None:
    command("channel", "add", "picky", REAL)
    error = command("channel", "add-source", "picky", REAL, "--json", *options).error()
    assert error["field"] == field
    assert error["fix"]


def test_topics_are_added_moved_pinned_and_skipped(command: Command, tmp_path: Path) -> None:
    command("channel", "add", "talks", REAL)
    lines = tmp_path / "topics.txt"
    lines.write_text("Three\n\nFour\nOne\n")
    assert json.loads(command("topics", "add", "talks", "One", "Two", "--file", lines, REAL, "--json").out) == {
        "added": 4,
        "known": 1,
    }
    command("topics", "add", "talks", "Tide in", "Tide out", "--series", "Tides", "--notes", "Slowly.", REAL)
    assert command("topics", "move", "talks", "4", "1", REAL).code == 0
    assert "pinned" in command("topics", "pin", "talks", "3", REAL).out
    skipped = json.loads(command("topics", "skip", "talks", "2", REAL, "--json").out)
    listed = json.loads(command("topics", "list", "talks", REAL, "--json").out)
    assert [one["topic"] for one in listed] == ["Two", "One", "Three", "Tide in", "Tide out"]
    assert (skipped["topic"], skipped["state"], listed[-1]["part"]) == ("Four", "skipped", 2)
    assert command("topics", "skip", "talks", skipped["id"][-8:], "--off", REAL).code == 0
    assert command("topics", "edit", "talks", "2", "--words", "Four again", REAL).code == 0
    shown = command("topics", "list", "talks", REAL).out
    assert "Four again" in shown
    assert "Tides 2" in shown
    error = command("topics", "move", "talks", "6", "1", REAL, "--json").error()
    assert (error["field"], "part" in error["message"]) == ("position", True)
    for given, field in (
        (("pin", "talks", "99"), "topic"),
        (("add", "talks"), "topic"),
        (("edit", "talks", "1"), "words"),
    ):
        ended = command("topics", *given, REAL, "--json")
        assert (ended.code, ended.error()["field"]) == (2, field)
