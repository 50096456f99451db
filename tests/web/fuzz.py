"""The API under schemathesis: every operation of its document, with what fits and with what doesn't.

    make fuzz ARGS="[--cases 10000] [--seed 1] [--minutes 20]"

A web server of its own process on PostgreSQL, Valkey and the rehearsal's sandbox is asked as an operator and as a
creator, with ids that are theirs (tests/web/belongings.py), so that most operations are reached beyond their first
refusal. It prints what each operation answered, each failure once with how to repeat it, and as its last line one JSON
object. Failures are: any 5xx but a documented 503, an answer that doesn't fit the document, an error that is no
problem+json with a code, a request without a key that is let in, a method that isn't there and is answered.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from tests.web.fuzz_ground import Ground, prepared

SHARE_OF_2XX = 0.30
_CHECKS = {
    # Coercions of query texts and of JSON numbers are meant, and rules of the house (a palette's name, a channel's
    # languages) are told by an answer, not by a schema.
    "negative_data_rejection": {"enabled": False},
    "positive_data_acceptance": {"enabled": False},
    "missing_required_header": {"enabled": False},
    "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", 503]},
}


_OF_PYTHON = "AST constructor recursion depth mismatch"
"""Python 3.11 raises it in the fuzzer itself now and then, while it thinks up deeply nested JSON."""


@dataclass
class Told:
    """What came of a run."""

    answers: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    failures: dict[str, str] = field(default_factory=dict)
    """By what failed where: how to repeat it."""
    cases: int = 0

    def add(self, event: Any) -> None:
        recorder = event.recorder
        for case_id, interaction in recorder.interactions.items():
            self.cases += 1
            label = recorder.cases[case_id].value.operation.label
            self.answers[label][interaction.response.status_code if interaction.response else 0] += 1
        for checks in recorder.checks.values():
            for check in checks:
                if check.status is Status.FAILURE:
                    failure = check.failure_info.failure
                    name = f"{failure.operation}: {failure.title}: {failure.message[:300]}"
                    self.failures.setdefault(name, check.failure_info.code_sample[:2000])

    @property
    def good(self) -> int:
        return sum(count for codes in self.answers.values() for code, count in codes.items() if 200 <= code < 300)

    def without_good(self, every: list[str]) -> list[str]:
        """Operations that never answered 2xx."""
        return [label for label in every if not any(200 <= code < 300 for code in self.answers.get(label, ()))]

    def __add__(self, other: Told) -> Told:
        answers: dict[str, Counter[int]] = defaultdict(Counter)
        for told in (self, other):
            for label, codes in told.answers.items():
                answers[label] += codes
        return Told(answers, self.failures | other.failures, self.cases + other.cases)


def fuzz(ground: Ground, *, most_examples: int, seed: int, mode: str = "all", workers: int = 2) -> Told:
    """Ask everything that the ground is for. `mode` "positive": only what fits; one worker: the same every time."""
    # what breaks a schema is broken alike by everybody, so the one who may ask everything tries it
    without = ("examples", "coverage") if mode == "positive" else () if ground.role == "operator" else ("coverage",)
    only = {name: {"enabled": False} for name in without}
    phases: dict[str, Any] = {"coverage": {"unexpected-methods": ["PUT", "TRACE"]}} | only
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": ground.url,
            "workers": workers,
            "continue-on-failure": True,
            "request-timeout": 30.0,
            "max-stream-events": 2,
            **(
                {"headers": ground.headers}
                if ground.headers
                else {"auth": {"openapi": {"api_key": {"bearer": ground.key}}}}
            ),
            "checks": _CHECKS,
            "generation": {"mode": mode, "max-examples": most_examples, "no-shrink": True, "database": "none"},
            "dictionaries": {kind: {"values": ids} for kind, ids in ground.ids.items()},
            "parameters": {
                f"{place}.{kind}": {"dictionary": kind, "probability": 0.85}
                for kind in ground.ids
                for place in ("path", "query", "body")
            },
            "phases": phases | {"stateful": {"generation": {"max-examples": max(2, most_examples // 2)}}},
        }
    )
    schema = schemathesis.openapi.from_url(f"{ground.url}/api/v1/openapi.json", config=config)
    if ground.only:
        schema = schema.include(operation_id=sorted(ground.only))
    schema.hook("map_case")(lambda _context, case: ground.suited(case))
    schema.hook("filter_case")(lambda _context, case: ground.harmless(case))
    told = Told()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished | events.FuzzScenarioFinished):
            told.add(event)
        elif isinstance(event, events.NonFatalError) and _OF_PYTHON not in event.info.message:
            told.failures.setdefault(f"{event.label}: {event.info.title}", event.info.message[:500])
        elif isinstance(event, events.FatalError):
            raise event.exception
    return told


def _bearer(key: str) -> dict[str, Any]:
    return {"openapi": {"api_key": {"bearer": key}}}


def shown(told: Told, every: list[str]) -> str:
    """The table: what each operation answered."""
    lines = [f"{'cases':>7} {'2xx':>5}  operation, other answers"]
    for label in sorted(every, key=lambda name: name.split(" ")[::-1]):
        codes = told.answers.get(label, Counter())
        cases, good = sum(codes.values()), sum(count for code, count in codes.items() if 200 <= code < 300)
        rest = " ".join(f"{code}:{count}" for code, count in sorted(codes.items()) if not 200 <= code < 300)
        lines.append(f"{cases:>7} {good / max(1, cases):>5.0%}  {label:<58} {rest}")
    return "\n".join(lines)


@contextmanager
def server(folder: Path, **more: str) -> Iterator[dict[str, str]]:
    """A web server of its own process with all it needs, and where it is; `more` are settings."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("YTEMPIRE_")}
    mine = {"YTEMPIRE_STATE_DIR": str(folder), "YTEMPIRE_REQUESTS_PER_MINUTE": "1000000"}
    log = (folder / "server.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.web.live"], env=outer | mine | more, stdout=subprocess.PIPE, stderr=log, text=True
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the server did not start:\n{(folder / 'server.log').read_text()[-3000:]}")
        yield json.loads(line)
    finally:
        process.terminate()
        process.communicate(timeout=60)
        log.close()


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000, help="at least so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=20, help="no new round is begun after this time")
    parser.add_argument("--examples", type=int, default=40, help="of each kind, for one operation in one round")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ytempire-fuzz-"))
    folder.chmod(0o755)
    began, told, seed, every = time.monotonic(), Told(), given.seed, list[str]()
    try:
        with server(folder) as where:
            while (
                told.cases < given.cases or told.good < SHARE_OF_2XX * told.cases
            ) and time.monotonic() - began < given.minutes * 60:
                for ground in asyncio.run(prepared(where)):
                    every = ground.operations
                    mode = "all" if seed == given.seed else "positive"
                    told += fuzz(ground, most_examples=given.examples, seed=seed, mode=mode)
                    took = f"{time.monotonic() - began:5.0f} s: {told.cases} cases, {told.good / told.cases:.0%} 2xx"
                    print(f"{took} (seed {seed}, {mode}, {ground.who})", flush=True)
                seed += 1
    finally:
        log = folder / "server.log"
        faults = [line for line in log.read_text().splitlines() if "ended in a fault" in line] if log.exists() else []
        shutil.rmtree(folder, ignore_errors=True)
    print(shown(told, every))
    for name, how in told.failures.items():
        print(f"\nFAILURE {name}\n{how}")
    for line in faults[:20]:
        print(f"\nFAULT {line[:3000]}")
    missing = told.without_good(every)
    share = told.good / max(1, told.cases)
    figures = {
        "cases": told.cases,
        "share_2xx": round(share, 3),
        "operations": len(every),
        "operations_with_2xx": len(every) - len(missing),
        "without_2xx": missing,
        "failures": len(told.failures),
        "duration_s": round(time.monotonic() - began),
        "goal_cases": given.cases,
        "goal_share_2xx": SHARE_OF_2XX,
        "met": told.cases >= given.cases and share >= SHARE_OF_2XX and not missing and not told.failures,
    }
    print(json.dumps(figures))
    sys.exit(0 if figures["met"] else 1)


if __name__ == "__main__":
    main()
