"""The neural model with its duration tensor exposed, so that it tells when each sound is made.

The model (hibari-tts, Apache-2.0, distilled from Kokoro-82M) rounds and clips each phoneme's length inside
the graph, in the tensor `/Clip_output_0`. ONNX files are protobuf messages, and protobuf merges appended
bytes into repeated fields (https://protobuf.dev/programming-guides/encoding/#last-one-wins), so one
more graph output is added by appending a few bytes, without an ONNX library.
"""

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hibari
import numpy as np
import numpy.typing as npt

from localvoice.model import Pcm
from localvoice.timbre import Timbre

_ASSETS = Path(hibari.__file__).parent / "assets"
_DURATIONS = "/Clip_output_0"
UNIT_S = 600 / 24_000
"""One step of the duration tensor: two frames of 300 samples."""
MODEL_LEAD_S = 0.085
"""The sound runs ahead of the duration tensor by this much (`make bench-voice` measures it)."""
MAX_PHONEMES = 400
"""Longest phoneme string the model was trained on in one piece."""


def _message(field: int, payload: bytes) -> bytes:
    """A length-delimited protobuf field."""
    return _varint(field << 3 | 2) + _varint(len(payload)) + payload


def _varint(n: int) -> bytes:
    out = b""
    while n > 0x7F:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def _with_durations(model: bytes) -> bytes:
    float_tensor = _message(2, _message(1, b"\x08\x01"))  # TypeProto { tensor_type { elem_type: FLOAT } }
    output = _message(12, _message(1, _DURATIONS.encode()) + float_tensor)  # GraphProto.output
    return model + _message(7, output)  # ModelProto.graph


@dataclass(frozen=True, slots=True, eq=False)
class Rendering:
    """Samples and, for each phoneme character (None where the model has no such sound), [start_s, end_s)."""

    pcm: Pcm
    times: tuple[tuple[float, float] | None, ...]


class TimedModel:
    """One voice's network. Safe to share between threads; the same input gives the same samples."""

    def __init__(self, path: Path, threads: int) -> None:
        import onnxruntime as ort  # noqa: PLC0415  (heavy: only when a voice really speaks)
        from hibari import dsp  # noqa: PLC0415

        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = threads
        options.log_severity_level = 3
        self._session: Any = ort.InferenceSession(
            _with_durations(path.read_bytes()), options, providers=["CPUExecutionProvider"]
        )
        self._outputs = [o.name for o in self._session.get_outputs()]
        self._synth: Any = dsp.synth
        self._ids: dict[str, int] = json.loads((_ASSETS / "vocab.json").read_text(encoding="utf-8"))

    def render(self, phonemes: str, speed: float, timbre: Timbre) -> Rendering:
        """Speak a phoneme string (misaki's alphabet, at most MAX_PHONEMES characters) as this narrator."""
        kept = [i for i, c in enumerate(phonemes) if c in self._ids]
        ids = [0, *(self._ids[phonemes[i]] for i in kept), 0]
        named: dict[str, npt.NDArray[Any]] = dict(
            zip(
                self._outputs,
                self._session.run(
                    None,
                    {"ids": np.asarray([ids], np.int64), "speed": np.asarray([speed], np.float32)},
                ),
                strict=True,
            )
        )
        edges = np.concatenate([[0], np.cumsum(named.pop(_DURATIONS).reshape(-1))]) * UNIT_S - MODEL_LEAD_S
        spectrum = timbre.shaped([part[0] for part in named.values()])
        # The noise of breath and hiss is drawn from a fixed seed: a sentence always sounds the same.
        pcm = np.asarray(self._synth(*spectrum, np.random.default_rng(0)), np.float32)
        times: list[tuple[float, float] | None] = [None] * len(phonemes)
        for position, i in enumerate(kept, start=1):
            times[i] = (float(edges[position]), float(edges[position + 1]))
        return Rendering(pcm, tuple(times))


_models: dict[tuple[Path, int], TimedModel] = {}
_lock = threading.Lock()


def load(path: Path, threads: int) -> TimedModel:
    """The model, read once for each file and number of threads."""
    with _lock:
        if (path, threads) not in _models:
            _models[path, threads] = TimedModel(path, threads)
        return _models[path, threads]
