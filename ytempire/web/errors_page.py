"""Writes docs/reference/errors.md from the table and the errors themselves: `make docs`. A test compares the two."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import ytempire
from ytempire.kit.errors import YtempireError
from ytempire.web.problems import STATUS

_HEAD = """# Errors

Every error is `application/problem+json` (RFC 9457) with `code`, `detail`, `request_id` and, where they help, `field`
and `fix`. The code is stable; the words are not. Made from `ytempire/web/problems.py` and the errors' own descriptions
by `make docs`.

| Status | `code` | Meaning |
|---|---|---|
"""
_OF_THE_FRAME = {
    "bad_request": "The request can't be read as HTTP or as what the route takes.",
    "method_not_allowed": "The address is there, this method is not; `Allow` lists those that are.",
    "fault": "A fault of ytempire's own; the log has the account of it under the request's id.",
}
_IN_A_STEP = {"answer_unusable", "draft_refused", "error", "render_failed", "undecryptable"}
"""What a video's step ends with, and faults of the installation: they stand in a video's account, not on the wire."""
_NEIGHBOURS = ("ytempire.cli", "ytempire.local", "ytempire.providers", "ytempire.__main__")
"""Rooms that no request reaches; providers raise what kit and ports name."""


def errors_page() -> str:
    """The page in Markdown. Raises LookupError for an error that the table doesn't have."""
    meanings = dict(_OF_THE_FRAME)
    for error in _all_errors():
        if error.code not in STATUS and error.code not in _IN_A_STEP:
            raise LookupError(f"{error.__module__}.{error.__name__}: give {error.code} a status in web/problems.py")
        meanings.setdefault(error.code, " ".join((error.__doc__ or "").split("\n\n")[0].split()))
    rows = [f"| {status} | `{code}` | {meanings[code]} |" for code, status in STATUS.items()]
    return _HEAD + "\n".join(rows) + "\n"


def _all_errors() -> Iterator[type[YtempireError]]:
    for module in pkgutil.walk_packages(ytempire.__path__, "ytempire."):
        if not module.name.startswith(_NEIGHBOURS):
            importlib.import_module(module.name)
    for error in _below(YtempireError):
        if error.__module__.startswith("ytempire.") and not error.__module__.startswith(_NEIGHBOURS):
            yield error


def _below(error: type[YtempireError]) -> Iterator[type[YtempireError]]:
    for kind in error.__subclasses__():
        yield kind
        yield from _below(kind)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(errors_page())
