"""Forms: a field with its label, hint and error; the page that says what went wrong; how a page's route answers."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, LiteralString

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from ytempire.kit.database import ConnectionLost, NotStorable
from ytempire.kit.errors import BadInput, TooMany, YtempireError
from ytempire.web.pages.html import Html, fill, page
from ytempire.web.problems import STATUS, no_database, not_storable

_INPUT: LiteralString = """<div class="field">
<label for="$name">$label</label>
$hint
<input id="$name" name="$name" type="$type" value="$value" autocomplete="$autocomplete"$marks>
</div>
"""
_HINT: LiteralString = '<p class="hint" id="$name-hint">$hint</p>'
_ALERT: LiteralString = '<p class="alert" role="alert">$words</p>'


@dataclass(frozen=True)
class Field:
    """One line to fill in."""

    name: str
    label: str
    autocomplete: str
    type: str = "text"
    value: str = ""
    hint: str = ""
    marks: LiteralString = " required"
    """Further attributes, as they stand in HTML."""

    def html(self, wrong: str | None) -> Html:
        """The field; `wrong` is the name of the one at fault."""
        marks = self.marks
        if self.hint:
            marks += f' aria-describedby="{self.name}-hint"'
        if wrong == self.name:
            marks += ' aria-invalid="true" autofocus'
        hint = fill(_HINT, name=self.name, hint=self.hint) if self.hint else Html("")
        return fill(
            _INPUT,
            name=self.name,
            label=self.label,
            hint=hint,
            type=self.type,
            value=self.value,
            autocomplete=self.autocomplete,
            marks=Html(marks),
        )


PASSWORD = Field(
    "password",
    "Password",
    "new-password",
    type="password",
    hint="12 to 200 characters; four random words do well. Not your e-mail address.",
    marks=' required minlength="12" maxlength="200"',
)


CODE = Field(
    "code",
    "Code",
    "one-time-code",
    hint="Of your app or of your list, if you set up a second factor; otherwise leave it empty.",
    marks=' maxlength="40"',
)


def alert(error: YtempireError | None) -> Html:
    """What went wrong and how to mend it, read out by screen readers at once."""
    if error is None:
        return Html("")
    end = "" if error.message.endswith((".", "!", "?")) else "."
    said = f"{error.message[:1].upper()}{error.message[1:]}{end} {error.fix or ''}".strip()
    return fill(_ALERT, words=said)


def status_of(error: YtempireError | None) -> int:
    """What the API would answer with."""
    return STATUS.get(error.code, 500) if error else 200


def elsewhere(path: str) -> RedirectResponse:
    """Go there with GET."""
    return RedirectResponse(path, 303)


class PageRoute(APIRoute):
    """A route of a page: an error that it doesn't show itself becomes a page that says it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler with ours around it."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except YtempireError as error:
                return _sorry(error)
            except ConnectionLost:
                return _sorry(no_database())
            except (NotStorable, UnicodeEncodeError):
                return _sorry(not_storable())
            except RequestValidationError:
                return _sorry(BadInput("something of the form is missing or too long", fix="Go back and try again."))

        return handle


def _sorry(error: YtempireError) -> Response:
    answer = page("That did not work", alert(error), status=status_of(error))
    if isinstance(error, TooMany) and error.retry_after_s is not None:
        answer.headers["Retry-After"] = str(int(error.retry_after_s))
    return answer


def pages() -> APIRouter:
    """A router of pages."""
    return APIRouter(route_class=PageRoute, include_in_schema=False, tags=["pages"])
