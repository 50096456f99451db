"""Errors know a stable code, the field at fault and the mend; only the outer doors know statuses and exit codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OUR_KEY = frozenset({401, 403})
"""Statuses by which a vendor complains of the key it was shown: that is ours, so whoever asks us is not told them."""


@dataclass(frozen=True)
class Said:
    """A vendor's own error, for whoever is to read it as the vendor gave it."""

    status: int
    body: Mapping[str, Any]
    """Its JSON object; empty: it was none."""


class YtempireError(Exception):
    """An outcome a person can act on.

    `code` is stable and machine-readable, `field` names the input at fault, `fix` says in one sentence what to do.
    `remake` names the step of a video whose recorded result is at fault: going on from it would end the same way again,
    making it anew may not.
    """

    code = "error"

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        fix: str | None = None,
        code: str | None = None,
        remake: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.fix = fix
        self.remake = remake
        if code:
            self.code = code

    def __str__(self) -> str:
        where = f"{self.field}: " if self.field else ""
        if not self.fix:
            return f"{where}{self.message}"
        end = "" if self.message.endswith((".", "!", "?", ":")) else "."
        return f"{where}{self.message}{end} {self.fix}"


class BadInput(YtempireError):  # noqa: N818 - named for what it says to the user
    """What was given can't be used; nothing was changed and nothing was spent."""

    code = "bad_input"


class NotFound(YtempireError):  # noqa: N818
    """No such thing, or not this user's."""

    code = "not_found"


class VersionConflict(YtempireError):  # noqa: N818
    """Somebody else changed it since it was read; nothing was changed."""

    code = "version_conflict"


class NotConfigured(YtempireError):  # noqa: N818
    """A vendor or a part is missing; `fix` names the setting."""

    code = "not_configured"


class BudgetRefused(YtempireError):  # noqa: N818
    """A hold would pass a cap. `budget` names the one that refused (e.g. `video`, `platform-day`, `uploads`).

    `generation` refuses while an operator's stop holds, `cheap-share` a strong model that would make too many calls.
    """

    code = "budget_refused"

    def __init__(self, message: str, *, budget: str, fix: str | None = None, never_fits: bool = False) -> None:
        super().__init__(message, fix=fix)
        self.budget = budget
        self.never_fits = never_fits
        """More than the whole cap: no other day helps."""
        self.retry_after_s: float | None = None
        """When it may fit: the beginning of the budget's next day, or soon, if holds under way may be given back."""
        self.after_order = 0
        """The newest order of an operator that was known; a newer one may change the answer."""


class VendorRefused(YtempireError):  # noqa: N818
    """The vendor said no and did nothing: the call certainly has no effect and no bill.

    `retry_after_s` is set when waiting helps; None means that repeating the same call is useless.
    """

    code = "vendor_refused"

    def __init__(
        self, message: str, *, vendor: str, reason: str, retry_after_s: float | None = None, fix: str | None = None
    ) -> None:
        super().__init__(message, fix=fix)
        self.vendor = vendor
        self.reason = reason
        self.retry_after_s = retry_after_s
        self.said: Said | None = None


class OutcomeUnknown(YtempireError):  # noqa: N818
    """The call may or may not have happened (timeout, broken answer): its hold stays until somebody looks."""

    code = "outcome_unknown"

    def __init__(self, message: str, *, vendor: str) -> None:
        super().__init__(message)
        self.vendor = vendor
        self.said: Said | None = None


class StorageFull(YtempireError):  # noqa: N818
    """Less free disk than the floor, or a write that failed for want of space."""

    code = "storage_full"


class MemoryLow(YtempireError):  # noqa: N818
    """Less free memory than one more render takes beside the floor; it begins later by itself."""

    code = "memory_low"


class RenderFailed(YtempireError):  # noqa: N818
    """ffmpeg ended with an error or was killed; no half file is left behind."""

    code = "render_failed"


class QualityRefused(YtempireError):  # noqa: N818
    """The finished file fails the quality gate; the message lists each failed check with figure and limit."""

    code = "quality_refused"


class StandInRefused(YtempireError):  # noqa: N818
    """Part of the video came from a stand-in, so it may not reach the real YouTube."""

    code = "stand_in_refused"


class Superseded(YtempireError):  # noqa: N818
    """Another worker took this step over (a higher attempt number): this one must not record its result."""

    code = "superseded"


class Conflict(YtempireError):  # noqa: N818
    """It clashes with what is there, or with what another request is just doing; the message says with what."""

    code = "conflict"


class NotSignedIn(YtempireError):  # noqa: N818
    """Nobody known asks: no session, no API key, or one that has ended."""

    code = "not_signed_in"


class NotAllowed(YtempireError):  # noqa: N818
    """Who asks is known and may not do this; `fix` names the role or the scope it takes."""

    code = "not_allowed"


class TooMany(YtempireError):  # noqa: N818
    """More requests or attempts than fit into the time; `retry_after_s` says when the next one does."""

    code = "too_many"

    def __init__(self, message: str, *, retry_after_s: int, fix: str | None = None) -> None:
        super().__init__(message, fix=fix or f"Wait {retry_after_s} s.")
        self.retry_after_s = retry_after_s
