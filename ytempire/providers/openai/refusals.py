"""What went wrong, in our words: refused for certain, refused until later, or unknown."""

from __future__ import annotations

import email.utils
import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from openai import APIConnectionError, APITimeoutError

from ytempire.kit.errors import OutcomeUnknown, Said, VendorRefused, YtempireError

VENDOR = "openai"
MOST_ERROR_BYTES = 65_536
LONGEST_RETRY_AFTER_S = 3_600.0
USUAL_RETRY_AFTER_S = 5.0
_STOPS = {
    "insufficient_quota": "The account's quota is used up: add credit or raise its limit at the vendor.",
    "credit_balance_exhausted": "The account's credit is used up: add credit at the vendor.",
    "billing_hard_limit_reached": "The account's hard limit is reached: raise it at the vendor.",
    "billing_not_active": "Billing is not active for this account: activate it at the vendor.",
}
_SPEND_LIMIT = "_spend_limit_exceeded"


class Answered(Exception):  # noqa: N818 - not an error yet: an answer that is no completion
    """An answer that is not read any further: status, headers, the start of its body."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes, why: str = "") -> None:
        super().__init__(why or f"status {status}")
        self.status, self.headers, self.body, self.why = status, headers, body, why


async def stop_before_body(response: Any) -> None:  # noqa: ANN401 - the SDK's own response class, not ours to import
    """Response hook: anything but a 200 is taken here, at most 64 KB of it, before the SDK would read it all."""
    if response.status_code == 200:
        return
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) >= MOST_ERROR_BYTES:
            break
    raise Answered(response.status_code, dict(response.headers), bytes(body[:MOST_ERROR_BYTES]))


def as_outcome(error: Exception, now: datetime, *, model: str) -> YtempireError:
    """The error in our words. Certain refusals are VendorRefused; whatever may have been billed is OutcomeUnknown."""
    if isinstance(error, YtempireError):
        return error
    if isinstance(error, Answered):
        return _from_answer(error, now, model)
    if isinstance(error, TimeoutError | APITimeoutError):
        if _never_connected(error):
            return _unreachable(error)
        return OutcomeUnknown("the model vendor did not answer in time", vendor=VENDOR)
    if isinstance(error, APIConnectionError):
        cause = error.__cause__
        if isinstance(cause, Answered):
            return _from_answer(cause, now, model)
        if _never_connected(error):
            return _unreachable(error)
        return OutcomeUnknown(f"the connection broke before the answer was whole ({_root(error)})", vendor=VENDOR)
    if isinstance(error, ValueError):
        return OutcomeUnknown(f"the answer is no JSON: {error}", vendor=VENDOR)
    return OutcomeUnknown(f"the connection broke before the answer was whole ({_root(error)})", vendor=VENDOR)


def _never_connected(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if type(cause).__name__ in ("ConnectError", "ConnectTimeout", "UnsupportedProtocol", "InvalidURL"):
            return True
        cause = cause.__cause__
    return False


def _unreachable(error: BaseException) -> VendorRefused:
    return VendorRefused(
        f"the model vendor can't be reached ({_root(error)})",
        vendor=VENDOR,
        reason="unreachable",
        retry_after_s=USUAL_RETRY_AFTER_S,
        fix="Check the network and OPENAI_BASE_URL.",
    )


def _root(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {error}"[:200].rstrip(": ")


def _from_answer(answer: Answered, now: datetime, model: str) -> YtempireError:
    outcome = _told(answer, now, model)
    if isinstance(outcome, VendorRefused | OutcomeUnknown) and answer.status >= 400:
        outcome.said = Said(answer.status, _object(answer.body))
    return outcome


def _told(answer: Answered, now: datetime, model: str) -> YtempireError:
    code, said = _read(answer.body)
    if answer.why or answer.status < 300:
        return OutcomeUnknown(answer.why or f"status {answer.status} is no answer", vendor=VENDOR)
    if answer.status < 400:
        return _refused(
            "it answered with a redirect", "redirect", fix="Check OPENAI_BASE_URL: redirects are not followed."
        )
    if code in _STOPS or code.endswith(_SPEND_LIMIT):
        fix = _STOPS.get(code, "A spend limit of the account is reached: raise it at the vendor.")
        return _refused(said, code, fix=fix)
    if answer.status == 429:
        return _refused(said, code or "rate_limit", retry_after_s=retry_after_s(answer.headers, now))
    if answer.status in (401, 403):
        return _refused(said, code or "unauthorized", fix="Check OPENAI_API_KEY and what it may do.")
    if answer.status == 404:
        fix = f"Check that the vendor has the model {model!r} (YTEMPIRE_MODEL_CHEAP, YTEMPIRE_MODEL_STRONG)."
        return _refused(said, code or "not_found", fix=fix)
    if answer.status == 503:
        return _refused(said, code or "overloaded", retry_after_s=retry_after_s(answer.headers, now))
    if answer.status >= 500:
        return OutcomeUnknown(f"the model vendor failed with status {answer.status}: {said}", vendor=VENDOR)
    return _refused(said, code or f"status_{answer.status}", fix="Check the model and the settings of its role.")


def _refused(said: str, reason: str, *, retry_after_s: float | None = None, fix: str | None = None) -> VendorRefused:
    return VendorRefused(
        f"the model vendor refused ({reason}): {said}",
        vendor=VENDOR,
        reason=reason,
        retry_after_s=retry_after_s,
        fix=fix,
    )


def _read(body: bytes) -> tuple[str, str]:
    """(code, message) of an error body `{"error": {"code", "type", "message"}}`, as far as there is one."""
    error = _object(body).get("error", {})
    if not isinstance(error, dict):
        return "", str(error)[:300]
    code = str(error.get("code") or error.get("type") or "")
    return code, " ".join(str(error.get("message") or "no reason given").split())[:300]


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds to wait by `Retry-After` (seconds or a date), between 0.1 and an hour; five seconds by default."""
    said = headers.get("retry-after", "").strip()
    try:
        wait_s = float(said)
    except ValueError:
        try:
            wait_s = (email.utils.parsedate_to_datetime(said) - now).total_seconds()
        except (ValueError, TypeError):
            return USUAL_RETRY_AFTER_S
    if math.isnan(wait_s):
        return USUAL_RETRY_AFTER_S
    return min(max(wait_s, 0.1), LONGEST_RETRY_AFTER_S)
