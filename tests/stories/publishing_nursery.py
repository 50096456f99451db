"""A process that has imported everything, and forks a fresh worker per line of its input: a real process to kill,
without two seconds of imports for each.

A line is {"stage": …, "attempt": …, "failpoint": …, "result": path}; the answer is the worker's wait status.
"""

import asyncio
import dataclasses
import json
import os
import sys
from pathlib import Path

from tests.stories.publishing_stage import run_from_json
from ytempire.providers.youtube.api import youtube_api


def work(job: dict[str, object]) -> None:
    os.environ.pop("YTEMPIRE_FAILPOINT", None)
    if job["failpoint"]:
        os.environ["YTEMPIRE_FAILPOINT"] = str(job["failpoint"])
    out = Path(str(job["result"]))
    try:
        result = asyncio.run(run_from_json(job["stage"], int(job["attempt"])))
    except Exception as error:
        out.write_text(json.dumps({"error": f"{type(error).__name__}: {error}"}))
        os._exit(3)
    out.write_text(json.dumps({"result": dataclasses.asdict(result)}, default=str))
    os._exit(0)


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        youtube_api(job["stage"]["sandbox"] + "/google/")
        child = os.fork()
        if child == 0:
            os.dup2(2, 1)  # what a worker logs is not the answer
            work(job)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
