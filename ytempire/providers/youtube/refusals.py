"""Google's refusals in our words, by `error.errors[].reason`: the HTTP status says too little.

Reasons: https://developers.google.com/youtube/v3/docs/errors
"""

from __future__ import annotations

import email.utils
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ytempire.kit.errors import NotConfigured, OutcomeUnknown, VendorRefused, YtempireError

VENDOR = "youtube"
PACIFIC = ZoneInfo("America/Los_Angeles")
WAIT_LEAST_S, WAIT_MOST_S = 1.0, 3_600.0
DAY_S = 86_400.0
_BACK_OFF = frozenset({"rateLimitExceeded", "userRequestsExceedRateLimit", "uploadRateLimitExceeded"})
_DAY_IS_OVER = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
_NOT_ALLOWED = frozenset(
    {"authError", "required", "insufficientPermissions", "youtubeSignupRequired", "accountDelegationForbidden"}
)
_NOT_YET = frozenset({"videoNotProcessed", "processing"})


@dataclass(frozen=True)
class Answer:
    """An error answer: status, headers in lower case, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def reason(self) -> str:
        """`error.errors[0].reason`, or empty if the body is none of Google's."""
        return self._first("reason")

    @property
    def words(self) -> str:
        """What Google says about it, shortened."""
        return (self._first("message") or f"status {self.status}")[:300]

    def _first(self, name: str) -> str:
        try:
            error = json.loads(self.body)["error"]
            errors = error.get("errors") or [{}]
            return str(errors[0].get(name) or (error.get("message", "") if name == "message" else ""))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            return ""


def in_our_words(answer: Answer, *, what: str, writes: bool, now: datetime) -> YtempireError:
    """The error to raise for an error answer to the call named `what`."""
    reason, words = answer.reason, answer.words
    if reason in _NOT_ALLOWED or answer.status == 401:
        return not_connected(f"YouTube does not accept the authorisation ({reason or answer.status}: {words})")
    if answer.status >= 500 or not reason:
        # Google's own trouble, or a page of something in between: a write may have happened all the same.
        if writes and answer.status >= 500:
            return OutcomeUnknown(f"{what}: YouTube answered {answer.status} ({words})", vendor=VENDOR)
        wait_s = clamped_wait_s(answer.headers.get("retry-after"), now) if answer.status >= 429 else None
        if answer.status < 400:
            return OutcomeUnknown(f"{what}: the answer {answer.status} is none of the API's", vendor=VENDOR)
        return VendorRefused(
            f"{what}: YouTube answered {answer.status} ({words})",
            vendor=VENDOR,
            reason=reason or f"status{answer.status}",
            retry_after_s=wait_s,
        )
    return VendorRefused(
        f"{what}: {words}",
        vendor=VENDOR,
        reason=reason,
        retry_after_s=_wait_for(reason, answer, now),
        fix=_FIX.get(reason),
    )


def not_connected(words: str) -> NotConfigured:
    """The channel's authorisation does not serve; `ytempire connect` makes a new one."""
    return NotConfigured(
        words,
        field="connection",
        fix="Connect the channel anew: POST /api/v1/channels/{id}/connection, or `ytempire connect CHANNEL`.",
        code="channel_disconnected",
    )


def seconds_to_pacific_midnight(now: datetime) -> float:
    """Until the API's day begins anew, on days of 23 and 25 hours too; a minute's grace on top."""
    local = now.astimezone(PACIFIC)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), PACIFIC)
    return tomorrow.timestamp() - now.timestamp() + 60


def clamped_wait_s(header: str | None, now: datetime, default_s: float = 1.0) -> float:
    """`Retry-After` in seconds (RFC 9110: a number or a date), never below a second or above an hour."""
    if not header:
        return default_s
    text = header.strip()
    if text.isascii() and text.isdecimal():
        wait_s = float(text[:12])
    else:
        try:
            wait_s = (email.utils.parsedate_to_datetime(text) - now).total_seconds()
        except (ValueError, TypeError):
            return default_s
    return min(max(wait_s, WAIT_LEAST_S), WAIT_MOST_S)


def _wait_for(reason: str, answer: Answer, now: datetime) -> float | None:
    if reason in _DAY_IS_OVER:
        return seconds_to_pacific_midnight(now)
    if reason == "uploadLimitExceeded":
        return DAY_S
    if reason in _BACK_OFF:
        return clamped_wait_s(answer.headers.get("retry-after"), now)
    if reason in _NOT_YET:
        return 30.0
    return None


_FIX = {
    "quotaExceeded": "The day's quota of your Google project is used up; it begins anew at midnight Pacific time.",
    "uploadLimitExceeded": "YouTube lets this channel upload no more for now; the video waits for a day.",
    "forbidden": "Is the channel allowed to do this? Verify it at https://www.youtube.com/verify for own thumbnails.",
}
