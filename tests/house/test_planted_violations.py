"""Each rule of the house is broken on purpose in a copy of the tree, and the breach must be seen."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house import checks

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Planted:
    """`code` appended to `file` must be reported by `by`: import-linter, ruff, or one of our checks."""

    what: str
    file: str
    code: str
    by: str
    says: str


PLANTED = [
    Planted(
        "an import up the list",
        "ytempire/ledger/planted_up.py",
        "import ytempire.production.model\n",
        "import-linter",
        r"ytempire\.ledger\.planted_up -> ytempire\.production",
    ),
    Planted(
        "a sideways import inside a function",
        "ytempire/cli/planted_sideways.py",
        "def f():\n    from ytempire.local import machine\n    return machine\n",
        "import-linter",
        r"ytempire\.cli\.planted_sideways -> ytempire\.local\.machine",
    ),
    Planted(
        "a room nobody has placed",
        "ytempire/attic/__init__.py",
        "",
        "import-linter",
        r"attic",
    ),
    Planted(
        "a rule that asks the network",
        "ytempire/channels/rules.py",
        "\nimport httpx\n",
        "import-linter",
        r"ytempire\.channels\.rules -> httpx",
    ),
    Planted(
        "the database's driver in a verb",
        "ytempire/publishing/planted_driver.py",
        "import psycopg\n",
        "import-linter",
        r"ytempire\.publishing\.planted_driver -> psycopg",
    ),
    Planted(
        "a web framework in a feature",
        "ytempire/planning/planted_web.py",
        "import fastapi\n",
        "import-linter",
        r"ytempire\.planning\.planted_web -> fastapi",
    ),
    Planted(
        "a web room that knows the command line",
        "ytempire/web/planted_neighbour.py",
        "import ytempire.cli.door\n",
        "import-linter",
        r"ytempire\.web\.planted_neighbour -> ytempire\.cli\.door",
    ),
    Planted(
        "a vendor's SDK outside providers",
        "ytempire/production/planted_sdk.py",
        "import openai\n",
        "import-linter",
        r"ytempire\.production\.planted_sdk -> openai",
    ),
    Planted(
        "a provider that knows another",
        "ytempire/providers/ffmpeg/planted_neighbour.py",
        "import ytempire.providers.localvoice\n",
        "import-linter",
        r"ytempire\.providers\.ffmpeg\.planted_neighbour -> ytempire\.providers\.localvoice",
    ),
    Planted(
        "a sandbox that knows the product",
        "sandbox/planted_insider.py",
        "import ytempire.kit.clock\n",
        "import-linter",
        r"sandbox\.planted_insider -> ytempire\.kit\.clock",
    ),
    Planted(
        "a way in beside the doors",
        "ytempire/publishing/planted_window.py",
        "def f():\n    from ytempire.production.store import anything\n    return anything\n",
        "doors",
        r"ytempire\.publishing\.planted_window imports ytempire\.production\.store",
    ),
    Planted("a name that says nothing", "ytempire/ledger/helpers.py", "", "names", r"ytempire/ledger/helpers\.py"),
    Planted("a long file", "sandbox/planted_long.py", "x = 1\n" * 351, "lengths", r"planted_long\.py: 351 lines"),
    Planted(
        "a mock",
        "tests/rules/test_planted.py",
        "def f():\n    from unittest import mock\n    return mock\n",
        "mocks",
        r"test_planted\.py:2",
    ),
    Planted(
        "a pool built at import",
        "ytempire/ledger/planted_pool.py",
        "from ytempire.kit.database import Database\n\nDB = Database('')\n",
        "built_at_import",
        r"planted_pool\.py:3: Database\(\)",
    ),
    Planted(
        "dollars as a float",
        "ytempire/ledger/planted_float.py",
        "def f(cents: int):\n    cost_usd = cents / 100\n    return cost_usd\n",
        "money",
        r"planted_float\.py:2: cost_usd",
    ),
    Planted(
        "SQL in a verb",
        "ytempire/ledger/planted_sql.py",
        "Q = 'select id from holds'\n",
        "sql_places",
        r"planted_sql\.py:1",
    ),
    Planted(
        "the database's clock in a store",
        "ytempire/attic/store.py",
        "Q = 'select id from holds where due_at < now()'\n",
        "sql_clock",
        r"attic/store\.py:1",
    ),
    Planted(
        "the machine's clock in a rule",
        "ytempire/planning/planted_clock.py",
        "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n",
        "ruff",
        r"planted_clock\.py:3:\d+: TID251",
    ),
]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each checker says of a copy with every violation planted in it."""
    tree = tmp_path_factory.mktemp("planted")
    for top in (*checks.PRODUCT, "tests"):
        shutil.copytree(
            ROOT / top,
            tree / top,
            ignore=lambda folder, found: [
                name for name in found if not (name.endswith(".py") or (Path(folder) / name).is_dir())
            ],
        )
    shutil.copy(ROOT / "pyproject.toml", tree)
    for planted in PLANTED:
        file = tree / planted.file
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as out:
            out.write(planted.code)
    said = {check.__name__: "\n".join(check(tree)) for check in checks.ALL if check is not checks.doors}
    bin_dir = Path(sys.executable).parent
    commands = {
        "import-linter": [bin_dir / "lint-imports", "--no-logo", "--no-cache"],
        "ruff": [
            bin_dir / "ruff",
            "check",
            "--no-cache",
            "--select",
            "TID251",
            "--output-format",
            "concise",
            "ytempire",
        ],
        # in a process of its own: this one has the real tree's modules loaded
        "doors": [
            sys.executable,
            "-c",
            "from pathlib import Path; from tests.house import checks; print(*checks.doors(Path.cwd()), sep='\\n')",
        ],
    }
    for name, command in commands.items():
        done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
        said[name] = done.stdout + done.stderr
    return said


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.what)
def test_a_planted_violation_is_caught(planted: Planted, reports: dict[str, str]) -> None:
    assert re.search(planted.says, reports[planted.by]), (
        f"{planted.by} did not see {planted.what}:\n{reports[planted.by]}"
    )
