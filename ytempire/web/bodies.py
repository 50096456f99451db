"""What all bodies have in common: an example each, and what is sent is taken at its word."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Given(BaseModel):
    """What is sent: unknown fields are errors, so that a slip of the pen doesn't go unseen."""

    model_config = ConfigDict(extra="forbid")


def example(shown: dict[str, Any]) -> ConfigDict:
    """A model's example, as the OpenAPI document and the reference show it."""
    return ConfigDict(json_schema_extra={"examples": [shown]})
