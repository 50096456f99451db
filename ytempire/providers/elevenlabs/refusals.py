"""What the vendor's error answers mean: whether waiting helps, and what a person can do.

The status inside `detail` decides, not the HTTP status: 401 is a bad key or used-up credits, 429 is too much at once
or a busy vendor (https://elevenlabs.io/docs/developers/resources/error-messages).
"""

from __future__ import annotations

import email.utils
import math
from collections.abc import Mapping
from http import HTTPStatus

from ytempire.kit.clock import Clock, SystemClock
from ytempire.kit.errors import OutcomeUnknown, Said, VendorRefused

VENDOR = "elevenlabs"
_SOON_S, _LATER_S = 2.0, 20.0
_LONGEST_WAIT_S = 300.0

_USE_LOCAL = "or choose a voice of this machine such as local:heart"
_FIXES = {
    "quota_exceeded": f"The key is good: add credits or wait for the plan's next month, {_USE_LOCAL}.",
    "invalid_api_key": "Check ELEVENLABS_API_KEY.",
    "needs_authorization": "Set ELEVENLABS_API_KEY.",
    "missing_permissions": "Give the key the permissions Text to Speech and History (read).",
    "detected_unusual_activity": f"ElevenLabs closed the free plan for this address: use a paid one, {_USE_LOCAL}.",
    "voice_not_found": "Choose a voice that the key's account has: elevenlabs:VOICE_ID.",
    "model_not_found": "Check YTEMPIRE_ELEVENLABS_MODEL.",
    "max_character_limit_exceeded": "Shorten the sentence.",
}
_WAITS_S = {
    "too_many_concurrent_requests": _SOON_S,
    "concurrent_limit_exceeded": _SOON_S,
    "rate_limit_exceeded": _LATER_S,
    "system_busy": _LATER_S,
}


def refusal(
    status: int | None, headers: Mapping[str, str], body: object, clock: Clock | None = None
) -> VendorRefused | OutcomeUnknown:
    """Our error for an error answer. A 2xx that can't be read, and any 5xx, leave open what happened."""
    outcome = _told(status, headers, body, clock)
    if status is not None and status >= HTTPStatus.BAD_REQUEST:
        outcome.said = Said(status, body if isinstance(body, dict) else {})
    return outcome


def _told(
    status: int | None, headers: Mapping[str, str], body: object, clock: Clock | None
) -> VendorRefused | OutcomeUnknown:
    if status is None or status < HTTPStatus.MULTIPLE_CHOICES or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        what = "an answer that is no JSON" if status and status < HTTPStatus.MULTIPLE_CHOICES else f"error {status}"
        return OutcomeUnknown(f"ElevenLabs gave {what}", vendor=VENDOR)
    if status < HTTPStatus.BAD_REQUEST:
        return VendorRefused(
            f"ElevenLabs' address answers with a redirect ({status}), which is not followed",
            vendor=VENDOR,
            reason="redirect",
            fix="Check YTEMPIRE_ELEVENLABS_BASE_URL, and whether a sign-in page stands between.",
        )
    reason, words = _detail(body)
    reason = reason or ("invalid" if status == HTTPStatus.UNPROCESSABLE_ENTITY else f"http_{status}")
    retry_after_s = None
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY):
        asked_s = wait_s(headers, clock or SystemClock())
        retry_after_s = _WAITS_S.get(reason, _LATER_S) if asked_s is None else asked_s
    return VendorRefused(
        f"ElevenLabs refused: {words or reason}",
        vendor=VENDOR,
        reason=reason,
        retry_after_s=retry_after_s,
        fix=_FIXES.get(reason) if retry_after_s is None else None,
    )


def wait_s(headers: Mapping[str, str], clock: Clock) -> float | None:
    """Seconds of a `Retry-After` (a number or a date), between 0.5 s and 5 min; None without one that makes sense."""
    asked = {name.lower(): value for name, value in headers.items()}.get("retry-after", "").strip()
    if not asked:
        return None
    try:
        seconds = float(asked)
    except ValueError:
        try:
            seconds = (email.utils.parsedate_to_datetime(asked) - clock.now()).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.5), _LONGEST_WAIT_S) if math.isfinite(seconds) else None


def _detail(body: object) -> tuple[str, str]:
    """(status, message) of `{"detail": {"status", "message"}}`; of a 422 the first field and what is wrong with it."""
    detail = body.get("detail") if isinstance(body, dict) else None
    if isinstance(detail, dict):
        return str(detail.get("status") or detail.get("code") or ""), str(detail.get("message") or "")[:300]
    if isinstance(detail, list) and detail and isinstance(detail[0], dict):
        place = ".".join(str(part) for part in detail[0].get("loc") or ())
        return "invalid", f"{place}: {detail[0].get('msg', '')}"[:300]
    return "", str(detail or "")[:300]
