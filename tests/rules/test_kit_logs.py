"""Logs: one line an event, fields by allow-list, and no canary in any of them."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import structlog

from ytempire.kit import logs

KEY = "canary5f2b9d"
CANARIES = [
    "postgresql://ytempire_app:{}@127.0.0.1:5432/ytempire",
    "redis://:{}@127.0.0.1:6379",
    "Authorization: Bearer {}",
    "{{'authorization': 'Bearer {}'}}",
    "xi-api-key: {}",
    "api_key={}",
    '{{"client_secret": "{}"}}',
    "refresh_token={}&grant_type=refresh_token",
    "https://example.org/upload?upload_id={}&uploadType=resumable",
    "password={} host=localhost",
    "Incorrect API key provided: sk-proj-{}",
    "ya29.a0{}",
    "GOCSPX-{}",
    "an address without a sign of its own: {}!",
]

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The process's logging as it was."""
    before = logging.root.handlers[:], logging.root.level, logs._secrets.copy()
    yield
    logging.captureWarnings(capture=False)
    logging.root.handlers[:], logs._secrets = before[0], before[2]
    logging.root.setLevel(before[1])
    structlog.reset_defaults()


@pytest.fixture
def machine_lines() -> Lines:
    """What was logged for machines so far."""
    out = io.StringIO()
    logs.log_for_machines(out)
    return lambda: [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_event_is_a_line_with_time_level_and_listed_fields(machine_lines: Lines) -> None:
    structlog.get_logger("ytempire.orchestration").info("step failed", video="v1", tries=2, prompt="of the creator")
    (line,) = machine_lines()
    assert datetime.fromisoformat(line["time"]).utcoffset() is not None
    assert {name: line[name] for name in ("level", "event", "video", "tries")} == {
        "level": "info",
        "event": "step failed",
        "video": "v1",
        "tries": 2,
    }
    assert line["withheld_fields"] == 1
    assert "of the creator" not in json.dumps(line)


def test_libraries_go_the_same_way_and_only_ours_tell_of_ordinary_things(machine_lines: Lines) -> None:
    logging.getLogger("procrastinate.worker").info("Starting job %s", "drive[1]")
    logging.getLogger("httpx").info("HTTP Request: GET http://host/")
    logging.getLogger("stamina").warning("stamina.retry_scheduled")
    logging.getLogger("psycopg.pool").info("connection requested")
    assert [line["event"] for line in machine_lines()] == ["Starting job drive[1]", "stamina.retry_scheduled"]


@pytest.mark.parametrize("canary", CANARIES)
def test_no_credential_is_written(machine_lines: Lines, canary: str) -> None:
    logs.hide([KEY, None, "x"])
    text = canary.format(KEY)
    structlog.get_logger("ytempire").warning("refused", error=text)
    logging.getLogger("procrastinate").error("said %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        structlog.get_logger("ytempire").warning("failed", exc_info=True)
    lines = machine_lines()
    assert len(lines) == 3
    assert KEY not in json.dumps(lines)
    assert "ValueError" in lines[2]["exception"]


@pytest.mark.parametrize("canary", CANARIES[:-1])
def test_what_looks_like_a_credential_is_hidden_though_nobody_told_of_it(canary: str) -> None:
    assert KEY not in logs.redacted(canary.format(KEY))


@pytest.mark.parametrize(
    "text",
    [
        "the voice 'elevenlabs:JBFqnCBsd6RMkjVDRZzb' needs the vendor",
        "at http://127.0.0.1:40063/watch?v=TDs-fBCe9Tm since 19:03",
        "Set OPENAI_API_KEY, or choose another word",
        "1,024 tokens of 4,096; basic colours",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert logs.redacted(text) == text


def test_people_see_warnings_in_plain_words() -> None:
    out = io.StringIO()
    logs.log_for_people(out)
    structlog.get_logger("ytempire").info("reconciled")
    structlog.get_logger("ytempire").warning("step failed", step="voice", tries=2)
    logging.getLogger("procrastinate").info("Starting job")
    assert out.getvalue() == "warning: step failed (step voice, tries 2)\n"


def test_python_warnings_are_lines_too(machine_lines: Lines) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("soon gone", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(capture=False)
    assert "soon gone" in machine_lines()[0]["event"]
