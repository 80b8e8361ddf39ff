"""Texts that the encoder cannot read: how they are told, and a vector of their letters in place of its own.

The encoder learnt English. Of other languages it reads single letters, and finds any two texts of one language alike.
Runs of letters tell such texts apart by the words that they share, also where words take endings or are written
without spaces (Damashek 1995). Each run is hashed to one of the vector's coordinates and a sign (Weinberger et al.
2009), so that texts that share no run, and texts that the encoder read, lie at about right angles.
"""

import re
from collections import Counter
from hashlib import blake2b

import numpy as np

from models.text import plain, without_combining_marks
from models.text.languages import languages_of
from models.text.marks import ENCODER_LINK, HASHTAG, LINK_OR_HANDLE, REPOST
from models.text.names import COMMON_WORDS

DIMENSIONS = 384
# The lengths of runs: of alphabets, and of scripts in which a character is a syllable or a word.
RUNS, RUNS_OF_SIGNS = (3, 4), (1, 2)
# A text of fewer words says too little about its language.
LEAST_WORDS = 4
# At least this share of an English text's words are common ones.
COMMON_SHARE = 0.25
# Where the platform says that a text is of another language, it must look like English to be read.
COMMON_SHARE_OF_OTHERS = 0.5
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Letters with a stroke are letters of their own to Unicode.
_STROKES = str.maketrans("łøđħŧı", "lodhti")
_SIGNS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_read_by_encoder(text: str, lang: str | None = None) -> bool:
    """Whether the encoder can read a text: whether it is of English words, or too short to tell.

    `lang` is the language that the platform gives it, which is a guess of theirs.

    >>> is_read_by_encoder("The dam above Northgate has burst")
    True
    >>> is_read_by_encoder("Zapora nad Northgate pękła, uciekać")
    False
    >>> is_read_by_encoder("大坝决堤了"), is_read_by_encoder("#JeSuisCharlie", lang="fr")
    (False, True)
    """
    bare = HASHTAG.sub(" ", _without_marks(plain(text)))
    words = [word.replace("’", "'").replace("'", "").lower() for word in _WORD.findall(bare)]
    letters = "".join(words)
    if not letters:
        return True
    if 2 * sum(not _is_latin(letter) for letter in letters) > len(letters):
        return False
    common = sum(word in COMMON_WORDS for word in words) / len(words)
    stated = languages_of(lang)
    if stated and "en" not in stated:
        return len(words) < LEAST_WORDS or common >= COMMON_SHARE_OF_OTHERS
    return len(words) < LEAST_WORDS or common >= COMMON_SHARE


def letter_runs(text: str) -> Counter[str]:
    """The runs of letters of a text, and how often each stands there; the ends of words count as a letter.

    >>> sorted(letter_runs("dam 12"))
    ['12_', '_12', '_12_', '_da', '_dam', 'am_', 'dam', 'dam_']
    """
    runs: Counter[str] = Counter()
    for word in re.findall(r"\w+", _without_marks(plain(text)).replace("#", " ").casefold()):
        bare = _without_accents(word)
        signs, padded = bool(_SIGNS.search(bare)), f"_{bare}_"
        for length in RUNS_OF_SIGNS if signs else RUNS:
            of = bare if signs else padded
            runs.update(of[at : at + length] for at in range(len(of) - length + 1))
    return runs


def vector_of_letters(text: str) -> np.ndarray:
    """A text's runs of letters as a unit vector (384,) float16; of nothing where it has no letters.

    >>> one, alike, other = map(vector_of_letters, ["zapora pękła", "Zapora pekla!", "wilki uciekły z zoo"])
    >>> round(float(one @ alike), 1), abs(float(one @ other)) < 0.2
    (1.0, True)
    """
    vector = np.zeros(DIMENSIONS)
    for run, times in letter_runs(text).items():
        digest = int.from_bytes(blake2b(run.encode(), digest_size=4).digest())
        vector[digest // 2 % DIMENSIONS] += (1.0 if digest % 2 else -1.0) * (1.0 + np.log(times))
    norm = np.linalg.norm(vector)
    return (vector / norm if norm else vector).astype(np.float16)


def _without_marks(text: str) -> str:
    return LINK_OR_HANDLE.sub(" ", ENCODER_LINK.sub(" ", REPOST.sub("", text)))


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter <= "\u1eff"


def _without_accents(word: str) -> str:
    """A word without marks over and under its letters, which people leave out in a hurry."""
    if word.isascii():
        return word
    return without_combining_marks(word.translate(_STROKES))
