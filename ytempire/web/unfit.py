"""What pydantic finds unfit in a request, in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_REFERENCE = "/api/v1/openapi.json has an example of each request."
_DAY = ("{given} is no day", "Write it like 2026-12-24.")
_TIME = ("{given} is no time", "Write it like 2026-12-24T18:00:00Z.")
_NUMBER = ("{given} is no whole number", "Send one, without a unit.")
_OBJECT = ("{given} is no JSON object", f"Write {{{{…}}}}. {_REFERENCE}")
_WORDS = {
    "missing": ("{field} is missing", f"Send it. {_REFERENCE}"),
    "extra_forbidden": ("there is no field {field} here", f"Take it out, or mend a slip in its name. {_REFERENCE}"),
    "json_invalid": ("the body is no JSON: {error}, at character {at}", "Put names and texts into double quotes."),
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "dict_type": _OBJECT,
    "literal_error": ("{given} is unknown", "Choose one of: {expected}."),
    "enum": ("{given} is unknown", "Choose one of: {expected}."),
    "uuid_parsing": ("{given} is no id", "Send an `id` as an answer or a list gave it."),
    "less_than_equal": ("{given} is too large", "Send at most {le}."),
    "greater_than_equal": ("{given} is too small", "Send at least {ge}."),
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "int_parsing": _NUMBER,
    "int_type": _NUMBER,
}
"""What isn't listed is told in pydantic's own words."""
_OF_THE_BODY = {
    "missing": ("there is no body", f"Send JSON. {_REFERENCE}"),
    "model_attributes_type": (
        "the body was not taken as a JSON object",
        "Send {{…}}, with the header Content-Type: application/json.",
    ),
}
_SHOWN_CHARACTERS = 60


def field_of(found: Mapping[str, Any]) -> str:
    """The field at fault, as it stands in the request; the body where it is all of it."""
    where, *names = (str(part) for part in found["loc"])
    return ".".join(names) if names and found["type"] != "json_invalid" else where


def plain_words(found: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong, and how to mend it."""
    field, kind = field_of(found), found["type"]
    listed = (_OF_THE_BODY.get(kind) if field == "body" else None) or _WORDS.get(kind)
    if listed is None:
        return str(found["msg"]).removeprefix("Value error, "), _REFERENCE
    given = repr(found.get("input"))
    shown = given if len(given) <= _SHOWN_CHARACTERS else f"{given[:_SHOWN_CHARACTERS]}…"
    told = {"field": field, "given": shown, "at": found["loc"][-1], **(found.get("ctx") or {})}
    return listed[0].format(**told), listed[1].format(**told)
