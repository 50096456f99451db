"""Bad input through the real command line: one clear error each, on the right stream, and nothing done or spent.

Every case runs `cli.run` over the real door with one rehearsal state for all; what needs a process of its own (signals,
two commands at once) is in `test_command_line_processes.py`.
"""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from procrastinate import App, PsycopgConnector
from psycopg import OperationalError
from psycopg.errors import DeadlockDetected

from tests.stories.commands import CREDENTIAL, Command, Ended
from ytempire.bootstrap import door
from ytempire.cli import run

PLAYLIST = "#EXTM3U\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script that could be made."""
    return written(tmp_path / "script.txt", "Octopuses have three hearts and blue blood.")


def written(file: Path, text: str) -> Path:
    """A file with this text."""
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "is empty"), (" \n\t\n", "is empty"), ("a" * 1_000_000, "1,000,000 bytes")],
    ids=["empty", "white", "1-MB"],
)
def test_a_script_that_says_nothing_or_far_too_much(command: Command, tmp_path: Path, text: str, says: str) -> None:
    ended = command("make", "--rehearsal", "--json", "--script", written(tmp_path / "script.txt", text))
    error = ended.error()
    assert (ended.code, error["field"]) == (2, "script")
    assert says in error["message"]
    assert error["fix"]


@pytest.mark.parametrize(
    ("option", "value", "field"),
    [
        ("--format", "4:3", "format"),
        ("--look", "nolook", "look"),
        ("--voice", "bogus", "voice"),
        ("--voice", "local:bogus", "voice"),
        ("--channel", "nobody", "channel"),
        ("--minutes", "11", "minutes"),
        ("--title", "T" * 101, "title"),
        ("--title", "🐙" * 51, "title"),
        ("--title", "Squid <b>", "title"),
        ("--title", "Squid \x1b[31m", "title"),
        ("--title", "Squid \u202egnp.exe", "title"),
        ("--minutes", "nan", "minutes"),
        ("--minutes", "long", "minutes"),
        ("--out", "/proc/nowhere", "out"),
        ("--script", "/nowhere.txt", "script"),
        ("--article", "/nowhere.txt", "article"),
    ],
)
def test_an_option_that_cannot_be_used(command: Command, script: Path, option: str, value: str, field: str) -> None:
    given = [] if option in {"--script", "--article"} else ["--script", script]
    ended = command("make", "--rehearsal", "--json", *given, option, value)
    error = ended.error()
    assert (ended.code, error["code"] in {"bad_input", "not_found"}, error["field"]) == (2, True, field)
    assert error["fix"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("picture.png", "not a picture", "text"),
        ("clip.mp4", "", "empty"),
        ("list.mp4", PLAYLIST, "playlist"),
        ("concat.mp4", "ffconcat version 1.0\nfile /etc/passwd\n", "list of files"),
        ("drawing.jpg", SVG, "SVG"),
    ],
)
def test_media_that_is_none(command: Command, script: Path, tmp_path: Path, name: str, content: str, says: str) -> None:
    file = written(tmp_path / name, content)
    ended = command("make", "--rehearsal", "--json", "--script", script, "--media", file)
    error = ended.error()
    assert (ended.code, error["field"]) == (2, "media")
    assert name in error["message"]
    assert says in error["message"]
    assert error["fix"]


def test_nothing_refused_has_made_a_video(command: Command) -> None:
    assert json.loads(command("videos", "--rehearsal", "--json").out) == []


@pytest.mark.parametrize("name", ["receipt", "script", "cancel", "reject", "approve", "retry"])
def test_without_a_video_each_command_says_how_to_get_one(command: Command, tmp_path: Path, name: str) -> None:
    out = ["--out", tmp_path] if name in {"approve", "retry"} else []
    ended = command(name, "last", "--rehearsal", "--json", *out)
    error = ended.error()
    assert (ended.code, error["code"], error["message"]) == (2, "not_found", "there are no videos yet")
    assert "ytempire make" in error["fix"]


