"""Looking back shows what was shown: whatever came in, was judged, done, corrected, edited and erased since.

Random streams drive a store. After each step everything on the screens is recorded. In the end the same moments are
rebuilt in any order and compared; only the words of posts that were erased may be missing.
"""

import shutil
import tempfile
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dashboard.views.past import PastKeeper
from tests.dashboard.stream import RUMOURS, Choice, World, differences

COMING = ("comes",) * 6
JUDGED = ("is_read_again", "is_moved_by_the_model", "is_suggested", "is_sighted")
CHANGED = ("is_edited", "is_edited", "is_erased", "a_source_goes_or_comes")
DONE = ("is_decided", "is_assigned", "is_corrected", "is_merged", "is_refused", "is_split", "is_moved", "is_undone")
ELSE = ("is_watched_for_otherwise", "is_permitted", "is_captioned", "is_captioned", "is_caption_taken_away")
STEPS = st.sampled_from(COMING + JUDGED + CHANGED + DONE + ELSE)
CHOICES = st.builds(
    Choice,
    rumour=st.sampled_from(RUMOURS),
    other=st.sampled_from(RUMOURS),
    number=st.integers(0, 200),
    followers=st.none() | st.integers(0, 10_000),
    share=st.floats(0.5, 1.0, allow_nan=False),
    seconds=st.sampled_from([0, 1, 61, 1_900, 4_000]),
)


# A step takes milliseconds: making a stream that fails shorter takes many minutes.
@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
@given(steps=st.lists(st.tuples(STEPS, CHOICES), min_size=8, max_size=30), order=st.randoms(use_true_random=False))
def test_a_moment_that_was_shown_is_rebuilt_as_it_was_but_for_erased_words(empty_database, steps, order):
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(shutil.copytree(empty_database, Path(folder) / "store")))
        try:
            # Something to act on, whatever is drawn.
            for number, rumour in enumerate(RUMOURS[:3], start=1):
                world.step("comes", Choice(rumour, rumour, number, None, 0.9, 1))
            for name, choice in steps:
                world.step(name, choice)
            past, erased = PastKeeper(world.store), world.erased_words()
            order.shuffle(world.shown)
            for moment, shown in world.shown:
                assert (
                    differences(shown, world.then(past, moment, with_review=shown["review"] is not None), erased)
                    == []
                )
        finally:
            world.store.close()
