"""Paths of the OpenAI stand-in, under /openai/v1."""

import json
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from sandbox.openai import completions, images, prices, responses, stored
from sandbox.openai.access import check_key
from sandbox.openai.errors import Refused, answer
from sandbox.state import State

_CREATED = 1_788_220_800  # 2026-09-01


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused("invalid_value", "We could not parse the JSON body of your request.")
    return body


Asked = Annotated[dict[str, Any], Depends(_json)]


def _stamp(response: Response) -> None:
    response.headers["x-request-id"] = f"req_{secrets.token_hex(16)}"
    response.headers["openai-processing-ms"] = "12"


def install(app: FastAPI, state: State) -> None:
    """Add this vendor to the server."""
    router = APIRouter(prefix="/openai/v1", dependencies=[Depends(check_key), Depends(_stamp)])

    @router.get("/models")
    def list_models() -> dict[str, Any]:
        return {"object": "list", "data": [_model(name) for name in prices.models()]}

    @router.get("/models/{name}")
    def get_model(name: str) -> dict[str, Any]:
        if name not in prices.models():
            raise Refused("model_not_found", f"The model '{name}' does not exist")
        return _model(name)

    @router.post("/responses")
    def create_response(asked: Asked) -> dict[str, Any]:
        return responses.create(state, asked)

    @router.get("/responses/{answer_id}")
    def get_response(answer_id: str) -> dict[str, Any]:
        return responses.get(state, answer_id)

    @router.post("/images/generations")
    def generate_images(asked: Asked) -> dict[str, Any]:
        return images.generate(state, asked)

    _chat(router, state)
    app.include_router(router)

    @app.exception_handler(Refused)
    def refusal(_request: Request, refused: Refused) -> JSONResponse:
        return answer(refused.code, refused.message, refused.param, {"x-request-id": f"req_{secrets.token_hex(16)}"})


def _chat(router: APIRouter, state: State) -> None:
    @router.post("/chat/completions")
    def create_completion(asked: Asked) -> dict[str, Any]:
        return completions.create(state, asked)

    @router.get("/chat/completions")
    def list_completions(request: Request) -> dict[str, Any]:
        return stored.page(state, request.query_params.multi_items())

    @router.get("/chat/completions/{completion_id}")
    def get_completion(completion_id: str) -> dict[str, Any]:
        return stored.get(state, completion_id)

    @router.post("/chat/completions/{completion_id}")
    def change_completion(completion_id: str, asked: Asked) -> dict[str, Any]:
        return stored.relabel(state, completion_id, completions.check_metadata(asked.get("metadata")))

    @router.delete("/chat/completions/{completion_id}")
    def delete_completion(completion_id: str) -> dict[str, Any]:
        return stored.delete(state, completion_id)

    @router.get("/chat/completions/{completion_id}/messages")
    def list_messages(completion_id: str, request: Request) -> dict[str, Any]:
        return stored.messages(state, completion_id, request.query_params.multi_items())


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": "system"}
