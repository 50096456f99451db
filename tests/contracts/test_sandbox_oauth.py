"""google-auth-oauthlib and google-auth against the sandbox's consent page and token endpoint."""

from __future__ import annotations

import threading
import webbrowser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import google.auth.exceptions
import google.auth.transport.requests
import httpx
import pytest
from google_auth_oauthlib.flow import Flow, InstalledAppFlow
from googleapiclient.errors import HttpError

from tests.contracts.running_sandbox import CLIENT_ID, RunningSandbox

AUTH = "https://www.googleapis.com/auth/"
SCOPES = [AUTH + "youtube.upload", AUTH + "youtube.readonly"]
BACK = "http://127.0.0.1:9/back"


@pytest.fixture(autouse=True)
def plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")


def config(sandbox: RunningSandbox) -> dict[str, Any]:
    return {
        "installed": {
            "client_id": CLIENT_ID,
            "client_secret": "sandbox-secret",
            "auth_uri": sandbox.url + "/google/o/oauth2/v2/auth",
            "token_uri": sandbox.url + "/google/token",
            "redirect_uris": ["http://localhost"],
        }
    }


def approve(address: str, channel: str, **more: str) -> dict[str, str]:
    """What a browser's address bar shows after the consent."""
    query = "".join(f"&{name}={value}" for name, value in {"sandbox_channel": channel, **more}.items())
    answer = httpx.get(address + query, timeout=20, verify=False)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def fetch(flow: Flow, answer: dict[str, str]) -> Any:
    try:
        return flow.fetch_token(code=answer["code"])
    finally:
        flow.oauth2session.close()


def flow_of(sandbox: RunningSandbox, **options: Any) -> tuple[Flow, str]:
    flow = Flow.from_client_config(config(sandbox), SCOPES, redirect_uri=BACK, **options)
    address, _ = flow.authorization_url(access_type="offline", prompt="consent select_account")
    return flow, address


class Visitor(webbrowser.BaseBrowser):
    """A browser that follows the address it is given, as a person who agrees would."""

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        threading.Thread(target=lambda: httpx.get(url + "&sandbox_channel=Loopback", follow_redirects=True)).start()
        return True


def test_the_loopback_flow_connects_a_channel(sandbox: RunningSandbox) -> None:
    webbrowser.register("visitor", None, Visitor("visitor"))
    flow = InstalledAppFlow.from_client_config(config(sandbox), SCOPES)
    try:
        credentials = flow.run_local_server(
            host="127.0.0.1", port=0, browser="visitor", authorization_prompt_message=None, timeout_seconds=20
        )
    finally:
        flow.oauth2session.close()
    assert credentials.refresh_token
    assert set(credentials.scopes) == set(SCOPES)
    listed = sandbox.youtube(credentials).channels().list(part="snippet", mine=True).execute()
    assert listed["items"][0]["snippet"]["title"] == "Loopback"


def test_the_page_lists_channels_and_takes_a_form(sandbox: RunningSandbox) -> None:
    sandbox.post("/_channels", title="Of <the> page")
    flow, address = flow_of(sandbox)
    page = httpx.get(address, timeout=20, verify=False)
    assert "Of &lt;the&gt; page" in page.text
    assert "Upload YouTube videos" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    sent = httpx.post(address, data={"new_channel": "By form", "scope": SCOPES, "allow": "1"}, timeout=20, verify=False)
    answer = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    assert fetch(flow, answer)["refresh_token"]
    denied = httpx.post(address, data={"deny": "1"}, timeout=20, verify=False)
    assert "error=access_denied" in denied.headers["location"]
    assert approve(address, "x", sandbox_deny="1")["error"] == "access_denied"


def test_pkce_is_checked(sandbox: RunningSandbox) -> None:
    flow, address = flow_of(sandbox, autogenerate_code_verifier=True)
    assert "code_challenge_method=S256" in address
    answer = approve(address, "Pkce")
    right, flow.code_verifier = flow.code_verifier, "w" * 64
    with pytest.raises(Exception, match="invalid_grant"):
        fetch(flow, answer)
    flow.code_verifier = right
    assert fetch(flow, answer)["access_token"]
    with pytest.raises(Exception, match="invalid_grant"):  # a code is good once
        fetch(flow, answer)


