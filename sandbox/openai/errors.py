"""OpenAI's error bodies: `{"error": {"message", "type", "param", "code"}}`, by code.

Shape: openai.APIError in the vendor's Python SDK reads `code`, `param`, `type` from the inner object.
"""

from typing import Any, Final

from fastapi.responses import JSONResponse

_BILLING = "You exceeded your current quota, please check your plan and billing details."

ERRORS: Final[dict[str, tuple[int, str, str]]] = {
    # code: (HTTP status, type, message)
    "invalid_api_key": (401, "invalid_request_error", "Incorrect API key provided."),
    "model_not_found": (404, "invalid_request_error", "The model does not exist or you do not have access to it."),
    "not_found": (404, "invalid_request_error", "No such object."),
    "invalid_value": (400, "invalid_request_error", "Invalid value."),
    "invalid_json_schema": (400, "invalid_request_error", "Invalid schema for response_format."),
    "missing_required_parameter": (400, "invalid_request_error", "Missing required parameter."),
    "context_length_exceeded": (400, "invalid_request_error", "Your input exceeds the context window of this model."),
    "content_policy_violation": (400, "invalid_request_error", "Your request was rejected by the safety system."),
    "rate_limit_exceeded": (429, "requests", "Rate limit reached for requests per minute."),
    "slow_down": (429, "requests", "Slow down: your request rate has risen too fast."),
    "insufficient_quota": (429, "insufficient_quota", _BILLING),
    "credit_balance_exhausted": (429, "insufficient_quota", "Your credit balance is exhausted."),
    "project_spend_limit_exceeded": (429, "insufficient_quota", "Your project has reached its spend limit."),
    "organization_spend_limit_exceeded": (429, "insufficient_quota", "Your organization has reached its spend limit."),
    "server_error": (500, "server_error", "The server had an error while processing your request."),
    "overloaded": (503, "server_error", "The engine is currently overloaded, please try again later."),
}

_RETRIED = {"rate_limit_exceeded", "slow_down"}


class Refused(Exception):  # noqa: N818 - named for what the vendor does
    """A call this vendor answers with an error."""

    def __init__(self, code: str, message: str | None = None, param: str | None = None) -> None:
        super().__init__(code)
        self.code, self.message, self.param = code, message, param


def answer(
    code: str, message: str | None = None, param: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    """The vendor's answer for an error code."""
    status, kind, default = ERRORS[code]
    sent = dict(headers or {})
    if code in _RETRIED:
        sent.setdefault("retry-after", "1")
    body: dict[str, Any] = {"message": message or default, "type": kind, "param": param, "code": code}
    return JSONResponse({"error": body}, status, headers=sent)
