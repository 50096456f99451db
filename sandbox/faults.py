"""Faults on demand: which call fails how, how often. Kept in the state, so they survive a restart.

Two families. *Before*: the call is never performed. *After*: it is performed and billed, and its answer is spoiled;
these are the ones that make a caller pay twice if it just repeats.
"""

import dataclasses
import email.utils
import json
from collections.abc import Callable
from typing import Any, Final

from fastapi.responses import JSONResponse

from sandbox.elevenlabs import errors as elevenlabs_errors
from sandbox.google import errors as google_errors
from sandbox.openai import errors as openai_errors
from sandbox.operations import known
from sandbox.state import State

BEFORE: Final = frozenset(
    {
        "refused",
        "hang",
        "html_200",
        "huge",
        "rate_limit_seconds",
        "rate_limit_date",
        "rate_limit_absurd",
        "server_error",
        "unauthorized",
        "redirect",
    }
)
AFTER: Final = frozenset({"answer_lost", "drip", "half_close", "truncated", "broken_json", "nan"})

_RATE_LIMIT: Final = {"openai": "rate_limit_exceeded", "elevenlabs": "system_busy", "google": "rateLimitExceeded"}
_SERVER_ERROR: Final = {"openai": "server_error", "elevenlabs": "internal_error", "google": "backendError"}
_UNAUTHORIZED: Final = {"openai": "invalid_api_key", "elevenlabs": "invalid_api_key", "google": "authError"}
_REASONS: Final[dict[str, frozenset[str]]] = {
    "openai": frozenset(openai_errors.ERRORS),
    "elevenlabs": frozenset(elevenlabs_errors.ERRORS),
    "google": frozenset(google_errors.ERRORS) | frozenset(google_errors.TOKEN_ERRORS),
}
_ANSWERS: Final[dict[str, Callable[..., JSONResponse]]] = {
    "openai": openai_errors.answer,
    "elevenlabs": elevenlabs_errors.answer,
    "google": google_errors.answer,
}


@dataclasses.dataclass(frozen=True)
class Fault:
    """A fault that has just been drawn for a call."""

    kind: str
    vendor: str
    options: dict[str, Any]
    at: float
    """The sandbox's time when it struck."""

    @property
    def performs(self) -> bool:
        """Is the call performed (and billed) all the same?"""
        return self.kind in AFTER or bool(self.options.get("perform"))


def plan(state: State, wanted: dict[str, Any]) -> dict[str, Any]:
    """Store a fault; ValueError names the field that is wrong. `times` -1 is for ever.

    `share` (0 to 1) lets it strike that share of the calls it fits, by a die that `seed` throws anew.
    """
    match = wanted.get("match") or {}
    vendor, operation = str(match.get("vendor", "*")), str(match.get("operation", "*"))
    kind = str(wanted.get("fault", ""))
    if not known(vendor, operation):
        raise ValueError(f"match: no call {vendor}/{operation}; see sandbox/operations.py for the names")
    vendors = set(_REASONS) if vendor == "*" else {vendor}
    if kind not in BEFORE | AFTER and not any(kind in _REASONS[name] for name in vendors):
        raise ValueError(
            f"fault: {kind!r} is neither a fault ({', '.join(sorted(BEFORE | AFTER))}) nor an error of that vendor"
        )
    options = {key: wanted[key] for key in wanted if key not in ("match", "fault", "times", "skip", "seed")}
    if not 0 <= float(options.get("share", 1)) <= 1:
        raise ValueError("share: lies between 0 and 1")
    if "seed" in wanted:
        state.dice.seed(int(wanted["seed"]))
    state.run(
        "insert into faults (vendor, operation, fault, times, skip, options) values (?, ?, ?, ?, ?, ?)",
        vendor,
        operation,
        kind,
        int(wanted.get("times", 1)),
        int(wanted.get("skip", 0)),
        json.dumps(options),
    )
    return listing(state)[-1]


def listing(state: State) -> list[dict[str, Any]]:
    """All planned faults, spent ones too, with how often they struck."""
    return [
        dict(row) | {"options": json.loads(row["options"])} for row in state.rows("select * from faults order by id")
    ]


def draw(state: State, vendor: str, operation: str) -> Fault | None:
    """The fault that strikes this call, counted down; None if there is none."""
    with state.change():
        for row in state.rows(
            "select * from faults where times <> 0 and vendor in (?, '*') and operation in (?, '*') order by id",
            vendor,
            operation,
        ):
            kind = str(row["fault"])
            if kind not in BEFORE | AFTER and kind not in _REASONS[vendor]:
                continue
            options = json.loads(row["options"])
            if "share" in options and state.dice.random() >= float(options["share"]):
                continue
            if row["skip"] > 0:
                state.run("update faults set skip = skip - 1 where id = ?", row["id"])
                continue
            state.run(
                "update faults set hits = hits + 1, times = case when times > 0 then times - 1 else times end"
                " where id = ?",
                row["id"],
            )
            return Fault(kind, vendor, options, state.now())
    return None


def answer(fault: Fault) -> JSONResponse | None:
    """The vendor's own error answer for a fault that has one; None for those made on the wire."""
    vendor, kind, options = fault.vendor, fault.kind, fault.options
    say = _ANSWERS[vendor]
    if kind == "rate_limit_seconds":
        return say(_RATE_LIMIT[vendor], headers={"retry-after": str(options.get("retry_after_s", 2))})
    if kind == "rate_limit_date":
        moment = fault.at + float(options.get("retry_after_s", 2))
        return say(_RATE_LIMIT[vendor], headers={"retry-after": email.utils.formatdate(moment, usegmt=True)})
    if kind == "rate_limit_absurd":
        return say(_RATE_LIMIT[vendor], headers={"retry-after": str(options.get("retry_after", "99999999999"))})
    if kind == "server_error":
        return say(_SERVER_ERROR[vendor])
    if kind == "unauthorized":
        return say(_UNAUTHORIZED[vendor])
    if kind in _REASONS[vendor]:
        response = say(kind, message=options.get("message"))
        if "status" in options:
            response.status_code = int(options["status"])
        return response
    return None