def test_a_step_that_is_none_or_cannot_be_made_anew(command: Command, tmp_path: Path) -> None:
    error = command("retry", "last", "--from", "cooking", "--rehearsal", "--json", "--out", tmp_path).error()
    assert (error["field"], "visuals" in error["fix"], "publish" in error["fix"]) == ("from", True, False)


def test_an_error_for_people_is_two_lines_on_stderr(command: Command, script: Path) -> None:
    ended = command("make", "--rehearsal", "--script", script, "--format", "4:3")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "error: format: '4:3' is unknown\n  Choose 9:16 or 16:9.\n"


def test_a_taken_port_is_named_with_who_holds_it(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        monkeypatch.setenv("YTEMPIRE_POSTGRES_PORT", str(holder.getsockname()[1]))
        ended = command("videos", "--json")  # outside rehearsal nothing runs yet
    error = ended.error()
    assert (ended.code, error["field"]) == (2, "YTEMPIRE_POSTGRES_PORT")
    assert "is taken by" in error["message"]


@pytest.mark.parametrize(
    ("address", "code", "says"),
    [
        ("postgresql://u:{}@127.0.0.1:1/x", 1, "Connection refused"),
        ("mysql://u:{}@localhost/x", 2, "not the address"),
        ("nonsense", 2, "not the address"),
    ],
)
def test_a_wrong_database_address(
    command: Command, monkeypatch: pytest.MonkeyPatch, address: str, code: int, says: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address.format(CREDENTIAL))
    ended = command("videos", "--json")
    error = ended.error()
    assert (ended.code, error["field"]) == (code, "DATABASE_URL")
    assert says in error["message"]
    assert error["fix"]


def test_a_wrong_redis_address(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "nonsense")
    ended = command("videos", "--rehearsal", "--json")
    assert (ended.code, ended.error()["field"]) == (2, "REDIS_URL")


def test_a_setting_nobody_knows(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YTEMPIRE_STATE_DRI", "/somewhere")
    ended = command("videos", "--json")
    assert (ended.code, ended.error()["field"]) == (2, "YTEMPIRE_STATE_DRI")
    assert "YTEMPIRE_STATE_DIR" in ended.error()["fix"]


def test_a_topic_without_a_model_and_a_voice_without_its_vendor(
    command: Command, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("channel", "add", "mine").code == 0
    ended = command("make", "octopus", "--json")
    assert (ended.code, ended.error()["field"]) == (2, "OPENAI_API_KEY")
    ended = command("make", "--json", "--script", script, "--voice", "elevenlabs:JBFqnCBsd6RMkjVDRZzb")
    assert (ended.code, ended.error()["field"]) == (2, "voice")
    assert "ELEVENLABS_API_KEY" in ended.error()["fix"]
    assert json.loads(command("videos", "--json").out) == []


def test_a_full_disk_is_told_before_anything_is_paid(
    command: Command, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YTEMPIRE_DISK_FLOOR_BYTES", str(10**15))
    ended = command("make", "--rehearsal", "--json", "--script", script, "--out", tmp_path / "out")
    waits = json.loads(ended.out)
    assert (ended.code, waits["state"], waits["steps"]["voice"]["state"]) == (0, "producing", "done")
    assert waits["reason"].startswith("deferred:")
    assert "Free some disk" in waits["reason"]
    assert list((tmp_path / "out").iterdir()) == []
    receipt = json.loads(command("receipt", "--rehearsal", "--json").out)
    assert {line["state"] for line in receipt["lines"]} <= {"settled", "void", "cached"}
    doctor = command("doctor", "--rehearsal", "--json")
    assert doctor.code == 1
    assert [finding["part"] for finding in json.loads(doctor.out) if finding["state"] == "wrong"] == ["disk"]


def test_doctor_says_why_due_work_waits(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YTEMPIRE_N8N_URL", "http://127.0.0.1:9")

    def found() -> dict[str, dict[str, str]]:
        return {finding["part"]: finding for finding in json.loads(command("doctor", "--rehearsal", "--json").out)}

    before = found()
    assert before["daily plan"]["says"] == "yours is not started: videos are made only when you ask for one"
    assert before["daily plan"]["mend"] == "`ytempire plan resume --rehearsal` starts it."
    assert command("plan", "resume", "--rehearsal", "--json").code == 0
    after = found()
    assert after["daily plan"]["says"] == "1 due video waits: for a driver, who claims what is due within a minute"
    assert (after["workers"]["state"], after["workers"]["says"]) == ("off", "nobody works on: light, render")
    assert after["workers"]["mend"] == "`ytempire up --rehearsal` starts them."
    assert after["n8n"]["state"] == "off"
    assert after["n8n"]["says"].startswith("does not answer at http://127.0.0.1:9: while workers work,")


@pytest.mark.parametrize("text", ["Осьминог имеет три сердца.", "章鱼有三个心脏。"], ids=["Cyrillic", "Chinese"])
def test_a_script_in_another_alphabet(command: Command, tmp_path: Path, text: str) -> None:
    script = written(tmp_path / "script.txt", text)
    ended = command("make", "--rehearsal", "--json", "--script", script, "--out", tmp_path)
    error = ended.error()
    assert ended.code == 1
    assert "script: sentence 1: The local voice speaks English only" in error["message"]
    assert "elevenlabs:VOICE_ID" in error["message"]
    assert list(tmp_path.iterdir()) == [script]


def test_usage_errors_and_help(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ended = command("make", "--fromat", "9:16", "--json")
    assert (ended.code, ended.error()["code"]) == (2, "bad_input")
    ended = command("nonsense")
    assert (ended.code, ended.out) == (2, "")
    assert "No such command" in ended.err
    ended = command("--help")
    names = [line.split()[0] for line in ended.out.split("Commands:")[1].strip().splitlines()]
    assert ended.code == 0
    assert "..." not in ended.out.split("Commands:")[1]
    for name in names:
        page = command(name, "--help")
        assert page.code == 0
        assert max(map(len, page.out.splitlines())) <= 80


def test_a_lost_database_is_no_fault_of_our_own_whoever_says_so(state: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert state

    async def mistake(*_: object) -> Any:
        try:
            raise OperationalError
        except OperationalError:
            return {}["of our own"]

    async def deadlock(*_: object) -> Any:
        raise DeadlockDetected

    async def queue_stands(*_: object) -> Any:
        connector = PsycopgConnector(conninfo="postgresql://nobody@127.0.0.1:9/none", timeout=1)
        async with App(connector=connector).open_async():
            raise AssertionError

    for broken, told in ((queue_stands, "database_unreachable"), (mistake, "fault"), (deadlock, "fault")):
        with ThreadPoolExecutor(1) as thread:
            code = thread.submit(run, replace(door(), diagnose=broken), ["doctor", "--json"]).result()
        ended = Ended(code, *capfd.readouterr())
        assert (code, ended.error()["code"]) == (1, told)
        assert ("run this again" in ended.error()["fix"]) == (told == "database_unreachable")


def test_a_fault_of_our_own_is_one_sentence_and_its_account_lies_in_a_file(
    state: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def broken(*_: object) -> Any:
        raise RuntimeError(f"no answer from postgresql://u:{CREDENTIAL}@host/x")

    with ThreadPoolExecutor(1) as thread:
        code = thread.submit(run, replace(door(), diagnose=broken), ["doctor", "--json"]).result()
    ended = Ended(code, *capfd.readouterr())
    account = (state / "logs" / "faults.log").read_text()
    assert (code, ended.error()["code"]) == (1, "fault")
    assert "faults.log" in ended.error()["fix"]
    assert "RuntimeError: no answer from postgresql://[hidden]@host/x" in account
    assert CREDENTIAL not in account + ended.out
