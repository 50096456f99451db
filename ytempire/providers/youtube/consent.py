"""The port Authoriser: Google's consent for an installed app, by google-auth-oauthlib, with PKCE over loopback.

Flow: https://developers.google.com/identity/protocols/oauth2/native-app
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from google_auth_oauthlib.flow import Flow

from ytempire.channels import ConsentRefused
from ytempire.channels.ports import Asking, Consent
from ytempire.kit.clock import Clock
from ytempire.kit.errors import BadInput, NotConfigured, OutcomeUnknown, VendorRefused
from ytempire.providers.youtube.access import AccessTokens
from ytempire.providers.youtube.endpoints import Endpoints
from ytempire.providers.youtube.loopback import Loopback
from ytempire.providers.youtube.platform import YouTube
from ytempire.providers.youtube.refusals import VENDOR
from ytempire.providers.youtube.transport import in_time

SCOPES = (
    "https://www.googleapis.com/auth/youtube.upload",
    "https://www.googleapis.com/auth/youtube.force-ssl",
)
"""Upload; and everything else we do with the channel's own videos, captions included."""
WAIT_S = 600.0
EXCHANGE_S = 30.0
FORM = {"content-type": "application/x-www-form-urlencoded"}


class GoogleConsent:
    """Asks an owner for the right to publish to one of their channels. `wait_s`: how long the owner may take."""

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        endpoints: Endpoints,
        clock: Clock,
        wait_s: float = WAIT_S,
        exchange_s: float = EXCHANGE_S,
    ) -> None:
        if not client_id or not client_secret:
            raise NotConfigured(
                "no OAuth client of a Google project is set",
                field="YTEMPIRE_GOOGLE_CLIENT_ID",
                fix="Make one as docs/how-to/connect-youtube.md shows, and set its id and secret.",
            )
        self._client = (client_id, client_secret)
        self._endpoints = endpoints
        self._clock = clock
        self._wait_s = wait_s
        self._exchange_s = exchange_s

    async def ask(self, show: Callable[[str], None]) -> Consent:
        """See the port. One refresh token belongs to one channel: the owner picks it on Google's page."""
        loopback = Loopback()
        asking = Asking(loopback.address, loopback.state, secrets.token_urlsafe(64))
        try:
            await asyncio.to_thread(show, self.page(asking))
            answer = await asyncio.to_thread(loopback.wait, self._wait_s)
        finally:
            await asyncio.to_thread(loopback.close)
        if not answer:
            raise ConsentRefused(
                f"no answer came from Google's page within {self._wait_s:.0f} s",
                fix="Run the command again. On another machine's terminal, forward the port that the address names.",
            )
        return await self.granted(asking, answer)

    def page(self, asking: Asking) -> str:
        """See the port."""
        client_id, client_secret = self._client
        installed = {
            "client_id": client_id,
            "client_secret": client_secret,
            "auth_uri": _as_https(self._endpoints.consent),
            "token_uri": self._endpoints.token,
        }
        flow = Flow.from_client_config(
            {"installed": installed}, SCOPES, redirect_uri=asking.redirect, code_verifier=asking.verifier
        )
        # Without `select_account` Google skips the picker of Brand Accounts, without `consent` the refresh token.
        address, _ = flow.authorization_url(access_type="offline", prompt="consent select_account", state=asking.state)
        return self._endpoints.consent + str(address).removeprefix(_as_https(self._endpoints.consent))

    async def granted(self, asking: Asking, answer: Mapping[str, str]) -> Consent:
        """See the port."""
        token = await self._exchanged(asking, _code(answer))
        scopes = _granted(token)
        refresh_token = str(token.get("refresh_token") or "")
        if not refresh_token:
            raise ConsentRefused(
                "Google gave no lasting authorisation",
                fix="Remove the app at https://myaccount.google.com/permissions, then connect again.",
            )
        channel_id, title = await self._picked(refresh_token)
        return Consent(self._endpoints.platform, channel_id, title, scopes, refresh_token)

    async def revoke(self, refresh_token: str) -> None:
        """See the port."""
        form = f"token={quote(refresh_token, safe='')}"
        try:
            response, content = await in_time(
                lambda wire: wire.request(self._endpoints.revoke, "POST", form, FORM), deadline_s=self._exchange_s
            )
        except OutcomeUnknown as unknown:  # revoking twice is harmless
            raise VendorRefused(
                "Google did not say whether the authorisation is revoked",
                vendor=VENDOR,
                reason="unreachable",
                retry_after_s=10.0,
            ) from unknown
        if response.status == 200 or b"invalid_token" in content:  # ended before is ended, too
            return
        raise VendorRefused(
            f"Google did not revoke the authorisation (status {response.status})",
            vendor=VENDOR,
            reason="revoke_refused",
            retry_after_s=30.0,
            fix="Try again, or remove the app at https://myaccount.google.com/permissions.",
        )

    async def _exchanged(self, asking: Asking, code: str) -> Mapping[str, Any]:
        """The code for tokens, over our own wire: the flow's would follow redirects and read without end."""
        client_id, client_secret = self._client
        form = urlencode(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": asking.redirect,
                "client_id": client_id,
                "client_secret": client_secret,
                "code_verifier": asking.verifier,
            }
        )
        try:
            response, content = await in_time(
                lambda wire: wire.request(self._endpoints.token, "POST", form, FORM), deadline_s=self._exchange_s
            )
        except OutcomeUnknown as unknown:  # the code may be used up
            raise ConsentRefused("Google's answer to the code was lost", fix="Connect again.") from unknown
        answer = _object(content)
        if response.status == 200 and "access_token" in answer:
            return answer
        if answer.get("error") == "invalid_client":
            raise BadInput(
                "Google does not know this OAuth client, or its secret is another",
                field="YTEMPIRE_GOOGLE_CLIENT_ID",
                fix="Copy id and secret again from https://console.cloud.google.com/auth/clients.",
            )
        if response.status >= 500 or response.status == 429:
            raise VendorRefused(
                f"Google's token endpoint is in trouble ({response.status})",
                vendor=VENDOR,
                reason="token_unavailable",
                retry_after_s=15.0,
            )
        words = str(answer.get("error_description") or answer.get("error") or f"status {response.status}")
        raise ConsentRefused(
            f"Google did not accept its own code ({words[:200]})",
            fix="Start again; a code serves once and for ten minutes.",
        )

    async def _picked(self, refresh_token: str) -> tuple[str, str]:
        async def quiet(_broken: str) -> None:
            """The connection is not stored yet, so there is nothing to note."""

        tokens = AccessTokens(
            client_id=self._client[0],
            client_secret=self._client[1],
            refresh_token=refresh_token,
            endpoints=self._endpoints,
            clock=self._clock,
            report=quiet,
            deadline_s=self._exchange_s,
        )
        return await YouTube(tokens=tokens, endpoints=self._endpoints, clock=self._clock).own_channel()


def _as_https(address: str) -> str:
    """oauthlib composes no address but https ones; a sandbox on this machine gets its own scheme back afterwards."""
    return "https://" + address.partition("://")[2]


def _code(answer: Mapping[str, str]) -> str:
    if answer.get("error") == "access_denied":
        raise ConsentRefused("you denied the access on Google's page", fix="Connect again and allow it.")
    if "code" not in answer:
        raise ConsentRefused(f"Google's page answered: {answer.get('error', 'nothing')[:100]}", fix="Try again.")
    return answer["code"]


def _granted(token: Mapping[str, Any]) -> tuple[str, ...]:
    """The scopes that were granted: every box on the page can be left unticked."""
    scope = token.get("scope") or ()
    granted = tuple(scope.split()) if isinstance(scope, str) else tuple(scope)
    lacking = [wanted.rsplit("/", 1)[-1] for wanted in SCOPES if wanted not in granted]
    if lacking:
        raise ConsentRefused(
            f"the right to {' and '.join(lacking)} was not granted", fix="Connect again and tick every box."
        )
    return granted


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
