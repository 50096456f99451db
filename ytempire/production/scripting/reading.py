"""A model's structured answer to a draft. Raises DraftRefused where it doesn't fit, never guesses."""

from __future__ import annotations

from collections.abc import Mapping
from html import unescape
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ytempire.kit.errors import YtempireError
from ytempire.production.model import CardKind, Datum
from ytempire.production.scripting.model import Beat, Draft

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)]


class DraftRefused(YtempireError):  # noqa: N818
    """The model's answer is no usable script; `fix` says what to do."""

    code = "draft_refused"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Datum(_Strict):
    label: Line
    value: Annotated[float, Field(allow_inf_nan=False)] | None
    unit: Line


class _Beat(_Strict):
    sentence: Line
    card: Line
    on_screen: Line
    picture: Line
    data: list[_Datum]
    chapter: Line
    source: int | None
    quote: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4_000)]

    def beat(self, role: str) -> Beat:
        known = self.card in {kind.value for kind in CardKind}
        return Beat(
            sentence=" ".join(unescape(self.sentence).split()),
            card=CardKind(self.card) if known else None,
            on_screen=" ".join(self.on_screen.split()),
            picture_idea=" ".join(self.picture.split()),
            data=tuple(Datum(one.label, one.value, one.unit) for one in self.data),
            chapter=self.chapter,
            source_index=self.source,
            quote=unescape(self.quote),  # sources are escaped in the prompt
            role=role,
        )


class _Script(_Strict):
    hook: _Beat
    beats: list[_Beat] = Field(min_length=1, max_length=250)
    call_to_action: _Beat
    titles: list[Line] = Field(min_length=1)
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4_000)]
    tags: list[Line]
    thumbnails: list[Line]


def read_draft(answer: Mapping[str, object]) -> Draft:
    """The draft of an answer to `prompts.script_schema`."""
    try:
        script = _Script.model_validate(dict(answer))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DraftRefused(
            f"the model's answer does not fit what was asked for: {where}: {first['msg']}",
            fix="Run the same command again, or set another model for the role.",
        ) from error
    return Draft(
        beats=(
            script.hook.beat("hook"),
            *(beat.beat("beat") for beat in script.beats),
            script.call_to_action.beat("end"),
        ),
        titles=tuple(title for title in script.titles if title),
        description=script.description,
        tags=tuple(tag for tag in script.tags if tag),
        thumbnail_texts=tuple(text for text in script.thumbnails if text),
    )
