"""Writes docs/reference/metrics.md from the metrics themselves: `make docs`. A test compares the two."""

from __future__ import annotations

import sys
from pathlib import Path

from ytempire.kit.metrics import described

_HEAD = """# Metrics

For Prometheus, at `http://127.0.0.1:PORT/metrics`. Set `YTEMPIRE_METRICS_PORT`: `ytempire up` serves the platform's
figures there, its light worker's on the next port, then its render worker's and its web server's. `ytempire care`
serves the platform's, `ytempire work` and `ytempire web` their own on exactly that port. A dashboard and alert rules
are in `deploy/`. Made from `ytempire/kit/metrics.py` by `make docs`.

| Metric | Kind | Labels | Served by | Meaning |
|---|---|---|---|---|
"""


def metrics_page() -> str:
    """The page in Markdown."""
    rows = [
        f"| `{one.name}` | {one.kind} | {', '.join(f'`{label}`' for label in one.labels) or '–'} | {one.where} |"
        f" {one.says} |"
        for one in described()
    ]
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(metrics_page())
