"""The local voice: how fast it speaks, and how far its word times are from forced alignment.

Run with `make bench-voice`. The baseline of speed is real time; the baseline of times is CMU PocketSphinx on
the same samples, whose own frames are 10 ms. Speed is the median of several rounds on one thread.
"""

import json
import statistics
import time
from pathlib import Path

import numpy as np

import localvoice
from ytempire.providers.pocketsphinx import align

SENTENCES = (Path(__file__).parent / "voice_sentences.txt").read_text(encoding="utf-8").splitlines()
ROUNDS = 3
LEAST_REALTIME_FACTOR = 40.0
MOST_MEDIAN_MS, MOST_P95_MS = 30.0, 80.0


def main() -> None:
    localvoice.speak("Warm up.")
    factors = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        spoken = [localvoice.speak(s) for s in SENTENCES]
        factors.append(sum(s.duration_s for s in spoken) / (time.perf_counter() - began))
    starts, ends, unaligned, heard = [], [], 0, 0
    began = time.perf_counter()
    for text, speech in zip(SENTENCES, spoken, strict=True):
        for word, found in zip(speech.words, align(speech.pcm, 24_000, text.split()), strict=True):
            if word.end_s == word.start_s:
                continue
            heard += 1
            if found is None:
                unaligned += 1
                print(f"not aligned: {word.text!r} in {text!r}")
                continue
            starts.append((word.start_s - found.start_s) * 1000)
            ends.append((word.end_s - found.end_s) * 1000)
    align_factor = sum(s.duration_s for s in spoken) / (time.perf_counter() - began)
    peak = max(float(np.abs(s.pcm).max()) for s in spoken)
    figures = {
        "sentences": len(SENTENCES),
        "words": heard,
        "unaligned_words": unaligned,
        "realtime_factor": round(statistics.median(factors), 1),
        "goal_realtime_factor": LEAST_REALTIME_FACTOR,
        "align_realtime_factor": round(align_factor, 1),
        "start_bias_ms": round(statistics.median(starts), 1),
        "start_error_median_ms": round(float(np.median(np.abs(starts))), 1),
        "goal_start_error_median_ms": MOST_MEDIAN_MS,
        "start_error_p95_ms": round(float(np.percentile(np.abs(starts), 95)), 1),
        "goal_start_error_p95_ms": MOST_P95_MS,
        "end_error_median_ms": round(float(np.median(np.abs(ends))), 1),
        "end_error_p95_ms": round(float(np.percentile(np.abs(ends), 95)), 1),
        "peak": round(peak, 3),
    }
    figures["met"] = bool(
        figures["realtime_factor"] >= LEAST_REALTIME_FACTOR
        and figures["start_error_median_ms"] <= MOST_MEDIAN_MS
        and figures["start_error_p95_ms"] <= MOST_P95_MS
        and unaligned == 0
        and peak < 1.0
    )
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
