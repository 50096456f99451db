"""The consent page: which channel, which scopes; then back to the caller with a code."""

import html
from typing import Any
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sandbox.google import oauth
from sandbox.google.channels import find_or_make_channel
from sandbox.state import State
from sandbox.watch.pages import SAFE, document


def ask(state: State, query: dict[str, str]) -> Response:
    """GET: the page, or at once the redirect when the query names `sandbox_channel` (headless use)."""
    wrong = _complaint(query)
    if wrong:
        return HTMLResponse(document("Access blocked", f"<h1>Access blocked</h1><p>Error 400: {wrong}</p>"), 400)
    if query.get("sandbox_deny"):
        return _back(query, {"error": "access_denied"})
    if query.get("sandbox_channel"):
        scopes = query.get("sandbox_scopes", query["scope"]).split()
        return _approve(state, query, query["sandbox_channel"], scopes)
    return HTMLResponse(document("Choose a channel", _page(state, query)), headers=SAFE)


def decide(state: State, query: dict[str, str], form: dict[str, Any], ticked: list[str]) -> Response:
    """POST of the page's form: `channel` or `new_channel`, ticked `scope`s, or `deny`."""
    wrong = _complaint(query)
    if wrong:
        return HTMLResponse(document("Access blocked", f"<h1>Access blocked</h1><p>Error 400: {wrong}</p>"), 400)
    channel = str(form.get("new_channel") or form.get("channel") or "").strip()
    if form.get("deny") or not channel:
        return _back(query, {"error": "access_denied"})
    return _approve(state, query, channel, ticked)


def _approve(state: State, query: dict[str, str], channel: str, scopes: list[str]) -> Response:
    asked = set(query["scope"].split())
    with state.change():
        found = find_or_make_channel(state, channel, "")
        code = oauth.issue_code(state, query, found["id"], [scope for scope in scopes if scope in asked])
    return _back(query, {"code": code, "scope": " ".join(scopes)})


def _back(query: dict[str, str], answer: dict[str, str]) -> Response:
    if query.get("state"):
        answer["state"] = query["state"]
    joint = "&" if "?" in query["redirect_uri"] else "?"
    return RedirectResponse(query["redirect_uri"] + joint + urlencode(answer), 303)


def _complaint(query: dict[str, str]) -> str | None:
    for needed in ("client_id", "redirect_uri", "response_type", "scope"):
        if not query.get(needed):
            return f"invalid_request: {needed} is missing"
    if query["response_type"] != "code":
        return "unsupported_response_type"
    if not query["redirect_uri"].startswith(("http://127.0.0.1", "http://localhost", "http://[::1]", "https://")):
        return "redirect_uri_mismatch"
    unknown = [scope for scope in query["scope"].split() if scope not in oauth.SCOPES]
    return f"invalid_scope: {html.escape(unknown[0])}" if unknown else None


def _page(state: State, query: dict[str, str]) -> str:
    channels = state.rows("select id, title, handle from channels order by created")
    choices = "".join(
        f'<label class="choice"><input type="radio" name="channel" value="{html.escape(row["id"])}"'
        f"{' checked' if at == 0 else ''}> <span>{html.escape(row['title'])}</span>"
        f" <small>{html.escape(row['handle'])}</small></label>"
        for at, row in enumerate(channels)
    )
    scopes = "".join(
        f'<label class="choice"><input type="checkbox" name="scope" value="{html.escape(scope)}" checked>'
        f" <span>{html.escape(oauth.SCOPES[scope])}</span></label>"
        for scope in query["scope"].split()
    )
    none = '<p class="quiet">No channel exists here yet. Name one:</p>'
    return (
        f"<h1>Choose a channel</h1><p>to continue to <strong>{html.escape(query['client_id'])}</strong></p>"
        f'<form method="post">{choices or none}'
        '<label class="choice"><span>New sandbox channel</span> <input name="new_channel" maxlength="60"></label>'
        f"<h2>It wants to</h2>{scopes}"
        '<p class="buttons"><button name="allow" value="1">Allow</button>'
        ' <button name="deny" value="1" class="plain">Deny</button></p></form>'
    )
