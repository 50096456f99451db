"""Paths of the ElevenLabs stand-in, under /elevenlabs."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse

from sandbox.elevenlabs import catalogue, history, speech
from sandbox.elevenlabs.errors import Invalid, Refused, answer
from sandbox.elevenlabs.subscription import subscription
from sandbox.state import State


def _check_key(request: Request) -> None:
    """A key that says `sandbox`, so that a real one sent here by mistake is refused and not kept."""
    key = request.headers.get("xi-api-key")
    if not key:
        raise Refused("needs_authorization")
    if "sandbox" not in key:
        raise Refused("invalid_api_key")


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Invalid(["body"], "JSON decode error", "json_invalid")
    return body


Asked = Annotated[dict[str, Any], Depends(_json)]


def install(app: FastAPI, state: State) -> None:
    """Add this vendor to the server."""
    router = APIRouter(prefix="/elevenlabs/v1", dependencies=[Depends(_check_key)])

    @router.post("/text-to-speech/{voice_id}/with-timestamps")
    def convert(voice_id: str, request: Request, asked: Asked) -> JSONResponse:
        body, headers = speech.convert(state, voice_id, dict(request.query_params), asked)
        return JSONResponse(body, headers=headers)

    @router.get("/models")
    def models() -> list[dict[str, Any]]:
        return catalogue.models()

    @router.get("/voices")
    def voices() -> dict[str, Any]:
        return {"voices": catalogue.voices()}

    @router.get("/voices/{voice_id}")
    def voice(voice_id: str) -> dict[str, Any]:
        if voice_id not in catalogue.catalogue()["voices"]:
            raise Refused("voice_not_found")
        return catalogue.voice(voice_id)

    @router.get("/user/subscription")
    def user_subscription() -> dict[str, Any]:
        return subscription(state)

    _history(router, state)
    app.include_router(router)

    @app.exception_handler(Refused)
    def refusal(_request: Request, refused: Refused) -> JSONResponse:
        return answer(refused.status, refused.message)

    @app.exception_handler(Invalid)
    def invalid_field(_request: Request, invalid: Invalid) -> JSONResponse:
        return JSONResponse(invalid.body, 422)


def _history(router: APIRouter, state: State) -> None:
    @router.get("/history")
    def list_history(request: Request) -> dict[str, Any]:
        return history.page(state, dict(request.query_params))

    @router.get("/history/{item_id}")
    def get_history(item_id: str) -> dict[str, Any]:
        return history.get(state, item_id)

    @router.delete("/history/{item_id}")
    def delete_history(item_id: str) -> dict[str, str]:
        return history.delete(state, item_id)

    @router.get("/history/{item_id}/audio")
    def get_audio(item_id: str) -> FileResponse:
        path, kind = history.audio(state, item_id)
        return FileResponse(path, media_type=kind)
