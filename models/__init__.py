"""What the system knows: its nouns, its memory, its judgement."""

import os

# numpy reads this when it is imported: its linear algebra then has one thread. The matrices here are small, so a
# second thread costs more than it saves: on a busy machine of two cores judging the exercise took 137 s with two
# threads and 61 s with one. The low bits of the results no longer depend on how many cores there are, either.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