def test_only_a_new_consent_brings_a_refresh_token(sandbox: RunningSandbox) -> None:
    flow, address = flow_of(sandbox)
    assert "refresh_token" in fetch(flow, approve(address, "Again"))
    flow = Flow.from_client_config(config(sandbox), SCOPES, redirect_uri=BACK)
    address, _ = flow.authorization_url(access_type="offline")
    assert "refresh_token" not in fetch(flow, approve(address, "Again"))


def test_unticked_scopes_are_not_granted(sandbox: RunningSandbox) -> None:
    flow, address = flow_of(sandbox)
    granted = fetch(flow, approve(address, "Narrow", sandbox_scopes=SCOPES[0]))
    assert granted["scope"] == [SCOPES[0]]
    with pytest.raises(HttpError) as refused:
        sandbox.youtube(flow.credentials).playlists().list(part="id", mine=True).execute()
    assert refused.value.resp.status == 403
    assert refused.value.error_details[0]["reason"] == "insufficientPermissions"


def test_an_old_access_token_is_refreshed(sandbox: RunningSandbox) -> None:
    credentials = sandbox.credentials("Refresh")
    first = credentials.token
    sandbox.post("/_clock", offset_s=3600)
    sandbox.youtube(credentials).channels().list(part="id", mine=True).execute()
    assert credentials.token != first


def test_testing_mode_kills_refresh_tokens_after_seven_days(sandbox: RunningSandbox) -> None:
    sandbox.post("/_settings", consent_screen="testing")
    flow, address = flow_of(sandbox)
    assert fetch(flow, approve(address, "Testing"))["refresh_token_expires_in"] == 7 * 86_400
    sandbox.post("/_clock", offset_s=7 * 86_400 + 60)
    with pytest.raises(google.auth.exceptions.RefreshError, match="invalid_grant"):
        refresh(flow.credentials)


def refresh(credentials: Any) -> None:
    request = google.auth.transport.requests.Request()
    try:
        credentials.refresh(request)
    finally:
        request.session.close()


def test_revoked_is_gone_at_once(sandbox: RunningSandbox) -> None:
    credentials = sandbox.credentials("Revoke")
    gone = httpx.post(
        sandbox.url + "/google/revoke", data={"token": credentials.refresh_token}, timeout=20, verify=False
    )
    assert gone.status_code == 200
    with pytest.raises(google.auth.exceptions.RefreshError, match="invalid_grant"):
        sandbox.youtube(credentials).channels().list(part="id", mine=True).execute()
    again = httpx.post(
        sandbox.url + "/google/revoke", data={"token": credentials.refresh_token}, timeout=20, verify=False
    )
    assert (again.status_code, again.json()["error"]) == (400, "invalid_token")


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_secret": "GOCSPX-real"}, 401, "invalid_client"),
        ({"refresh_token": "1//unknown"}, 400, "invalid_grant"),
        ({"client_id": "999-other"}, 400, "invalid_grant"),
    ],
)
def test_the_token_endpoint_s_refusals(sandbox: RunningSandbox, change: Any, status: int, error: str) -> None:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": sandbox.credentials("Tokens").refresh_token,
        "client_id": CLIENT_ID,
        "client_secret": "sandbox-secret",
    }
    answer = httpx.post(sandbox.url + "/google/token", data=form | change, timeout=20, verify=False)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    "change",
    [{"response_type": "token"}, {"scope": "https://mail.google.com/"}, {"redirect_uri": "ftp://x"}, {"client_id": ""}],
)
def test_consent_requests_that_are_blocked(sandbox: RunningSandbox, change: dict[str, str]) -> None:
    query = {"client_id": CLIENT_ID, "redirect_uri": BACK, "response_type": "code", "scope": SCOPES[0]} | change
    page = httpx.get(sandbox.url + "/google/o/oauth2/v2/auth", params=query, timeout=20, verify=False)
    assert page.status_code == 400


@pytest.mark.parametrize(("token", "reason"), [(None, "required"), ("ya29.unknown", "authError")])
def test_calls_without_a_live_token(sandbox: RunningSandbox, token: str | None, reason: str) -> None:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    answer = httpx.get(
        sandbox.url + "/google/youtube/v3/channels?part=id&mine=true", headers=headers, timeout=20, verify=False
    )
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (401, reason)
    assert "www-authenticate" in answer.headers
