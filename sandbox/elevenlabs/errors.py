"""ElevenLabs' error bodies: `{"detail": {"status", "message"}}`, by status; 422 carries FastAPI's own list."""

from typing import Any, Final

from fastapi.responses import JSONResponse

ERRORS: Final[dict[str, tuple[int, str]]] = {
    "invalid_api_key": (401, "Invalid API key"),
    "needs_authorization": (401, "Neither authorization header nor xi-api-key received, please provide one."),
    "quota_exceeded": (401, "This request exceeds your quota of credits."),
    "missing_permissions": (401, "The API key you used is missing the permission text_to_speech."),
    "detected_unusual_activity": (401, "Unusual activity detected. Free Tier usage disabled."),
    "voice_not_found": (404, "A voice with the given voice_id was not found."),
    "model_not_found": (400, "A model with the given model_id was not found."),
    "history_item_not_found": (404, "A history item with the given history_item_id was not found."),
    "max_character_limit_exceeded": (400, "The text is longer than the model takes in one request."),
    "output_format_not_allowed": (403, "The requested output format is not served here."),
    "too_many_concurrent_requests": (429, "Too many concurrent requests for your subscription."),
    "system_busy": (429, "We are experiencing heavy traffic, please try again later."),
    "internal_error": (500, "An internal error occurred."),
}


class Refused(Exception):  # noqa: N818 - named for what the vendor does
    """A call this vendor answers with an error."""

    def __init__(self, status: str, message: str | None = None) -> None:
        super().__init__(status)
        self.status, self.message = status, message


class Invalid(Exception):  # noqa: N818 - named for what the vendor does
    """A request whose field is wrong: answered with 422 and the field's place."""

    def __init__(self, place: list[str | int], message: str, kind: str = "value_error") -> None:
        super().__init__(message)
        self.body = {"detail": [{"loc": place, "msg": message, "type": kind}]}


def answer(status: str, message: str | None = None, headers: dict[str, str] | None = None) -> JSONResponse:
    """The vendor's answer for an error status."""
    code, default = ERRORS[status]
    detail: dict[str, Any] = {"status": status, "message": message or default}
    return JSONResponse({"detail": detail}, code, headers=headers)
