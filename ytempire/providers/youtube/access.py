"""Access tokens: short-lived, kept in memory, made from the channel's refresh token by google-auth."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta

from google.auth.exceptions import RefreshError, TransportError
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import Request

from ytempire.kit.clock import Clock
from ytempire.kit.errors import OutcomeUnknown, VendorRefused
from ytempire.providers.youtube.endpoints import Endpoints
from ytempire.providers.youtube.refusals import VENDOR, not_connected
from ytempire.providers.youtube.transport import RETRY_S, Wire, in_time

DEADLINE_S = 45.0
SPARE = timedelta(seconds=90)
"""A token that dies sooner than this is not used any more."""

TESTING_HINT = (
    " If the consent screen of your Google project is in `Testing`, its authorisations die after 7 days:"
    " publish the app (see docs/how-to/connect-youtube.md), then connect again."
)

Report = Callable[[str], Awaitable[None]]
"""Told why the authorisation failed in plain words, empty when it worked."""


class AccessTokens:
    """Access tokens of one connected channel. `report` is told when the refresh token was tried."""

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        endpoints: Endpoints,
        clock: Clock,
        report: Report,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._client = (client_id, client_secret)
        self._refresh_token = refresh_token
        self._endpoints = endpoints
        self._clock = clock
        self._report = report
        self._deadline_s = deadline_s
        self._lock = asyncio.Lock()
        self._token = ""
        self._dies_at = clock.now()

    async def current(self, *, not_this: str = "") -> str:
        """A token that lives; another one than `not_this`. Raises NotConfigured when the authorisation is gone."""
        async with self._lock:
            now = self._clock.now()
            if self._token and self._token != not_this and now + SPARE < self._dies_at:
                return self._token
            try:
                token, lifetime_s = await in_time(self._refreshed, deadline_s=self._deadline_s)
            except RefreshError as error:
                await self._refused(error)
            except (TransportError, OutcomeUnknown, TypeError, KeyError, ValueError) as error:
                # no answer, or one that is none: asking again is harmless
                raise _unreachable() from error
            self._token, self._dies_at = token, now + timedelta(seconds=lifetime_s)
        await self._report("")
        return token

    def _refreshed(self, wire: Wire) -> tuple[str, float]:
        client_id, client_secret = self._client
        fresh = Credentials(
            token=None,
            refresh_token=self._refresh_token,
            token_uri=self._endpoints.token,
            client_id=client_id,
            client_secret=client_secret,
        )
        fresh.refresh(Request(wire))
        # google-auth writes a time of day without its zone (UTC)
        lives = fresh.expiry.replace(tzinfo=UTC) - self._clock.now() if fresh.expiry else timedelta()
        return str(fresh.token), lives.total_seconds()

    async def _refused(self, error: RefreshError) -> None:
        words = str(error.args[0]) if error.args else "no reason given"
        if error.retryable:
            raise VendorRefused(
                f"Google's token endpoint is in trouble ({words[:200]})",
                vendor=VENDOR,
                reason="token_unavailable",
                retry_after_s=RETRY_S,
            ) from error
        if "invalid_grant" in words:
            plain = f"Google has revoked or expired this channel's authorisation.{TESTING_HINT}"
        elif "invalid_client" in words:
            plain = "Google does not know this OAuth client: check its id and secret."
        else:
            plain = f"Google refused to renew the authorisation ({words[:200]})."
        await self._report(plain)
        raise not_connected(plain) from error


def _unreachable() -> VendorRefused:
    return VendorRefused(
        "Google's token endpoint could not be reached", vendor=VENDOR, reason="unreachable", retry_after_s=RETRY_S
    )
