"""Logs: JSON lines for processes, plain warnings for people, both to stderr and never a secret in either.

Everything goes one way, our own events and those of libraries (procrastinate, stamina, the database's pool). Of an
event's fields only those of an allow-list are written; text is searched for what looks like a credential, and for the
credentials that this process was told of (`hide`). stdout belongs to a command's result.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

FIELDS = frozenset({
    "attempt", "caused_by", "code", "error", "event", "exception", "kind", "level", "logger", "outcome", "queue",
    "reason", "request", "retry_num", "stalled_jobs", "step", "time", "tries", "user", "video", "videos_without_job",
    "wait_for", "waited_so_far",
})  # fmt: skip
"""The fields that may be written: ids, names of ours, figures, and text that is searched for credentials."""

_HIDDEN = "[hidden]"
_SHORTEST_SECRET = 6
_PATTERNS = (
    (re.compile(r"(?<=://)[^/\s@'\"]*:[^/\s@'\"]*(?=@)"), _HIDDEN),  # user:password@host
    (re.compile(r"(?i)\b(bearer(?=\s+[\w.~+/=-]{6})|basic(?=\s+[\w+/=]{16}))\s+[\w.~+/=-]+"), rf"\1 {_HIDDEN}"),
    (
        re.compile(
            r"(?i)(\b[\w-]*(?:passw(?:or)?d|secret|token|api[_-]?key|authorization|upload_id|signature)\b['\"]?\s*[=:]\s*"
            r"['\"]?)(?!\[hidden\])[^\s'\",&})]+"
        ),
        rf"\1{_HIDDEN}",
    ),
    # The forms of vendors' keys: OpenAI and ElevenLabs, Google's keys, access and refresh tokens, client secrets
    (re.compile(r"\b(?:sk[-_][\w-]{8,}|AIza[\w-]{20,}|ya29\.[\w.-]{8,}|1//[\w-]{20,}|GOCSPX-[\w-]{8,})"), _HIDDEN),
)
# Libraries that tell of each request at a level at which we want to hear of events.
_TALKATIVE = ("procrastinate", "stamina", "ytempire")
_secrets: set[str] = set()


def hide(secrets: Iterable[str | None]) -> None:
    """Credentials of this process, which no line may contain; what is shorter than 6 characters is no credential."""
    _secrets.update(secret for secret in secrets if secret and len(secret) >= _SHORTEST_SECRET)


def redacted(text: str) -> str:
    """The text without what is, or looks like, a credential."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def log_for_machines(stream: TextIO | None = None) -> None:
    """JSON lines from `info` on, as a worker writes them: `time` (ISO 8601, UTC), `level`, `event`, fields."""
    _configure(
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        stream,
        ours=logging.INFO,
        pool=logging.WARNING,
    )


def log_for_people(stream: TextIO | None = None) -> None:
    """Warnings and worse in plain words, as a command writes them beside its output."""
    # The pool warns on every failed try; the command's one error says it better.
    _configure(_plain, stream, ours=logging.WARNING, pool=logging.CRITICAL)


def keep_fault(error: BaseException, folder: Path) -> Path | None:
    """Write the account of a fault of ours to `logs/faults.log` in the folder; None if that can't be written."""
    account = redacted("".join(traceback.format_exception(error)))
    file = folder / "logs" / "faults.log"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write(account + "\n")
    except OSError:
        return None
    return file


def _configure(render: Processor, stream: TextIO | None, *, ours: int, pool: int) -> None:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(ours),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _allowed, render],
        )
    )
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(ours)
    logging.getLogger("psycopg.pool").setLevel(pool)
    logging.captureWarnings(capture=True)  # Python's own warnings, one line each


def _allowed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Only listed fields, in a steady order, their text searched; how many others there were is said."""
    first = [name for name in ("time", "level", "event") if name in event]
    names = first + sorted(name for name in event if name in FIELDS and name not in first)
    kept: EventDict = {name: _clean(event[name]) for name in names}
    withheld = len(event) - len(kept)
    return {**kept, "withheld_fields": withheld} if withheld else kept


def _clean(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float) else redacted(str(value))


def _plain(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    said = {name: value for name, value in event.items() if name not in {"time", "level", "event", "logger"}}
    account = said.pop("exception", "")
    details = ", ".join(f"{name} {value}" for name, value in said.items() if name != "withheld_fields")
    line = f"{event['level']}: {event['event']}" + (f" ({details})" if details else "")
    return f"{line}\n{account}" if account else line
