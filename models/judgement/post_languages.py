"""The language of posts whose source states none. It is told beside what is judged, and no judgement reads it.

So it never decides what reaches an incident, and what is judged of a post does not depend on a guess.
"""

from collections.abc import Iterable

from models.domain.posts import Post
from models.store.messages import PostLanguage
from models.text.detection import DETECTOR, detected
from models.text.languages import languages_of


def detected_of(posts: Iterable[Post]) -> list[PostLanguage]:
    """What is detected of each post that states no language, also that nothing is certain."""
    return [_detected_of(post) for post in posts if not languages_of(post.lang)]


def _detected_of(post: Post) -> PostLanguage:
    found = detected(post.text)
    return PostLanguage(post.seq, found and found.language, found and found.share, DETECTOR)
