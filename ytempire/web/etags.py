"""Edits that don't overwrite each other: an entity tag of what was shown, and the condition on what is there now."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Response
from pydantic import BaseModel

from ytempire.kit.errors import VersionConflict, YtempireError
from ytempire.kit.ids import content_hash

IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The `ETag` of the version that is changed; required.")
]


class ConditionMissing(YtempireError):  # noqa: N818
    """A change must name the version it was made from."""

    code = "condition_missing"


def etag_of(shown: BaseModel) -> str:
    """The strong entity tag of a representation."""
    return f'"{content_hash(shown.model_dump(mode="json"))[:32]}"'


def with_etag(response: Response, shown: BaseModel) -> None:
    """Send it along."""
    response.headers["ETag"] = etag_of(shown)


def require_match(if_match: str | None, current: BaseModel) -> None:
    """Raise unless the change was made from what is there now.

    Read `current` in the transaction that writes, its row locked (`for update`), or two edits at once both pass.
    """
    if if_match is None:
        raise ConditionMissing(
            "a change needs the version it was made from",
            field="If-Match",
            fix="Get it first and send its ETag as If-Match.",
        )
    named = {tag.strip() for tag in if_match.split(",")}
    if "*" not in named and etag_of(current) not in named:
        raise VersionConflict(
            "it was changed since you read it", field="If-Match", fix="Get it again and apply your change to that."
        )
