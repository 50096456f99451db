"""Things that are built when they are first used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")


def deferred(build: Callable[[], T]) -> T:
    """Stands for what `build` makes; the first use of an attribute makes it, once. Not for isinstance or operators."""
    return cast("T", _Deferred(build))


class _Deferred:
    def __init__(self, build: Callable[[], object]) -> None:
        self.__build = build

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever it stands for
        if "_made" not in self.__dict__:
            self.__dict__["_made"] = self.__build()
        return getattr(self.__dict__["_made"], name)
