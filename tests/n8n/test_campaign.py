"""A few runs of the campaign (bench/n8n_runs.py), with faults and a killed n8n."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.n8n.conftest import FOLDER
from ytempire.local.n8n.install import Installed

BENCH = Path(__file__).parents[2] / "bench" / "n8n_runs.py"


def test_a_sample_of_the_campaign(at: Installed) -> None:
    """The share that n8n led to the end is for the campaign: with four runs one fault is a quarter."""
    assert at.n8n
    asked = ["--runs", "4", "--kills", "1", "--within-s", "600"]
    env = os.environ | {"YTEMPIRE_N8N_DIR": str(FOLDER)}
    done = subprocess.run([sys.executable, BENCH, *asked], env=env, capture_output=True, text=True, check=False)
    print(done.stdout, file=sys.stderr)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["videos"] == {"published": 4}, done.stdout
    assert (found["uploads"], found["uploaded_twice"]) == (4, 0)
    assert not any(found["bills_not_in_our_books_microusd"].values())
    assert found["ledger_differences"] == 0
    assert found["killed"] == {"n8n": 1}
