"""Admin paths (loopback only, all begin with `/_`): faults, clock, settings, books, channels, grants."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException

from sandbox import bills, faults
from sandbox.google import oauth
from sandbox.google.channels import find_or_make_channel
from sandbox.state import DEFAULTS, State

Asked = Annotated[dict[str, Any], Body()]


def routes(state: State) -> APIRouter:
    """The admin router."""
    router = APIRouter()

    @router.get("/_health")
    def health() -> dict[str, Any]:
        return {"ok": True, "now": state.now()}

    @router.get("/_books")
    def show_books(marker: str | None = None) -> dict[str, Any]:
        return bills.books(state, marker)

    @router.get("/_faults")
    def show_faults() -> list[dict[str, Any]]:
        return faults.listing(state)

    @router.post("/_faults", status_code=201)
    def add_fault(wanted: Asked) -> dict[str, Any]:
        try:
            return faults.plan(state, wanted)
        except (ValueError, TypeError) as wrong:
            raise HTTPException(422, str(wrong)) from wrong

    @router.delete("/_faults")
    def clear_faults() -> dict[str, int]:
        return {"removed": state.run("delete from faults")}

    _time(router, state)
    _vendors(router, state)
    return router


def _time(router: APIRouter, state: State) -> None:
    @router.get("/_settings")
    def show_settings() -> dict[str, Any]:
        return {key: state.setting(key) for key in DEFAULTS}

    @router.post("/_settings")
    def change_settings(wanted: Asked) -> dict[str, Any]:
        unknown = sorted(set(wanted) - set(DEFAULTS))
        if unknown:
            raise HTTPException(422, f"no such setting: {', '.join(unknown)}; there are {', '.join(sorted(DEFAULTS))}")
        with state.change():
            for key, value in wanted.items():
                state.put_setting(key, value)
        return show_settings()

    @router.post("/_clock")
    def set_clock(wanted: Asked) -> dict[str, Any]:
        """{"offset_s": 3600} | {"absolute": "2026-11-22T08:00:00Z"}, optionally "frozen": true."""
        try:
            _set_clock(state, wanted)
        except (ValueError, TypeError) as wrong:
            raise HTTPException(422, f"clock: {wrong}") from wrong
        return {"now": state.now(), "frozen": state.setting("clock_frozen_at") is not None}


def _vendors(router: APIRouter, state: State) -> None:
    @router.post("/_channels", status_code=201)
    def make_channel(wanted: Asked) -> dict[str, Any]:
        title = str(wanted.get("title", "")).strip()
        if not title:
            raise HTTPException(422, "title: a channel needs one")
        channel = find_or_make_channel(state, title, str(wanted.get("description", "")))
        return {"id": channel["id"], "title": channel["title"], "handle": channel["handle"]}

    @router.post("/_grants", status_code=201)
    def make_grant(wanted: Asked) -> dict[str, Any]:
        """Consent without the page: {"channel": title or id, "client_id": …, "scopes": […]} → tokens."""
        try:
            channel, client_id = str(wanted["channel"]), str(wanted["client_id"])
        except KeyError as missing:
            raise HTTPException(422, f"{missing.args[0]}: missing") from missing
        scopes = wanted.get("scopes") or sorted(oauth.SCOPES)
        found = find_or_make_channel(state, channel, "")
        return {"channel_id": found["id"]} | oauth.grant(state, client_id, found["id"], scopes, offline=True)


def _set_clock(state: State, wanted: dict[str, Any]) -> None:
    with state.change():
        now = state.now()
        if "offset_s" in wanted:
            state.put_setting("clock_frozen_at", None)
            state.put_setting("clock_offset_s", float(wanted["offset_s"]))
            now = state.now()
        elif "absolute" in wanted:
            moment = datetime.fromisoformat(str(wanted["absolute"]))
            if moment.tzinfo is None:
                raise ValueError("absolute needs a zone, as in 2026-11-22T08:00:00Z")
            now = moment.timestamp()
        elif "frozen" not in wanted:
            raise ValueError("give offset_s or absolute, or frozen")
        if wanted.get("frozen"):
            state.put_setting("clock_frozen_at", now)
        elif "offset_s" not in wanted:
            state.put_setting("clock_frozen_at", None)
            real = state.now() - float(state.setting("clock_offset_s"))
            state.put_setting("clock_offset_s", now - real)
