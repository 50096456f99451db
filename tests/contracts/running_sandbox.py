"""A sandbox process for the contract tests, and the vendors' real SDKs pointed at it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import google_auth_httplib2
import googleapiclient
import httpx
from elevenlabs.client import ElevenLabs
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.http import build_http
from openai import DefaultHttpxClient, OpenAI

DISCOVERY = json.loads(
    (Path(googleapiclient.__file__).parent / "discovery_cache/documents/youtube.v3.json").read_text("utf-8")
)
VOICE = "21m00Tcm4TlvDq8ikWAM"
CLIENT_ID = "4711-contracts.apps.googleusercontent.com"


@dataclass
class RunningSandbox:
    """One process, its folder, and what was tried on it so far."""

    folder: Path
    url: str = ""
    process: subprocess.Popen[bytes] | None = None
    struck: Counter[tuple[str, str]] = field(default_factory=Counter)
    opened: list[Any] = field(default_factory=list)
    admin: httpx.Client = field(default_factory=lambda: httpx.Client(verify=False, timeout=30))

    def start(self) -> None:
        port_file = self.folder / "address.json"
        port_file.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sandbox",
                "--port",
                "0",
                "--state",
                str(self.folder),
                "--port-file",
                str(port_file),
            ],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while not port_file.exists():
            assert self.process.poll() is None, "the sandbox ended before it answered"
            assert time.monotonic() < deadline, "the sandbox did not answer within a minute"
            time.sleep(0.02)
        self.url = json.loads(port_file.read_text("utf-8"))["url"]

    def stop(self, how: int = signal.SIGTERM) -> None:
        assert self.process is not None
        os.kill(self.process.pid, how)
        self.process.wait(20)
        self.admin.close()
        self.admin = httpx.Client(verify=False, timeout=30)

    def get(self, path: str, **params: str) -> Any:
        return self.admin.get(self.url + path, params=params).raise_for_status().json()

    def post(self, path: str, **body: Any) -> Any:
        return self.admin.post(self.url + path, json=body).raise_for_status().json()

    def fault(self, vendor: str, operation: str, kind: str, **options: Any) -> None:
        self.post("/_faults", match={"vendor": vendor, "operation": operation}, fault=kind, **options)

    def calm(self) -> None:
        """No faults, no shifted clock, no changed setting: how every test finds it."""
        while self.opened:
            self.opened.pop().close()
        for planned in self.get("/_faults"):
            self.struck[planned["vendor"], planned["fault"]] += planned["hits"]
        self.admin.delete(self.url + "/_faults").raise_for_status()
        self.post("/_settings", **FRESH)

    def paid(self, vendor: str) -> int:
        return int(self.get("/_books")["vendors"][vendor]["paid_calls"])

    @contextmanager
    def paying(self, vendor: str, calls: int) -> Any:
        """Exactly so many paid calls happen inside."""
        before = self.paid(vendor)
        yield
        assert self.paid(vendor) - before == calls

    def openai(self, key: str = "sk-sandbox", **options: Any) -> OpenAI:
        plain = DefaultHttpxClient(verify=False, follow_redirects=False)
        options = {"max_retries": 0, "timeout": 20, "http_client": plain} | options
        return OpenAI(api_key=key, base_url=self.url + "/openai/v1", **options)

    def elevenlabs(self, key: str = "sk_sandbox", **options: Any) -> ElevenLabs:
        options = {"timeout": 20, "verify": False} | options  # no certificates are read for loopback
        client = httpx.Client(**options)
        self.opened.append(client)
        # The SDK sets its own timeout (240 s) on every request of a client that is handed in: say it twice.
        address = self.url + "/elevenlabs"
        return ElevenLabs(api_key=key, base_url=address, httpx_client=client, timeout=options["timeout"])

    def credentials(self, channel: str, scopes: list[str] | None = None, client_id: str = CLIENT_ID) -> Credentials:
        given = self.post("/_grants", channel=channel, client_id=client_id, scopes=scopes)
        return Credentials(
            given["access_token"],
            refresh_token=given["refresh_token"],
            token_uri=self.url + "/google/token",
            client_id=client_id,
            client_secret="sandbox-secret",
        )

    def youtube(self, credentials: Credentials, timeout_s: float = 20.0) -> Any:
        """The real client on the discovery document it ships, with the address rewritten."""
        http = build_http()
        http.timeout = timeout_s
        self.opened.append(http)
        document = DISCOVERY | {"rootUrl": self.url + "/google/", "baseUrl": self.url + "/google/"}
        return build_from_document(document, http=google_auth_httplib2.AuthorizedHttp(credentials, http=http))


FRESH = {
    "elevenlabs_sound": "speech",
    "clock_offset_s": 0.0,
    "clock_frozen_at": None,
    "processing_s": 0.0,
    "token_lifetime_s": 3599,
    "consent_screen": "production",
    "units_per_day": 1_000_000,
    "uploads_per_day": 1_000,
    "searches_per_day": 100,
    "uploads_per_channel_day": None,
    "openai_balance_microusd": None,
    "openai_store_lag_s": 0.0,
    "elevenlabs_character_limit": 1_000_000,
    "elevenlabs_concurrency": 8,
}
