"""The house's rules hold for the tree as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import checks

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.__name__)
def test_the_tree_keeps_the_rule(check: Callable[[Path], list[str]]) -> None:
    wrong = check(ROOT)
    assert not wrong, f"{check.__doc__}\n" + "\n".join(wrong)
