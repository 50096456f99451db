"""The plan through the real command line: started, paused, pinned, looked at; and what can't be used is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.stories.commands import Command

REAL = "--rehearsal"


def plan(command: Command, *more: object) -> dict[str, Any]:
    return dict(json.loads(command("plan", *more, REAL, "--json").out))


def test_a_plan_from_nothing_to_a_pinned_topic(command: Command) -> None:
    empty = command("plan", REAL)
    assert (empty.code, "`ytempire plan resume --rehearsal` starts it" in empty.out) == (0, True)
    assert plan(command)["started"] is False
    refused = command("plan", "pause", REAL, "--json").error()
    assert (refused["code"], "plan resume" in refused["fix"]) == ("not_found", True)

    started = command("plan", "resume", REAL, "--time-zone", "Pacific/Kiritimati")
    assert "no channel yet: make one (POST /api/v1/onboarding, or `ytempire channel add HANDLE`)" in started.out
    assert "`ytempire up --rehearsal` makes what is due" in started.out
    assert command("channel", "add", "tides", REAL).code == 0
    assert "(POST /api/v1/channels/{id}/connection, or `ytempire connect tides`)" in command("plan", REAL).out
    assert command("connect", "tides", REAL).code == 0
    assert command("topics", "add", "tides", "Why tides rise", REAL).code == 0
    assert "tides has no source to take facts from" in command("plan", REAL).out
    text = ("--title", "Tides", "--text", "Some tides rise 16 meters.")
    assert command("channel", "add-source", "tides", *text, REAL).code == 0

    here = (datetime.now(UTC) + timedelta(hours=14)).date()  # noqa: TID251 - the command has the machine's clock
    day = here + timedelta(days=2)
    assert "unpin" in command("plan", "pin", "tides", "Why tides lag", "--day", day, REAL).out
    seen = plan(command, "--days", 4)
    assert date.fromisoformat(seen["today"]) in {here, here + timedelta(days=1)}
    assert seen["time_zone"] == "Pacific/Kiritimati"
    slot = next(slot for slot in seen["slots"] if slot["day"] == str(day))
    assert (slot["state"], slot["channel"], slot["topic"]) == ("planned", "tides", "Why tides lag")
    budgets = {line["budget"]: line for line in seen["forecast"]["budgets"]}
    assert budgets["uploads"]["cap"] == 100
    assert all(line["fits"] for line in budgets.values())
    shown = command("plan", REAL).out
    assert "Why tides lag" in shown
    assert "your day's money: $0.00 of $3.00 used" in shown

    until = day + timedelta(days=1)
    assert f"waits until {until}" in command("plan", "pause", "--until", until, REAL).out
    paused = plan(command)
    assert (paused["paused"], paused["paused_until"]) == (True, str(until))
    assert [slot["state"] for slot in paused["slots"]][:3] == ["skipped"] * 3
    assert plan(command, "resume")["paused"] is False
    assert "is left out until you resume" in command("plan", "pause", "tides", REAL).out
    assert "`ytempire plan resume tides`" in command("plan", REAL).out
    assert "takes its turns again" in command("plan", "resume", "tides", REAL).out
    assert command("plan", "unpin", plan(command)["pins"][0]["id"][-8:], REAL).code == 0
    assert plan(command)["pins"] == []

    past = command("plan", "calendar", "--from", "2026-01-01", "--days", 3, REAL)
    assert (past.code, "No slots on these days" in past.out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["calendar", "--from", "tomorrow"], "from"),
        (["calendar", "--days", "0"], "days"),
        (["pause", "--until", "2020-01-01"], "until"),
        (["pause", "--until", "soon"], "until"),
        (["pause", "nobody"], "channel"),
        (["resume", "--time-zone", "Mars/Olympus"], "time_zone"),
        (["pin", "nobody", "squid"], "channel"),
        (["unpin", "0123456789"], "pin"),
    ],
)
def test_what_cannot_be_used_is_named(command: Command, arguments: list[str], field: str) -> None:
    command("plan", "resume", REAL)
    ended = command("plan", *arguments, REAL, "--json")
    error = ended.error()
    assert (ended.code, error["field"]) == (2, field)
    assert error["fix"]
