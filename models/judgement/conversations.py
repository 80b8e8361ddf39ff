"""Conversations: the flow that makes a claim, and the flows that answer it in its threads or quote it.

Conversations are what is grouped into rumours. The flows that follow a claim go wherever it goes, except where a
person put one of them elsewhere. A flow that holds an official account's post is official: it makes no claim.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from models.domain.posts import Post
from models.judgement.features import PostFeatures
from models.judgement.naming import Title
from models.store.messages import JudgedPost


@dataclass(slots=True)
class Conversation:
    """`flow` makes the claim, `flows` are it and all that follow it; `features` are of their posts, by place."""

    flow: str
    rumour: str
    flows: list[str] = field(default_factory=list)
    features: dict[int, PostFeatures] = field(default_factory=dict)

    @property
    def began(self) -> int:
        """The place of its first post."""
        return next(iter(self.features))


class Conversations:
    """The conversations of one incident, by flow, by thread and by rumour."""

    def __init__(self):
        # What each flow that stands for itself could name its rumour; flows that follow another name none, and
        # official ones neither.
        self.titles: dict[str, Title] = {}
        self.official: set[str] = set()
        self._of_flow: dict[str, Conversation] = {}
        self._of_thread: dict[str, Conversation] = {}
        self._in_rumour: dict[str, dict[str, Conversation]] = {}
        # The threads of posts in the batch under way, which `add` has not seen yet.
        self._announced: set[str] = set()

    def of(self, flow: str) -> Conversation:
        return self._of_flow[flow]

    def follows(self, post: Post, thread: str) -> bool:
        """Whether a post will follow another once those before it in its batch are added. Remembers its thread."""
        if thread in self._of_thread or thread in self._announced:
            return True
        self._announced.add(thread)
        return post.quote_of is not None and post.quote_of in self._of_thread

    def forget_announced(self) -> None:
        """After a batch: its threads have all been added."""
        self._announced = set()

    def followed(self, post: Post, thread: str) -> Conversation | None:
        """The conversation that a post belongs to by its thread, or else by what it quotes."""
        followed = self._of_thread.get(thread)
        if followed is None and post.quote_of is not None:
            followed = self._of_thread.get(post.quote_of)
        return followed

    def add(self, judged: JudgedPost, pinned: Collection[str]) -> Conversation:
        """Put a judged post into its flow's conversation, else the one it follows, else a new one.

        Flows that are `pinned` to a rumour begin a conversation of their own.
        """
        conversation = self._opened(judged, pinned) if judged.opens_flow else self._of_flow[judged.flow]
        self._of_thread.setdefault(judged.thread, conversation)
        return conversation

    def counts(self, flow: str) -> bool:
        """Whether a flow makes or answers a claim of the public: it is not official, nor under what is."""
        return flow not in self.official and self._of_flow[flow].flow not in self.official

    def note_official(self, flow: str) -> None:
        """From now on a flow is official, with its earlier posts: a copy may have come before the original."""
        self.official.add(flow)
        self.titles.pop(flow, None)
        conversation = self._of_flow[flow]
        for place, of_post in conversation.features.items():
            if not self.counts(of_post.flow):
                conversation.features[place] = of_post._replace(counts=False)

    def in_rumour(self, rumour: str) -> list[Conversation]:
        """Its conversations in order of their first posts, as after a restart."""
        return sorted(self._in_rumour.get(rumour, {}).values(), key=lambda conversation: conversation.began)

    def titles_in(self, rumour: str) -> list[Title]:
        """What its conversations could name a rumour, in order of their first posts."""
        flows = (conversation.flow for conversation in self.in_rumour(rumour))
        return [self.titles[flow] for flow in flows if flow in self.titles]

    def features_in(self, rumour: str) -> list[PostFeatures]:
        """The features of a rumour's posts in order of arrival."""
        features = (item for conversation in self.in_rumour(rumour) for item in conversation.features.items())
        return [of_post for _, of_post in sorted(features)]

    def move(self, conversation: Conversation, rumour: str) -> None:
        """Put a conversation into another rumour."""
        del self._in_rumour[conversation.rumour][conversation.flow]
        conversation.rumour = rumour
        self._in_rumour.setdefault(rumour, {})[conversation.flow] = conversation

    def _opened(self, judged: JudgedPost, pinned: Collection[str]) -> Conversation:
        conversation = self.followed(judged.post, judged.thread)
        # People may have put the flow elsewhere than what it answers.
        if conversation is None or conversation.rumour != judged.rumour or judged.flow in pinned:
            conversation = Conversation(judged.flow, judged.rumour)
            self._in_rumour.setdefault(judged.rumour, {})[judged.flow] = conversation
        conversation.flows.append(judged.flow)
        self._of_flow[judged.flow] = conversation
        return conversation
