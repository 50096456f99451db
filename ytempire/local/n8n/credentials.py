"""The credentials that workflows name, by fixed ids, made from this installation's settings at every deployment.

None is a vendor's. The run's token is short-lived and good for one video; it comes with each item (`$json.token`), so
the credentials of the relay hold an expression in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

API_ID, API_NAME = "ytempireApi000001", "YTEMPIRE API"
OPENAI_ID, OPENAI_NAME = "ytempireOpenAi001", "YTEMPIRE relay (OpenAI)"
RUN_ID, RUN_NAME = "ytempireRunTok001", "YTEMPIRE run token"
OF_THE_ITEM = "={{ $json.token }}"


class Credential(TypedDict):
    """One of n8n's import file."""

    id: str
    name: str
    type: str
    data: dict[str, object]


@dataclass(frozen=True)
class Api:
    """Our web server as n8n reaches it, without a path; its key there, and what signs its reports."""

    url: str
    key: str
    webhook_secret: str


def credentials(api: Api) -> list[Credential]:
    """All of them."""
    return [
        {
            "id": API_ID,
            "name": API_NAME,
            "type": "ytempireApi",
            "data": {"baseUrl": api.url, "apiKey": api.key, "webhookSecret": api.webhook_secret},
        },
        {
            "id": OPENAI_ID,
            "name": OPENAI_NAME,
            "type": "openAiApi",
            "data": {
                "apiKey": OF_THE_ITEM,
                "url": f"{api.url}/api/v1/relay/openai/v1",
                "organizationId": "",
                "header": False,
            },
        },
        {
            "id": RUN_ID,
            "name": RUN_NAME,
            "type": "httpHeaderAuth",
            "data": {"name": "Authorization", "value": "=Bearer {{ $json.token }}"},
        },
    ]
