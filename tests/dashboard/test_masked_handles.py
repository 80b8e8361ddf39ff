"""The handle of no post is found in any screen, export or log of any role, but after a reveal."""

from dashboard.access import MAY, SystemAct
from models.domain.users import Role
from tests.benchmarks.masked_handles import REVEALED, TEXTS, look_everywhere

POSTS = 200


def test_the_handles_of_200_posts_are_found_nowhere_but_in_a_reveal():
    found = look_everywhere(POSTS)
    assert found.where == {}
    # It looked: each post's other words were seen, every file was taken, and the log was not empty.
    assert len(found.seen) == POSTS
    assert found.taken["export csv"] == len(MAY[SystemAct.EXPORT])
    assert found.taken["report"] == len(Role)
    assert found.logged > 0
    assert [len(handles) for handles in found.revealed] == [1] * REVEALED
    assert len(TEXTS) < POSTS
