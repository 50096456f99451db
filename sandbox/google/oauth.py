"""Google's OAuth server: codes with PKCE, refresh tokens, access tokens, revocation."""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import unquote

from sandbox.google.errors import TokenRefused
from sandbox.state import Row, State, canonical

_PREFIX: Final = "https://www.googleapis.com/auth/"
SCOPES: Final[dict[str, str]] = {
    _PREFIX + "youtube": "Manage your YouTube account",
    _PREFIX + "youtube.readonly": "View your YouTube account",
    _PREFIX + "youtube.upload": "Upload YouTube videos",
    _PREFIX + "youtube.force-ssl": "See, edit and delete your videos, ratings, comments and captions",
    _PREFIX + "yt-analytics.readonly": "View YouTube Analytics reports",
}
TESTING_LIFETIME_S: Final = 7 * 86_400
_CODE_LIFETIME_S: Final = 600


def issue_code(state: State, query: dict[str, str], channel_id: str, scopes: Iterable[str]) -> str:
    """A single-use code for an approved consent."""
    code = "4/0sandbox-" + secrets.token_urlsafe(24)
    offline = query.get("access_type") == "offline" and (
        "consent" in query.get("prompt", "") or not _consented_before(state, query["client_id"], channel_id)
    )
    state.run(
        "insert into oauth_codes values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        code,
        query["client_id"],
        channel_id,
        query["redirect_uri"],
        canonical(sorted(scopes)),
        query.get("code_challenge", ""),
        query.get("code_challenge_method", "plain" if query.get("code_challenge") else ""),
        int(offline),
        state.now() + _CODE_LIFETIME_S,
    )
    return code


def basic_client(authorization: str) -> dict[str, str]:
    """Client id and secret of a Basic header: requests-oauthlib sends them so, google-auth in the form."""
    kind, _, encoded = authorization.partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": unquote(client_id), "client_secret": unquote(secret)}


def token(state: State, form: dict[str, str]) -> dict[str, Any]:
    """Answer of the token endpoint: an authorization code or a refresh token becomes an access token."""
    client_id = form.get("client_id", "")
    if not client_id or "sandbox" not in form.get("client_secret", ""):
        raise TokenRefused("invalid_client")
    with state.change():
        if form.get("grant_type") == "authorization_code":
            return _from_code(state, client_id, form)
        if form.get("grant_type") == "refresh_token":
            return _from_refresh(state, client_id, form)
    raise TokenRefused("unsupported_grant_type")


def grant(state: State, client_id: str, channel_id: str, scopes: Iterable[str], *, offline: bool) -> dict[str, Any]:
    """A new grant and its first tokens."""
    grant_id, now = secrets.token_hex(8), state.now()
    refresh = "1//sandbox-" + secrets.token_urlsafe(32) if offline else None
    expires = now + TESTING_LIFETIME_S if state.setting("consent_screen") == "testing" else None
    wanted = sorted(scopes)
    with state.change():
        state.run(
            "insert into grants values (?, ?, ?, ?, ?, ?, ?, 0)",
            grant_id,
            client_id,
            channel_id,
            canonical(wanted),
            refresh,
            now,
            expires,
        )
        body = _access(state, grant_id, " ".join(wanted))
    if refresh:
        body["refresh_token"] = refresh
        if expires is not None:
            body["refresh_token_expires_in"] = TESTING_LIFETIME_S
    return body


def revoke(state: State, presented: str) -> None:
    """End a grant by its refresh token or one of its access tokens."""
    row = state.row(
        "select id from grants where refresh_token = ? and revoked = 0 union select grant_id from"
        " access_tokens join grants on grants.id = grant_id where token = ? and revoked = 0",
        presented,
        presented,
    )
    if row is None:
        raise TokenRefused("invalid_token")
    with state.change():
        state.run("update grants set revoked = 1 where id = ?", row["id"])
        state.run("delete from access_tokens where grant_id = ?", row["id"])


def _from_code(state: State, client_id: str, form: dict[str, str]) -> dict[str, Any]:
    row = state.row("select * from oauth_codes where code = ?", form.get("code", ""))
    if row is None or row["used"] or row["expires"] < state.now() or row["client_id"] != client_id:
        raise TokenRefused("invalid_grant", "Malformed auth code.")
    if form.get("redirect_uri") != row["redirect_uri"]:
        raise TokenRefused("redirect_uri_mismatch")
    _check_verifier(row, form.get("code_verifier"))
    state.run("update oauth_codes set used = 1 where code = ?", row["code"])
    scopes: list[str] = json.loads(row["scopes"])
    return grant(state, client_id, row["channel_id"], scopes, offline=bool(row["offline"]))


def _check_verifier(row: Row, verifier: str | None) -> None:
    if not row["challenge"]:
        return
    if not verifier:
        raise TokenRefused("invalid_grant", "Missing code verifier.")
    made = verifier
    if row["method"] == "S256":
        made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if not secrets.compare_digest(made, row["challenge"]):
        raise TokenRefused("invalid_grant", "Invalid code verifier.")


def _from_refresh(state: State, client_id: str, form: dict[str, str]) -> dict[str, Any]:
    row = state.row(
        "select * from grants where refresh_token = ? and client_id = ?", form.get("refresh_token", ""), client_id
    )
    if row is None or row["revoked"] or (row["expires"] is not None and row["expires"] < state.now()):
        raise TokenRefused("invalid_grant")
    return _access(state, row["id"], " ".join(json.loads(row["scopes"])))


def _access(state: State, grant_id: str, scope: str) -> dict[str, Any]:
    access, lifetime_s = "ya29.sandbox-" + secrets.token_urlsafe(32), int(state.setting("token_lifetime_s"))
    state.run("insert into access_tokens values (?, ?, ?)", access, grant_id, state.now() + lifetime_s)
    return {"access_token": access, "expires_in": lifetime_s, "scope": scope, "token_type": "Bearer"}


def _consented_before(state: State, client_id: str, channel_id: str) -> bool:
    return (
        state.row("select 1 from grants where client_id = ? and channel_id = ? and revoked = 0", client_id, channel_id)
        is not None
    )
